"""Projects: training kits, projects, their trainings, and models saved from them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ...cloud import handles
from .codes import refuse
from .models import Wanted, one_of
from .times import stamp
from .topic import SUCCESS, Topic
from .training import KITS
from .version import Iteration, Model, Project, Version, next_number

if TYPE_CHECKING:
    from ...calls import Call

__all__ = ["Projects"]

TRAINS_FOR = 180.0
"""Seconds a training of the regular kind takes."""

MOST_HOURS = 96
"""Hours an advanced training may be given; the Console's own limit is not known."""

_FLAGS = ("0", "1", "true", "false")


class Projects(Topic):
    """See the module."""

    @handles("GetTrainingKits")
    def _kits(self, call: Call) -> dict[str, Any]:
        order = one_of(call, "order_by", ("asc", "desc"), "E.SC.API.0159003")
        kits = [
            {
                "id": kit_id,
                "name": name,
                "description": "Finds objects" if number == 0 else "Tells pictures apart",
                "created_on": stamp(1752470431.120934 + 86400 * number),
                "status": "active",
                "training_kit_type": kind,
                "default_dataset_split_percentage": 80,
                "framework": {"name": "TensorFlow", "version": "2.12"},
                "owner": "Sony",
                "is_public": True,
            }
            for number, (kit_id, name, kind) in enumerate(KITS)
        ]
        return {"training_kits": kits if order == "asc" else kits[::-1]}

    @handles("GetProjects")
    def _list(self, call: Call) -> dict[str, Any]:
        one_of(call, "include_training_flg", _FLAGS, "E.SC.API.0071003")
        wanted = Wanted(call, "E.SC.API.0071001", "E.SC.API.0071002")
        found = self.state.training.projects.values()
        views = [self._view(call, one, False) for one in found if wanted.fits(one)]
        return {"model_projects": views}

    @handles("GetProject")
    def _get(self, call: Call) -> dict[str, Any]:
        one_of(call, "include_training_flg", _FLAGS, "E.SC.API.0054002")
        return self._view(call, self._project(call, "E.SC.API.0054001"), True)

    @handles("CreateBaseProject")
    def _create(self, call: Call) -> dict[str, Any]:
        name = call.get("project_name")
        self._check_name(name, "E.SC.API.0044002", "E.SC.API.0044004")
        kit = next((kit for kit in KITS if kit[0] == call.get("training_kit")), None)
        if kit is None:
            raise refuse("E.SC.API.0044005")
        self._add(name, None, (kit[0], kit[1]), call.get("comment", ""), None)
        return SUCCESS

    @handles("CreateDeviceProject")
    def _create_for_device(self, call: Call) -> dict[str, Any]:
        name, training = call.get("project_name"), self.state.training
        base = training.base(call.get("model_id"))
        if base is None:
            raise refuse("E.SC.API.0046008")
        device = self.device(call.get("device_id"), "E.SC.API.0046009")
        self._check_name(name, "E.SC.API.0046005", "E.SC.API.0046007")
        number = call.get("version_number")
        if number and base.version(number) is None:
            raise refuse("E.SC.API.0046012")
        if training.for_device(call.get("model_id"), device.device_id):
            # That there is such a project already has no code of its own.
            raise refuse("E.SC.API.0046010")
        self._add(name, device.device_id, base.kit, call.get("comment", ""), base.model_id)
        return SUCCESS

    @handles("DeleteProject")
    def _delete(self, call: Call) -> dict[str, Any]:
        project = self._project(call, "E.SC.API.0079003")
        busy = any(one.is_busy(self.now) for one in project.versions)
        if busy or project.is_training(self.now):
            raise refuse("W.SC.API.0079005")
        self.state.training.delete_project(project)
        return SUCCESS

    @handles("SaveModel")
    def _save(self, call: Call) -> dict[str, Any]:
        project, training = self._project(call, "E.SC.API.0045007"), self.state.training
        if project.is_training(self.now) or not project.iterations:
            raise refuse("E.SC.API.0045009")
        model_id = project.model_id or call.get("model_id")
        if not model_id:
            raise refuse("E.SC.API.0045001")
        if not model_id.isascii():
            raise refuse("E.SC.API.0045002")
        if project.model_id is None:
            if model_id in training.models:
                raise refuse("E.SC.API.0045008")
            training.models[model_id] = Model(
                model_id,
                call.get("functionality", ""),
                call.get("vendor_name", ""),
                call.get("comment", ""),
                is_classifier=project.kit == KITS[1][:2],
            )
            project.model_id = model_id
        # As the numbers in the specification's examples look; how they are made is not documented.
        first = f"{call.get('initial_version_number'):02d}01"
        last = project.iterations[-1]
        project.versions.append(
            Version(
                next_number(project.versions[-1].number) if project.versions else first,
                self.now,
                f"{project.name}.tflite",
                489_813,
                comment=call.get("comment", ""),
                labels=tuple(
                    tag.name for tag in self.state.training.material(project).tags.values()
                ),
                iteration=(last.iteration_id, last.name),
                accuracy="0.87",
            )
        )
        return SUCCESS

    @handles("Relearn")
    def _relearn(self, call: Call) -> dict[str, Any]:
        project = self._project(call, "E.SC.API.0074001")
        kind = one_of(call, "training_type", ("Regular", "Advanced"), "E.SC.API.0074003")
        hours = _number(call.get("reserved_budget_in_hours"))
        if hours is None or not 0 < hours <= MOST_HOURS:
            raise refuse("E.SC.API.0074004")
        if project.is_training(self.now):
            raise refuse("E.SC.API.0074008")
        material = self.state.training.material(project)
        if not material.tags:
            raise refuse("E.SC.API.0074010")
        if not any(picture.tags for picture in material.pictures.values()):
            raise refuse("E.SC.API.0074013")
        takes = 3600 * hours if kind == "Advanced" else TRAINS_FOR
        name = f"Iteration {len(project.iterations) + 1}"
        iteration = Iteration(self.state.training.new_id(), name, self.now, self.now + takes)
        project.iterations.append(iteration)
        project.modified = self.now
        return {**SUCCESS, "iteration_id": iteration.iteration_id, "iteration_name": name}

    @handles("GetRelearnStatus")
    def _relearn_status(self, call: Call) -> dict[str, Any]:
        project = self._project(call, "E.SC.API.0075001")
        if not project.iterations:
            # The word for a project that was never trained is not known.
            return SUCCESS
        state = "Training" if project.is_training(self.now) else "Completed"
        return {**SUCCESS, "status": state}

    @handles("GetProjectIterations")
    def _iterations(self, call: Call) -> dict[str, Any]:
        project = self.state.training.by_id(call.get("project_id"))
        if project is None:
            raise refuse("E.SC.API.0129001")
        for name, code in (
            ("threshold", "E.SC.API.0129003"),
            ("overlap_threshold", "E.SC.API.0129004"),
        ):
            value = _number(call.get(name))
            if value is None or not 0 <= value <= 1:
                raise refuse(code)
        return {
            "iterations": [
                {
                    "id": one.iteration_id,
                    "name": one.name,
                    "status": "Training" if self.now < one.ends else "Completed",
                }
                for one in project.iterations
            ]
        }

    def _project(self, call: Call, code: str) -> Project:
        project = self.state.training.projects.get(call.get("project_name"))
        if project is None:
            raise refuse(code)
        return project

    def _check_name(self, name: str, bad: str, taken: str) -> None:
        if not name or not name.isascii():
            raise refuse(bad)
        if name in self.state.training.projects:
            raise refuse(taken)

    def _add(
        self,
        name: str,
        device_id: str | None,
        kit: tuple[str, str] | None,
        comment: str,
        model_id: str | None,
    ) -> None:
        training = self.state.training
        training.projects[name] = Project(
            name, training.new_id(), "1", device_id, kit, comment, model_id, self.now
        )

    def _view(self, call: Call, project: Project, detail: bool) -> dict[str, Any]:
        found = {**project.head(), "project_comment": project.comment}
        if project.kit is not None:
            found["project"] = self._training_view(call, project)
        model = self.state.training.models.get(project.model_id or "")
        if model is not None:
            head = model.head()
            del head["network_type"]
            latest = project.latest(self.now, "1")
            if latest is not None:
                head["latest_version"] = project.shown(latest, self.now, detail)
            found["model"] = head
        return found

    def _training_view(self, call: Call, project: Project) -> dict[str, Any]:
        assert project.kit is not None
        kit_id, kit_name = project.kit
        found = {"training_kit_id": kit_id, "training_kit_name": kit_name}
        if project.iterations and call.get("include_training_flg") in ("1", "true"):
            last = project.iterations[-1]
            found |= {"iteration_id": last.iteration_id, "iteration_name": last.name}
            found["last_modified"] = stamp(project.modified)
        return found


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
