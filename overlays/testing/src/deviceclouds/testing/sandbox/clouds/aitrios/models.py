"""Models: listed, imported, published, changed, deleted."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...cloud import handles
from .codes import refuse
from .software import BROKEN
from .topic import SUCCESS, Topic
from .version import Model, Project, Version, next_number

if TYPE_CHECKING:
    from ...calls import Call

__all__ = ["Models"]

_FILE_KINDS = {
    "input_format_param_file_id": "input_format_param",
    "network_config_file_id": "network_config",
    "dcpu_firmware_file_id": "dcpu_firmware",
    "dcpu_manifest_file_id": "dcpu_manifest",
    "dcpu_postprocess_file_id": "dcpu_postprocess",
}


class Models(Topic):
    """See the module."""

    @handles("GetModels")
    def _list(self, call: Call) -> dict[str, Any]:
        latest = one_of(call, "latest_type", ("0", "1"), "E.SC.API.0056003")
        wanted = Wanted(call, "E.SC.API.0056001", "E.SC.API.0056002")
        found, following = self.cut(call, list(self._wanted(call, wanted)))
        views = [self._view(model, projects, latest, False) for model, projects in found]
        return {"models": views, "continuation_token": following}

    def _wanted(self, call: Call, wanted: Wanted) -> Iterator[tuple[Model, list[Project]]]:
        part, words = call.get("model_id"), call.get("comment")
        for model in self.state.training.models.values():
            if part and part.casefold() not in model.model_id.casefold():
                continue
            if words and words.casefold() not in model.comment.casefold():
                continue
            projects = self.state.training.projects_of(model.model_id)
            found = [project for project in projects if wanted.fits(project)]
            if found:
                yield model, found

    @handles("ImportBaseModel")
    def _import(self, call: Call) -> dict[str, Any]:
        body, training = call.body, self.state.training
        model_id = body["model_id"]
        if not model_id or not model_id.isascii():
            raise refuse("E.SC.API.0047003")
        if body.get("network_type", "1") not in ("0", "1"):
            raise refuse("E.SC.API.0047018")
        name, size = self._source(body)
        model, project = training.models.get(model_id), training.base(model_id)
        comment = body.get("comment", "")
        number = "1.00" if project is None else next_number(project.versions[-1].number)
        if project is not None and project.versions[-1].is_busy(self.now):
            raise refuse("E.SC.API.0047016")
        if model is None or project is None:
            if model_id in training.projects:
                raise refuse("E.SC.API.0047010")
            kind = body.get("network_type", "1")
            vendor = body.get("vendor_name", "")
            training.models[model_id] = Model(model_id, "", vendor, comment, network_type=kind)
            # Under which project an imported model is listed is not documented: here one of its own name.
            project = Project(
                model_id, training.new_id(), "1", None, None, comment, model_id, self.now
            )
            training.projects[model_id] = project
        project.versions.append(
            Version(
                number,
                self.now,
                name,
                size,
                comment=comment,
                converted=body.get("converted", False),
                fails=BROKEN in name,
            )
        )
        return SUCCESS

    def _source(self, body: dict[str, Any]) -> tuple[str, int]:
        """Name and size of the model's file; links are kept nowhere, and not followed."""
        if "model_file_id" not in body:
            path = body["model"].partition("?")[0]
            if not path.startswith(("https://", "http://")):
                raise refuse("E.SC.API.0047020")
            return path.rpartition("/")[2][:100] or "model.tflite", 489_813
        kinds = "converted_model" if body.get("converted") else "non_converted_model"
        file = self.state.software.file(body["model_file_id"], kinds)
        if file is None:
            known = body["model_file_id"] in self.state.software.files
            raise refuse("E.SC.API.0047026" if known else "E.SC.API.0047015")
        for field, kind in _FILE_KINDS.items():
            if field in body and self.state.software.file(body[field], kind) is None:
                raise refuse("E.SC.API.0047015")
        return file.name, file.size

    @handles("PublishModel")
    def _publish(self, call: Call) -> dict[str, Any]:
        model_id, device_id = call.get("model_id"), call.get("device_id")
        training = self.state.training
        model = training.models.get(model_id)
        project = training.for_device(model_id, device_id) if device_id else training.base(model_id)
        if model is None or project is None or not project.versions:
            raise refuse("E.SC.API.0181001")
        if model.old_keras:
            # Whether the Console converts in spite of this warning is not known; here it does not.
            return self.warning("W.SC.API.0181006")
        version = project.versions[-1]
        if version.is_busy(self.now):
            raise refuse("E.SC.API.0181002")
        version.conv_id, version.published = training.new_id(), self.now
        version.updated = self.now
        return {**SUCCESS, "import_id": version.conv_id}

    @handles("DeleteModel")
    def _delete(self, call: Call) -> dict[str, Any]:
        model_id, training = call.get("model_id"), self.state.training
        if model_id not in training.models:
            raise refuse("W.SC.API.0078001")
        projects = list(training.projects_of(model_id))
        if any(one.is_busy(self.now) for project in projects for one in project.versions):
            raise refuse("E.SC.API.0078003")
        used = self._is_used(model_id)
        training.delete_model(model_id)
        # When the Console warns is not documented; here it does where something still names the model.
        return self.warning("W.SC.API.0078002") if used else SUCCESS

    def _is_used(self, model_id: str) -> bool:
        state = self.state
        if any(model_id == name for one in state.configs.values() for name, _ in one.parts.models):
            return True
        devices = state.table.devices.values()
        return any(model_id == name for device in devices for name, _ in device.models)

    @handles("UpdateModel")
    def _update(self, call: Call) -> dict[str, Any]:
        model = self.state.training.models.get(call.get("model_id"))
        if model is None:
            raise refuse("E.SC.API.0073004")
        comment, vendor = call.get("comment"), call.get("version_number")
        if comment is None and vendor is None:
            raise refuse("E.SC.API.0073003")
        model.comment = model.comment if comment is None else comment
        # The document calls the parameter a version number and says it is the vendor's name.
        model.vendor_name = model.vendor_name if vendor is None else vendor
        return SUCCESS

    @handles("GetBaseModelStatus")
    def _base_status(self, call: Call) -> dict[str, Any]:
        latest = one_of(call, "latest_type", ("0", "1"), "E.SC.API.0057001")
        return self._base(call, "E.SC.API.0057002", latest)

    @handles("GetBaseModelVersions")
    def _base_versions(self, call: Call) -> dict[str, Any]:
        return self._base(call, "E.SC.API.0058001", None)

    @handles("GetDeviceModelStatus")
    def _device_status(self, call: Call) -> dict[str, Any]:
        latest = one_of(call, "latest_type", ("0", "1"), "E.SC.API.0060001")
        return self._for_device(call, "E.SC.API.0060002", latest)

    @handles("GetDeviceModelVersions")
    def _device_versions(self, call: Call) -> dict[str, Any]:
        return self._for_device(call, "E.SC.API.0061001", None)

    @handles("UpdateBaseModelVersion")
    def _update_version(self, call: Call) -> dict[str, Any]:
        model, project = self._find(call.get("model_id"), None, "E.SC.API.0076005")
        version = project.version(call.get("version_number"))
        if version is None:
            raise refuse("E.SC.API.0076010")
        if not call.body:
            raise refuse("E.SC.API.0076002")
        version.comment = call.body.get("comment", version.comment)
        version.updated = self.now
        return self._view(model, [project], "1", False, version)

    @handles("UpdateDeviceModelVersion")
    def _update_device_version(self, call: Call) -> dict[str, Any]:
        _, project = self._find(call.get("model_id"), call.get("device_id"), "E.SC.API.0077003")
        version = project.version(call.get("version_number"))
        if version is None:
            raise refuse("E.SC.API.0077005")
        version.comment, version.updated = call.body["comment"], self.now
        return SUCCESS

    @handles("GetDnnParams")
    def _parameters(self, call: Call) -> dict[str, Any]:
        _, project = self._find(call.get("model_id"), call.get("device_id"), "E.SC.API.0272003")
        number = call.get("version_number")
        version = project.latest(self.now, "0") if number == "latest" else project.version(number)
        if version is None:
            raise refuse("E.SC.API.0272003")
        # What the parameters are is not documented.
        contents = json.dumps({"model": project.model_id, "version": version.number})
        return {"contents": base64.b64encode(contents.encode()).decode()}

    def _base(self, call: Call, code: str, latest: str | None) -> dict[str, Any]:
        model, project = self._find(call.get("model_id"), None, code)
        return self._detail(call, model, project, code, latest)

    def _for_device(self, call: Call, code: str, latest: str | None) -> dict[str, Any]:
        model, project = self._find(call.get("model_id"), call.get("device_id"), code)
        return self._detail(call, model, project, code, latest)

    def _detail(
        self, call: Call, model: Model, project: Project, code: str, latest: str | None
    ) -> dict[str, Any]:
        if latest is not None:
            return self._view(model, [project], latest, True)
        number = call.get("version_number")
        versions = [one for one in project.versions if number in (None, "", one.number)]
        if not versions:
            raise refuse(code)
        shown = [project.shown(one, self.now, True) for one in versions]
        if call.get("scope") == "minimal":
            # Which fields the scope leaves out is not documented.
            kept = ("version_number", "latest_flg", "publish_latest_flg", "version_status")
            shown = [{name: one[name] for name in kept} for one in shown]
        return {**model.head(), "projects": [{**project.head(), "versions": shown}]}

    def _find(self, model_id: str, device_id: str | None, code: str) -> tuple[Model, Project]:
        training = self.state.training
        model = training.models.get(model_id)
        project = training.for_device(model_id, device_id) if device_id else training.base(model_id)
        if model is None or project is None:
            raise refuse(code)
        return model, project

    def _view(
        self,
        model: Model,
        projects: list[Project],
        latest: str,
        detail: bool,
        only: Version | None = None,
    ) -> dict[str, Any]:
        """A model with one version of each project."""
        shown = []
        for project in projects:
            version = only or project.latest(self.now, latest)
            versions = [] if version is None else [project.shown(version, self.now, detail)]
            shown.append({**project.head(), "versions": versions})
        return {**model.head(), "projects": shown}


class Wanted:
    """The conditions on projects that lists of projects and of models share.

    Args:
        call: The call.
        bad_platform: Code for a platform that is none.
        bad_kind: Code for a kind of project that is none.
    """

    def __init__(self, call: Call, bad_platform: str, bad_kind: str) -> None:
        self._name = (call.get("project_name") or "").casefold()
        self._platform = one_of(call, "model_platform", (None, "", "0", "1"), bad_platform)
        self._kind = one_of(call, "project_type", (None, "", "0", "1"), bad_kind)
        self._device = call.get("device_id")

    def fits(self, project: Project) -> bool:
        """Whether a project meets all of them."""
        return (
            self._name in project.name.casefold()
            and (not self._platform or project.platform == self._platform)
            and (not self._kind or project.kind == self._kind)
            and (not self._device or project.device_id == self._device)
        )


def one_of(call: Call, name: str, values: tuple[str | None, ...], code: str) -> Any:
    """A parameter that has to be one of some values. Raises Refusal with the code."""
    value = call.get(name)
    if value not in values:
        raise refuse(code)
    return value
