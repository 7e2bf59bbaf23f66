"""ProGlove Insight: one customer with scanners, gateways and their events, relative links to next pages."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ..calls import Refusal, Reply
from ..cloud import Cloud, handles
from .drawing import stream, uuid_at
from .proglove_event_calls import analyse, list_events
from .proglove_files import ASSETS, FOLDER, LATEST, VERSIONS, asset_file, asset_name
from .proglove_fleet import CUSTOMER, ME, Fleet, config_text
from .proglove_lists import listed
from .proglove_provisioning import Provisioning
from .proglove_sign_in import SignIn

if TYPE_CHECKING:
    from starlette.routing import Route

    from ..._operations import Operation
    from ..._problems import Problem
    from ..calls import Call
    from ..records import Records
    from ..world import World

__all__ = ["CLOUD", "ProGloveCloud"]

_DOWNLOAD_SECONDS = 15 * 60
"""Life of a download link; the vendor's is not known."""


class ProGloveCloud(Cloud):
    """See the module."""

    vendor = "proglove"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._fleet = Fleet(world)
        self._provisioning = Provisioning(world, self._fleet)
        self._new = stream(world.seed, "proglove/new")
        self._made = 0
        world.storage.make_below(FOLDER, asset_file)

    def routes(self) -> list[Route]:
        """The sign-in."""
        return SignIn(self.world).routes()

    def fleet(self) -> dict[str, int]:
        """See the base class."""
        fleet = self._fleet
        return {
            "scanners": fleet.scanners.count,
            "gateways": len(fleet.gateways),
            "events": fleet.events.until(int(self.world.clock.now())),
            "users": len(fleet.users),
            "job configurations": len(fleet.job_configs),
            "device configurations": len(fleet.device_configs),
        }

    def admit(self, call: Call) -> None:
        """Another customer's data: 403, which the document words as access denied; so also where it lists no 403."""
        if call.arguments.get("customer_id", CUSTOMER) != CUSTOMER:
            raise Refusal(403, "the token is of another customer")
        # No lower bound is documented; a page of nothing would never end.
        if call.get("limit", 1) < 1:
            raise Refusal(400, "limit must be 1 or more")

    def refuse_token(self, state: str) -> Refusal:
        """401, as Amazon's gateway before the API answers: an inference, the document has a missing header only."""
        expired = state == "expired"
        return Refusal(401, "The incoming token has expired" if expired else "Unauthorized")

    def error(self, status: int, code: str | None, message: str) -> dict[str, str]:
        """The documented shape; 401 also has Amazon's ``message``, which is taken to stand there alone in truth."""
        body = {"title": HTTPStatus(status).phrase, "details": message}
        return {**body, "message": message} if status == HTTPStatus.UNAUTHORIZED else body

    def refuse_request(
        self, operation: Operation | None, status: int, problems: Sequence[Problem]
    ) -> Refusal | None:
        """See the base class. A missing header gets the document's own example."""
        if status == HTTPStatus.UNAUTHORIZED:
            return None
        return Refusal(status, "; ".join(map(str, problems[:10])))

    @handles("list_features")
    def _features(self, call: Call) -> dict[str, Any]:
        # The first one is the document's sample; real names are not known.
        names = (("brew_coffee", True), ("brew_tea", False))
        return {
            "features": [
                {"feature": name, "enabled": enabled, "additional_properties": {}}
                for name, enabled in names
            ]
        }

    @handles("list_events")
    def _list_events(self, call: Call) -> dict[str, Any]:
        return list_events(call, self._fleet.events)

    @handles("list_devices")
    def _list_devices(self, call: Call) -> dict[str, Any]:
        scanners = self._fleet.scanners.listed(self._fleet.events, int(self.world.clock.now()))
        return listed(call, scanners, "devices", "All scanners")

    @handles("list_gateways")
    def _list_gateways(self, call: Call) -> dict[str, Any]:
        return listed(call, list(self._fleet.gateways), "gateways", "All gateways")

    @handles("create_gateway")
    def _create_gateway(self, call: Call) -> Reply:
        # That gateways are told apart by their names is an inference; the document says that one may exist already.
        if any(gateway["name"] == call.body["name"] for gateway in self._fleet.gateways):
            raise Refusal(409, "there is a gateway of this name already")
        now = int(self.world.clock.now())
        gateway = {
            "id": self._new_id(),
            "class": "gateway",
            "type": "stationary",
            "firmware": "0.0.1",
            "created": now,
            "last_updated": now,
            **{name: call.body[name] for name in ("usecase", "station", "name")},
        }
        self._fleet.gateways.put(gateway)
        return Reply(gateway, headers={"ETag": "1"})

    @handles("prepare_provisioning")
    def _prepare_provisioning(self, call: Call) -> dict[str, str]:
        return self._provisioning.prepare(call.arguments["gateway_id"])

    @handles("provision")
    def _provision(self, call: Call) -> dict[str, Any]:
        return self._provisioning.provision(call.body["token"])

    @handles("generate_download_url")
    def _generate_download_url(self, call: Call) -> dict[str, str]:
        # Which versions of licences there are, and whether the cloud compares them, is not known: any will do.
        version = call.body.get("asset_version", LATEST)
        if version not in VERSIONS or call.body["asset_type"] not in ASSETS:
            raise Refusal(404, "there is no such version of this asset")
        name = asset_name(call.body["asset_type"], version)
        return {"download_url": call.url(f"{FOLDER}/{name}", _DOWNLOAD_SECONDS)}

    @handles("list_job_configs")
    def _list_job_configs(self, call: Call) -> dict[str, Any]:
        configs = list(self._fleet.job_configs)
        return listed(call, configs, "job-configs", "All job configurations")

    @handles("create_job_config")
    def _create_job_config(self, call: Call) -> dict[str, Any]:
        # The name is unique, says the document; it lists no 409 here, so 400.
        if any(one["job_name"] == call.body["job_name"] for one in self._fleet.job_configs):
            raise Refusal(400, "there is a job configuration of this name already")
        now = int(self.world.clock.now())
        config = {
            "job_config_id": self._new_id(),
            "created": now,
            "last_updated": now,
            **{
                name: call.body[name]
                for name in ("job_name", "start_barcode", "end_barcode", "gateway_ids")
            },
            "class": "jobconfig",
            "version": 0,
        }
        self._fleet.job_configs.put(config)
        return config

    @handles("get_job_config")
    def _get_job_config(self, call: Call) -> dict[str, Any]:
        return _found(self._fleet.job_configs, call.arguments["job_config_id"], "job configuration")

    @handles("delete_job_config")
    def _delete_job_config(self, call: Call) -> None:
        _delete(self._fleet.job_configs, call.arguments["job_config_id"], "job configuration")

    @handles("run_job_analysis")
    def _run_job_analysis(self, call: Call) -> dict[str, Any]:
        config = self._fleet.job_configs.get(call.body["job_config_id"])
        if config is None:
            # The document lists no 404 here.
            raise Refusal(400, "there is no such job configuration")
        return analyse(call, config, self._fleet.events)

    @handles("get_me")
    def _get_me(self, call: Call) -> dict[str, Any]:
        return _found(self._fleet.users, self._fleet.id_of("user", ME), "user")

    @handles("list_users")
    def _list_users(self, call: Call) -> dict[str, Any]:
        return listed(call, list(self._fleet.users), "users", "All users")

    @handles("create_user")
    def _create_user(self, call: Call) -> dict[str, Any]:
        if any(user["email"] == call.body["email"] for user in self._fleet.users):
            raise Refusal(409, "there is a user with this email address already")
        now = int(self.world.clock.now())
        user = {
            "id": self._new_id(),
            **{name: call.body[name] for name in ("first_name", "last_name", "email")},
            "created": now,
            "last_updated": now,
            "language": "English",
            "roles": [call.body["role"]],
            "permissions": ["event.read"],
            # Nobody has asked the new user yet.
            "consent_general_terms": None,
            "consent_privacy_policy": None,
        }
        self._fleet.users.put(user)
        return user

    @handles("get_user")
    def _get_user(self, call: Call) -> dict[str, Any]:
        return _found(self._fleet.users, call.arguments["user_id"], "user")

    @handles("delete_user")
    def _delete_user(self, call: Call) -> None:
        # What happens to who deletes himself is not known.
        if call.arguments["user_id"] == self._fleet.id_of("user", ME):
            raise Refusal(403, "the signed-in user cannot delete itself")
        _delete(self._fleet.users, call.arguments["user_id"], "user")

    @handles("list_device_configs")
    def _list_device_configs(self, call: Call) -> dict[str, Any]:
        return {"configs": list(self._fleet.device_configs)}

    @handles("get_device_config")
    def _get_device_config(self, call: Call) -> Reply:
        config_id = call.arguments["device_config_id"]
        _found(self._fleet.device_configs, config_id, "configuration file")
        return Reply(config_text(config_id), "text/plain")

    @handles("delete_device_config")
    def _delete_device_config(self, call: Call) -> None:
        # The document lists no 404 here; it does for reading the same file.
        _delete(
            self._fleet.device_configs, call.arguments["device_config_id"], "configuration file"
        )

    def _new_id(self) -> str:
        self._made += 1
        return uuid_at(self._new, self._made)


def _found(records: Records, key: str, what: str) -> dict[str, Any]:
    found = records.get(key)
    if found is None:
        raise Refusal(404, f"there is no such {what}")
    return found


def _delete(records: Records, key: str, what: str) -> None:
    if not records.delete(key):
        raise Refusal(404, f"there is no such {what}")


CLOUD = ProGloveCloud
