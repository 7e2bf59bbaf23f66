"""Stored sets of software that can be deployed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ...cloud import handles
from .codes import refuse
from .deploy_parts import parts_view, read_parts
from .fleet import PEOPLE
from .state import DeployConfig
from .times import stamp
from .topic import SUCCESS, Topic

if TYPE_CHECKING:
    from ...calls import Call

__all__ = ["DeployConfigs"]


class DeployConfigs(Topic):
    """See the module."""

    @handles("GetDeployConfigurations")
    def _configs(self, call: Call) -> dict[str, Any]:
        found, following = self.cut(call, list(self.state.configs.values()))
        views = self._config_views(found)
        return {"deploy_configs": views, "continuation_token": following}

    @handles("GetDeployConfiguration")
    def _config(self, call: Call) -> dict[str, Any]:
        config = self._known(call.get("config_id"), "E.SC.API.0021001")
        return self._config_views([config])[0]

    @handles("CreateDeployConfiguration")
    def _create(self, call: Call) -> dict[str, Any]:
        body = call.body
        config_id = body.get("config_id")
        if config_id is None:
            raise refuse("E.SC.API.0022001")
        if not config_id or not config_id.isascii():
            raise refuse("E.SC.API.0022002")
        if config_id in self.state.configs:
            raise refuse("E.SC.API.0022010")
        parts = read_parts(self.state, body)
        if not any(parts):
            raise refuse("E.SC.API.0022019")
        now = self.now
        self.state.configs[config_id] = DeployConfig(
            config_id, body.get("description", ""), parts, PEOPLE[0], now, now
        )
        return SUCCESS

    @handles("DeleteDeployConfiguration")
    def _delete(self, call: Call) -> dict[str, Any]:
        config = self._known(call.get("config_id"), "E.SC.API.0055002")
        del self.state.configs[config.config_id]
        return SUCCESS

    def _known(self, config_id: str, code: str) -> DeployConfig:
        config = self.state.configs.get(config_id)
        if config is None:
            raise refuse(code)
        return config

    def _config_views(self, configs: Iterable[DeployConfig]) -> list[dict[str, Any]]:
        # Whether devices count singly is not documented; here whole deployments are counted.
        counts: dict[str, dict[str, int]] = {}
        for deployment in self.state.deployments.values():
            if deployment.config_id is not None:
                totals = counts.setdefault(deployment.config_id, {})
                total = deployment.total(self.now)
                totals[total] = totals.get(total, 0) + 1
        return [
            {
                "config_id": config.config_id,
                "description": config.description,
                "running_cnt": counts.get(config.config_id, {}).get("deploying", 0),
                "success_cnt": counts.get(config.config_id, {}).get("success", 0),
                "fail_cnt": counts.get(config.config_id, {}).get("fail", 0),
                **parts_view(self.state, config.parts),
                "ins_id": config.ins_id,
                "ins_date": stamp(config.ins_date),
                "upd_id": config.ins_id,
                "upd_date": stamp(config.upd_date),
            }
            for config in configs
        ]
