"""Waiting for what the Console does after it has answered: deployments, conversions, trainings, compilations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deviceclouds._generated.aitrios.operations.deploy import (
    DEPLOY_BY_CONFIGURATION,
    GET_DEPLOY_STATUS,
)
from deviceclouds._generated.aitrios.operations.edge_app import GET_EDGE_APP, IMPORT_EDGE_APP
from deviceclouds._generated.aitrios.operations.train_model import (
    GET_BASE_MODEL_STATUS,
    GET_DEVICE_MODEL_STATUS,
    GET_RELEARN_STATUS,
    PUBLISH_MODEL,
    RELEARN,
)
from deviceclouds.runtime._errors import WorkFailedError
from deviceclouds.runtime._polling import Patience, state_at, wait_until

if TYPE_CHECKING:
    from deviceclouds._generated.aitrios.models import (
        DeployStatus,
        EdgeAppVersionDetail,
        GetRelearnStatusResponse,
        ModelDetail,
    )
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._operation import Operation, Poll
    from deviceclouds.runtime._workflow import Progress, Workflow

__all__ = [
    "still_deploying",
    "version_state",
    "wait_for_deploy",
    "wait_for_edge_app",
    "wait_for_publish",
    "wait_for_relearn",
]


def wait_for_deploy(
    work: Workflow, deploy_id: str, patience: Patience, on_progress: Progress | None
) -> Flow[DeployStatus]:
    """Until no device is deploying any more. Raises WorkFailedError where it did not go well on all."""
    status = yield from wait_until(
        work,
        lambda: work.call(GET_DEPLOY_STATUS, {"deploy_id": deploy_id}),
        what=f"deployment {deploy_id}",
        state=still_deploying,
        poll=_poll(DEPLOY_BY_CONFIGURATION),
        patience=patience,
        on_progress=on_progress,
    )
    _check_outcome(status, deploy_id)
    return status


def still_deploying(status: DeployStatus) -> int | None:
    """On how many devices a deployment is under way; None while the reply tells of no device at all.

    Counter and devices are both looked at: which of them the service brings up to date first is not known.
    """
    counted = state_at(status, _poll(DEPLOY_BY_CONFIGURATION).status)
    under_way = len(_devices_in(status, "deploying"))
    if isinstance(counted, int):
        under_way = max(under_way, counted)
    if not under_way and not (status.devices or status.success_cnt or status.fail_cnt):
        return None
    return under_way


def _devices_in(status: DeployStatus, state: str) -> list[str]:
    return [device.device_id for device in status.devices or () if device.deploy_status == state]


def _check_outcome(status: DeployStatus, deploy_id: str) -> None:
    failed, cancelled = _devices_in(status, "fail"), _devices_in(status, "cancel")
    failures = max(status.fail_cnt or 0, len(failed))
    if not failures and not cancelled:
        return
    named = ", ".join([*failed, *cancelled][:5])
    raise WorkFailedError(
        f"deployment {deploy_id} is over: {status.success_cnt or 0} devices succeeded, {failures} failed,"
        f" {len(cancelled)} were cancelled ({named or 'none is named'}); .last.devices has all,"
        " manage_devices.get_event_logs() may tell why",
        last=status,
        vendor="aitrios",
        operation=GET_DEPLOY_STATUS.name,
    )


def wait_for_publish(
    work: Workflow,
    model_id: str,
    device_id: str | None,
    import_id: str | None,
    patience: Patience,
    on_progress: Progress | None,
) -> Flow[ModelDetail]:
    """Until a version of the model is converted and added."""
    look: Operation[ModelDetail] = GET_BASE_MODEL_STATUS
    arguments = {"model_id": model_id}
    if device_id is not None:
        look, arguments = GET_DEVICE_MODEL_STATUS, {**arguments, "device_id": device_id}
    return wait_until(
        work,
        lambda: work.call(look, arguments),
        what=f"the publishing of model {model_id}",
        state=lambda model: version_state(model, import_id),
        poll=_poll(PUBLISH_MODEL)._replace(operation=look.name),
        patience=patience,
        on_progress=on_progress,
    )


def version_state(model: ModelDetail, import_id: str | None) -> Any:
    """State of the version that a conversion made; of the first one if it is not known which."""
    if import_id is None:
        return state_at(model, _poll(PUBLISH_MODEL).status)
    for project in model.projects or ():
        for version in project.versions or ():
            if version.conv_id == import_id:
                return version.version_status or None
    return None


def wait_for_relearn(
    work: Workflow, project_name: str, patience: Patience, on_progress: Progress | None
) -> Flow[GetRelearnStatusResponse]:
    """Until the training of a project is completed."""
    poll = _poll(RELEARN)
    return wait_until(
        work,
        lambda: work.call(GET_RELEARN_STATUS, {"project_name": project_name}),
        what=f"the training of {project_name}",
        state=lambda found: state_at(found, poll.status),
        poll=poll,
        patience=patience,
        on_progress=on_progress,
    )


def wait_for_edge_app(
    work: Workflow,
    app_name: str,
    app_version: str,
    patience: Patience,
    on_progress: Progress | None,
) -> Flow[EdgeAppVersionDetail]:
    """Until a version of an edge app is compiled."""
    poll = _poll(IMPORT_EDGE_APP)
    return wait_until(
        work,
        lambda: work.call(GET_EDGE_APP, {"app_name": app_name, "app_version": app_version}),
        what=f"the compilation of {app_name} {app_version}",
        state=lambda found: state_at(found, poll.status),
        poll=poll,
        patience=patience,
        on_progress=on_progress,
    )


def _poll(operation: Operation[Any]) -> Poll:
    assert operation.poll is not None  # the specification has an x-poll there
    return operation.poll
