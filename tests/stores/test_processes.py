"""Stores that several processes share."""

from __future__ import annotations

from pathlib import Path

import pytest
import redis
from deviceclouds.runtime import FileTokenStore, RedisTokenStore, Token, WaitTimeoutError

from .support import KEY, finish, start

OPEN = """
import sys
from deviceclouds.runtime import FileTokenStore, RedisTokenStore
where = sys.argv[1]
store = RedisTokenStore(where) if "://" in where else FileTokenStore(where)
"""

COUNT = f"""{OPEN}
sys.stdin.readline()
for _ in range(50):
    store.add_call("key", "2026-11")
"""

HOLD = f"""{OPEN}
with store.lock("{KEY}"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(params=["file", "redis"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "file":
        return str(tmp_path / "tokens")
    return str(request.getfixturevalue("redis_url"))


def opened(where: str, lock_timeout: float = 60.0) -> FileTokenStore | RedisTokenStore:
    if "://" in where:
        return RedisTokenStore(where, lock_timeout=lock_timeout)
    return FileTokenStore(where, lock_timeout=lock_timeout)


def test_no_count_is_lost(where: str) -> None:
    store = opened(where)
    store.save("key", Token("kept"))
    processes = [start(COUNT, where) for _ in range(8)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    finish(processes)
    assert store.calls("key", "2026-11") == 400
    token = store.load("key")
    assert token is not None and token.access.reveal() == "kept"


def test_the_lock_excludes_processes(where: str) -> None:
    holder = start(HOLD, where)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with (
        pytest.raises(WaitTimeoutError, match=r"was not free within 0\.01 s"),
        opened(where, lock_timeout=0.01).lock(KEY),
    ):
        pass
    finish([holder])
    with opened(where, lock_timeout=0.01).lock(KEY):
        pass


def test_a_killed_holder_blocks_nobody(where: str) -> None:
    holder = start(HOLD, where)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.communicate()
    if "://" in where:
        with redis.Redis.from_url(where) as client:
            (name,) = client.scan_iter(match="*lock*")
            assert 0 < client.pttl(name) <= 60_000
            client.pexpire(name, 1)  # what 60 s would do
    with opened(where, lock_timeout=1.0).lock(KEY):
        pass
