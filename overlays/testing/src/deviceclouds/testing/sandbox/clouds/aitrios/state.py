"""Everything the Console of a sandbox holds; each part is made when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .deployment import Deployment, Parts, Plan
from .device_table import DeviceTable
from .fleet import PEOPLE, Character, Fleet
from .results import Results
from .software import Software
from .training import Training

if TYPE_CHECKING:
    from ...world import World
    from .device import Device

__all__ = ["DeployConfig", "State"]

FIRST_DEPLOY = 12345
"""Id of the newest deployment at the start, which is still under way; older ones have lower ids."""

RECEIVES_AFTER = 15.0
"""Seconds until the first devices get a deployment; that long it can be taken back."""


@dataclass(slots=True)
class DeployConfig:
    """A stored set of software; times are POSIX seconds."""

    config_id: str
    description: str
    parts: Parts
    ins_id: str
    ins_date: float
    upd_date: float


class State:
    """All records.

    Args:
        world: Seed, size and start.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.fleet = Fleet(world)
        self.training = Training(world, self.fleet)
        self.software = Software(world, self.fleet)
        self.table = DeviceTable(
            self.fleet,
            self.training.installed,
            self.software.installed_app,
            self.software.installed_firmware,
        )
        self.results = Results(self.fleet)
        self.ir_hub: dict[str, Any] = {"type": "Default(Internal)", "url": "", "name": ""}
        self.storages: dict[str, dict[str, Any]] = {}
        self._config_count = world.count(30, 4)
        self._deploy_count = 0

    @cached_property
    def configs(self) -> dict[str, DeployConfig]:
        """Deploy configurations by id."""
        made = map(self._config, range(self._config_count))
        return {config.config_id: config for config in made}

    @cached_property
    def deployments(self) -> dict[str, Deployment]:
        """Deployments by id, the oldest first."""
        count = self._world.count(200, 8)
        made = map(self._deployment, reversed(range(count)))
        return {deployment.deploy_id: deployment for deployment in made}

    def deploy(
        self,
        parts: Parts,
        devices: list[Device],
        now: float,
        *,
        config_id: str | None,
        description: str,
        replace_model_id: str | None = None,
    ) -> Deployment:
        """Begins a deployment."""
        self._deploy_count += 1
        number = FIRST_DEPLOY + self._deploy_count
        deployment = Deployment(
            str(number),
            now,
            config_id,
            parts,
            description,
            self._plans(number, [(one.device_id, one.character) for one in devices], now),
            replace_model_id,
        )
        self.deployments[deployment.deploy_id] = deployment
        self.table.send(deployment)
        return deployment

    def version_of(self, model_id: str, number: str) -> str | None:
        """Number of a model's version; ``latest`` is resolved. None where there is no such version."""
        project = self.training.base(model_id)
        if project is None:
            return None
        if number in ("latest", ""):
            published = project.published(self._world.clock.now())
            return published.number if published else None
        return number if project.version(number) else None

    def _plans(
        self, number: int, devices: list[tuple[str, Character]], now: float
    ) -> dict[str, Plan]:
        chance = self.fleet.draw("deploys", number)
        return {
            device_id: Plan(
                now + RECEIVES_AFTER + 3 * (place % 10),
                60.0 + (chance >> (place % 48)) % 60,
                character is Character.FAILS_DEPLOYS,
            )
            for place, (device_id, character) in enumerate(devices)
        }

    def _config(self, number: int) -> DeployConfig:
        fleet, first = self.fleet, number == 0
        at = 1746570524.088455 if first else float(fleet.epoch - 86400 * (80 - number % 60))
        model = ("people-detector", "1.01") if first else self.training.installed(number + 1)
        firmware = self.software.installed_firmware(0 if first else number)
        app = self.software.installed_app(0 if first else number)
        parts = Parts(
            firmware if number % 3 == 0 else None,
            (model,),
            (app,) if number % 2 == 0 else (),
            () if number % 7 else (("entrance-bundle", "1.00"),),
        )
        name = "entrance-v3" if first else f"{fleet.group_id(number % 10)}-v{number // 10 + 1}"
        words = "People counting" if first else f"For {name}"
        return DeployConfig(name, words, parts, PEOPLE[number % 3], at, at + 86400 * 7)

    def _deployment(self, back: int) -> Deployment:
        """A deployment from before the start, the newest one for 0; made without a look at what users have changed."""
        fleet = self.fleet
        started = fleet.started - 20 if back == 0 else float(fleet.epoch - 3600 * 7 * back)
        chance = fleet.draw("deploy targets", back)
        first, size = (0, 2) if back == 0 else (chance % fleet.devices, 1 + chance // 10_000 % 12)
        numbers = [(first + place) % fleet.devices for place in range(size)]
        targets = [(fleet.device_id(one), fleet.character(one)) for one in numbers]
        config = self._config(back % self._config_count)
        number = FIRST_DEPLOY - back
        return Deployment(
            str(number),
            started,
            config.config_id,
            config.parts,
            "July roll-out" if back == 0 else "",
            self._plans(number, [one for one in targets if one[1] is not Character.OFF], started),
        )
