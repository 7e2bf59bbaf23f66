"""What devices sent: pictures and inference results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...cloud import handles
from ...storage import StoredFile
from .codes import refuse
from .times import read_range
from .topic import SUCCESS, Topic

if TYPE_CHECKING:
    from ...calls import Call
    from ...world import World
    from .device import Device
    from .results import Session, Shot
    from .state import State

__all__ = ["Insight"]

LINK_LIFE = 3600.0
"""Seconds a link to a picture works."""

FOLDER = "aitrios/images"


class Insight(Topic):
    """See the module."""

    def __init__(self, world: World, state: State) -> None:
        super().__init__(world, state)
        world.storage.make_below(FOLDER, self._stored)

    @handles("GetImageDirectories")
    def _directories(self, call: Call) -> list[dict[str, Any]]:
        table, wanted = self.state.table, call.get("device_id")
        devices = list(table.devices.values())
        if call.get("include_deleted_device"):
            devices += table.gone.values()
        if wanted:
            devices = [one for one in devices if one.device_id == wanted]
            if not devices:
                raise refuse("E.SC.API.0106001")
        groups: dict[str, list[dict[str, Any]]] = {}
        for device in devices:
            folders = [session.folder for session in self.state.results.sessions(device)]
            if folders:
                view = {"device_id": device.device_id, "device_name": device.name, "Image": folders}
                # What stands for devices of no group is not known.
                for group_id in device.groups or [""]:
                    groups.setdefault(group_id, []).append(view)
        return [{"group_id": group_id, "devices": found} for group_id, found in groups.items()]

    @handles("GetImages")
    def _images(self, call: Call) -> dict[str, Any]:
        device, session = self._folder(call, "E.SC.API.0107001", "E.SC.API.0107006")
        start = call.get("name_starts_with", "")
        shots = self.state.results.pictures(device, session, self.now)
        found, following = self.cut(call, [one for one in shots if one.picture.startswith(start)])
        below = f"{FOLDER}/{device.device_id}/{session.folder}"
        data = [
            {"name": one.picture, "sas_url": call.url(f"{below}/{one.picture}", LINK_LIFE)}
            for one in found
        ]
        return {"data": data, "continuation_token": following}

    @handles("DeleteImages")
    def _delete_images(self, call: Call) -> dict[str, Any]:
        device, session = self._folder(call, "E.SC.API.0198001", "E.SC.API.0198002")
        body = call.body
        there = [one.picture for one in self.state.results.pictures(device, session, self.now)]
        if body.get("directory_deletion", "0") == "1":
            names = there[: body.get("limit", 10_000)]
        else:
            names = body.get("filenames") or []
            if not names:
                raise refuse("E.SC.API.0198003")
            missing = sorted(set(names) - set(there))
            if missing:
                raise refuse("W.SC.API.0198005", f"{missing[0][:100]} does not exist.")
        deleted = self.state.results.deleted_pictures
        deleted.setdefault((device.device_id, session.folder), set()).update(names)
        return SUCCESS

    @handles("GetInferences")
    def _inferences(self, call: Call) -> dict[str, Any]:
        given = call.get("from_datetime"), call.get("to_datetime")
        bad = refuse("E.SC.API.0108007"), refuse("E.SC.API.0108008")
        start, end = read_range(given, bad)
        shots: list[Shot] = []
        for device_id in dict.fromkeys(call.get("devices")):
            device = self.state.table.known(device_id)
            if device is not None:
                shots += self._shots(device, start, end)
        # The order is not documented; the oldest first, so that new results do not shift the pages.
        shots.sort()
        found, following = self.cut(call, shots)
        return {
            "inferences": [self._result(shot) for shot in found],
            "continuation_token": following,
        }

    @handles("DeleteInferenceResults")
    def _delete_results(self, call: Call) -> dict[str, Any]:
        table, device_id = self.state.table, call.get("device_id")
        gone = call.get("include_deleted_device")
        device = table.known(device_id) if gone else table.devices.get(device_id)
        if device is None:
            raise refuse("E.SC.API.0290001")
        # Whether the Console minds ids it does not have is not known; here they are as good as deleted.
        mine = {
            self.state.results.result_id(device, shot) for shot in self._shots(device, None, None)
        }
        deleted = self.state.results.deleted_results.setdefault(device.device_id, set())
        deleted |= mine & set(call.get("item_ids"))
        return SUCCESS

    def _shots(self, device: Device, start: float | None, end: float | None) -> Iterator[Shot]:
        """A device's shots of a period whose results were not deleted."""
        results = self.state.results
        deleted = results.deleted_results.get(device.device_id)
        for session in results.sessions(device):
            for shot in results.shots(device, session, self.now):
                if start is not None and shot.at < start * 1000:
                    continue
                if end is not None and shot.at > end * 1000:
                    break
                if not deleted or results.result_id(device, shot) not in deleted:
                    yield shot

    def _result(self, shot: Shot) -> dict[str, Any]:
        device = self.state.table.known(shot.device_id)
        assert device is not None  # its shots were just listed
        model_id, version, project_id, labels, classifier = self._model_of(device)
        output = self.state.results.output(device, shot, labels, classifier=classifier)
        deleted = self.state.results.deleted_pictures
        folder = deleted.get((device.device_id, shot.session.folder), ())
        return {
            "id": self.state.results.result_id(device, shot),
            "model_id": model_id,
            "model_version_id": f"{model_id}:v{version}",
            "device_id": device.device_id,
            "project_id": project_id,
            "inferences": [output],
            "image": shot.picture not in folder,
        }

    def _model_of(self, device: Device) -> tuple[str, str, str, int, bool]:
        """The model on a device: id, version, project, number of labels, whether it tells classes only."""
        model_id, version = device.models[0] if device.models else ("unknown", "1.00")
        model, project = (
            self.state.training.models.get(model_id),
            self.state.training.base(model_id),
        )
        labels = project.versions[0].labels if project and project.versions else ()
        project_id = project.project_id if project else ""
        return (
            model_id,
            version,
            project_id,
            max(1, len(labels)),
            bool(model and model.is_classifier),
        )

    def _folder(self, call: Call, no_device: str, no_folder: str) -> tuple[Device, Session]:
        device = self.state.table.known(call.get("device_id"))
        if device is None:
            raise refuse(no_device)
        name = call.get("sub_directory_name")
        sessions = self.state.results.sessions(device)
        session = next((one for one in sessions if one.folder == name), None)
        if session is None:
            raise refuse(no_folder)
        return device, session

    def _stored(self, rest: str) -> StoredFile | None:
        """A picture by what follows the folder's name in its address."""
        parts = rest.split("/")
        with self.world.lock:
            device = self.state.table.known(parts[0])
            if device is None or len(parts) != 3:
                return None
            for session in self.state.results.sessions(device):
                if session.folder != parts[1]:
                    continue
                for shot in self.state.results.pictures(device, session, self.now):
                    if shot.picture == parts[2]:
                        labels = self._model_of(device)[3]
                        content = self.state.results.picture(device, shot, labels)
                        return StoredFile(content, "image/jpeg")
        return None
