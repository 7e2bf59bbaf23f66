"""Tokens, secrets, and what an import loads."""

from __future__ import annotations

import json
import logging
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from deviceclouds.runtime import ApiStatusError, ConfigurationError, InvalidRequestError

from .trap_client import Trap, json_reply, run

SECRET = "s3cr3t-t0ken"  # the word to look for


def loaded_by(source: Path, code: str) -> set[str]:
    """Return the modules that a new interpreter has loaded after this code."""
    script = f"{code}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"
    path = os.pathsep.join([str(source), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(  # our own interpreter
        [sys.executable, "-W", "error", "-c", script],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def under(modules: set[str], part: str) -> set[str]:
    """Return the names of the trap package's modules in one of its folders."""
    prefix = f"deviceclouds._generated.trap.{part}."
    return {name.removeprefix(prefix) for name in modules if name.startswith(prefix)}


def test_new_token_of_a_callable_is_used(trap: Trap) -> None:
    tokens = iter(["one", "two"])
    client = trap.client(json_reply({}), json_reply({}), token=lambda: next(tokens))
    client.replies.get_everything()
    client.replies.get_everything()
    sent = [request.headers["authorization"] for request in trap.requests]
    assert sent == ["Bearer one", "Bearer two"]


def test_new_token_of_an_async_callable_is_used(trap: Trap) -> None:
    tokens = iter(["one", "two"])

    async def token() -> str:
        return next(tokens)

    async def work() -> None:
        async with trap.async_client(json_reply({}), json_reply({}), token=token) as client:
            await client.replies.get_everything()
            await client.replies.get_everything()

    run(work)
    sent = [request.headers["authorization"] for request in trap.requests]
    assert sent == ["Bearer one", "Bearer two"]


def test_token_goes_only_where_it_is_asked_for(trap: Trap) -> None:
    client = trap.client()
    client.values.query()
    assert "authorization" not in trap.sent.headers


@pytest.mark.parametrize("token", ["", "a\nb", "日本", "a\r\nX-Evil: 1"])
def test_token_no_header_can_carry(trap: Trap, token: str) -> None:
    client = trap.client(token=token)
    with pytest.raises(ConfigurationError, match="token") as caught:
        client.replies.get_everything()
    assert not token or token not in str(caught.value)


def test_headers_of_one_call_do_not_stay(trap: Trap) -> None:
    client = trap.client()
    client.values.query(extra_headers={"X-Own": "1"})
    client.values.query()
    assert ["x-own" in request.headers for request in trap.requests] == [True, False]


def test_no_repr_shows_a_secret(trap: Trap, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = trap.client(json_reply({"token": SECRET}), token=SECRET)
    raw = client.with_raw_response.replies.get_everything()
    form = trap.models.Form(password=SECRET)
    nested = trap.models.Everything(parent=raw.parsed)
    core = client._core
    shown = [client, client.replies, raw, raw.parsed, form, nested, core, core.auth, core.config]
    for thing in [*shown, client._http, client._caller, trap.async_client(token=SECRET)]:
        assert SECRET not in f"{thing!r} {thing!s}", type(thing)
    assert SECRET not in caplog.text
    assert raw.parsed.token == SECRET
    assert "token=***" in repr(raw.parsed)


def test_no_error_shows_a_secret(trap: Trap) -> None:
    client = trap.client(json_reply({"code": "E", "message": "m"}, 404), token=SECRET)
    with pytest.raises(ApiStatusError) as refused:
        client.replies.get_everything()
    with pytest.raises(InvalidRequestError) as wrong:
        client.bodies_files.send_form(password=[SECRET])
    assert SECRET not in f"{refused.value} {refused.value!r} {wrong.value} {wrong.value!r}"


def test_request_shows_neither_token_nor_query(trap: Trap) -> None:
    from deviceclouds.runtime._http import Request

    seen: list[Request] = []
    client = trap.client(json_reply({}), token=SECRET)
    build = client._http.build

    def note(request: Request) -> Any:
        seen.append(request)
        return build(request)

    client._http.build = note
    client.replies.get_everything(quoted="-g")
    assert repr(seen[0]) == "<Request GET https://trap.example/v1/everything>"


def test_models_are_pickled_and_compared(trap: Trap) -> None:
    got = trap.models.Everything.from_dict({"text": "a", "parent": {"text": "b", "new": 1}})
    copy: Any = pickle.loads(pickle.dumps(got))  # our own bytes
    assert copy == got
    assert copy.to_dict() == got.to_dict()


def test_one_model_does_not_load_the_others(trap_source: Path) -> None:
    code = "from deviceclouds._generated.trap.models import Thing"
    assert under(loaded_by(trap_source, code), "models") == {"thing_table"}


def test_model_loads_no_tool_of_development(trap_source: Path) -> None:
    code = "from deviceclouds._generated.trap.models import Circle\nCircle(radius=1).to_dict()"
    modules = loaded_by(trap_source, code)
    assert not {"pydantic", "openapi_python_client", "jinja2"} & modules


@pytest.mark.parametrize("suffix", ["", "_async"])
def test_facade_loads_no_models(trap_source: Path, suffix: str) -> None:
    code = (
        f"import deviceclouds._generated.trap.client{suffix}\n"
        f"import deviceclouds._generated.trap.resources{suffix}.replies"
    )
    modules = loaded_by(trap_source, code)
    assert under(modules, "models") == set()
    assert under(modules, "operations") == {"replies"}
    assert not {"attrs", "msgspec", "pydantic", "attr"} & modules


def test_client_loads_no_namespace(trap_source: Path) -> None:
    code = "from deviceclouds._generated.trap.client import Namespaces"
    modules = loaded_by(trap_source, code)
    assert under(modules, "resources") == under(modules, "operations") == set()


def test_every_model_is_there(trap: Trap) -> None:
    for name in dir(trap.models):
        assert getattr(trap.models, name) is getattr(trap.models, name)
    with pytest.raises(AttributeError, match="Missing"):
        trap.models.Missing  # noqa: B018  # the access is the test


def test_preload_loads_everything(trap: Trap) -> None:
    trap.client().preload()
    assert {"names", "values", "bodies_files", "replies"} == under(set(sys.modules), "operations")
    assert len(under(set(sys.modules), "models")) > 5
