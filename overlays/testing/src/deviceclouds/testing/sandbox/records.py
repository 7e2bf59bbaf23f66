"""Records that are computed from a number until somebody changes them: large fleets that cost nothing."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

__all__ = ["Records"]

Record = dict[str, Any]


class Records:
    """A table of records; only changes are stored. What it hands out is a copy.

    Args:
        count: How many records there are from the start.
        make: Makes the record of a number, always the same.
        key: Gives a record's key; keys of made records must be found by ``number``.
        number: Gives the number of a made record's key; None for a key no made record has.
    """

    def __init__(
        self,
        count: int,
        make: Callable[[int], Record],
        key: Callable[[Mapping[str, Any]], str],
        number: Callable[[str], int | None],
    ) -> None:
        self._count = count
        self._make = make
        self._key = key
        self._number = number
        self._lock = threading.RLock()
        self._changed: dict[str, Record] = {}
        self._added: dict[str, Record] = {}
        self._deleted: set[str] = set()

    def get(self, key: str) -> Record | None:
        """A record, or None."""
        with self._lock:
            if key in self._deleted:
                return None
            found = self._added.get(key) or self._changed.get(key)
            if found is not None:
                return copy.deepcopy(found)
        number = self._number(key)
        if number is None or not 0 <= number < self._count:
            return None
        return self._make(number)

    def put(self, record: Record) -> None:
        """Adds a record, or replaces the one with its key."""
        key, kept = self._key(record), copy.deepcopy(record)
        number = self._number(key)
        made = number is not None and 0 <= number < self._count
        with self._lock:
            if made and key not in self._deleted:
                self._changed[key] = kept
            else:
                self._added[key] = kept
                if not made:
                    self._deleted.discard(key)

    def change(self, key: str, **values: Any) -> Record | None:
        """Sets fields of a record; gives it, or None where there is none."""
        with self._lock:
            record = self.get(key)
            if record is not None:
                record.update(values)
                self.put(record)
            return record

    def delete(self, key: str) -> bool:
        """Deletes a record; whether there was one."""
        with self._lock:
            if self.get(key) is None:
                return False
            self._added.pop(key, None)
            self._changed.pop(key, None)
            self._deleted.add(key)
            return True

    def __iter__(self) -> Iterator[Record]:
        """All records: made ones by number, then added ones in order."""
        for number in range(self._count):
            made = self._make(number)
            key = self._key(made)
            if key in self._deleted:
                continue
            changed = self._changed.get(key)
            yield made if changed is None else copy.deepcopy(changed)
        for record in list(self._added.values()):
            yield copy.deepcopy(record)

    def __len__(self) -> int:
        with self._lock:
            gone = sum(1 for key in self._deleted if self._is_made(key))
            return self._count - gone + len(self._added)

    def _is_made(self, key: str) -> bool:
        number = self._number(key)
        return number is not None and 0 <= number < self._count

    def reset(self) -> None:
        """Forgets all changes."""
        with self._lock:
            self._changed.clear()
            self._added.clear()
            self._deleted.clear()
