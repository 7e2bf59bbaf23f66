"""The committed packages: what is in them, and what their methods look like."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import typing
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from codegen.generate.regenerate import package_folder
from codegen.generate.webhooks import MODULE
from codegen.names import RESERVED_CLASSES, parameter_name, python_name

from .spec_operations import Case, cases, client_schemas, resolve
from .trees import REPO, VENDORS

GENERATED = REPO / "generated"
OPTIONS = {"timeout", "retries", "extra_headers"}


CASES = list(cases())
each_operation = pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.vendor}.{case.namespace}.{case.name}" for case in CASES]
)
each_vendor = pytest.mark.parametrize("vendor", VENDORS)


def body_fields(case: Case) -> set[str]:
    """Return the argument names of a flattened body."""
    body = case.data.get("requestBody")
    if body is None:
        return set()
    (media,) = resolve(case.vendor, body)["content"].values()
    schema = resolve(case.vendor, media["schema"])
    return {parameter_name(wire) for wire in schema.get("properties", {})} | {"body"}


def modules(vendor: str) -> list[Path]:
    """Return the generated modules of the client; `test_webhooks` looks at the other one."""
    paths = package_folder(GENERATED, vendor).rglob("*.py")
    return sorted(path for path in paths if path.name != MODULE)


def test_size() -> None:
    paths = [path for path in GENERATED.rglob("*") if path.suffix in (".py", ".toml", ".typed")]
    assert sum(path.read_bytes().count(b"\n") for path in paths) < 25_000


def test_namespaces_have_no_init() -> None:
    assert not list(GENERATED.glob("*/src/deviceclouds/__init__.py"))
    assert not list(GENERATED.glob("*/src/deviceclouds/_generated/__init__.py"))
    assert {path.name for path in GENERATED.iterdir()} == set(VENDORS)


@each_vendor
def test_types_are_published(vendor: str) -> None:
    assert (package_folder(GENERATED, vendor) / "py.typed").read_bytes() == b""


def test_operations_are_counted() -> None:
    assert len(CASES) == 161
    assert [sum(case.vendor == vendor for case in CASES) for vendor in VENDORS] == [
        94, 19, 21, 19, 8,
    ]  # fmt: skip
    tables = [path for v in VENDORS for path in modules(v) if path.parent.name == "operations"]
    entries = [
        node for path in tables for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.AnnAssign)
    ]  # fmt: skip
    assert len(entries) == 161


@each_operation
def test_entry_says_what_the_spec_says(case: Case) -> None:
    entry, evidence = case.constant, case.data["x-evidence"]
    assert (entry.vendor, entry.id) == (case.vendor, case.data["operationId"])
    assert entry.name == f"{case.namespace}.{case.name}"
    assert (entry.method, entry.path) == (case.method.upper(), case.path)
    assert entry.evidence.status == evidence["status"]
    assert entry.evidence.note == " ".join(evidence.get("note", "").split())
    assert [(p.wire, p.location) for p in sorted(entry.parameters)] == sorted(
        ((p["name"], p["in"]) for p in case.parameters), key=lambda pair: parameter_name(pair[0])
    )
    assert list(entry.security) == [name for s in case.data["security"] for name in s]
    assert (entry.pagination is None) == ("x-pagination" not in case.data)
    assert entry.time_limit == case.data.get("x-timeout")
    default = case.method in ("get", "put", "delete", "head", "options")
    assert entry.idempotent == case.data.get("x-idempotent", default)


@each_operation
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_docstring_tells_the_evidence(case: Case, is_async: bool) -> None:
    doc = inspect.getdoc(case.facade(is_async=is_async))
    assert doc
    assert f"Evidence: {case.data['x-evidence']['status']}." in " ".join(doc.split())
    assert doc.startswith(case.data["summary"].rstrip(".")[:40])


@each_operation
def test_docstring_tells_every_argument(case: Case) -> None:
    doc = inspect.getdoc(case.facade()) or ""
    for name in inspect.signature(case.facade()).parameters:
        assert name in ("self", "options") or f"    {name}: " in doc


@each_operation
def test_signature_holds_every_parameter_and_field(case: Case) -> None:
    names = set(inspect.signature(case.facade()).parameters) - {"self", "options"}
    assert names == {parameter_name(p["name"]) for p in case.parameters} | body_fields(case)


@each_operation
def test_path_parameters_are_positional_and_nothing_else(case: Case) -> None:
    signature = inspect.signature(case.facade())
    positional = [
        name for name, parameter in signature.parameters.items()
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]  # fmt: skip
    wanted = {
        parameter_name(p["name"]) for p in case.parameters
        if p["in"] == "path" and not p.get("x-client-supplied")
    }  # fmt: skip
    assert positional[0] == "self"
    assert set(positional[1:]) == wanted
    in_path = [parameter_name(name) for name in re.findall(r"{(.+?)}", case.path)]
    assert positional[1:] == [name for name in in_path if name in wanted]


@each_operation
def test_required_is_required_and_the_rest_is_not(case: Case) -> None:
    parameters = inspect.signature(case.facade()).parameters
    for node in case.parameters:
        default = parameters[parameter_name(node["name"])].default
        needed = node.get("required", False) and not node.get("x-client-supplied", False)
        assert (default is inspect.Parameter.empty) == needed


@each_operation
def test_arguments_of_every_call_are_free(case: Case) -> None:
    names = inspect.signature(case.facade()).parameters
    assert not OPTIONS & set(names)
    assert names["options"].kind is inspect.Parameter.VAR_KEYWORD


@each_operation
def test_async_signature_is_the_sync_one(case: Case) -> None:
    sync, other = case.facade(), case.facade(is_async=True)
    pairs = [(sync, other)]
    pairs += zip(typing.get_overloads(sync), typing.get_overloads(other), strict=True)
    for one, two in pairs:
        assert str(inspect.signature(two)).replace("AsyncPager[", "Pager[") == str(
            inspect.signature(one)
        )
    paged = "x-pagination" in case.data
    assert inspect.iscoroutinefunction(other) != paged
    assert not inspect.iscoroutinefunction(sync)
    assert inspect.signature(sync).return_annotation.startswith("Pager[") == paged
    assert inspect.signature(other).return_annotation.startswith("AsyncPager[") == paged


@each_vendor
def test_both_clients_have_the_same_namespaces_and_methods(vendor: str) -> None:
    package = f"deviceclouds._generated.{vendor}"
    sync = import_module(f"{package}.client").Namespaces
    other = import_module(f"{package}.client_async").AsyncNamespaces
    names = {name for name in vars(sync) if not name.startswith("_")}
    assert names == {name for name in vars(other) if not name.startswith("_")}
    assert names == {case.namespace for case in CASES if case.vendor == vendor} | {
        "with_raw_response"
    }


@each_vendor
def test_imports(vendor: str) -> None:
    """Nothing but the standard library, attrs, the runtime's one module, and the package."""
    allowed = {"attrs", "deviceclouds.runtime.generated"}
    for path in modules(vendor):
        for name in imported(path):
            top = name.partition(".")[0]
            standard = top in sys.stdlib_module_names
            assert standard or name in allowed or name.startswith("."), f"{path}: {name}"
            assert top not in {"socket", "ssl", "http", "urllib", "asyncio", "time", "os"}


