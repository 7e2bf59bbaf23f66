"""Webhooks: a client knows nothing of them, and the models of what they carry read leniently."""

from __future__ import annotations

import ast
import runpy
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datamodel_code_generator
import pytest
from pydantic import BaseModel, ValidationError

from codegen.generate import webhooks
from codegen.generate.regenerate import RegenerationError, package_folder, regenerate
from codegen.generate.webhooks import MODULE, client_document
from codegen.lint import SpecDocument

from .trees import BASE, REPO, VENDORS, change, contents, make_root

NOT_IN_THE_CLIENT = {
    "base": {"Event", "Level", "Mark"},
    "viziosense": {
        "Alert", "AlertComparison", "AlertEvent", "AlertRule", "AlertState", "AlertType",
        "Application", "ParkPayload", "ParkingSpot", "Payload", "ReferenceMarker",
    },
}  # fmt: skip


@pytest.fixture
def root(pristine: Path, tmp_path: Path) -> Path:
    """Return a repository that is up to date, to be changed."""
    return Path(shutil.copytree(pristine, tmp_path / "repo"))


def spec(root: Path) -> Path:
    """Return the path of the small spec."""
    return root / "specs" / "base" / "openapi.yaml"


def quietly(root: Path) -> None:
    """Regenerate the small vendor."""
    regenerate(root, ["base"], say=lambda line: None)


def refusal(root: Path) -> str:
    """Regenerate the small vendor, expect a refusal, and return its message."""
    before = contents(root / "generated")
    with pytest.raises(RegenerationError) as caught:
        quietly(root)
    assert contents(root / "generated") == before
    return str(caught.value)


def models(root: Path, vendor: str = "base") -> dict[str, Any]:
    """Return the classes of webhook models in a repository, by name."""
    # Annotations are looked up in the module of the class when a class that refers to itself is built.
    name = f"webhook_models_of_{vendor}"
    found = runpy.run_path(str(package_folder(root / "generated", vendor) / MODULE), run_name=name)
    return {key: value for key, value in found.items() if getattr(value, "__module__", "") == name}


@pytest.fixture(scope="module")
def received(pristine: Path) -> dict[str, Any]:
    """Return the classes of the small vendor's webhooks."""
    return models(pristine)


def data_of(vendor: str) -> dict[str, Any]:
    folder = BASE if vendor == "base" else REPO / "specs" / vendor
    return SpecDocument.load(folder / "openapi.yaml").data


@pytest.mark.parametrize("vendor", NOT_IN_THE_CLIENT)
def test_what_a_client_does_not_know(vendor: str, pristine: Path) -> None:
    data = data_of(vendor)
    document = client_document(data)
    assert "webhooks" not in document
    schemas = document["components"]["schemas"]
    assert data["components"]["schemas"].keys() - schemas.keys() == NOT_IN_THE_CLIENT[vendor]
    package = package_folder(pristine / "generated", vendor)
    assert {path.name for path in package.glob("webhook*")} == {MODULE}
    client = [path for path in package.rglob("*.py") if path.name != MODULE]
    classes = {
        node.name for path in client for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    }  # fmt: skip
    assert not classes & NOT_IN_THE_CLIENT[vendor]
    assert not [path for path in client if "webhook_models" in path.read_text("utf-8")]


def test_a_document_keeps_what_others_use_too() -> None:
    """A schema is kept for a call, for a shared reply, and for a schema no webhook leads to."""
    whole = data_of("base")
    used = {"$ref": "#/components/schemas/Mark"}
    unused = {"type": "object", "properties": {"mark": used}}
    for place in ("calls", "shared", "schemas"):
        data = {**whole, "components": {**whole["components"]}}
        if place == "calls":
            data["paths"] = {**data["paths"], "/x": {"get": {"responses": {"200": used}}}}
        elif place == "shared":
            data["components"]["responses"] = {"Mark": used}
        else:
            data["components"]["schemas"] = {**whole["components"]["schemas"], "Unused": unused}
        kept = client_document(data)["components"]["schemas"]
        assert whole["components"]["schemas"].keys() - kept.keys() == {"Event", "Level"}
    assert "webhooks" in whole


