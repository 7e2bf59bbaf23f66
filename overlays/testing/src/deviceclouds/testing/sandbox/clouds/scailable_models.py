"""A model and a catalogue of Scailable, how the API shows them, and how a compilation goes on with the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

__all__ = [
    "ARCHITECTURES",
    "COMPILE_STEPS",
    "DONE",
    "FAILED",
    "NIL",
    "Catalogue",
    "Model",
    "moment",
]

NIL = "00000000-0000-0000-0000-000000000000"
"""As a catalogue it stands for models in none."""

COMPILE_STEPS = (("new", 1.0), ("uploading", 2.0), ("queued", 5.0), ("processing", 20.0))
"""States of a compilation, and how many seconds after the upload each is over.

The words are those a public client saw; their order and how long they take are made up.
"""

DONE, FAILED = "ok", "error"
"""Where a compilation ends. No source has the word for a failure; "error" is a guess."""

ARCHITECTURES = ("x86_64", "aarch64", "armv7l")
"""Where a model that was compiled runs."""


@dataclass(slots=True)
class Catalogue:
    """A catalogue. Which fields its organisation has is not known: only the id is kept, for the filter."""

    uuid: str
    name: str
    organisation: str

    def shown(self) -> dict[str, Any]:
        """As the API shows it."""
        return {"Name": self.name, "Organisation": {}, "UUID": self.uuid}


@dataclass(slots=True)
class Model:
    """A model, which the vendor calls a function.

    Attributes:
        data: Metadata by their names on the wire.
        inserted_at: POSIX seconds.
        updated_at: POSIX seconds.
        file_at: When the file came, POSIX seconds: the compilation starts then.
        fails: Whether the compilation fails.
        catalogues: Ids of the catalogues that hold it.
        architectures: Where it runs; what the filter ``RuntimeArch`` looks at.
        revision: Number of its file.
        uploaded: Whether somebody sent that file.
    """

    uuid: str
    data: dict[str, Any]
    inserted_at: float
    updated_at: float
    file_at: float
    fails: bool = False
    catalogues: frozenset[str] = frozenset()
    architectures: tuple[str, ...] = ARCHITECTURES
    revision: int = 1
    uploaded: bool = False

    def state(self, now: float) -> str:
        """State of its compilation."""
        for word, end in COMPILE_STEPS:
            if now < self.file_at + end:
                return word
        return FAILED if self.fails else DONE

    @property
    def file(self) -> str:
        """Name of its file in the sandbox's storage."""
        return f"{self.uuid}-{self.revision}"

    def shown(self, now: float, address: str) -> dict[str, Any]:
        """As the API shows it.

        Args:
            now: POSIX seconds.
            address: Where the compiled file is; empty until there is one.
        """
        state = self.state(now)
        details = ("InputDriver", "InputDriverDetails", "OutputDriver", "OutputDriverDetails")
        return {
            "Alias": self.data.get("Alias") or "",
            # Shapes of entries and fields are not known, here and where else something is empty.
            "Catalogues": [],
            "Code": {"CDNURI": address if state == DONE else "", "Status": state},
            "Documentation": self.data.get("Documentation") or "",
            "Downloads": [],
            **{name: self.data[name] for name in details if name in self.data},
            "Name": self.data["Name"],
            "NamedInput": {},
            "NamedOutput": {},
            "Source": {},
            "Status": state,
            "SyncInformation": {},
            "UUID": self.uuid,
            "UpdatedAt": moment(self.updated_at),
        }


def moment(seconds: float) -> str:
    """A date and time as the API shows it."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
