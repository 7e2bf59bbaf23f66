"""Models and enums of the VizioSense integrator API, each loaded when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deviceclouds._generated.viziosense.models import *  # noqa: F403
else:
    from deviceclouds.runtime._setup import model_exports

    __getattr__, __dir__ = model_exports("viziosense")
