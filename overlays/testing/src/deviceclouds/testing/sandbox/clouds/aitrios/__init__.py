"""The AITRIOS Console of the sandbox: a module for each topic of calls, and for what these need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...cloud import Cloud
from .bundles import Bundles
from .codes import SIGNED_OUT, code_of, refuse
from .commands import Commands
from .connectors import Connectors
from .deploy_configs import DeployConfigs
from .deploys import Deploys
from .devices import Devices
from .edge_apps import EdgeApps
from .firmware import FirmwareAndFiles
from .groups import Groups
from .insight import Insight
from .logs import Logs
from .models import Models
from .project_images import ProjectImages
from .project_tags import ProjectTags
from .projects import Projects
from .properties import Properties
from .provisioning import Provisioning
from .sign_in import Portal
from .state import State
from .topic import Topic, error_body

if TYPE_CHECKING:
    from starlette.routing import Route

    from ...._operations import Operation
    from ...._problems import Problem
    from ...calls import Refusal
    from ...world import World

__all__ = ["CLOUD", "AitriosCloud"]

_TOPICS: tuple[type[Topic], ...] = (
    Devices, Groups, Logs, Properties, Commands, Provisioning, DeployConfigs, Deploys, Models, Bundles, Projects,
    ProjectImages, ProjectTags, FirmwareAndFiles, EdgeApps, Insight, Connectors,
)  # fmt: skip


class AitriosCloud(Cloud):
    """All calls of the Console, and the portal's sign-in.

    Args:
        world: What the sandbox holds.
    """

    vendor = "aitrios"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.state = State(world)
        topics = [topic(world, self.state) for topic in _TOPICS]
        self.handlers = {
            operation_id: handler
            for topic in topics
            for operation_id, handler in topic.handlers.items()
        }

    def routes(self) -> list[Route]:
        """See the base class."""
        return Portal(self.world).routes()

    def fleet(self) -> Mapping[str, int]:
        """See the base class."""
        state, now = self.state, self.world.clock.now()
        devices = state.table.devices.values()
        deployments = state.deployments.values()
        return {
            "devices": len(devices),
            "connected devices": sum(device.connected(now) for device in devices),
            "groups": len(state.table.groups),
            "models": len(state.training.models),
            "projects": len(state.training.projects),
            "edge apps": len(state.software.apps),
            "firmware packages": len(state.software.firmwares),
            "deployments": len(deployments),
            "deployments under way": sum(one.total(now) == "deploying" for one in deployments),
            "inference results": state.results.total(devices, now),
        }

    def refuse_token(self, state: str) -> Refusal:
        """One code for all: the Console has none of its own for a token that has expired."""
        return refuse(SIGNED_OUT)

    def refuse_request(
        self, operation: Operation | None, status: int, problems: Sequence[Problem]
    ) -> Refusal | None:
        """See the base class; None where no code is documented."""
        code = code_of(operation, status, problems[0])
        return None if code is None else refuse(code)

    def error(self, status: int, code: str | None, message: str) -> dict[str, Any]:
        """See the base class."""
        return error_body(status, code, message, self.world.clock.now())


CLOUD = AitriosCloud
