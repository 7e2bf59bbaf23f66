"""A broken spec, a generator that is not the one we know, a full disk: nothing is written."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openapi_python_client.parser.errors import GeneratorError, ParseError
from openapi_python_client.parser.openapi import GeneratorData

from codegen.__main__ import main
from codegen.generate import driver, upstream
from codegen.generate.regenerate import RegenerationError, regenerate
from codegen.generate.rendering import FILTERS

from .trees import change, contents

Message = str


@pytest.fixture
def root(pristine: Path, tmp_path: Path) -> Path:
    """Return a repository that is up to date, to be changed."""
    return Path(shutil.copytree(pristine, tmp_path / "repo"))


@pytest.fixture
def refuses(root: Path) -> Callable[[], Message]:
    """Return a function that regenerates, expects a refusal, and returns its message."""

    def run() -> Message:
        before = contents(root / "generated")
        for check in (False, True):
            with pytest.raises(RegenerationError) as caught:
                regenerate(root, [], check=check, say=lambda line: None)
            assert contents(root / "generated") == before
            assert {path.name for path in root.iterdir()} == {"specs", "generated"}
        assert "generated/ is as it was" in str(caught.value)
        return str(caught.value)

    return run


def spec(root: Path) -> Path:
    """Return the path of the small spec."""
    return root / "specs" / "base" / "openapi.yaml"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("schemas/JobState'", "schemas/JobStale'", "0: [bad-ref]"),
        ("operationId: GetJob\n", "operationId: get_devices\n", "0: [method-collision]"),
        ("      x-evidence:\n        status: unverified\n        source: deduction\n"
         "        note: A call would settle it.\n", "", "-5: [no-evidence]"),
        ("      x-timeout: 30\n", "      x-time-out: 30\n", "0: [unknown-extension]"),
        ("          const: sound\n", "          minLength: 1\n", "-23: [union-const]"),
        ("      summary: Read a job\n", "      summary: [Read a job\n", "1: "),
        ("      summary: Read a job\n", "      summary: Read: a job\n", "0: mapping values"),
    ],
    ids=["ref", "ids", "evidence", "extension", "union", "flow", "colon"],
)  # fmt: skip
def test_broken_spec(
    root: Path, refuses: Callable[[], Message], old: str, new: str, told: str
) -> None:
    """`told` is how many lines below the change the problem is told, and the words."""
    line = change(spec(root), old, new)
    below, _, words = told.partition(": ")
    assert f"{spec(root)}:{line + int(below)}: {words}" in refuses()


def test_broken_spec_is_told_by_the_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = change(spec(root), "      x-timeout: 30\n", "      x-time-out: 30\n")
    assert main(["regenerate", "--root", str(root)]) == 1
    assert f"openapi.yaml:{line}: [unknown-extension]" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"- a\n", b"a: b\n"])
def test_file_that_is_no_spec(root: Path, refuses: Callable[[], Message], content: bytes) -> None:
    spec(root).write_bytes(content)
    assert f"{spec(root)}:1: " in refuses()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("servers:\n  - url: https://api.example.com\n", "", "no `servers`"),
        ("  - name: files\n", "", "tag `files` is not listed"),
        ("          in: header\n          description: Id of the call",
         "          in: cookie\n          description: Id of the call", "cookie parameter"),
        ("          description: Id of the file.\n          example: f1\n          schema:\n"
         "            type: string\n",
         "          description: Id of the file.\n          example: [f1]\n"
         "          style: simple\n          explode: false\n          schema:\n"
         "            type: array\n            items: {type: string}\n", "is a list"),
        ("        '200':\n          description: The file.\n",
         "        '302':\n          description: The file.\n", "no reply with a status of 2xx"),
    ],
    ids=["servers", "tags", "cookie", "path", "status"],
)  # fmt: skip
def test_what_is_not_generated(
    root: Path, refuses: Callable[[], Message], old: str, new: str, told: str
) -> None:
    line = change(spec(root), old, new)
    message = refuses()
    # Should the linter come to refuse it, it does so nearby.
    assert told in message or any(f"{spec(root)}:{line + n}: " in message for n in range(-9, 9))


@pytest.mark.parametrize(
    "schema",
    [
        "{type: object, additionalProperties: {$ref: '#/components/schemas/Job'}}",
        "{type: array, items: {$ref: '#/components/schemas/Kind'}}",
        "{type: array, items: {$ref: '#/components/schemas/Content'}}",
        "{type: array, items: {type: array, items: {$ref: '#/components/schemas/Job'}}}",
    ],
)
def test_replies_nobody_can_decode(root: Path, refuses: Callable[[], Message], schema: str) -> None:
    name = "x-evidence:\n        status: unverified"
    text = spec(root).read_text(encoding="utf-8")
    head, mark, tail = text.partition(name)
    old = "              schema:\n                $ref: '#/components/schemas/Job'\n"
    example = "              example:\n                state: running\n"
    tail = tail.replace(old + example, f"              schema: {schema}\n", 1)
    spec(root).write_text(head + mark + tail, encoding="utf-8")
    message = refuses()
    assert "not supported" in message or "[no-example]" in message


def _wrap_parse(monkeypatch: pytest.MonkeyPatch, alter: Callable[[Any], Any]) -> None:
    original = GeneratorData.from_dict

    def parse(*args: Any, **kwargs: Any) -> Any:
        return alter(original(*args, **kwargs))

    monkeypatch.setattr(GeneratorData, "from_dict", parse)


def _collection(data: Any, tag: str) -> Any:
    return next(c for name, c in data.endpoint_collections_by_tag.items() if str(name) == tag)


def _lose_operation(data: Any) -> Any:
    _collection(data, "files").endpoints.pop()
    return data


def _lose_model(data: Any) -> Any:
    data.models = [model for model in data.models if model.class_info.name != "Job"]
    return data


def _warn(data: Any) -> Any:
    _collection(data, "files").parse_errors.append(ParseError(detail=f"skipped {object()}"))
    return data


@pytest.mark.parametrize(
    ("alter", "told"),
    [
        (_lose_operation, "operations differ"),
        (_lose_model, "models differ"),
        (_warn, "the generator would leave something out"),
        (lambda data: GeneratorError(header="no", detail="way"), "no: way"),
    ],
)
def test_generator_that_leaves_something_out(
    refuses: Callable[[], Message],
    monkeypatch: pytest.MonkeyPatch,
    alter: Callable[[Any], Any],
    told: str,
) -> None:
    _wrap_parse(monkeypatch, alter)
    message = refuses()
    assert told in message
    assert " at 0x" not in message


def test_generator_that_fails(
    refuses: Callable[[], Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    _wrap_parse(monkeypatch, lambda data: data["x"])
    assert "the generator failed: TypeError" in refuses()


@pytest.mark.parametrize("name", ["operations/files.py", "models/kind.py"])
def test_file_that_is_not_written(
    refuses: Callable[[], Message], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    original = upstream.VendorProject._write

    def write(self: Any, path: str, template: str | None, **context: Any) -> None:
        if path != name:
            original(self, path, template, **context)

    monkeypatch.setattr(upstream.VendorProject, "_write", write)
    assert "the spec has 5 operations and 11 models, the generated code" in refuses()


def test_other_version_of_the_generator(
    refuses: Callable[[], Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upstream, "version", lambda name: "0.30.0")
    assert "openapi-python-client 0.30.0 is installed" in refuses()


@pytest.mark.parametrize("name", sorted(upstream.REPLACED))
def test_other_template_of_the_generator(
    refuses: Callable[[], Message], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(upstream.REPLACED, name, "0" * 16)
    assert f"the generator's own {name} is not the one ours replaces" in refuses()


def test_template_nobody_renders(
    refuses: Callable[[], Message], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ours = Path(shutil.copytree(upstream.TEMPLATES, tmp_path / "templates"))
    (ours / "endpoint_module.py.jinja").write_text("")
    monkeypatch.setattr(upstream, "TEMPLATES", ours)
    assert "templates nobody renders: endpoint_module.py.jinja" in refuses()


@pytest.mark.parametrize("name", ["model.py.jinja", "resources.py.jinja"])
def test_template_that_is_missing(
    refuses: Callable[[], Message], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    ours = Path(shutil.copytree(upstream.TEMPLATES, tmp_path / "templates"))
    (ours / name).unlink()
    monkeypatch.setattr(upstream, "TEMPLATES", ours)
    assert f"templates that are missing: {name}" in refuses()


def test_formatter_that_fails(
    refuses: Callable[[], Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "literal", lambda value: ")")
    monkeypatch.setitem(FILTERS, "literal", lambda value: ")")
    assert "ruff" in refuses()


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_swap_that_fails_half_way(
    root: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    for vendor in ("base", "viziosense"):
        change(root / "generated" / vendor / "generated.toml", "# Written", "# written")
    before = contents(root / "generated")
    rename, calls = Path.rename, [0]

    def fail(self: Path, target: Path) -> Path:
        calls[0] += 1
        if calls[0] == failing:
            raise OSError(errno.ENOSPC, "no space left")
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fail)
        with pytest.raises(RegenerationError, match="no space left"):
            regenerate(root, [], say=lambda line: None)
    assert contents(root / "generated") == before
    assert {path.name for path in root.iterdir()} == {"specs", "generated"}
    assert regenerate(root, [], say=lambda line: None)
