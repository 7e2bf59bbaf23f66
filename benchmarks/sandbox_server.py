"""``python -m benchmarks.sandbox_server [VENDOR ...]``: the sandbox in a process of its own; it tells what it costs."""

from __future__ import annotations

import time

_BEGAN = time.perf_counter()

import json  # noqa: E402
import logging  # noqa: E402
import sys  # noqa: E402
import urllib.request  # noqa: E402
from pathlib import Path  # noqa: E402


def main() -> None:
    """Starts, answers one request, says where it is; then what it used, for each line it reads."""
    from deviceclouds.testing.sandbox import Sandbox

    # Connections that end early were asked for.
    log = logging.getLogger("uvicorn.error")
    log.addFilter(lambda record: "without completing" not in record.getMessage())
    with Sandbox(sys.argv[1:] or None, rate_limits=False) as sandbox:
        server = sandbox.serve()
        request = urllib.request.Request(
            f"{server.base_url('proglove')}/demo0001/me", headers={"Authorization": "demo"}
        )
        with urllib.request.urlopen(request, timeout=10) as reply:
            reply.read()
        print(
            json.dumps({"port": server.port, "seconds": time.perf_counter() - _BEGAN}), flush=True
        )
        for _ in sys.stdin:
            problems = [list(problem) for problem in sandbox.world.own_problems]
            told = {"megabytes": _peak(), "cpu": time.process_time(), "problems": problems}
            print(json.dumps(told), flush=True)


def _peak() -> float:
    """Most memory this process ever had in use, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage() would count the process that started this one.
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    main()
