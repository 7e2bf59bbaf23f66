"""A Redis server of the tests' own, on a socket in a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["WHY_NOT", "redis_server"]

WHY_NOT = "no redis-server on this machine: RedisTokenStore is NOT tested (Debian: apt-get install redis-server)"


@contextmanager
def redis_server(folder: Path) -> Iterator[str | None]:
    """Runs a server that keeps nothing. Gives its URL, or None where there is no Redis."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    path = folder / "redis.sock"
    settings = {"port": "0", "unixsocket": str(path), "save": "", "appendonly": "no"}
    options = [word for name, value in settings.items() for word in (f"--{name}", value)]
    server = subprocess.Popen(
        [program, *options, "--dir", str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        said = []
        for line in server.stdout:
            said.append(line)
            if "ready to accept connections" in line:
                break
        else:
            raise RuntimeError(f"redis-server did not start: {''.join(said)}")
        yield f"unix://{path}"
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
