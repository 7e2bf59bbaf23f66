"""Bills of materials."""

from __future__ import annotations

import hashlib
import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from codegen.release.contents import ContentsError
from codegen.release.dependencies import dependencies_of, range_problems
from codegen.release.evidence import write_evidence
from codegen.release.sbom import SbomError, sbom_of, validate
from codegen.release.versions import distributions
from tests.release.artifacts import write_sdist, write_wheel

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("dist")
    stem = "deviceclouds_viziosense-0.1.0"
    return [write_wheel(folder, stem), write_sdist(folder, stem)]


def bom(name: str, artifacts: list[Path]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sbom_of(ROOT, name, artifacts))
    return found


def properties(component: dict[str, Any]) -> dict[str, str]:
    return {p["name"].removeprefix("deviceclouds:"): p["value"] for p in component["properties"]}


def test_root_component(artifacts: list[Path]) -> None:
    main = bom("viziosense", artifacts)["metadata"]["component"]
    assert main["purl"] == "pkg:pypi/deviceclouds-viziosense@0.1.0"
    assert main["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    digest = hashlib.sha256(artifacts[0].read_bytes()).hexdigest()
    assert main["hashes"] == [{"alg": "SHA-256", "content": digest}]
    assert {one["url"] for one in main["externalReferences"]} == {p.name for p in artifacts}
    facts = properties(main)
    assert facts["generated-with:openapi-python-client"] == "0.29.1"
    stamp = tomllib.loads((ROOT / "generated/viziosense/generated.toml").read_text("utf-8"))
    assert facts["generated-from:spec_sha256"] == stamp["made_from"]["spec_sha256"]


def test_dependencies(artifacts: list[Path]) -> None:
    found = {one["name"]: one for one in bom("testing", artifacts)["components"]}
    assert found["jinja2"]["scope"] == "required"
    assert properties(found["jinja2"])["declared-range"] == "<4,>=3.1"
    assert found["jinja2"]["version"] == properties(found["jinja2"])["tested-version"]
    assert found["uvloop"]["scope"] == "optional"
    assert properties(found["uvloop"])["extras"] == "fast"
    assert "sys_platform" in properties(found["uvloop"])["marker"]
    assert found["deviceclouds-runtime"]["purl"] == "pkg:pypi/deviceclouds-runtime@0.1.0"


def test_what_was_not_tested_has_no_version(artifacts: list[Path]) -> None:
    for name in distributions(ROOT):
        for one in bom(name, artifacts)["components"]:
            tested = properties(one)["tested-version"]
            assert one.get("version", "none") == tested
            assert (tested == "none") == ("@" not in one["purl"])


def test_extra_that_stands_for_another_is_no_dependency() -> None:
    names = {one.name for one in dependencies_of(ROOT, "testing")}
    assert "deviceclouds-testing" not in names


def test_no_time_and_the_serial_number_follows_from_the_content(artifacts: list[Path]) -> None:
    text = sbom_of(ROOT, "viziosense", artifacts)
    assert text == sbom_of(ROOT, "viziosense", list(reversed(artifacts)))
    assert "timestamp" not in text
    other = bom("scailable", artifacts)
    assert json.loads(text)["serialNumber"] != other["serialNumber"]


def test_validation_can_fail(artifacts: list[Path]) -> None:
    data = bom("viziosense", artifacts)
    data["components"][0]["type"] = "thing"
    with pytest.raises(SbomError, match="not valid"):
        validate(json.dumps(data))


def test_evidence_is_written_beside(tmp_path: Path, artifacts: list[Path]) -> None:
    for path in artifacts:
        shutil.copy(path, tmp_path)
    write_evidence(ROOT, tmp_path, ["viziosense"])
    stem = "deviceclouds_viziosense-0.1.0"
    written = {path.name for path in tmp_path.glob("*.json")}
    assert written == {
        f"{stem}-py3-none-any.whl.contents.json",
        f"{stem}.tar.gz.contents.json",
        f"{stem}.cdx.json",
    }


def test_missing_artifacts(tmp_path: Path) -> None:
    with pytest.raises(ContentsError, match="run `nox -s build`"):
        write_evidence(ROOT, tmp_path, ["viziosense"])


@pytest.mark.parametrize("name", distributions(ROOT))
def test_ranges_between_ours_fit(name: str) -> None:
    assert range_problems(ROOT, name) == []