@pytest.mark.parametrize("vendor", VENDORS)
def test_only_who_sends_has_a_module(vendor: str) -> None:
    data = data_of(vendor)
    assert (client_document(data) is data) == ("webhooks" not in data)
    module = package_folder(REPO / "generated", vendor) / MODULE
    assert module.exists() == ("webhooks" in data)
    stamp = (REPO / "generated" / vendor / "generated.toml").read_text("utf-8")
    assert ("webhook_models" in stamp) == ("webhooks" in data)
    assert ("datamodel-code-generator" in stamp) == ("webhooks" in data)


def test_a_vendor_that_stops_sending(root: Path) -> None:
    text = spec(root).read_text("utf-8")
    head, _, tail = text.partition("\nwebhooks:\n")
    spec(root).write_text(f"{head}\ncomponents:\n{tail.partition('components:')[2]}", "utf-8")
    said: list[str] = []
    regenerate(root, ["base"], say=said.append)
    assert {"  - webhook model Alive", "  - webhook model Mark", "  + model Mark"} <= set(said)
    assert not (package_folder(root / "generated", "base") / MODULE).exists()


def test_classes_and_fields(received: dict[str, Any]) -> None:
    fields = {
        name: {
            field.alias or key: (str(field.annotation), field.is_required())
            for key, field in cls.model_fields.items()
        }
        for name, cls in received.items() if name != "BaseModel"
    }  # fmt: skip
    assert set(fields) == {"Alive", "Device", "Event", "Mark"}
    assert fields["Alive"] == {
        "deviceId": ("<class 'str'>", True),
        "uptime": ("int | None", False),
    }
    assert {key: value[0] for key, value in fields["Event"].items()} == {
        "deviceId": "<class 'str'>",
        "level": "<class 'str'>",
        "kind": "str | None",
        "device": f"{received['Device'].__module__}.Device | None",
        "marks": f"list[{received['Device'].__module__}.Mark] | None",
        "data": "typing.Any | None",
    }
    assert [key for key, value in fields["Event"].items() if value[1]] == ["deviceId", "level"]


def test_evidence_and_known_values_are_told(pristine: Path) -> None:
    text = (package_folder(pristine / "generated", "base") / MODULE).read_text("utf-8")
    first = (
        "# Generated by `nox -s regenerate` from specs/base/openapi.yaml. Do not edit: fix the spec"
    )
    assert text.startswith(first)
    assert '"""Sent every minute. Evidence: documented."""' in text
    assert '"""Seconds since it started. (inferred)"""' in text
    assert '"""How bad it is. Known values: `high`, `low`."""' in text


def test_module_imports_pydantic_and_nothing_else() -> None:
    module = package_folder(REPO / "generated", "viziosense") / MODULE
    nodes = ast.walk(ast.parse(module.read_text("utf-8")))
    found = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    assert found <= {"__future__", "datetime", "typing", "pydantic"}
    assert "import " not in module.read_text("utf-8").partition("\nclass ")[2]


EVENT: dict[str, Any] = {"deviceId": "d1", "level": "high"}


@pytest.mark.parametrize(
    ("more", "name", "value"),
    [
        ({}, "marks", None),
        ({"level": "medium"}, "level", "medium"),
        ({"kind": "robot"}, "kind", "robot"),
        ({"kind": None, "marks": None, "device": None, "data": None}, "kind", None),
        ({"deviceId": 17}, "device_id", "17"),
        ({"deviceId": "x" * 50}, "device_id", "x" * 50),
        ({"deviceId": "no reference: %%"}, "device_id", "no reference: %%"),
        ({"marks": []}, "marks", []),
        ({"data": {"any": [1, {"thing": None}]}}, "data", {"any": [1, {"thing": None}]}),
        ({"more": 1}, "model_extra", {"more": 1}),
    ],
)
def test_reads_are_lenient(
    received: dict[str, Any], more: dict[str, Any], name: str, value: object
) -> None:
    assert getattr(received["Event"].model_validate(EVENT | more), name) == value


