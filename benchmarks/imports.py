"""What an import costs: each figure is the best of fresh processes, taken in turn with the baseline's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

from benchmarks.calls import BASE_URL, DEVICE
from benchmarks.data import VENDORS, reply
from benchmarks.report import Row, Table
from benchmarks.rivals import MissingPackageError, Workshop
from benchmarks.timing import Timing, ratios

__all__ = ["CLASSES", "measure"]

CLASSES = {
    "aitrios": "Aitrios",
    "amnimo": "Amnimo",
    "proglove": "ProGlove",
    "scailable": "Scailable",
    "viziosense": "VizioSense",
}
TARGET = 1.25

_TIMED = "import time; _began = time.perf_counter()\n{}\nprint(time.perf_counter() - _began)"
_CANNED = """
import json, httpx2
transport = httpx2.MockTransport(lambda request: httpx2.Response(200, content=open({path!r}, "rb").read()))
client = httpx2.Client(transport=transport)
"""
_RAW_CALL = """
headers = {{"Authorization": "Bearer token"}}
json.loads(client.get({url!r}, headers=headers).content)
"""
_OUR_CALL = """
from deviceclouds.aitrios import Aitrios
console = Aitrios(token="token", base_url={base!r}, http_client=client)
console.manage_devices.{call}
"""


def measure(workshop: Workshop, *, repeats: int) -> list[Table]:
    """Imports of all vendors, and import up to the first reply."""
    plain = {"import httpx2": "import httpx2"}
    for vendor in VENDORS:
        name = f"from deviceclouds.{vendor} import {CLASSES[vendor]}"
        plain[name] = f"import httpx2\n{name}"
    missing = []
    stock = "stock output, client and one endpoint"
    try:
        package = workshop.stock_folder("aitrios").name
        plain[stock] = (
            "import httpx2\n"
            f"from {package} import AuthenticatedClient\n"
            f"from {package}.api.manage_devices import get_devices"
        )
    except MissingPackageError as error:
        missing.append(Row(stock, None, note=str(error)))
    imports = _table(
        "Import, httpx2 loaded in all (import httpx2 = 1.00)", plain, workshop, repeats
    )
    return [
        Table(imports.title, (*imports.rows, *missing)),
        _first_call("device", f"get_device({DEVICE!r})", f"/devices/{DEVICE}", workshop, repeats),
        _first_call("devices", "get_devices().first_page()", "/devices", workshop, repeats),
    ]


def _first_call(name: str, call: str, path: str, workshop: Workshop, repeats: int) -> Table:
    answer = reply(name)
    file = workshop.folder / f"{name}.json"
    file.write_bytes(answer.content)
    canned = _CANNED.format(path=str(file))
    codes = {
        "httpx2 + json.loads": canned + _RAW_CALL.format(url=BASE_URL + path),
        f"deviceclouds.aitrios, {call.partition('(')[0]}": canned
        + _OUR_CALL.format(base=BASE_URL, call=call),
    }
    title = f"From import to first reply, {answer.title} (httpx2 + json.loads = 1.00)"
    return _table(title, codes, workshop, repeats, targets=False)


def _table(
    title: str,
    codes: Mapping[str, str],
    workshop: Workshop,
    repeats: int,
    *,
    targets: bool = True,
) -> Table:
    for code in codes.values():  # writes the bytecode
        _run(code, workshop)
    taken: dict[str, list[float]] = {name: [] for name in codes}
    names = list(codes)
    for number in range(repeats):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            taken[name].append(_run(codes[name], workshop))
    timings = {name: Timing(min(times), tuple(times)) for name, times in taken.items()}
    baseline = timings[names[0]]
    rows = []
    for name, timing in timings.items():
        ratio, low, high = ratios(timing, baseline)
        ours = targets and "deviceclouds" in name
        target = TARGET if ours else None
        details = {"ms": timing.best * 1e3}
        rows.append(Row(name, ratio, "x", target, details=details, quartiles=(low, high)))
    return Table(title, tuple(rows))


def _run(code: str, workshop: Workshop) -> float:
    """Seconds the code takes in a fresh interpreter, without the interpreter's own start."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    # Found where the program runs, after everything else: the search must not cost the others time.
    code = f"import sys; sys.path.append({str(workshop.folder)!r})\n{_TIMED.format(code)}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=workshop.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{code}\nfailed:\n{done.stderr}")
    return float(done.stdout.split()[-1])
