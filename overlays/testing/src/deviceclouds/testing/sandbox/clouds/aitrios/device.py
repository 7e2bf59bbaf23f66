"""One device of the Console: what is known of it, and whether it can be reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .fleet import Character
from .settings import Settings

if TYPE_CHECKING:
    from .deployment import Deployment

__all__ = ["Device", "Module"]


@dataclass(slots=True)
class Module:
    """The edge app on a device."""

    module_id: str
    app_name: str
    app_version: str
    settings: Settings


@dataclass(slots=True)
class Device:
    """A device. Times are POSIX seconds.

    Attributes:
        number: See :class:`~.fleet.Fleet`.
        connects_at: When it is first there; enrolled devices take a while.
        away_until: Until when it is restarting.
        last_seen: When one that is off was there last.
        pending: Deployments whose outcome has not been put into the device yet.
        groups: Ids of its groups; the first one it was put into is its default.
    """

    number: int
    device_id: str
    internal_id: str
    name: str
    description: str
    device_type: str
    character: Character
    ins_id: str
    ins_date: float
    upd_date: float
    last_seen: float
    inactivity_timeout: float = 600
    connects_at: float = 0.0
    away_until: float = 0.0
    certificate: str = ""
    certificate_at: float = 0.0
    firmware_id: str | None = None
    models: list[tuple[str, str]] = field(default_factory=list)
    module: Module | None = None
    settings: Settings = field(default_factory=lambda: Settings(device_configuration()))
    groups: list[str] = field(default_factory=list)
    default_group: str | None = None
    pending: list[Deployment] = field(default_factory=list)
    events: list[tuple[float, str, str, str]] = field(default_factory=list)

    def connected(self, now: float) -> bool:
        """Whether the Console reaches it."""
        if self.character is Character.OFF:
            return False
        return now >= self.connects_at and now >= self.away_until

    def last_activity(self, now: float) -> float:
        """When it was there last."""
        if self.connected(now):
            return now // 60 * 60 - self.number % 45
        return min(now, self.last_seen)

    def note(self, at: float, level: str, component: str, words: str) -> None:
        """Adds to what it reports about itself; the oldest of very many goes."""
        self.events.append((at, level, component, words))
        del self.events[:-1000]

    def settle(self, now: float) -> None:
        """Puts the outcome of deployments that are over into the device."""
        for deployment in [one for one in self.pending if one.is_over(self.device_id, now)]:
            self.pending.remove(deployment)
            status, _ = deployment.progress(self.device_id, now)
            ended = deployment.ended_at(self.device_id)
            if status == "success":
                self._install(deployment)
                self.note(ended, "Info", "deploy", f"deployment {deployment.deploy_id} succeeded")
            elif status == "fail":
                self.note(ended, "Error", "deploy", f"deployment {deployment.deploy_id} failed")

    def _install(self, deployment: Deployment) -> None:
        parts = deployment.parts
        self.firmware_id = parts.firmware_id or self.firmware_id
        replaced = deployment.replace_model_id
        names = {name for name, _ in parts.models} | ({replaced} if replaced else set())
        if deployment.config_id is not None and parts.models:
            self.models = list(parts.models)
        elif parts.models:
            self.models = [one for one in self.models if one[0] not in names] + list(parts.models)
        for name, version in parts.apps[-1:]:
            if self.module is None:
                module_id = f"b8d57d00-ba85-4fd0-b78a-{self.number + 1:012x}"
                self.module = Module(module_id, name, version, Settings(app_configuration()))
            else:
                self.module.app_name, self.module.app_version = name, version


def device_configuration() -> dict[str, Any]:
    """What the Console wants of a device from the start."""
    return {"system_settings": {"led_enabled": True, "temperature_update_interval": 10}}


def app_configuration() -> dict[str, Any]:
    """What the Console wants of an edge app from the start: that it runs."""
    return {"edge_app": {"common_settings": {"process_state": 2}}}
