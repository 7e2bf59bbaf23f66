"""Colours of the page can be read: contrasts after WCAG 2.2 AA, in light and in dark."""

from __future__ import annotations

import re

import pytest
from deviceclouds.testing.sandbox.pages.rendering import asset

TEXT, EDGE = 4.5, 3.0

PAIRS = [
    *(("ink", behind, TEXT) for behind in ("bg", "surface", "sunken", "fresh", "bad-soft")),
    *(("muted", behind, TEXT) for behind in ("bg", "surface", "sunken", "fresh")),
    *(("accent", behind, TEXT) for behind in ("bg", "surface", "accent-soft", "sunken", "fresh")),
    *((mark, behind, TEXT) for mark in ("good", "info", "warn", "bad") for behind in ("bg", "surface", "fresh")),
    ("bad", "bad-soft", TEXT),
    ("warn", "sunken", TEXT),
    ("on-accent", "accent", TEXT),
    # Borders of fields and buttons tell where they are.
    *(("edge", behind, EDGE) for behind in ("surface", "bg")),
    *((mark, "sunken", EDGE) for mark in ("good", "info", "warn", "bad")),
]  # fmt: skip


def css() -> str:
    content = asset("style.css")
    assert content is not None
    return content.decode()


def colours(dark: bool) -> dict[str, str]:
    light, darker = re.findall(r":root \{(.*?)\}", css(), flags=re.S)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    if dark:
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", darker))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "behind", "least"), PAIRS)
def test_contrast(front: str, behind: str, least: float, dark: bool) -> None:
    found = colours(dark)
    assert contrast(found[front], found[behind]) >= least


def test_contrast_is_computed_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_colour_is_a_named_one() -> None:
    """Else a colour could slip past the test above."""
    rules = re.sub(r":root \{.*?\}", "", css(), flags=re.S)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s)])", rules)
    named = set(re.findall(r"var\(--([\w-]+)\)", rules))
    assert named - {"shadow"} <= colours(False).keys() == colours(True).keys()


def test_dark_is_asked_of_the_reader() -> None:
    assert "@media (prefers-color-scheme: dark)" in css()
    assert "@media (prefers-reduced-motion: reduce)" in css()
    assert "outline: none" not in css().replace("main:focus { outline: none; }", "")
