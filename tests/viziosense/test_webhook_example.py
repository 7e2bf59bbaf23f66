"""The example receiver does what it says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from deviceclouds.runtime import Secret

from .deliveries import DEVICE, FIRING, HEADER, KEEPALIVE, OTHER, PARK, SECRET, ask, body

EXAMPLE = Path(__file__).parents[2] / "overlays" / "viziosense" / "examples"


@pytest.fixture(scope="module")
def example() -> ModuleType:
    """The example, imported by path."""
    path = EXAMPLE / "webhook_receiver.py"
    module_spec = importlib.util.spec_from_file_location("webhook_receiver", path)
    assert module_spec is not None and module_spec.loader is not None
    module = importlib.util.module_from_spec(module_spec)
    module_spec.loader.exec_module(module)
    return module


def test_example(example: ModuleType, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="viziosense-receiver")
    app = example.create_app(Secret(SECRET))
    park = ask(app, "POST", "/viziosense", headers=HEADER, content=body(PARK))
    firing = ask(app, "POST", f"/viziosense/{SECRET}", content=body(FIRING))
    other = ask(app, "POST", f"/viziosense/{SECRET}", content=body(OTHER))
    alive = ask(app, "GET", f"/viziosense/{SECRET}?source=VIZIOSENSE&id={DEVICE}")
    assert {reply.status_code for reply in (park, firing, other, alive)} == {200}
    assert caplog.messages == [
        f"{DEVICE}: 1 of 2 spots taken",
        f"{DEVICE}: FIRING LIMIT_REACHED at 2026-03-01 08:15:00+00:00",
        f"{DEVICE}: VCZ {{}}",
        f"{DEVICE} is alive",
    ]


def test_example_turns_strangers_away(
    example: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    app = example.create_app(Secret(SECRET))
    assert ask(app, "POST", "/viziosense", content=body(PARK)).status_code == 403
    assert ask(app, "POST", "/viziosense/guess", content=body(PARK)).status_code == 403
    assert ask(app, "POST", f"/viziosense/{SECRET}", content=b"{").status_code == 400
    assert ask(app, "GET", "/").status_code == 404
    assert caplog.messages == []


def test_example_wants_a_secret(example: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIZIOSENSE_WEBHOOK_SECRET", raising=False)
    with pytest.raises(SystemExit, match="VIZIOSENSE_WEBHOOK_SECRET"):
        example.main()


def test_example_serves_without_an_access_log(
    example: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    import uvicorn

    started: list[tuple[Any, dict[str, Any]]] = []
    monkeypatch.setenv("VIZIOSENSE_WEBHOOK_SECRET", SECRET)
    monkeypatch.setattr(uvicorn, "run", lambda app, **options: started.append((app, options)))
    monkeypatch.setattr(example.logging, "basicConfig", lambda **options: None)
    example.main()
    ((app, options),) = started
    assert options == {"port": 8000, "access_log": False}
    assert ask(app, "GET", f"/viziosense?{KEEPALIVE.partition('?')[2]}", headers=HEADER).is_success
