"""Base class of all generated models: unknown fields, plain dictionaries, a repr that shows no secret."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, IntEnum, StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from ._unset import UNSET

__all__ = ["Model", "OpenIntEnum", "OpenStrEnum"]

E = TypeVar("E", bound=Enum)
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Model:
    """A typed JSON object.

    Fields of the specification are attributes; what else a reply held is in :attr:`unknown_fields`. An optional field
    that was absent is :data:`~deviceclouds.runtime.UNSET`, one that was null is None.
    """

    # Slots of a plain base class: no reply can ever set them, as the decoder only knows the fields.
    __slots__ = ("_raw", "_unknown")

    if TYPE_CHECKING:
        _raw: bytes
        _unknown: Mapping[str, Any]

    __wire__: ClassVar[Mapping[str, str]] = NOTHING
    """Python name to name on the wire, where the two differ."""
    __secret__: ClassVar[frozenset[str]] = frozenset()
    """Python names of fields whose values are never shown."""
    __limits__: ClassVar[Mapping[str, Any]] = NOTHING
    """Python name to Limits, for models that are sent."""
    __null__: ClassVar[frozenset[str]] = frozenset()
    """Python names of fields that may be sent as null."""
    __files__: ClassVar[frozenset[str]] = frozenset()
    """Python names of fields that are files to send."""
    __const__: ClassVar[Mapping[str, str]] = NOTHING
    """Name on the wire to constant, for a variant of a union."""

    @property
    def unknown_fields(self) -> Mapping[str, Any]:
        """What the reply held beside the fields of the specification, by name on the wire.

        Computed on first use from this item's own bytes. Empty for a model that did not come from a reply.
        """
        unknown = getattr(self, "_unknown", None)
        if unknown is None:
            from ._decode import unknown_fields

            unknown = self._unknown = MappingProxyType(unknown_fields(self))
        return unknown

    def to_dict(self) -> dict[str, Any]:
        """This object as JSON-ready dictionaries and lists, with names of the wire and unknown fields."""
        from ._encode import to_wire

        everything: dict[str, Any] = to_wire(self, unknown=True)
        return everything

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Builds a model from decoded JSON, as leniently as a reply is read.

        Args:
            data: Fields by name on the wire; nested objects as mappings.
        """
        from ._decode import decode_object

        return decode_object(cls, data)

    def __repr__(self) -> str:
        shown = []
        for attribute in self.__attrs_attrs__:  # type: ignore[attr-defined]  # every subclass is an attrs class
            value = getattr(self, attribute.name)
            if value is not UNSET:
                text = "***" if attribute.name in self.__secret__ else repr(value)
                shown.append(f"{attribute.name}={text}")
        return f"{type(self).__name__}({', '.join(shown)})"

    def __getstate__(self) -> dict[str, Any]:
        state = {a.name: getattr(self, a.name) for a in self.__attrs_attrs__}  # type: ignore[attr-defined]
        return {"fields": state, "unknown": dict(self.unknown_fields)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state["fields"].items():
            setattr(self, name, value)
        self._unknown = MappingProxyType(state["unknown"])


class OpenStrEnum(StrEnum):
    """Text with known values; a value that is not listed is kept as a member of its own."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return _unlisted(cls, value, str) if isinstance(value, str) else None

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return _by_value(self)


class OpenIntEnum(IntEnum):
    """A number with known meanings; a value that is not listed is kept as a member of its own."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return _unlisted(cls, value, int) if isinstance(value, int) else None

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return _by_value(self)


def _unlisted(cls: type[E], value: Any, base: Any) -> E:
    # Not registered with the class: a server must not be able to fill memory with new values.
    member: E = base.__new__(cls, value)
    member._name_ = str(value)
    member._value_ = value
    return member


def _by_value(member: Enum) -> tuple[Any, ...]:
    # Python 3.11.0 to 3.11.3 copy and pickle members by name, and an unlisted one can be had by its value only.
    return type(member), (member.value,)
