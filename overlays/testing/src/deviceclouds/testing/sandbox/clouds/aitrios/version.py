"""Versions of models, their conversion by the clock, and the projects that hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .times import stamp

if TYPE_CHECKING:
    from .material import Material

__all__ = ["ADDED", "Iteration", "Model", "Project", "Version", "next_number"]

CONVERTS_FOR = 90.0
"""Seconds a conversion takes."""

ADDS_FOR = 20.0
"""Seconds it takes after that to make the model available."""

ADDED = "07"
"""The state of a version that can be deployed."""


@dataclass(slots=True)
class Version:
    """A version of a model. Times are POSIX seconds; ``published`` is when publishing began."""

    number: str
    created: float
    file_name: str
    file_size: int
    comment: str = ""
    updated: float = 0.0
    framework: str = "TFLite"
    labels: tuple[str, ...] = ()
    iteration: tuple[str, str] | None = None
    accuracy: str | None = None
    converted: bool = False
    conv_id: str | None = None
    published: float | None = None
    fails: bool = False

    def state(self, now: float) -> str:
        """``version_status``, with the numbers that version 1 of the API used: those of version 2 are not known."""
        if self.published is None:
            return "04" if self.converted else "01"
        since = now - self.published
        converts = 0.0 if self.converted else CONVERTS_FOR
        if since < converts:
            return "02"
        if self.fails:
            return "03"
        return "05" if since < converts + ADDS_FOR else ADDED

    def is_busy(self, now: float) -> bool:
        """Whether it is being converted or added."""
        return self.state(now) in ("02", "05")

    def shown(self, now: float, flags: tuple[bool, bool], detail: bool) -> dict[str, Any]:
        """As replies have it.

        Args:
            now: The time.
            flags: Whether it is the latest version, and the latest published one.
            detail: With the fields that only calls for one model give.
        """
        state = self.state(now)
        found: dict[str, Any] = {
            "version_number": self.number,
            "latest_flg": "1" if flags[0] else "0",
            "publish_latest_flg": "1" if flags[1] else "0",
            "version_status": state,
            "org_file_name": self.file_name,
            "org_file_size": self.file_size,
            "model_framework": self.framework,
            "labels": list(self.labels),
        }
        if self.iteration is not None:
            found |= {"iteration_id": self.iteration[0], "iteration_name": self.iteration[1]}
        if self.accuracy is not None:
            found["accuracy"] = self.accuracy
        if self.conv_id is not None:
            found["conv_id"] = self.conv_id
        if state == ADDED:
            # Words for the other stages are not known.
            found |= {"stage": "completed", "result": "SUCCESS"}
            found |= {"publish_file_name": f"{self.file_name}.pkg"}
            found |= {"publish_file_size": self.file_size * 2 // 3}
        return {**found, **self._detail(now, state)} if detail else found

    def _detail(self, now: float, state: str) -> dict[str, Any]:
        found: dict[str, Any] = {
            "converter_log": [],
            "version_comment": self.comment,
            "version_ins_date": stamp(self.created),
            "version_upd_date": stamp(self.updated or self.created),
        }
        if self.published is None:
            return found
        converted = self.published if self.converted else self.published + CONVERTS_FOR
        if not self.converted:
            found["convert_start_date"] = stamp(self.published)
            if now >= converted:
                found["convert_end_date"] = stamp(converted)
        if state == "03":
            found["converter_log"] = [{"message": "the model file cannot be read"}]
        elif now >= converted:
            found["publish_start_date"] = stamp(converted)
            if state == ADDED:
                found["publish_end_date"] = stamp(converted + ADDS_FOR)
        return found


@dataclass(slots=True)
class Iteration:
    """A training of a project; when it began and ends, POSIX seconds."""

    iteration_id: str
    name: str
    started: float
    ends: float


@dataclass(slots=True)
class Project:
    """A project, which holds the versions of a base model or of a model made for one device."""

    name: str
    project_id: str
    platform: str
    device_id: str | None
    kit: tuple[str, str] | None
    comment: str
    model_id: str | None
    modified: float
    versions: list[Version] = field(default_factory=list)
    iterations: list[Iteration] = field(default_factory=list)
    material: Material | None = None
    pictures: int = 0

    @property
    def kind(self) -> str:
        """``project_type``: 0 for a base model, 1 for a device's."""
        return "0" if self.device_id is None else "1"

    def is_training(self, now: float) -> bool:
        """Whether a training is under way."""
        return bool(self.iterations) and now < self.iterations[-1].ends

    def published(self, now: float) -> Version | None:
        """The newest version that can be deployed."""
        return next((one for one in reversed(self.versions) if one.state(now) == ADDED), None)

    def latest(self, now: float, latest_type: str) -> Version | None:
        """What counts as the latest: the newest published one for 0, else the newest."""
        if latest_type == "0":
            return self.published(now)
        return self.versions[-1] if self.versions else None

    def version(self, number: str) -> Version | None:
        """The version of a number."""
        return next((one for one in self.versions if one.number == number), None)

    def shown(self, version: Version, now: float, detail: bool) -> dict[str, Any]:
        """One of its versions as replies have it."""
        flags = version is self.versions[-1], version is self.published(now)
        return version.shown(now, flags, detail)

    def head(self) -> dict[str, Any]:
        """What replies about projects and models have in common."""
        found = {
            "model_project_name": self.name,
            "model_project_id": self.project_id,
            "model_platform": self.platform,
            "model_type": "00",
            "project_type": self.kind,
        }
        return found if self.device_id is None else {**found, "device_id": self.device_id}


@dataclass(slots=True)
class Model:
    """A model; its versions are in its projects."""

    model_id: str
    functionality: str
    vendor_name: str
    comment: str
    network_type: str = "1"
    old_keras: bool = False
    is_classifier: bool = False

    def head(self) -> dict[str, Any]:
        """Its own fields as replies have them."""
        return {
            "model_id": self.model_id,
            "model_type": "00",
            "functionality": self.functionality,
            "vendor_name": self.vendor_name,
            "model_comment": self.comment,
            "network_type": self.network_type,
            "create_by": "Self",
        }


def next_number(number: str) -> str:
    """The number after ``1.01``, ``0101`` or ``1.0.0``: the last digits count."""
    front = number.rstrip("0123456789")
    digits = number[len(front) :]
    return f"{front}{int(digits or '0') + 1:0{max(1, len(digits))}d}"
