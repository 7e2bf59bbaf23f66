"""Random replies: what is left is as valid as before, and no text of the original is in it."""

from __future__ import annotations

import json
from typing import Any

from deviceclouds.testing._spec import load_spec
from deviceclouds.testing.contract.exchange import Exchange, judge
from deviceclouds.testing.contract.scrub.exchange import ExchangeScrubber
from deviceclouds.testing.contract.scrub.vocabulary import Vocabulary
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contract.recordings import VENDORS

# Surrogates are no text; everything else may come.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT
NAMES = st.sampled_from(["message", "id", "name", "status", "data", "items", "links", "lat"]) | TEXT
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=20
)
WORDS = Vocabulary({"all": [load_spec(vendor).document for vendor in VENDORS]})
SCRUBBERS = {vendor: ExchangeScrubber(load_spec(vendor)) for vendor in VENDORS}
OPERATIONS = [(v, o) for v in VENDORS for o in load_spec(v).operations.values()]


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(OPERATIONS), st.sampled_from([200, 400, 418]), VALUES)
def test_any_reply(pair: Any, status: int, value: Any) -> None:
    vendor, operation = pair
    spec = load_spec(vendor)
    url = spec.bases[0] + operation.path.replace("{", "").replace("}", "")
    content = json.dumps(value).encode()
    headers = [("Content-Type", "application/json")]
    exchange = Exchange(operation.method, url, [], None, status, headers, content)
    scrubbed = SCRUBBERS[vendor].scrub(exchange)
    assert scrubbed is not None
    before = judge(spec, exchange).findings
    assert sorted((f.kind, f.rule) for f in before) == sorted(
        (f.kind, f.rule) for f in scrubbed.findings
    )
    assert scrubbed.faithful
    left = (scrubbed.exchange.content or b"").decode()
    for text in _texts(value):
        if sum(char.isalnum() for char in text) >= 6:
            assert text not in left


def _texts(value: Any) -> Any:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item)
            if not WORDS.knows(key):
                yield key
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
