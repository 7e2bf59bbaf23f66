"""The parts of a deployment: chosen by users, found when it begins, shown in replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .codes import refuse
from .deployment import Parts
from .version import ADDED

if TYPE_CHECKING:
    from .state import State

__all__ = ["parts_view", "read_parts", "resolve"]


def read_parts(state: State, body: dict[str, Any]) -> Parts:
    """What a configuration is to hold. Raises Refusal: which 404 is for which part is not documented."""
    models = [
        (m.get("model_id", ""), m.get("model_version_number", "latest"))
        for m in body.get("models", ())
    ]
    for model_id, number in models:
        if number in ("latest", "") and state.training.base(model_id) is not None:
            continue
        if state.version_of(model_id, number) is None:
            raise refuse("E.SC.API.0022011")
    firmware_id = body.get("edge_system_sw_package", {}).get("firmware_id")
    if firmware_id and firmware_id not in state.software.firmwares:
        raise refuse("E.SC.API.0022012")
    apps = [(a.get("app_name", ""), a.get("app_version", "")) for a in body.get("edge_apps", ())]
    if any(state.software.app(*app) is None for app in apps):
        raise refuse("E.SC.API.0022013")
    bundles = [
        (b.get("model_bundle_name", ""), b.get("model_bundle_version", "latest"))
        for b in body.get("model_bundles", ())
    ]
    for name, number in bundles:
        bundle = state.training.bundles.get(name)
        numbers = [] if bundle is None else [one.number for one in bundle.versions]
        if bundle is None or number not in ("latest", "", *numbers):
            raise refuse("E.SC.API.0022024")
    return Parts(firmware_id or None, tuple(models), tuple(apps), tuple(bundles))


def resolve(state: State, parts: Parts, now: float) -> Parts:
    """With numbers in place of ``latest``. Raises Refusal where something is gone, or not ready yet."""
    models = []
    for model_id, number in parts.models:
        project, found = state.training.base(model_id), state.version_of(model_id, number)
        version = project.version(found) if project and found else None
        if found is None or version is None or version.state(now) != ADDED:
            raise refuse("E.SC.API.0027014")
        models.append((model_id, found))
    for name, number in parts.apps:
        app = state.software.app(name, number)
        if app is None or app.state(now) != "compiled":
            raise refuse("E.SC.API.0027016")
    if parts.firmware_id and parts.firmware_id not in state.software.firmwares:
        raise refuse("E.SC.API.0027004")
    bundles = []
    for name, number in parts.bundles:
        bundle = state.training.bundles.get(name)
        if bundle is None:
            raise refuse("E.SC.API.0027014")
        bundles.append((name, bundle.versions[-1].number if number in ("latest", "") else number))
    return parts._replace(models=tuple(models), bundles=tuple(bundles))


def parts_view(state: State, parts: Parts) -> dict[str, Any]:
    """As replies have them."""
    software, training = state.software, state.training
    package: dict[str, Any] = {}
    if parts.firmware_id:
        firmware = software.firmwares.get(parts.firmware_id)
        package = {"firmware_id": parts.firmware_id}
        if firmware:
            package["firmware_version"] = firmware.version
    models = []
    for model_id, number in parts.models:
        model, project = training.models.get(model_id), training.base(model_id)
        version = project.version(number) if project else None
        models.append(
            {
                "model_id": model_id,
                "model_version_number": number,
                **({"model_comment": model.comment} if model else {}),
                **({"model_version_comment": version.comment} if version else {}),
            }
        )
    apps = []
    for name, number in parts.apps:
        app = software.app(name, number)
        words = {"description": app.description} if app else {}
        apps.append({"app_name": name, "app_version": number, **words})
    bundles = []
    for name, number in parts.bundles:
        bundle = training.bundles.get(name)
        words = {"description": bundle.description} if bundle else {}
        bundles.append({"model_bundle_name": name, "model_bundle_version": number, **words})
    return {
        "edge_system_sw_package": package,
        "models": models,
        "edge_apps": apps,
        "model_bundles": bundles,
    }
