"""Each spec states the facts of its sources.

The facts of AITRIOS are its tables, whose rows were read off its document and the vendor's public
OpenAPI file. Those of the others are others_ops.tsv, and all that can be read mechanically from
tables, lists and samples of the documents. `equivalence` says what counts as the same,
`differences` what a spec says otherwise, and why.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest

from .comparison import ledger_of
from .differences import DIFFERENCES
from .equivalence import Stated, tells_default
from .ledger import Ledger, figures
from .material import VENDORS, document, other_rows, rows
from .openapi import Place, Spec

#: At least this share of the facts, of 100.
WANTED = 99.0
Record = Callable[[str, object], None]
#: A crude count of a document's rows or sample fields, and the tables of the ledger they go to.
CRUDE = [
    ("amnimo", r"^(\| [A-Za-z][\w-]*( required)? \| |required \| object)", {"parameters"}),
    ("amnimo", r'^(?!-d |\|).*"\w+": ', {"samples"}),
    ("proglove", r"^»+ (?!anonymous).* (true|false|Dalse) [Nn]one", {"schemas"}),
    ("proglove", r"^(» )?\S+ (path|query|[Bb]ody|Query) \S+ (true|false) ", {"parameters"}),
    ("proglove", r'^ *"\w+": ', {"samples"}),
    ("scailable", r"^(any|integer|string|boolean|object|Array of)\b", {"parameters", "bodies"}),
    ("scailable", r'^ +• "\w+": ', {"samples"}),
    ("viziosense", r"^(\| \w+( required)? \| |object \()", {"parameters"}),
    ("viziosense", r'^.*"\w+": ', {"samples"}),
]


@pytest.fixture(scope="session")
def ledgers(specs: dict[str, Spec]) -> dict[str, Ledger]:
    """Return what was compared, by vendor."""
    return {vendor: ledger_of(spec) for vendor, spec in specs.items()}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_states_its_facts(
    ledgers: dict[str, Ledger], vendor: str, record_property: Record
) -> None:
    """Of the facts about each vendor, at least 99 % stand in its spec."""
    found = figures([ledgers[vendor]])[:-1]
    for each in found:
        record_property(each.name, f"{each.stated} of {each.total} = {each.percent:.2f} %")
    told = "\n".join(map(str, [*found, *ledgers[vendor].misses]))
    assert found[-1].percent >= WANTED, told


def test_all_facts_together(ledgers: dict[str, Ledger], record_property: Record) -> None:
    """Of all facts, at least 99 % stand in the specs; `pytest -rP` prints the figures."""
    found = figures([*ledgers.values()])
    told = "\n".join(map(str, found))
    print(told)  # noqa: T201  # pytest -rP shows it
    record_property("facts", told)
    assert found[-1].percent >= WANTED, told


def test_every_difference_is_listed_and_occurs(ledgers: dict[str, Ledger]) -> None:
    """The specs miss exactly the facts that `differences` gives a reason for."""
    misses = [fact for ledger in ledgers.values() for fact in ledger.misses]
    found = {(fact.vendor, fact.operation, fact.subject): str(fact) for fact in misses}
    unlisted = [told for key, told in found.items() if key not in DIFFERENCES]
    assert not unlisted, "stated by a source, not by the spec, for no listed reason"
    assert set(DIFFERENCES) <= set(found), "listed, but the spec agrees with the source by now"


def test_every_row_of_a_table_is_a_fact(ledgers: dict[str, Ledger]) -> None:
    """No row of a fact table is passed over; errors count by operation and status."""
    found = {each.name: each.total for each in figures([*ledgers.values()])}
    for table in ("ops", "params", "fields"):
        assert found[f"aitrios {table}"] == len(rows(f"aitrios_{table}"))
    errors = {(row["operationId"], row["http_status"]) for row in rows("aitrios_errors")}
    assert found["aitrios errors"] == len(errors)
    for vendor in VENDORS[1:]:
        assert found[f"{vendor} others_ops"] == len(other_rows(vendor))


@pytest.mark.parametrize(("vendor", "pattern", "tables"), CRUDE)
def test_every_row_of_a_document_is_read(
    ledgers: dict[str, Ledger], vendor: str, pattern: str, tables: set[str]
) -> None:
    """The readers see as many rows and sample fields as a plain search of the document."""
    crude = len(re.findall(f"(?m){pattern}", document(vendor)))
    facts = [fact for fact in ledgers[vendor].facts if fact.table in tables]
    assert sum(": " not in fact.subject for fact in facts) == crude > 0


def _parameter(data: Any) -> None:
    data["components"]["parameters"]["DeviceUuid"]["required"] = False


def _property(data: Any) -> None:
    properties = data["components"]["schemas"]["Device"]["properties"]
    properties["geo_town"] = properties.pop("geo_city")


def _type(data: Any) -> None:
    data["components"]["schemas"]["PageMeta"]["properties"]["total"]["type"] = "string"


def _enum(data: Any) -> None:
    data["components"]["schemas"]["WebhookType"]["enum"].append("alert")


def _path(data: Any) -> None:
    data["paths"]["/hooks"] = data["paths"].pop("/webhooks")


def _evidence(data: Any) -> None:
    data["paths"]["/login"]["post"]["x-evidence"]["status"] = "documented"


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        (_parameter, "get_device device_uuid: required"),
        (_property, "get_device reply.geo_city"),
        (_type, "list_devices reply.meta.total: type"),
        (_enum, "add_webhook webhook_type: enum"),
        (_path, "Add a new webhook operation"),
        (_evidence, "login operation"),
    ],
)
def test_a_changed_fact_is_missed(
    specs: dict[str, Spec], change: Callable[[Any], None], missed: str
) -> None:
    """The comparison can fail: a spec changed in one place misses the fact there."""
    data = copy.deepcopy(specs["viziosense"].data)
    change(data)
    misses = ledger_of(Spec("viziosense", data)).misses
    assert missed in {f"{fact.operation} {fact.subject}" for fact in misses}


JOINED: dict[str, Any] = {"type": "array", "items": {"type": "string", "enum": ["a", "-a"]}}


@pytest.mark.parametrize(
    ("stated", "schema", "misses"),
    [
        (Stated("number"), {"type": "integer"}, []),
        (Stated("integer"), {"type": "number"}, ["type"]),
        (Stated("string", limits={"enum": ["a"]}), JOINED, []),
        (Stated(limits={"enum": ["a"]}), {"enum": ["a", "b"]}, ["enum"]),
        (Stated(limits={"enum": ["a"]}), {"const": "a"}, []),
        (Stated(limits={"default": "a"}), {"const": "a"}, []),
        (Stated(limits={"default": "1"}), {"default": 1}, ["default"]),
        (Stated(limits={"default": 0}), {"default": False}, ["default"]),
        (Stated(limits={"maximum": 5}), {}, ["maximum"]),
        (Stated(required=True), {}, ["required"]),
    ],
)
def test_rules_of_equivalence(
    specs: dict[str, Spec], stated: Stated, schema: dict[str, Any], misses: list[str]
) -> None:
    """Each rule lets through what it should, and no more."""
    place = Place(specs["aitrios"], schema, joined="items" in schema)
    assert stated.misses(place) == misses


def test_a_default_is_told_in_one_sentence() -> None:
    """The word and the value must stand together; "" and [] are told as "empty"."""
    assert tells_default("Seconds of silence. The vendor's default is 600.", 600)
    assert tells_default("Empty, which is also the vendor's default.", "")
    assert not tells_default("The vendor's default is 6000.", 600)
    assert not tells_default("At most 600. A default exists.", 600)
    assert not tells_default("The vendor's default is 600.", "")
