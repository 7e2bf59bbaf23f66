"""The public surface of our distributions: what it is, written down in ``api.md``, and how it changed."""

from codegen.surface.changes import SurfaceChange
from codegen.surface.comparing import breaking_changes, compare_surfaces
from codegen.surface.loading import SurfaceError
from codegen.surface.reading import read_surface

__all__ = ["SurfaceChange", "SurfaceError", "breaking_changes", "compare_surfaces", "read_surface"]