def imported(path: Path) -> Iterator[str]:
    """Yield the modules that a module imports, at any depth."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@each_vendor
def test_schemas_cannot_take_a_name_that_modules_import(vendor: str) -> None:
    names = {
        alias.asname or alias.name
        for path in modules(vendor)
        if path.name not in ("__init__.py", "client.py", "client_async.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and not node.level
        for alias in node.names
    }
    classes = {name for name in names if re.fullmatch("[A-Z][A-Za-z]*[a-z][A-Za-z]*", name)}
    assert classes - RESERVED_CLASSES == set()


@each_vendor
def test_every_export_is_there(vendor: str) -> None:
    models = import_module(f"deviceclouds._generated.{vendor}.models")
    schemas = client_schemas(vendor)
    classes = {name for name, s in schemas.items() if "properties" in s or "enum" in s}
    found = {name: getattr(models, name) for name in dir(models)}
    assert len(found) >= len(classes)
    aliases = {name for name in found if name.endswith("Like")}
    assert len(set(found) - aliases) == len(classes)
    for name in set(found) - aliases:
        assert found[name].__name__ == name
        assert found[name].__module__.startswith(f"{models.__name__}.")


@each_vendor
def test_model_modules(vendor: str) -> None:
    folder = package_folder(GENERATED, vendor) / "models"
    exports = import_module(f"deviceclouds._generated.{vendor}.models")._MODULES
    assert {path.stem for path in folder.glob("*.py")} == {"__init__", *exports.values()}
    for stem in sorted(set(exports.values())):
        import_module(f"deviceclouds._generated.{vendor}.models.{stem}")


@each_vendor
def test_fields_of_models(vendor: str) -> None:
    from deviceclouds.runtime._fields import model_fields

    models = import_module(f"deviceclouds._generated.{vendor}.models")
    by_class = {name.lower(): getattr(models, name) for name in dir(models)}
    for name, schema in client_schemas(vendor).items():
        if "properties" in schema:
            fields = model_fields(by_class[name.lower()])
            assert {f.wire for f in fields} == set(schema["properties"])
            assert {f.name.rstrip("_") for f in fields} == {
                python_name(wire).rstrip("_") for wire in schema["properties"]
            }
            assert {f.wire for f in fields if f.required} == set(schema.get("required", []))
