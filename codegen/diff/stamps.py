"""Whether generated code is of the specification as it is, by its stamp."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

__all__ = ["stale_code"]


def stale_code(root: Path, vendor: str) -> str | None:
    """What is wrong with the stamp of the generated code; None if it is of the specification as it is."""
    stamp = root / "generated" / vendor / "generated.toml"
    try:
        made_from = tomllib.loads(stamp.read_text(encoding="utf-8"))["made_from"]["spec_sha256"]
    except FileNotFoundError:
        return f"generated/{vendor} has no stamp (generated.toml)"
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return f"generated/{vendor}/generated.toml is no stamp"
    digest = hashlib.sha256(b"openapi.yaml")
    digest.update((root / "specs" / vendor / "openapi.yaml").read_bytes().replace(b"\r\n", b"\n"))
    if made_from != digest.hexdigest():
        return f"generated/{vendor} and its stamp are of another specification"
    return None
