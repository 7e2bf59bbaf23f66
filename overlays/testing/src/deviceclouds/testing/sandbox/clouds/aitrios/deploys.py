"""Deployments: begun, followed, taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...cloud import handles
from .codes import refuse
from .deploy_parts import parts_view, resolve
from .deployment import Parts
from .times import stamp
from .topic import SUCCESS, Topic

if TYPE_CHECKING:
    from ...calls import Call
    from .deployment import Deployment

__all__ = ["Deploys"]


class Deploys(Topic):
    """See the module."""

    @handles("DeployByConfiguration")
    def _apply(self, call: Call) -> dict[str, Any]:
        config = self.state.configs.get(call.get("config_id"))
        if config is None:
            raise refuse("E.SC.API.0027003")
        ids = call.body["device_ids"]
        if not ids:
            raise refuse("E.SC.API.0027001")
        if len(set(ids)) < len(ids):
            raise refuse("E.SC.API.0027010")
        devices = [self.device(one, "E.SC.API.0027004") for one in ids]
        away = [one.device_id for one in devices if not one.connected(self.now)]
        if away:
            words = f"Unable to connect to device. device_ids = {', '.join(away[:20])}"
            raise refuse("E.SC.API.0027006", words)
        deployment = self.state.deploy(
            resolve(self.state, config.parts, self.now),
            devices,
            self.now,
            config_id=config.config_id,
            description=call.body.get("description", ""),
        )
        return {**SUCCESS, "deploy_id": deployment.deploy_id}

    @handles("DeployDeviceModel")
    def _device_model(self, call: Call) -> dict[str, Any]:
        model_id, device_id = call.get("model_id"), call.get("device_id")
        if model_id not in self.state.training.models:
            raise refuse("E.SC.API.0059001")
        device = self.device(device_id, "E.SC.API.0059002")
        project = self.state.training.for_device(model_id, device_id)
        published = project.published(self.now) if project else None
        if project is None or published is None:
            raise refuse("E.SC.API.0059005")
        number = call.get("version_number") or published.number
        if project.version(number) is None:
            raise refuse("E.SC.API.0059007")
        replaced = call.get("replace_model_id") or None
        if replaced and replaced not in [name for name, _ in device.models]:
            raise refuse("E.SC.API.0059003")
        self.state.deploy(
            Parts(models=((model_id, number),)),
            [device],
            self.now,
            config_id=None,
            description=call.get("description", ""),
            replace_model_id=replaced,
        )
        return SUCCESS

    @handles("CancelDeployment")
    def _cancel(self, call: Call) -> dict[str, Any]:
        deployment = self.state.deployments.get(call.get("deploy_id"))
        if deployment is None:
            raise refuse("E.SC.API.0166001")
        if call.get("device_id") not in deployment.plans:
            raise refuse("E.SC.API.0166002")
        deployment.cancel(call.get("device_id"), self.now)
        return SUCCESS

    @handles("GetDeviceDeployHistory")
    def _device_history(self, call: Call) -> dict[str, Any]:
        device = self.device(call.get("device_id"), "E.SC.API.0002001")
        mine = [one for one in self._newest_first() if device.device_id in one.plans]
        found, following = self.cut(call, mine)
        views = []
        for one in found:
            status, percent = one.progress(device.device_id, self.now)
            views.append(
                {
                    "deploy_id": one.deploy_id,
                    **one.kind(),
                    "deploy_status": status,
                    "update_progress_percentage": percent,
                    "description": one.description,
                    **parts_view(self.state, one.parts),
                }
            )
        return {"deploys": views, "continuation_token": following}

    @handles("GetDeployHistory")
    def _history(self, call: Call) -> dict[str, Any]:
        found, following = self.cut(call, self._newest_first())
        views = [self._deployment_view(one) for one in found]
        return {"deploy_history": views, "continuation_token": following}

    @handles("GetDeployStatus")
    def _status(self, call: Call) -> dict[str, Any]:
        deployment = self.state.deployments.get(call.get("deploy_id"))
        if deployment is None:
            raise refuse("E.SC.API.0274002")
        devices = []
        for device_id in deployment.plans:
            status, percent = deployment.progress(device_id, self.now)
            device = self.state.table.known(device_id)
            devices.append(
                {
                    "device_id": device_id,
                    "device_name": device.name if device else "",
                    "deploy_status": status,
                    "update_progress_percentage": percent,
                }
            )
        return {**self._deployment_view(deployment), "devices": devices}

    @handles("GetEdgeAppDeploys")
    def _app_deploys(self, call: Call) -> dict[str, Any]:
        app = call.get("app_name"), call.get("app_version")
        if self.state.software.app(*app) is None:
            raise refuse("E.SC.API.0178001")
        mine = [one for one in self._newest_first() if app in one.parts.apps]
        found, following = self.cut(call, mine)
        newest = {
            device_id: one.deploy_id
            for one in self.state.deployments.values()
            for device_id in one.plans
        }
        views = [self._app_deploy(one, newest) for one in found]
        return {"deploys": views, "continuation_token": following}

    def _app_deploy(self, one: Deployment, newest: Mapping[str, str]) -> dict[str, Any]:
        devices = []
        for device_id, plan in one.plans.items():
            devices.append(
                {
                    "device_id": device_id,
                    "status": one.progress(device_id, self.now)[0],
                    "latest_deployment_flg": str(int(newest[device_id] == one.deploy_id)),
                    "ins_id": "user_1",
                    "ins_date": stamp(one.started),
                    "upd_id": "user_1",
                    "upd_date": stamp(min(self.now, plan.received + plan.seconds)),
                }
            )
        # What the text holds is not documented.
        asked = json.dumps({"config_id": one.config_id})
        return {
            "id": one.deploy_id,
            "total_status": one.total(self.now),
            "deploy_parameter": asked,
            "devices": devices,
        }

    def _newest_first(self) -> list[Deployment]:
        return list(reversed(self.state.deployments.values()))

    def _deployment_view(self, deployment: Deployment) -> dict[str, Any]:
        deploying, success, failed = deployment.counts(self.now)
        return {
            "deploy_id": deployment.deploy_id,
            "from_datetime": stamp(deployment.started),
            **deployment.kind(),
            "deploying_cnt": deploying,
            "success_cnt": success,
            "fail_cnt": failed,
            **parts_view(self.state, deployment.parts),
        }
