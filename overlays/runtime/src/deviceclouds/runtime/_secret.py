"""Text that does not show itself."""

from __future__ import annotations

__all__ = ["Secret", "SecretHeaders", "conceal"]


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


class SecretHeaders(dict[str, str]):
    """Headers that show their names only: tracebacks with local variables print every dictionary on the way."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<headers {', '.join(self)}>"