def test_nested_reads_are_lenient(received: dict[str, Any]) -> None:
    device = {"device_id": 1, "created": "2026-03-01T08:15:00", "parent": None, "labels": {"a": 1}}
    event = received["Event"].model_validate(
        EVENT | {"device": device | {"parent": device}, "marks": [{"name": None, "score": "0.5"}]}
    )
    assert event.device.parent.created.tzinfo is None
    assert (event.marks[0].score, event.device.labels) == (0.5, {"a": 1})


@pytest.mark.parametrize("more", [{"deviceId": None}, {"level": None}, {"marks": [1]}])
def test_what_is_not_read(received: dict[str, Any], more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        received["Event"].model_validate(EVENT | more)


NASTY = r"""\"\"\" \\N{DASH} {{ x }} {% y %} # ''' \\"""


def test_texts_stay_texts(root: Path) -> None:
    """Words of a spec cannot leave the docstring they go to."""
    change(spec(root), "description: A place in the picture.", f'description: "{NASTY}"')
    change(spec(root), "description: Name of the place.", f'description: "{NASTY}"')
    quietly(root)
    path = package_folder(root / "generated", "base") / MODULE
    (mark,) = (
        node for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name == "Mark"
    )  # fmt: skip
    wanted = """\"\"\" \\N{DASH} {{ x }} {% y %} # ''' \\"""
    assert (ast.get_docstring(mark) or "").strip() == wanted
    first = [node.value for node in mark.body if isinstance(node, ast.Expr)][1]
    assert isinstance(first, ast.Constant)
    assert str(first.value).strip() == wanted
    assert issubclass(models(root)["Mark"], BaseModel)


@pytest.mark.parametrize("name", ["model_config", "schema", "class", "json", "copy", "x-y", "2d"])
def test_names_of_fields(root: Path, name: str) -> None:
    change(
        spec(root),
        "        score:\n          type: number",
        f"        '{name}':\n          type: number",
    )
    quietly(root)
    cls = models(root)["Mark"]
    mark = cls.model_validate({name: 1.5})
    assert mark.model_dump(by_alias=True, exclude_none=True) == {name: 1.5}
    assert not mark.model_extra


def test_another_generator_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "version", lambda name: "0.90.0")
    assert "datamodel-code-generator 0.90.0 is installed" in refusal(root)


def _warn(document: Any, config: Any) -> str:
    warnings.warn("something was left out", UserWarning, stacklevel=1)
    return ""


def _lose(document: Any, config: Any) -> str:
    document["components"]["schemas"].pop("Mark")
    document["components"]["schemas"]["Event"]["properties"].pop("marks")
    return str(GENERATE(document, config=config))


def _other_base(document: Any, config: Any) -> str:
    return str(GENERATE(document, config=config)).replace("use_attribute_docstrings", "other")


GENERATE: Callable[..., Any] = datamodel_code_generator.generate


@pytest.mark.parametrize(
    ("generate", "told"),
    [
        (_warn, "UserWarning: something was left out"),
        (_lose, "differ between the generator and the spec: ['Mark']"),
        (_other_base, "the base class of webhook models has no one use_attribute_docstrings=True"),
        (lambda document, config: {"a": "", "b": ""}, "more than one module"),
    ],
    ids=["warning", "loss", "base", "modules"],
)
def test_an_odd_generator_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch, generate: Callable[..., Any], told: str
) -> None:
    monkeypatch.setattr(datamodel_code_generator, "generate", generate)
    assert told in refusal(root)


def test_settings_around_do_not_matter(
    pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_root(tmp_path / "repo", base=BASE)
    settings = (
        "[tool.datamodel-codegen]\nsnake-case-field = false\n[tool.black]\nline-length = 20\n"
    )
    for folder in (tmp_path, root):
        (folder / "pyproject.toml").write_text(settings)
    monkeypatch.chdir(root)
    quietly(root)
    assert contents(root / "generated" / "base") == contents(pristine / "generated" / "base")


def test_a_vendor_without_webhooks_loads_no_second_generator(tmp_path: Path) -> None:
    """Half a second for each run, and one reason less for it to fail."""
    root = make_root(tmp_path, scailable=REPO / "specs" / "scailable")
    code = (
        "import sys; from codegen.__main__ import main;"
        f"assert main(['regenerate', '--root', {str(root)!r}]) == 0;"
        "assert 'datamodel_code_generator' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
