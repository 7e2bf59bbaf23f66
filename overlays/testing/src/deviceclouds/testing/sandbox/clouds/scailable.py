"""Scailable: functions in catalogues, compiled in the background; bare arrays; a sign-in with refresh tokens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ..._credentials import presented_token
from ..._spec import load_spec
from ..calls import Refusal, Reply
from ..cloud import Cloud, handles, page
from ..storage import StoredFile
from .scailable_filters import chosen
from .scailable_fleet import Store
from .scailable_models import DONE, Catalogue, Model, moment
from .scailable_sign_in import SignIn

if TYPE_CHECKING:
    from starlette.routing import Route

    from ..._multipart import Part
    from ..._operations import Operation
    from ..._problems import Problem
    from ..calls import Call
    from ..world import World

__all__ = ["CLOUD", "ScailableCloud"]

_CODE, _UPLOADS = "scailable/code", "scailable/uploads"
"""Folders of the sandbox's storage: compiled files, which are addressed, and uploads, which are not."""

_LINK_SECONDS = 10 * 365 * 86400
"""Life of a compiled file's address, from its upload on; that the cloud's addresses end is not known."""

_MONTH = 30 * 86400
_MAX_UPLOAD = 104857600


class ScailableCloud(Cloud):
    """See the module."""

    vendor = "scailable"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._sign_in = SignIn(world)
        world.storage.make_below(_CODE, self._compiled)

    @cached_property
    def _store(self) -> Store:
        return Store(self.world)

    def routes(self) -> list[Route]:
        """The sign-in."""
        return self._sign_in.routes()

    def fleet(self) -> dict[str, int]:
        """See the base class."""
        return {"functions": len(self._store.models), "catalogues": len(self._store.catalogues)}

    def admit(self, call: Call) -> None:
        """A token that was given back is worth nothing; ranges of a list are those one can count."""
        if call.operation.security:
            _, token = presented_token(call.spec, call.operation, call.headers)
            if self._sign_in.is_signed_out(token):
                raise self.refuse_token("unknown")
        for name, least in (("Offset", 0), ("Limit", 1)):
            # No bounds are documented.
            if call.arguments.get(name, least) < least:
                raise Refusal(400, f"must be {least} or more", code=name)

    def refuse_token(self, state: str) -> Refusal:
        """401, as documented, for expired tokens as well as for wrong ones."""
        return Refusal(401, "Not authorized")

    def error(self, status: int, code: str | None, message: str) -> dict[str, Any]:
        """The message object, with the refused field where ``code`` names one."""
        if status == HTTPStatus.UNAUTHORIZED:
            return {"AuthorizationInvalid": True, "Message": message}
        if code is None:
            return {"Message": message}
        return {"Field": {"Message": message, "Name": code}, "Message": "Invalid request"}

    def refuse_request(
        self, operation: Operation | None, status: int, problems: Sequence[Problem]
    ) -> Refusal:
        """See the base class."""
        return Refusal(status, "; ".join(map(str, problems[:10])))

    @handles("list_catalogues")
    def _list_catalogues(self, call: Call) -> list[dict[str, Any]]:
        wanted = call.get("Organisation")
        found = (
            one
            for one in self._store.catalogues.values()
            if wanted is None or one.organisation == wanted.lower()
        )
        # By name: the order is not documented.
        return [one.shown() for one in sorted(found, key=lambda one: one.name)]

    @handles("create_catalogue")
    def _create_catalogue(self, call: Call) -> dict[str, Any]:
        # Whether two catalogues may have one name is not known.
        first = next(iter(self._store.catalogues.values()), None)
        organisation = first.organisation if first is not None else ""
        made = Catalogue(self._store.new_id("catalogue"), _name(call.body), organisation)
        self._store.catalogues[made.uuid] = made
        return made.shown()

    @handles("get_catalogue")
    def _get_catalogue(self, call: Call) -> dict[str, Any]:
        return self._catalogue(call).shown()

    @handles("update_catalogue")
    def _update_catalogue(self, call: Call) -> dict[str, Any]:
        found = self._catalogue(call)
        found.name = _name(call.body)
        return _done(found.uuid)

    @handles("delete_catalogue")
    def _delete_catalogue(self, call: Call) -> dict[str, Any]:
        uuid = self._catalogue(call).uuid
        if any(uuid in model.catalogues for model in self._store.models.values()):
            # "An empty catalogue", says the document; how others are refused is not known.
            raise Refusal(400, "the catalogue is not empty")
        del self._store.catalogues[uuid]
        return _done(uuid)

    @handles("get_configuration")
    def _configuration(self, call: Call) -> dict[str, Any]:
        return {"Features": {}, "MaxUploadSize": _MAX_UPLOAD, "SupportedFileTypes": ["onnx"]}

    @handles("get_function_statistics")
    def _statistics(self, call: Call) -> dict[str, Any]:
        models, changes = self._store.models.values(), self._store.changes
        since = self.world.clock.now() - _MONTH
        found: dict[str, Any] = {
            "NumberOfEvents": len(changes),
            # "30" is not explained; days are likely.
            "NumberOfEventsLast30": sum(1 for change in changes if change >= since),
            "Total": len(models),
        }
        if models:
            found["FirstInsertedAt"] = moment(min(model.inserted_at for model in models))
            found["LastInsertedAt"] = moment(max(model.inserted_at for model in models))
            found["FirstUpdatedAt"] = moment(min(model.updated_at for model in models))
            found["LastUpdatedAt"] = moment(max(model.updated_at for model in models))
        return found

    @handles("get_openapi")
    def _openapi(self, call: Call) -> dict[str, Any]:
        # This sandbox's own description: the cloud's is not at hand.
        document = load_spec("scailable").document
        info = {**document["info"], "title": f"{document['info']['title']} (sandbox)"}
        return {**document, "info": info}

    @handles("get_status")
    def _status(self, call: Call) -> dict[str, Any]:
        return {"Connected": True}

    @handles("list_functions", "list_functions_compat")
    def _list_functions(self, call: Call) -> Reply:
        found = chosen(call, self._store.models.values(), self.world.clock.now())
        models = page(call, found)["items"]
        items = [self._shown(call, model) for model in models]
        # Only the current host sends it.
        return Reply(items, headers={"X-Pagination-Records": str(len(found))})

    @handles("get_function")
    def _get_function(self, call: Call) -> dict[str, Any]:
        return self._shown(call, self._model(call))

    @handles("create_function")
    def _create_function(self, call: Call) -> dict[str, Any]:
        data = json.loads(call.parts["data"].content)
        _name(data)
        return self._shown(call, self._add(data, call.parts["file"]))

    @handles("create_linked_function")
    def _create_linked_function(self, call: Call) -> dict[str, Any]:
        # What describes a remote is not known: any object makes a model, by the name it may have.
        name = call.body.get("Name")
        named = name if isinstance(name, str) and name else "Linked function"
        return self._shown(call, self._add({"Name": named}, None))

    @handles("update_function")
    def _update_function(self, call: Call) -> dict[str, Any]:
        model, now = self._model(call), self.world.clock.now()
        data = json.loads(call.parts["data"].content) if "data" in call.parts else {}
        _name({**model.data, **data})
        # "file" is what the vendor's client sends, "bundle" what the document says.
        file = call.parts.get("file") or call.parts.get("bundle")
        if file is not None:
            self._take(model, file)
        model.data = {**model.data, **data}
        model.updated_at = now
        self._store.changed(now)
        return self._shown(call, model)

    @handles("update_linked_settings")
    def _update_linked_settings(self, call: Call) -> dict[str, Any]:
        # What the flag switches is not documented, nor whether other models are refused.
        model, now = self._model(call), self.world.clock.now()
        model.updated_at = now
        self._store.changed(now)
        return self._shown(call, model)

    @handles("delete_function")
    def _delete_function(self, call: Call) -> dict[str, Any]:
        model = self._model(call)
        self._forget_file(model)
        del self._store.models[model.uuid]
        return _done(model.uuid)

    @handles("list_options")
    def _list_options(self, call: Call) -> list[dict[str, Any]]:
        return [{}]  # as the specification's example: the fields of an option are not known

    @handles("list_sources")
    def _list_sources(self, call: Call) -> list[dict[str, Any]]:
        models = self._store.models.values()
        pairs = {(model.data.get("SourceName"), model.data.get("SourceUrl")) for model in models}
        # One for each pair; how its two fields are spelled is not known.
        return [{} for name, url in pairs if name or url]

    def _catalogue(self, call: Call) -> Catalogue:
        found = self._store.catalogues.get(call.arguments["uuid"].lower())
        if found is None:
            raise Refusal(404, "Not found")
        return found

    def _model(self, call: Call) -> Model:
        found = self._store.models.get(call.arguments["uuid"].lower())
        if found is None:
            raise Refusal(404, "Not found")
        return found

    def _shown(self, call: Call, model: Model) -> dict[str, Any]:
        now = self.world.clock.now()
        # The same address each time; half a second, so that the clock's steps do not matter.
        end = int(model.file_at) + _LINK_SECONDS + 0.5
        return model.shown(now, call.url(f"{_CODE}/{model.file}", end - now))

    def _add(self, data: dict[str, Any], file: Part | None) -> Model:
        now = self.world.clock.now()
        model = Model(self._store.new_id("function"), data, now, now, now, revision=0)
        if file is not None:
            self._take(model, file)
        self._store.models[model.uuid] = model
        self._store.changed(now)
        return model

    def _take(self, model: Model, file: Part) -> None:
        """Keeps a file; its compilation starts now."""
        if not file.content:
            raise Refusal(400, "must not be empty", code=file.name)
        self._forget_file(model)
        model.revision += 1
        model.uploaded = True
        model.file_at = self.world.clock.now()
        # For trying out what a program does then: nobody knows how the cloud tells of a failure.
        model.fails = "broken" in (file.filename or "").lower()
        kind = "application/octet-stream"
        self.world.storage.keep(f"{_UPLOADS}/{model.file}", file.content, kind)

    def _forget_file(self, model: Model) -> None:
        if model.uploaded:
            self.world.storage.keep(f"{_UPLOADS}/{model.file}", b"", "application/octet-stream")

    def _compiled(self, name: str) -> StoredFile | None:
        """A compiled file: the uploaded bytes as they are, since nothing is compiled here."""
        uuid, _, _ = name.rpartition("-")
        model = self._store.models.get(uuid)
        if model is None or model.file != name or model.state(self.world.clock.now()) != DONE:
            return None
        if model.uploaded:
            return self.world.storage.read(f"{_UPLOADS}/{name}")
        made = f"compiled file of {model.data['Name']}, made up by the sandbox\n".encode()
        return StoredFile(made, "application/octet-stream")


def _name(data: dict[str, Any]) -> str:
    """The name in a body."""
    name: str = data["Name"]
    if not name.strip():
        raise Refusal(400, "must not be empty", code="Name")
    return name


def _done(uuid: str) -> dict[str, Any]:
    return {"AuthorizationInvalid": False, "Message": "Done", "UUID": uuid}


CLOUD = ScailableCloud
