"""Recorded traffic against a specification: HAR files of our own, of browsers and of proxies."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..._check import _below_base
from ..._credentials import MALFORMED, MISSING
from ..exchange import Exchange, judge
from ..har.base import locate, refuse
from ..har.entries import Entry, Seen, seen_in
from ..har.files import MAX_SIZE, HarFile, read_har
from ..paging import page_findings
from ..results import ContractRunError, Finding, Report
from ..scrub.vocabulary import Vocabulary
from ..specs import api_version, bundled_spec, spec_sha256
from .disguised import is_stand_in
from .repeats import Repeats
from .tally import Tally

if TYPE_CHECKING:
    from ..._spec import Spec
    from ..har.files import Origin

__all__ = ["run_recorded"]

_NOT_MODIFIED, _REDIRECT = 304, 307
# Status, field and number with which a cloud refuses a token, where that is not 401 or 403.
_REFUSALS = {"viziosense": (400, "httpError", 4000)}
_ABSENT = "not in the recording"
_SHOWN = 5
_MASKED = re.compile(r"(Bearer|Basic)?\W*(filtered|redacted|removed|hidden|scrubbed)?\W*", re.I)


def run_recorded(
    vendor: str,
    path: str | os.PathLike[str],
    *,
    spec: Spec | None = None,
    base_url: str | None = None,
    max_size: int = MAX_SIZE,
) -> Report:
    """Checks the exchanges in a HAR file.

    Requests of other hosts are ignored and counted. What the file does not hold (bodies, credentials that a browser
    left out) is not judged; remarks say so.

    Args:
        vendor: Name of the vendor.
        path: The file.
        spec: Another specification than the one at hand, for example a newer one.
        base_url: Where the API is; found from the recording, the specification or the paths if left out.
        max_size: Largest file to read, in bytes.

    Raises:
        ContractRunError: There is no such vendor, the file cannot be used, or nothing in it is of this vendor.
    """
    spec = bundled_spec(vendor) if spec is None else spec
    where = Path(path)
    har = read_har(where, max_size)
    if har.origin is not None and har.origin.vendor != vendor:
        raise ContractRunError(
            f"{where} is a recording of {har.origin.vendor}, not of {vendor}; give {har.origin.vendor} as the vendor"
        )
    replay = _Replay(spec, har, where, base_url)
    replay.run()
    return Report(
        vendor=vendor,
        mode="recorded",
        api_version=api_version(spec),
        spec_sha256=spec_sha256(spec),
        target=where.name,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        results=replay.tally.results(_ABSENT),
        remarks=tuple(replay.remarks),
    )


class _Replay:
    def __init__(self, spec: Spec, har: HarFile, path: Path, base_url: str | None) -> None:
        self._spec = spec
        self._har = har
        self._path = path
        self._origin: Origin | None = har.origin
        self._other_spec = har.origin is not None and har.origin.spec_sha256 != spec_sha256(spec)
        self._words = frozenset(har.origin.words if har.origin is not None else ())
        self._counts: Counter[str] = Counter()
        self._unknown: Counter[str] = Counter()
        self._vocabulary = Vocabulary(spec.document)
        self._repeats = Repeats()
        self.remarks: list[str] = []
        self.tally = Tally(spec)
        place = locate(spec, har, path, base_url)
        self._base = place.base_url
        self.remarks += [place.remark] if place.remark else []

    def run(self) -> None:
        for entry in self._har.decoded():
            if entry is None:
                self._counts["broken"] += 1
            elif _below_base(self._spec, entry.request.url, self._base) is None:
                self._counts["other"] += 1
            else:
                self._entry(entry)
        for operation_id, finding in self._repeats.findings():
            self.tally.note(operation_id, finding)
        if not self._counts["judged"]:
            self._refuse_empty()
            refuse(self._spec.vendor, self._har, self._path)
        self._remark()

    def _refuse_empty(self) -> None:
        """Says why, where there are requests of this cloud and none of them says anything."""
        said = [f"{self._counts[key]} {why}" for key, why in _SILENT.items() if self._counts[key]]
        ours = self._counts["preflight"] + self._counts["cached"] + self._unknown.total()
        if ours == 0 and self._counts["other"]:
            return
        if self._unknown:
            shown = ", ".join(what for what, _ in self._unknown.most_common(_SHOWN))
            said.append(f"{self._unknown.total()} no operation of the specification ({shown})")
        if said:
            cache = ", with the browser's cache switched off" if self._counts["cached"] else ""
            raise ContractRunError(
                f"{self._path}: nothing in it can be judged for {self._spec.vendor}: {', '.join(said)}; save it again"
                f" while the calls are made{cache}"
            )

    def _entry(self, entry: Entry) -> None:
        seen = seen_in(entry)
        exchange = seen.exchange
        judged = judge(self._spec, exchange, self._base)
        if judged.operation_id is None:
            if exchange.method == "OPTIONS":
                self._counts["preflight"] += 1
            else:
                self._unknown[self._shown(exchange.method, exchange.url)] += 1
            return
        documented = self._spec.operations[judged.operation_id]
        if exchange.status in (_NOT_MODIFIED, _REDIRECT) and _is_browsers_own(entry):
            self._counts["cached"] += 1
            return
        self._counts["judged"] += 1
        self._counts["aborted"] += exchange.status is None
        self._counts["bad"] += seen.bad
        self._counts["unknown reply"] += not seen.got and exchange.status is not None
        findings = [f for f in judged.findings if not self._pointless(f, seen, entry)]
        if any(finding.rule == MISSING for finding in findings):
            findings = _unasked(exchange.status, findings)
        findings += page_findings(self._spec, documented.id, [exchange], pages=1)
        refused = _is_refusal(self._spec, exchange)
        self.tally.add(judged.operation_id, exchange.status, findings, refused=refused)
        self._repeats.add(documented, exchange)

    def _pointless(self, finding: Finding, seen: Seen, entry: Entry) -> bool:
        """Whether a finding is about something that the file does not hold."""
        body = finding.location.split("/")[0] == "body"
        asked = finding.kind == "request"
        if body and not (seen.sent if asked else seen.got):
            return True
        if finding.rule in (MISSING, MALFORMED) and self._origin is None:
            headers = {name.lower(): value for name, value in seen.exchange.request_headers}
            value = headers.get("authorization", "")
            # Browsers leave credentials out, other programs put a word in their place.
            masked = finding.rule == MISSING or _MASKED.fullmatch(value[:100]) is not None
            self._counts["credentials"] += masked
            return masked
        if self._other_spec and is_stand_in(self._spec, finding, seen.exchange, self._words):
            known = entry.mark.findings if entry.mark is not None else ()
            if (finding.kind, finding.location, finding.rule) not in known:
                self._counts["stand-ins"] += 1
                return True
        return False

    def _shown(self, method: str, url: str) -> str:
        path = (_below_base(self._spec, url, self._base) or "/").partition("?")[0]
        parts = [
            part if not part or self._vocabulary.knows(part) else "{...}"
            for part in path.split("/")[:10]
        ]
        return f"{method[:10]} {'/'.join(parts)}"

    def _remark(self) -> None:
        counts, say = self._counts, self.remarks.append
        if self._other_spec:
            say(
                "recorded when the specification was another; new and changed rules are checked now"
            )
        for key, said in _REMARKS.items():
            if counts[key]:
                say(said.format(counts[key]))
        if self._unknown:
            shown = ", ".join(what for what, _ in self._unknown.most_common(_SHOWN))
            say(f"{self._unknown.total()} requests are no operation of the specification: {shown}")


_SILENT = {
    "broken": "entries cannot be read",
    "preflight": "are CORS preflight requests",
    "cached": "are the browser's own replies, from its cache",
}
_REMARKS = {
    "other": "{} requests to other hosts or paths were ignored",
    "broken": "{} entries could not be read and were left out",
    "preflight": "{} CORS preflight requests were ignored",
    "cached": "{} replies were the browser's own (from its cache, or a redirect it made) and were ignored",
    "aborted": "{} requests have no reply",
    "unknown reply": "{} replies are without their body in the file, or it is too large: only status and"
    " headers were judged",
    "bad": "{} bodies are not what their encoding says and were not judged",
    "credentials": "{} requests are without credentials in the file, as browsers save them: not judged",
    "stand-ins": "{} findings about the wording of texts were left out, because the recording has stand-ins for them",
}


def _unasked(status: int | None, findings: list[Finding]) -> list[Finding]:
    """Findings of a call without credentials, as a live run makes one on purpose: it should be refused."""
    if status in range(200, 300):
        said = f"answers {status} to a call without credentials, which the specification asks for"
        return [Finding("authentication", "header.authorization", said, "not-refused")]
    return [finding for finding in findings if finding.rule not in (MISSING, "status")]


def _is_refusal(spec: Spec, exchange: Exchange) -> bool:
    """Whether a reply of another status than 401 and 403 refuses the credentials."""
    status, field, code = _REFUSALS.get(spec.vendor, (None, "", None))
    if exchange.status is None or exchange.status != status:
        return False
    try:
        body = json.loads(exchange.content or b"")
    except (ValueError, RecursionError):
        return False
    return isinstance(body, dict) and body.get(field) == code


def _is_browsers_own(entry: Entry) -> bool:
    if entry.response is None:
        return False
    if entry.response.status == _NOT_MODIFIED:
        return True
    names = {str(pair.name).lower() for pair in entry.response.headers or ()}
    return "non-authoritative-reason" in names
