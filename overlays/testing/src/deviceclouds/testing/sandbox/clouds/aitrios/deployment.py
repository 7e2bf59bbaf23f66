"""A deployment: what goes onto which devices, and how far it is, by the clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

__all__ = ["DeployState", "Deployment", "Parts", "Plan"]

DeployState = Literal["deploying", "success", "fail", "cancel"]

FAILS_AT = 47
"""Percent at which a deployment fails, where it does."""


class Parts(NamedTuple):
    """What is deployed; names with versions."""

    firmware_id: str | None = None
    models: tuple[tuple[str, str], ...] = ()
    apps: tuple[tuple[str, str], ...] = ()
    bundles: tuple[tuple[str, str], ...] = ()


class Plan(NamedTuple):
    """What will happen on a device: when it gets the deployment, how many seconds it takes, whether it fails."""

    received: float
    seconds: float
    fails: bool


@dataclass(slots=True)
class Deployment:
    """A deployment. Times are POSIX seconds.

    Attributes:
        config_id: None for a model that was made for one device.
        plans: By device id.
        cancelled: Ids of devices it was taken back from in time.
    """

    deploy_id: str
    started: float
    config_id: str | None
    parts: Parts
    description: str
    plans: dict[str, Plan]
    replace_model_id: str | None = None
    cancelled: set[str] = field(default_factory=set)
    _final: tuple[int, int, int] | None = None

    def progress(self, device_id: str, now: float) -> tuple[DeployState, int]:
        """State and percentage on a device."""
        if device_id in self.cancelled:
            return "cancel", 0
        plan = self.plans[device_id]
        percent = int(100 * max(0.0, now - plan.received) / plan.seconds)
        if plan.fails and percent >= FAILS_AT:
            return "fail", FAILS_AT
        return ("success", 100) if percent >= 100 else ("deploying", percent)

    def ended_at(self, device_id: str) -> float:
        """When it is or was over on a device."""
        plan = self.plans[device_id]
        return plan.received + plan.seconds * (FAILS_AT / 100 if plan.fails else 1)

    def is_over(self, device_id: str, now: float) -> bool:
        """Whether nothing more happens on a device."""
        return self.progress(device_id, now)[0] != "deploying"

    def cancel(self, device_id: str, now: float) -> None:
        """Takes it back from a device that has not got it yet; else nothing happens, as documented."""
        if now < self.plans[device_id].received:
            self.cancelled.add(device_id)

    def counts(self, now: float) -> tuple[int, int, int]:
        """On how many devices it is under way, succeeded, failed."""
        if self._final is not None:
            return self._final
        states = [self.progress(device_id, now)[0] for device_id in self.plans]
        found = states.count("deploying"), states.count("success"), states.count("fail")
        if not found[0]:
            self._final = found
        return found

    def total(self, now: float) -> DeployState:
        """State of the whole."""
        deploying, success, failed = self.counts(now)
        if deploying:
            return "deploying"
        return "fail" if failed else "success" if success else "cancel"

    def kind(self) -> dict[str, Any]:
        """Its kind and what only one of the kinds has."""
        if self.config_id is not None:
            return {"deploy_type": "deploy_config", "config_id": self.config_id}
        kind = {"deploy_type": "device_model"}
        return (
            {**kind, "replace_model_id": self.replace_model_id} if self.replace_model_id else kind
        )
