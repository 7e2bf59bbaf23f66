"""Edge apps: imported, compiled by the clock, exported, deleted."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

from ...cloud import handles
from .codes import refuse
from .software import BROKEN, AppVersion, UploadedFile, seeded_package
from .topic import SUCCESS, Topic
from .version import next_number

if TYPE_CHECKING:
    from ...calls import Call

__all__ = ["EdgeApps"]

_NAMED = re.compile(r"(?P<name>.+?)(?:[-_]v?(?P<version>\d+(?:\.\d+)+))?(?:\.\w{1,5})?", re.ASCII)
_SAFE = re.compile(r"[^A-Za-z0-9_.-]")


class EdgeApps(Topic):
    """See the module."""

    @handles("GetEdgeApps")
    def _list(self, call: Call) -> dict[str, Any]:
        apps = self.state.software.apps.items()
        found, following = self.cut(call, [(name, list(v.values())) for name, v in apps if v])
        deploys = self._deploys()
        views = [
            {
                "app_name": name,
                "versions": [
                    one.shown(self.now, deploys.get((name, one.number), 0)) for one in all_
                ],
            }
            for name, all_ in found
        ]
        return {"apps": views, "continuation_token": following}

    @handles("GetEdgeApp")
    def _get(self, call: Call) -> dict[str, Any]:
        app = self._app(call, "E.SC.API.0172001")
        deploys = self._deploys().get((app.name, app.number), 0)
        return {"app_name": app.name, **app.shown(self.now, deploys)}

    @handles("ImportEdgeApp")
    def _import(self, call: Call) -> dict[str, Any]:
        software, file_id = self.state.software, call.body["edge_app_package_id"]
        file = software.file(file_id, "edge_app_pkg")
        if file is None:
            known = file_id in software.files
            raise refuse("E.SC.API.0170028" if known else "E.SC.API.0170029")
        name, number = self._named(file, call.body.get("app_name"))
        if len(name) + len(number) > 100:
            raise refuse("E.SC.API.0170033")
        if software.app(name, number):
            raise refuse("E.SC.API.0170011")
        app = AppVersion(
            name,
            number,
            call.body.get("description", ""),
            self.now,
            fails=BROKEN in file.name,
            file_id=file_id,
        )
        software.apps.setdefault(name, {})[number] = app
        return SUCCESS

    def _named(self, file: UploadedFile, wanted: str | None) -> tuple[str, str]:
        """Name and version of the app: what the package says in truth, the file's name here (``counter-1.2.0.zip``)."""
        match = _NAMED.fullmatch(file.name)
        name = wanted or (match["name"] if match else file.name)
        name = _SAFE.sub("_", name)
        there = list(self.state.software.apps.get(name, {}))
        if match and match["version"]:
            return name, match["version"]
        return name, next_number(there[-1]) if there else "1.0.0"

    @handles("DeleteEdgeApp")
    def _delete(self, call: Call) -> dict[str, Any]:
        app = self._app(call, "W.SC.API.0173001")
        del self.state.software.apps[app.name][app.number]
        return SUCCESS

    @handles("ExportEdgeApp")
    def _export(self, call: Call) -> dict[str, Any]:
        app = self._app(call, "E.SC.API.0177001")
        stored = self.world.storage.read(f"aitrios/files/{app.file_id}") if app.file_id else None
        content = stored.content if stored else seeded_package(app)
        return {
            "contents": base64.b64encode(content).decode(),
            "file_name": f"{app.name}.zip",
        }

    def _app(self, call: Call, code: str) -> AppVersion:
        app = self.state.software.app(call.get("app_name"), call.get("app_version"))
        if app is None:
            raise refuse(code)
        return app

    def _deploys(self) -> dict[tuple[str, str], int]:
        """Number of deployments of each version."""
        counts: dict[tuple[str, str], int] = {}
        for deployment in self.state.deployments.values():
            for app in deployment.parts.apps:
                counts[app] = counts.get(app, 0) + 1
        return counts
