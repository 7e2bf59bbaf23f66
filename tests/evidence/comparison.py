"""A spec compared with everything its sources state."""

from __future__ import annotations

from .ledger import Ledger
from .material import document
from .openapi import Spec
from .read_aitrios import compare_aitrios
from .read_amnimo import compare_amnimo
from .read_others import compare_others
from .read_proglove import compare_proglove
from .read_scailable import compare_scailable
from .read_viziosense import compare_viziosense

READERS = {
    "amnimo": compare_amnimo,
    "proglove": compare_proglove,
    "scailable": compare_scailable,
    "viziosense": compare_viziosense,
}


def ledger_of(spec: Spec) -> Ledger:
    """Compare a spec with its tables and, unless they hold all of it, with its document."""
    ledger = Ledger(spec.vendor)
    if spec.vendor == "aitrios":
        compare_aitrios(ledger, spec)
    else:
        compare_others(ledger, spec)
        READERS[spec.vendor](ledger, spec, document(spec.vendor))
    return ledger
