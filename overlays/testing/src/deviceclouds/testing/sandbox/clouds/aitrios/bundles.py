"""Model bundles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...cloud import handles
from .codes import refuse
from .times import stamp
from .topic import SUCCESS, Topic
from .training import Bundle, BundleVersion
from .version import next_number

if TYPE_CHECKING:
    from ...calls import Call

__all__ = ["Bundles"]


class Bundles(Topic):
    """See the module."""

    @handles("GetModelBundles")
    def _list(self, call: Call) -> dict[str, Any]:
        text = (call.get("model_bundle_name") or "").casefold()
        found = self.state.training.bundles.values()
        return {
            "model_bundles": [
                {**self._head(one), "latest_version": self._version(one.versions[-1])}
                for one in found
                if text in one.name.casefold()
            ]
        }

    @handles("GetModelBundleVersions")
    def _versions(self, call: Call) -> dict[str, Any]:
        bundle = self.state.training.bundles.get(call.get("model_bundle_name"))
        if bundle is None:
            raise refuse("E.SC.API.0296001")
        number = call.get("version_number")
        versions = [
            {**self._version(one), "latest_flg": "1" if one is bundle.versions[-1] else "0"}
            for one in bundle.versions
            if number in (None, "", one.number)
        ]
        return {**self._head(bundle), "versions": versions}

    @handles("ImportModelBundle")
    def _import(self, call: Call) -> dict[str, Any]:
        body, training = call.body, self.state.training
        name = body["bundle_name"]
        if not name or not name.isascii():
            raise refuse("E.SC.API.0297001")
        if self.state.software.file(body.get("bundle_file_id"), "model_bundle") is None:
            raise refuse("E.SC.API.0297010")
        bundle = training.bundles.get(name)
        if bundle is None:
            bundle = Bundle(name, body.get("description", ""), self.now)
            training.bundles[name] = bundle
        number = next_number(bundle.versions[-1].number) if bundle.versions else "1.0.0"
        bundle.versions.append(BundleVersion(training.new_id(), number, self.now))
        return SUCCESS

    @handles("DeleteModelBundle")
    def _delete(self, call: Call) -> dict[str, Any]:
        name, training = call.get("model_bundle_name"), self.state.training
        bundle = training.bundles.get(name)
        if bundle is None:
            raise refuse("W.SC.API.0298001")
        if bundle.versions[-1].encryption(self.now) != "03":
            raise refuse("W.SC.API.0298003")
        del training.bundles[name]
        # When the Console warns is not documented; here it does where a deploy configuration names the bundle.
        configs = self.state.configs.values()
        used = any(name == other for one in configs for other, _ in one.parts.bundles)
        return self.warning("W.SC.API.0298002") if used else SUCCESS

    def _head(self, bundle: Bundle) -> dict[str, Any]:
        return {
            "model_bundle_name": bundle.name,
            "description": bundle.description,
            "create_date": stamp(bundle.created),
        }

    def _version(self, version: BundleVersion) -> dict[str, Any]:
        return {
            "ai_model_bundle_id": version.bundle_id,
            "model_bundle_version": version.number,
            "encrypt_status": version.encryption(self.now),
            "create_date": stamp(version.created),
            "update_date": stamp(min(self.now, version.created + 30)),
        }
