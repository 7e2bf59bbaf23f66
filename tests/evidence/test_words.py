"""The words of the specs are ours: facts carry over, sentences do not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from .material import ROOT, VENDORS, document
from .openapi import Spec, walk

#: A run of so many words in common is taken from the document.
RUN = 8
#: The same of characters for Japanese, which has no spaces.
JAPANESE_RUN = 16
TEXTS = ("title", "summary", "description", "note")
WORD = re.compile(r"[^\W_]+(?:_[^\W_]+)*")
NO_JAPANESE = re.compile(r"[^\u3005\u3040-\u30fa\u30fc-\u30ff\u4e00-\u9fff]")


def spoken(text: str) -> list[tuple[str, bool]]:
    """Return the words in lower case, and whether each is prose: names stand in backticks."""
    found = []
    for index, part in enumerate(text.split("`")):
        found += [(word, index % 2 == 0) for word in WORD.findall(part.lower())]
    return found


@cache
def document_runs(vendor: str, length: int) -> set[tuple[str, ...]]:
    """Return every run of so many words of a document."""
    words = [word for word, _ in spoken(document(vendor).replace("`", " "))]
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


@cache
def japanese_runs(vendor: str) -> set[str]:
    """Return every run of Japanese characters of a document."""
    return set(_characters(document(vendor)))


def _characters(text: str) -> Iterator[str]:
    kept = NO_JAPANESE.sub("", text)
    yield from (kept[i : i + JAPANESE_RUN] for i in range(len(kept) - JAPANESE_RUN + 1))


def copied(vendor: str, text: str) -> str:
    """Return the first run a text has in common with the vendor's document, or nothing.

    Names in backticks belong to a run, but do not count as words of it.
    """
    words = spoken(text)
    for start in range(len(words)):
        prose = 0
        for end in range(start, len(words)):
            prose += words[end][1]
            if prose == RUN:
                run = tuple(word for word, _ in words[start : end + 1])
                if run in document_runs(vendor, len(run)):
                    return " ".join(run)
                break
    return next((run for run in _characters(text) if run in japanese_runs(vendor)), "")


def spec_texts(spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield the prose of a spec with its place."""
    for pointer, node in walk(spec.data):
        for key in TEXTS:
            if isinstance(node.get(key), str):  # a property may be called `title`
                yield f"{pointer}/{key}", node[key]


def docstrings(vendor: str) -> Iterator[tuple[str, str]]:
    """Yield the docstrings of a vendor's generated modules, none where there are no modules yet."""
    for path in sorted((ROOT / "generated" / vendor).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.name}:{getattr(node, 'name', '')}", ast.get_docstring(node) or ""


@pytest.mark.parametrize("vendor", VENDORS)
def test_words_are_ours(specs: dict[str, Spec], vendor: str) -> None:
    """No text of a spec has a run in common with the document."""
    texts = dict(spec_texts(specs[vendor]))
    assert len(texts) > 3 * len(specs[vendor].operations)
    found = [f"{place}: {run}" for place, text in texts.items() if (run := copied(vendor, text))]
    assert not found


@pytest.mark.parametrize("vendor", VENDORS)
def test_docstrings_are_ours(vendor: str) -> None:
    """No docstring of a generated module has a run in common with the document."""
    if not (ROOT / "generated" / vendor).is_dir():
        pytest.skip("nothing is generated yet")
    texts = {(place, copied(vendor, text)) for place, text in docstrings(vendor)}
    assert texts
    assert not [f"{place}: {run}" for place, run in texts if run]


def sentence(vendor: str) -> list[str]:
    """Return nine words that follow each other in the document, or twenty Japanese characters."""
    text = document(vendor)
    japanese = re.search(r"[\u3040-\u30ff\u4e00-\u9fff]{20}", text)
    plain = re.search(rf"(?<!\S)(?:[A-Za-z]+ ){{{RUN}}}[A-Za-z]+(?!\S)", text)
    found = japanese or plain
    assert found is not None
    return found[0].split()


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_planted_sentence_is_found(specs: dict[str, Spec], vendor: str) -> None:
    """The comparison can fail: a sentence of the document is found, alone and in a spec."""
    text = f"Ours. {' '.join(sentence(vendor))} Ours again."
    assert copied(vendor, text)
    (path, item), *_ = specs[vendor].data["paths"].items()
    planted = Spec(vendor, {"paths": {path: {**item, "description": text}}})
    assert [place for place, words in spec_texts(planted) if copied(vendor, words)]


def test_names_do_not_count() -> None:
    """Seven words of prose around a name are no run, eight are; our own words are none."""
    words = sentence("scailable")
    seven = [*words[:3], f"`{words[3]}`", *words[4:RUN]]
    assert not copied("scailable", " ".join(seven))
    assert copied("scailable", " ".join([*seven, words[RUN]]))
    assert not copied("scailable", "Everything said here is said in words that we chose ourselves.")
