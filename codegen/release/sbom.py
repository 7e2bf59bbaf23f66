"""The bill of materials of a distribution, as CycloneDX 1.6."""

# The library's classes are made by a decorator that pyright cannot see through; mypy can.
# pyright: reportCallIssue=false, reportArgumentType=false, reportAttributeAccessIssue=false
from __future__ import annotations

import hashlib
import json
import tomllib
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codegen.release.dependencies import Dependency, dependencies_of
from codegen.release.versions import current_version, project_name

if TYPE_CHECKING:
    from cyclonedx.model import Property
    from cyclonedx.model.component import Component

__all__ = ["SbomError", "sbom_of", "validate"]


class SbomError(Exception):
    """A bill of materials is not valid."""


def sbom_of(root: Path, distribution: str, artifacts: Sequence[Path]) -> str:
    """The bill of materials of a built distribution. It holds no time, and its serial number follows from its content.

    Args:
        root: The repository.
        distribution: A folder of ``overlays/``.
        artifacts: Its wheel and its source distribution.

    Returns:
        JSON text that ends with a line feed.

    Raises:
        SbomError: It does not keep to the schema.
    """
    from cyclonedx.model.bom import Bom
    from cyclonedx.output.json import JsonV1Dot6

    main = _root_component(root, distribution, artifacts)
    bom = Bom()
    bom.metadata.component = main
    parts = [_component(one) for one in dependencies_of(root, distribution)]
    bom.components.update(parts)
    bom.register_dependency(main, parts)
    text = JsonV1Dot6(bom).output_as_string()
    data: dict[str, Any] = json.loads(text)
    # What would differ between two builds of one thing.
    del data["metadata"]["timestamp"]
    data.pop("serialNumber", None)
    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    data["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}"
    text = json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    validate(text)
    return text


def validate(text: str) -> None:
    """Checks a bill of materials against the schema of CycloneDX 1.6.

    Raises:
        SbomError: It does not keep to it.
    """
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if problem is not None:
        raise SbomError(f"the bill of materials is not valid: {str(problem).splitlines()[0]}")


def _root_component(root: Path, distribution: str, artifacts: Sequence[Path]) -> Component:
    from cyclonedx.model import (
        ExternalReference,
        ExternalReferenceType,
        HashAlgorithm,
        HashType,
        XsUri,
    )
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.license import DisjunctiveLicense
    from packageurl import PackageURL

    path = root / "overlays" / distribution / "pyproject.toml"
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    name, version = project_name(root, distribution), str(current_version(root, distribution))
    hashes = {
        artifact: HashType(
            alg=HashAlgorithm.SHA_256, content=hashlib.sha256(artifact.read_bytes()).hexdigest()
        )
        for artifact in sorted(artifacts)
    }
    return Component(
        name=name,
        version=version,
        type=ComponentType.APPLICATION if distribution == "cli" else ComponentType.LIBRARY,
        bom_ref=f"{name}=={version}",
        description=project["description"],
        purl=PackageURL("pypi", None, name, version),
        licenses=[DisjunctiveLicense(id=project["license"])],
        hashes=[digest for artifact, digest in hashes.items() if artifact.suffix == ".whl"],
        external_references=[
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION, url=XsUri(artifact.name), hashes=[digest]
            )
            for artifact, digest in hashes.items()
        ],
        properties=_provenance(root, distribution),
    )


def _provenance(root: Path, distribution: str) -> list[Property]:
    """What the generated part was made from, by its stamp."""
    facts = {"depth": "direct dependencies only"}
    path = root / "generated" / distribution / "generated.toml"
    if path.is_file():
        stamp = tomllib.loads(path.read_text(encoding="utf-8"))
        facts["generated-from:vendor-api-version"] = stamp["api_version"]
        facts |= {f"generated-from:{key}": value for key, value in stamp["made_from"].items()}
        facts |= {f"generated-with:{key}": value for key, value in stamp["made_with"].items()}
    return _properties(facts)


def _component(one: Dependency) -> Component:
    from cyclonedx.model.component import Component, ComponentScope, ComponentType
    from packageurl import PackageURL

    facts = {"declared-range": one.ranges, "tested-version": one.tested or "none"}
    if one.extras:
        facts["extras"] = ", ".join(one.extras)
    if one.marker:
        facts["marker"] = one.marker
    return Component(
        name=one.name,
        version=one.tested,
        type=ComponentType.LIBRARY,
        bom_ref=one.name,
        scope=ComponentScope.OPTIONAL if one.extras else ComponentScope.REQUIRED,
        purl=PackageURL("pypi", None, one.name, one.tested),
        properties=_properties(facts),
    )


def _properties(facts: dict[str, str]) -> list[Property]:
    from cyclonedx.model import Property

    return [Property(name=f"deviceclouds:{key}", value=value) for key, value in facts.items()]
