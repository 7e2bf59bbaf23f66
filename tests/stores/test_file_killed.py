"""Processes that are killed while they write: the file always holds one whole token."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from deviceclouds.runtime import FileTokenStore, Token

from .support import finish, start

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

KILLS = 200
TOKENS = [letter * 20_000 for letter in "ab"]

# Starting Python takes longer than the rest: one process forks all the writers and kills each at a random moment.
KILLER = """
import os, random, sys, time
import filelock, msgspec
from deviceclouds.runtime import FileTokenStore, Token

store = FileTokenStore(sys.argv[1])
tokens = [Token(letter * 20_000) for letter in "ab"]
moments = random.Random(int(sys.argv[2]))
for _ in sys.stdin:
    reading, writing = os.pipe()
    writer = os.fork()
    if writer == 0:
        os.write(writing, b"1")
        while True:
            for token in tokens:
                store.save("key", token)
    os.read(reading, 1)
    time.sleep(moments.uniform(0, 0.01))
    os.kill(writer, 9)
    print(os.WTERMSIG(os.waitpid(writer, 0)[1]), flush=True)
    os.close(reading)
    os.close(writing)
"""


def test_killed_at_random(tmp_path: Path) -> None:
    store = FileTokenStore(tmp_path / "tokens")
    store.save("key", Token(TOKENS[0]))
    (path,) = store.folder.glob("*.json")
    seed = int.from_bytes(os.urandom(4), "big")
    killer = start(KILLER, str(store.folder), str(seed))
    assert killer.stdin is not None and killer.stdout is not None
    halfway, seen = 0, set()
    for number in range(KILLS):
        killer.stdin.write("\n")
        killer.stdin.flush()
        assert killer.stdout.readline() == "9\n", f"kill {number}, seed {seed}"
        token = store.load("key")
        assert token is not None and token.access.reveal() in TOKENS, f"kill {number}, seed {seed}"
        seen.add(token.access.reveal())
        for one in store.folder.iterdir():
            assert one.stat().st_mode & 0o777 == 0o600, f"{one.name}, kill {number}, seed {seed}"
        halfway += path.with_suffix(".tmp").exists()
    finish([killer])
    # Or nothing was put to the test.
    assert halfway > 0
    assert len(seen) == 2
    store.save("key", Token("last"))
    assert not list(store.folder.glob("*.tmp"))


STEPS = {
    "before the file is made": ("open", "before", "old"),
    "when it is empty": ("fdopen", "before", "old"),
    "before it is synced": ("fsync", "before", "old"),
    "when it is synced": ("fsync", "after", "old"),
    "before it is renamed": ("replace", "before", "old"),
    "when it is renamed": ("replace", "after", "new"),
}

DYING = """
import os, sys
from deviceclouds.runtime import FileTokenStore, Token, _token_file

store = FileTokenStore(sys.argv[1])
name, when = sys.argv[2:]
real = getattr(os, name)

def deadly(*arguments, **more):
    path = str(arguments[0])
    ours = path.endswith(".tmp") or name == "fsync" or (name == "fdopen" and arguments[1] == "wb")
    if ours and when == "before":
        os.kill(os.getpid(), 9)
    result = real(*arguments, **more)
    if ours and when == "after":
        os.kill(os.getpid(), 9)
    return result

setattr(os, name, deadly)
store.save("key", Token("new"))
"""


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_each_step(tmp_path: Path, step: str) -> None:
    function, when, expected = STEPS[step]
    store = FileTokenStore(tmp_path / "tokens")
    store.save("key", Token("old"))
    dying = start(DYING, str(store.folder), function, when)
    dying.communicate(timeout=60)
    assert dying.returncode == -signal.SIGKILL
    token = store.load("key")
    assert token is not None and token.access.reveal() == expected
    assert {one.stat().st_mode & 0o777 for one in store.folder.iterdir()} == {0o600}
    store.save("key", Token("next"))
    token = store.load("key")
    assert token is not None and token.access.reveal() == "next"
    assert not list(store.folder.glob("*.tmp"))
