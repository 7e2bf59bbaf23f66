"""Methods that wait for what the Console does after it has answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deviceclouds._generated.aitrios.client import Namespaces
from deviceclouds._generated.aitrios.client_async import AsyncNamespaces

if TYPE_CHECKING:
    from deviceclouds._generated.aitrios.models import (
        DeployStatus,
        EdgeAppVersionDetail,
        GetRelearnStatusResponse,
        ModelDetail,
    )
    from deviceclouds.runtime._workflow import Progress

__all__ = ["AsyncWaits", "Waits"]


class Waits(Namespaces):
    """Sync."""

    def wait_for_deploy(
        self,
        deploy_id: str,
        *,
        timeout: float = 900,
        interval: float = 5,
        on_progress: Progress | None = None,
    ) -> DeployStatus:
        """Waits until a deployment is over on all its devices.

        Args:
            deploy_id: As ``deploy.deploy_by_configuration`` gave it.
            timeout: Seconds to wait at most.
            interval: Seconds between the first two looks; later ones are up to four times as far apart.
            on_progress: Is given the ``DeployStatus`` of each look.

        Returns:
            The status of a deployment that went well on all devices.

        Raises:
            WorkFailedError: It failed or was cancelled on a device; ``.last`` is the status, with all devices.
            WaitTimeoutError: It was not over in time; ``.last`` is the status as last seen.

        Looks with ``deploy.get_deploy_status``. **Inferred**: no source says when a deployment is over. We take it for
        over when ``deploying_cnt`` is 0, or absent, and no device's state is ``deploying``, and for not begun while the
        reply names neither devices nor outcomes. The vendor's SDK for version 1 warned that the status of a
        configuration that is deployed again may be that of an earlier deployment: each one has its own id here,
        whether that is enough was not tried on a live Console.
        """
        from deviceclouds.runtime._polling import Patience

        from ..workflows.waits import wait_for_deploy

        patience = Patience(timeout, interval)
        return self._run(wait_for_deploy(self._work, deploy_id, patience, on_progress))

    def wait_for_publish(
        self,
        model_id: str,
        device_id: str | None = None,
        *,
        import_id: str | None = None,
        timeout: float = 3600,
        interval: float = 15,
        on_progress: Progress | None = None,
    ) -> ModelDetail:
        """Waits until ``train_model.publish_model`` has converted a model.

        Args:
            model_id: The model.
            device_id: The device, for a device model; a base model if left out.
            import_id: As ``publish_model`` gave it. With it, only the version that conversion made counts; without
                it the first version of the reply, which may be one that was published before.
            timeout: Seconds to wait at most.
            interval: Seconds between the first two looks; later ones are up to four times as far apart.
            on_progress: Is given the ``ModelDetail`` of each look.

        Returns:
            The model with the converted version.

        Raises:
            WorkFailedError: The conversion has failed; ``.last`` is the model.
            WaitTimeoutError: It was not done in time; ``.last`` is the model as last seen.

        Looks with ``train_model.get_base_model_status`` or ``get_device_model_status``. **Inferred**: the document
        names the text ``Import completed`` and not the field it stands in. We read ``version_status``, and also take
        the codes of the vendor's SDK for version 1: 07 added, 03 conversion failed, 06 adding failed.
        """
        from deviceclouds.runtime._polling import Patience

        from ..workflows.waits import wait_for_publish

        patience = Patience(timeout, interval)
        return self._run(
            wait_for_publish(self._work, model_id, device_id, import_id, patience, on_progress)
        )

    def wait_for_relearn(
        self,
        project_name: str,
        *,
        timeout: float = 7200,
        interval: float = 15,
        on_progress: Progress | None = None,
    ) -> GetRelearnStatusResponse:
        """Waits until the training that ``train_model.relearn`` started is completed.

        Args:
            project_name: The project.
            timeout: Seconds to wait at most.
            interval: Seconds between the first two looks; later ones are up to four times as far apart.
            on_progress: Is given the ``GetRelearnStatusResponse`` of each look.

        Returns:
            The state of the completed training.

        Raises:
            WaitTimeoutError: It was not completed in time. A training that has failed ends so as well: no source names
                a state for it.

        Looks with ``train_model.get_relearn_status``; its values ``Training`` and ``Completed`` are corroborated. The
        reply does not say of which training: that of an earlier one can not be told from yours.
        """
        from deviceclouds.runtime._polling import Patience

        from ..workflows.waits import wait_for_relearn

        patience = Patience(timeout, interval)
        return self._run(wait_for_relearn(self._work, project_name, patience, on_progress))

    def wait_for_edge_app(
        self,
        app_name: str,
        app_version: str,
        *,
        timeout: float = 900,
        interval: float = 5,
        on_progress: Progress | None = None,
    ) -> EdgeAppVersionDetail:
        """Waits until the Console has compiled a version of an edge app.

        Args:
            app_name: The app.
            app_version: Its version, as in the package.
            timeout: Seconds to wait at most.
            interval: Seconds between the first two looks; later ones are up to four times as far apart.
            on_progress: Is given the ``EdgeAppVersionDetail`` of each look.

        Returns:
            The compiled version.

        Raises:
            WorkFailedError: The compilation has failed; ``.last`` is the version.
            NotFoundError: There is no such version. Whether it is there as soon as the import is accepted is not known.
            WaitTimeoutError: It was not compiled in time; ``.last`` is the version as last seen.

        Looks with ``edge_app.get_edge_app``; its states are corroborated, that it is the place to look is inferred.
        """
        from deviceclouds.runtime._polling import Patience

        from ..workflows.waits import wait_for_edge_app

        patience = Patience(timeout, interval)
        return self._run(
            wait_for_edge_app(self._work, app_name, app_version, patience, on_progress)
        )


class AsyncWaits(AsyncNamespaces):
    """Async."""

    async def wait_for_deploy(
        self,
        deploy_id: str,
        *,
        timeout: float = 900,
        interval: float = 5,
        on_progress: Progress | None = None,
    ) -> DeployStatus:
        """See :meth:`Waits.wait_for_deploy`; ``on_progress`` may be a coroutine function."""
        from deviceclouds.runtime._polling import Patience

        from ..workflows.waits import wait_for_deploy

        patience = Patience(timeout, interval)
        return await self._run(wait_for_deploy(self._work, deploy_id, patience, on_progress))

    async def wait_for_publish(
        self,
        model_id: str,
        device_id: str | None = None,
        *,
        import_id: str | None = None,
        timeout: float = 3600,
        interval: float = 15,
        on_progress: Progress | None = None,
    ) -> ModelDetail:
        """See :meth:`Waits.wait_for_publish`; ``on_progress`` may be a coroutine function."""
        from deviceclouds.runtime._polling import Patience

        from ..workflows.waits import wait_for_publish

        patience = Patience(timeout, interval)
        return await self._run(
            wait_for_publish(self._work, model_id, device_id, import_id, patience, on_progress)
        )

    async def wait_for_relearn(
        self,
        project_name: str,
        *,
        timeout: float = 7200,
        interval: float = 15,
        on_progress: Progress | None = None,
    ) -> GetRelearnStatusResponse:
        """See :meth:`Waits.wait_for_relearn`; ``on_progress`` may be a coroutine function."""
        from deviceclouds.runtime._polling import Patience

        from ..workflows.waits import wait_for_relearn

        patience = Patience(timeout, interval)
        return await self._run(wait_for_relearn(self._work, project_name, patience, on_progress))

    async def wait_for_edge_app(
        self,
        app_name: str,
        app_version: str,
        *,
        timeout: float = 900,
        interval: float = 5,
        on_progress: Progress | None = None,
    ) -> EdgeAppVersionDetail:
        """See :meth:`Waits.wait_for_edge_app`; ``on_progress`` may be a coroutine function."""
        from deviceclouds.runtime._polling import Patience

        from ..workflows.waits import wait_for_edge_app

        patience = Patience(timeout, interval)
        return await self._run(
            wait_for_edge_app(self._work, app_name, app_version, patience, on_progress)
        )
