"""Text that does not show itself."""

from __future__ import annotations

from typing import Any

__all__ = ["Secret", "SecretHeaders", "conceal", "hide"]


class Secret:
    """Wraps a credential, so that no repr, log or traceback shows it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself; for the moment it goes into a header."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('***')"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a Secret is not pickled")


def conceal(text: str | Secret) -> Secret:
    """The text as a Secret, which it may be already."""
    return text if isinstance(text, Secret) else Secret(text)


def hide(given: Any) -> Any:
    """What a user gave for a credential, as a Secret; None, a Secret and a callable stay as they are.

    Constructors do this first of all: their frames are part of the traceback of every error they raise. Whether it is
    text is checked later, by :func:`~._auth.read_secret`.
    """
    return given if given is None or isinstance(given, Secret) or callable(given) else Secret(given)


class SecretHeaders(dict[str, str]):
    """Headers that show their names only: tracebacks with local variables print every dictionary on the way."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<headers {', '.join(self)}>"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("headers with credentials are not pickled")
