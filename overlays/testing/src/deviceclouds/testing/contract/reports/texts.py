"""Text of a cloud made fit to be shown: no control characters, no host that names a customer."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..._load import MOUNTS
from ..._spec import load_spec

if TYPE_CHECKING:
    from ..results import Report

__all__ = ["plain", "shareable", "shown_place", "shown_target"]

LONGEST = 500
"""Characters of one message or name; a cloud could send a field name of a megabyte."""

# Control characters, line and paragraph ends, what turns the reading direction or shows nothing, halves of a character.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


_FIELD = re.compile(r"[A-Za-z_$@][A-Za-z0-9_$.:\[\]-]{0,63}", re.ASCII)
# Beside a word or two no name of a field has so many digits; ids, serial numbers and tokens do.
_ID = re.compile(r"^eyJ|\d{4}|(?=.{16})(.*\d){3}|\.[A-Za-z]{2,}\.|:.*:", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s\"'`<>,;]+", re.IGNORECASE)


def plain(text: str, longest: int = LONGEST) -> str:
    """Text on one line, in which whatever cannot be seen is written as an escape such as ``\\x1b``.

    Args:
        text: Any text, perhaps of a cloud.
        longest: Characters that are kept.
    """
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return _UNSEEN.sub(lambda found: _escape(found[0]), cut)


def _escape(character: str) -> str:
    if character == "\n":
        return " "
    code = ord(character)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def shown_target(vendor: str, target: str) -> str:
    """What a run looked at, without what names a customer.

    Hosts that the specification names and those of this machine stay; of others the first part is masked, because
    customers have hosts of their own. User, path and query are left out, and so are the folders of a file.

    Args:
        vendor: Name of the vendor.
        target: A URL, or the name of a file.
    """
    if "://" not in target:
        return plain(re.split(r"[/\\]", target)[-1])
    try:
        parts = urlsplit(target)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "***"
    where = "" if port is None else f":{port}"
    shown = f"[{host}]" if ":" in host else host
    if host not in _known_hosts(vendor) and not _is_ours(host):
        labels = host.split(".")
        shown = "***" if _is_address(host) or len(labels) < 3 else ".".join(("***", *labels[1:]))
    return plain(f"{parts.scheme}://{shown}{where}")


def shown_place(location: str) -> str:
    """Where a finding is, without names that are values: keys of a map such as mail addresses, ids and tokens.

    Args:
        location: Location of a finding, for example ``body/devices/0/device_id`` or ``query.limit``.
    """
    start, mark, rest = location.partition("/" if location.startswith("body") else ".")
    parts = rest.split("/") if mark == "/" else [rest]
    return start + mark + "/".join(map(_shown_name, parts))


def _shown_name(name: str) -> str:
    if not name or name == "*" or (name.isdigit() and len(name) < 8):
        return name
    return name if _FIELD.fullmatch(name) and not _ID.search(name) else "***"


def shareable(report: Report) -> Report:
    """The same report with addresses in its texts masked as :func:`shown_target` does, and names that are values."""

    def masked(text: str) -> str:
        return _ADDRESS.sub(lambda found: shown_target(report.vendor, found[0]), text)

    results = tuple(
        replace(
            result,
            reason=masked(result.reason),
            findings=tuple(
                replace(f, location=shown_place(f.location), message=masked(f.message))
                for f in result.findings
            ),
        )
        for result in report.results
    )
    failure = report.failure
    return replace(
        report,
        target=shown_target(report.vendor, report.target),
        results=results,
        proposals=tuple(replace(p, yaml=masked(p.yaml)) for p in report.proposals),
        remarks=tuple(map(masked, report.remarks)),
        failure=None if failure is None else (failure[0], masked(failure[1])),
    )


@cache
def _known_hosts(vendor: str) -> frozenset[str]:
    if vendor not in MOUNTS:
        return frozenset()
    hosts = {urlsplit(base).hostname or "" for base in load_spec(vendor).bases}
    # ProGlove's is a stand-in for each customer's own, which has the same form.
    return frozenset(host for host in hosts if ".execute-api." not in host)


def _is_ours(host: str) -> bool:
    # The sandbox calls itself sandbox.test inside a process.
    if host == "localhost" or host.endswith((".localhost", ".test")):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
