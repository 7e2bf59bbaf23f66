"""Eight processes with one store: one token call when they start at once, one more when the token is revoked."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

from deviceclouds import runtime as rt
from deviceclouds.runtime._renewal import store_key

from .accounts import ACCOUNTS
from .clouds import SigningCloud
from .planted import CLIENT_ID
from .servers import serve

PROCESSES = 8

WORK = """
import asyncio, sys
from deviceclouds.aitrios import AsyncAitrios
from deviceclouds.amnimo import Amnimo
from deviceclouds.runtime import FileTokenStore

folder, amnimo_url, aitrios_url = sys.argv[1:]
store = FileTokenStore(folder)
secret = sys.stdin.readline().rstrip("\\n"), sys.stdin.readline().rstrip("\\n")
sync = Amnimo(client_id="client-1", secret_key=secret[0], base_url=amnimo_url, subscription_id="s",
              token_store=store, rate_limit=None)
other = AsyncAitrios(client_id="client-1", client_secret=secret[1], base_url=aitrios_url,
                     token_url=aitrios_url + "/oauth2/default/v1/token", token_store=store)
del secret
sync.preload()

async def many():
    await asyncio.gather(*(other.manage_devices.get_device("d") for _ in range(5)))

with asyncio.Runner() as runner:
    for phase in range(2):
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(5):
            sync.cameras.get_camera("c")
        runner.run(many())
    runner.run(other.close())
    sync.close()
print("done", flush=True)
"""


class SystemTime:
    wall = staticmethod(time.time)


def test_eight_processes(tmp_path: Path) -> None:
    amnimo, aitrios = (
        SigningCloud(ACCOUNTS[vendor], SystemTime()) for vendor in ("amnimo", "aitrios")
    )
    folder, began = str(tmp_path / "tokens"), utc_month()
    with serve(amnimo) as amnimo_url, serve(aitrios) as aitrios_url:
        command = [sys.executable, "-c", WORK, folder, amnimo_url, aitrios_url]
        processes = [
            subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(PROCESSES)
        ]
        secrets = [ACCOUNTS["amnimo"].arguments["secret_key"]]
        secrets.append(ACCOUNTS["aitrios"].arguments["client_secret"])
        say(processes, "".join(f"{secret}\n" for secret in secrets))
        hear(processes, "ready\n")
        say(processes, "\n")
        hear(processes, "ready\n")
        for cloud in (amnimo, aitrios):
            assert cloud.issued == 1
            cloud.revoke_at = len(cloud.calls) + 15  # when they are at it
        say(processes, "\n")
        for process in processes:
            output, errors = process.communicate(timeout=60)
            assert (process.returncode, output, errors) == (0, "done\n", "")
    for cloud in (amnimo, aitrios):
        assert cloud.issued == 2
        assert len(cloud.calls) >= 2 * 5 * PROCESSES
    # Their quota is counted in common.
    store, key = rt.FileTokenStore(folder), store_key("amnimo", amnimo_url, CLIENT_ID)
    assert sum(store.calls(key, month) for month in {began, utc_month()}) in (1, 2)
    assert threading.active_count() < 50


def utc_month() -> str:
    return time.strftime("%Y-%m", time.gmtime())


def say(processes: list[subprocess.Popen[str]], text: str) -> None:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(text)
        process.stdin.flush()


def hear(processes: list[subprocess.Popen[str]], line: str) -> None:
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == line, process.communicate()
