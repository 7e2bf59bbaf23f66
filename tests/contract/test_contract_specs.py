"""Specifications from files: good ones are read, others are refused with the reason."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from deviceclouds.testing import load_spec
from deviceclouds.testing.contract import specs
from deviceclouds.testing.contract.results import ContractRunError
from deviceclouds.testing.contract.specs import load_contract_spec, spec_sha256


def document(vendor: str = "viziosense") -> dict[str, Any]:
    return copy.deepcopy(load_spec(vendor).document)


def written(folder: Path, content: Any, name: str = "api.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["api.json", "api.yaml", "api"])
def test_json_and_yaml_are_read_whatever_their_name(tmp_path: Path, name: str) -> None:
    text = yaml.safe_dump(document()) if name == "api.yaml" else json.dumps(document())
    spec = load_contract_spec("viziosense", written(tmp_path, text, name))
    assert spec.vendor == "viziosense"
    assert spec_sha256(spec) == spec_sha256(load_spec("viziosense"))


def test_a_changed_specification_has_another_hash(tmp_path: Path) -> None:
    other = document()
    other["info"]["version"] = "9"
    spec = load_contract_spec("viziosense", written(tmp_path, other))
    assert spec_sha256(spec) != spec_sha256(load_spec("viziosense"))


def three_zero() -> dict[str, Any]:
    return {**document(), "openapi": "3.0.3"}


def dangling() -> dict[str, Any]:
    found = document()
    found["components"]["schemas"].pop("Device", None)
    return found


def strange_parameter() -> dict[str, Any]:
    found = document()
    operation = found["paths"]["/devices"]["get"]
    operation["parameters"] = [
        {"name": "f", "in": "query", "style": "deepObject", "schema": {"type": "object"}}
    ]
    return found


REFUSED = [
    ("broken JSON", '{"openapi": "3.1.0",\n "paths": {,}}', "line 2"),
    ("broken YAML", "openapi: 3.1.0\npaths:\n  - [", "line 4"),
    ("a list", "[1, 2]", "no object"),
    ("empty", "", "no object"),
    ("a page", "<html><body>404</body></html>", "no object"),
    ("no OpenAPI", '{"name": "x"}', "no key `openapi`"),
    ("Swagger", '{"swagger": "2.0", "paths": {}}', "Swagger"),
    ("3.0", json.dumps(three_zero()), "adopt"),
    ("4.0", '{"openapi": "4.0.0", "paths": {"/a": {}}}', "3.1"),
    ("no paths", '{"openapi": "3.1.0", "paths": {}}', "no operation"),
    ("paths that are no object", '{"openapi": "3.1.0", "paths": {"/a": 3}}', "cannot use it"),
    ("references that lead nowhere", json.dumps(dangling()), "Device"),
    ("features the checks do not know", json.dumps(strange_parameter()), "do not know"),
    ("another vendor", json.dumps(document("aitrios")), "seems to be aitrios's"),
    ("a stranger", json.dumps({"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "paths": {
        "/pets": {"get": {"operationId": "p", "responses": {"200": {"description": ""}}}}}}), "none that deviceclouds"),
    ("nested too deep", "[" * 100_000, "nested too deep"),
    ("dates without quotes", "openapi: 3.1.0\ninfo: 2026-01-01\npaths: {}", "quotes"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_is_of_no_use_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(ContractRunError, match=said) as caught:
        load_contract_spec("viziosense", path)
    assert str(path) in str(caught.value)
    assert caught.value.exit_code == 2
    assert len(str(caught.value)) < 600


def test_places_that_hold_no_file(tmp_path: Path) -> None:
    with pytest.raises(ContractRunError, match="no such file"):
        load_contract_spec("viziosense", tmp_path / "none.yaml")
    with pytest.raises(ContractRunError, match="folder"):
        load_contract_spec("viziosense", tmp_path)
    with pytest.raises(ContractRunError, match="no vendor 'acme'"):
        load_contract_spec("acme", tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ContractRunError, match="plain file"):
        load_contract_spec("viziosense", pipe)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "api.json"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ContractRunError, match="UTF-8"):
        load_contract_spec("viziosense", path)


def test_files_that_are_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(specs, "MAX_SPEC", 1000)
    with pytest.raises(ContractRunError, match="MB"):
        load_contract_spec("viziosense", written(tmp_path, document()))


def test_aliases_do_not_explode(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    text = "openapi: 3.1.0\npaths: {}\n" + "\n".join(lines)
    with pytest.raises(ContractRunError, match="aliases"):
        load_contract_spec("viziosense", written(tmp_path, text, "bomb.yaml"))
