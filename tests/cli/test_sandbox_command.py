"""The real command, in a process of its own: what it prints, serves and refuses, and how it ends."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from queue import Queue
from threading import Thread

import httpx2
import pytest
from deviceclouds.cli import __version__

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "deviceclouds.cli")
SMALL = ("--vendor", "viziosense", "--size", "0", "--no-browser")


def environment(**changes: str) -> dict[str, str]:
    kept = {
        k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    }
    return {**kept, "COLUMNS": "100", **changes}


def finish(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(**changes),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Running:
    """A command that serves."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._queue: Queue[str] = Queue()
        assert process.stdout is not None
        self.thread = Thread(target=self._read, args=(process.stdout,), daemon=True)
        self.thread.start()

    def _read(self, stream: Iterator[str]) -> None:
        for line in stream:
            self._queue.put(line)
        self._queue.put("")

    def until(self, word: str) -> str:
        """The first line with this word."""
        while True:
            line = self._queue.get(timeout=60)
            assert line, f"it ended without {word!r}: {self.lines}"
            self.lines.append(line)
            if word in line:
                return line

    @property
    def url(self) -> str:
        found = re.search(r"http://[^ ]+/", next(line for line in self.lines if "Page" in line))
        assert found
        return found[0]

    def stop(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Sends a signal; gives exit status and what was printed."""
        self.process.send_signal(number)
        status = self.process.wait(30)
        while line := self._queue.get(timeout=30):
            self.lines.append(line)
        return status, "".join(self.lines)


@contextmanager
def interruptible() -> Iterator[None]:
    """Processes started meanwhile take SIGINT, which a shell that runs the tests in the background has ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def running(*arguments: str, **changes: str) -> Iterator[Running]:
    with interruptible():
        process = subprocess.Popen(
            [*COMMAND, "sandbox", "--port", "0", *arguments],
            env=environment(**changes),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    found = Running(process)
    try:
        found.until("Ctrl-C")
        yield found
    finally:
        process.kill()
        process.wait(30)
        found.thread.join(30)
        assert process.stdout is not None
        process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop(number: int) -> None:
    with running(*SMALL) as command:
        page = httpx2.get(command.url)
        assert page.status_code == 200
        assert "Device clouds on your machine" in page.text
        base = next(line for line in command.lines if "viziosense" in line)
        address = re.search(r"http://\S+", base)
        assert address
        reply = httpx2.get(f"{address[0]}/devices", headers={"Authorization": "Bearer demo"})
        assert reply.json()["data"]
        status, text = command.stop(number)
        assert status == 0
        assert "demo / demo" in text
        assert "Stopping." in text
        assert "Traceback" not in text
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(command.url)


def test_options() -> None:
    options = ("--vendor", "amnimo", "--vendor", "viziosense", "--seed", "7", "--size", "0.1")
    more = ("--no-rate-limits", "--frozen", "--allow-host", "Box.Internal", "--no-browser")
    with running(*options, *more) as command:
        state = httpx2.get(f"{command.url}_sandbox/state").json()
        assert (sorted(state["vendors"]), state["seed"], state["size"]) == (
            ["amnimo", "viziosense"],
            7,
            0.1,
        )
        assert httpx2.get(f"{command.url}_sandbox/clock").json()["frozen"]
        assert "Rate limits</dt><dd>off" in httpx2.get(command.url).text
        named = {"Host": "box.internal"}
        assert httpx2.get(command.url, headers=named).status_code == 200
        assert httpx2.get(command.url, headers={"Host": "evil.example"}).status_code == 403
        _, text = command.stop()
        assert "seed 7, size 0.1, no rate limits, clock stands still" in text
        assert "Warning" not in text


def test_a_taken_port() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = finish("sandbox", "--port", str(port), *SMALL)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"Port {port} is taken, perhaps by another sandbox: look at http://127.0.0.1:{port}/. "
        "Choose another one with --port, or --port 0 for any free one."
    ]


@pytest.mark.parametrize("host", ["192.0.2.1", "::1"])
def test_an_address_that_is_not_ours(host: str) -> None:
    done = finish("sandbox", "--port", "0", "--host", host, *SMALL)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"The sandbox cannot listen at {host}: ")
    assert "127.0.0.1 always works" in line


def test_whoever_is_in_the_network_is_warned_of() -> None:
    with running(*SMALL, "--host", "0.0.0.0") as command:
        assert command.url.startswith("http://127.0.0.1:")
        command.until("Warning: it listens at 0.0.0.0.")


def fake_browser(folder: Path) -> tuple[Path, str]:
    """A browser that writes down what it is asked to show, and the setting that names it."""
    seen, program = folder / "seen", folder / "browser"
    new, there = shlex.quote(f"{seen}.new"), shlex.quote(str(seen))
    program.write_text(f'#!/bin/sh\necho "$1" > {new} && mv {new} {there}\n', encoding="utf-8")
    program.chmod(0o755)
    return seen, f"{shlex.quote(str(program))} %s"


def test_the_page_opens(tmp_path: Path) -> None:
    seen, browser = fake_browser(tmp_path)
    with running(*SMALL[:-1], BROWSER=browser) as command:
        for _ in range(600):
            if seen.exists():
                break
            time.sleep(0.1)
        assert seen.read_text(encoding="utf-8").strip() == command.url


def test_the_page_opens_only_if_wanted(tmp_path: Path) -> None:
    seen, browser = fake_browser(tmp_path)
    with running(*SMALL, BROWSER=browser) as command:
        for _ in range(50):
            httpx2.get(command.url)
        command.stop()
    assert not seen.exists()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--vendor", "nobody"), "nobody"),
        (("--size", "11"), "size"),
        (("--size", "nan"), "size"),
        (("--port", "70000"), "port"),
        (("--seed", "x"), "seed"),
        (("--colour",), "colour"),
    ],
)
def test_wrong_options(arguments: tuple[str, ...], word: str) -> None:
    done = finish("sandbox", *arguments, "--no-browser")
    assert (done.returncode, done.stdout) == (2, "")
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def without(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command where a module is not installed."""
    script = (
        f"import sys; sys.modules[{module!r}] = None; from deviceclouds.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_the_extra() -> None:
    done = without("deviceclouds.testing", "sandbox")
    assert (done.returncode, done.stdout) == (2, "")
    assert "extra [sandbox]" in done.stderr
    assert "dist/deviceclouds_testing-0.1.0-py3-none-any.whl" in done.stderr
    assert not re.search(r"pip install (?!dist/)", done.stderr), "a bare name could be anybody's"
    assert without("deviceclouds.testing", "--help").returncode == 0


def test_a_library_that_is_missing_inside_is_shown() -> None:
    done = without("starlette", "sandbox", "--no-browser")
    assert done.returncode not in (0, 2)
    assert "starlette" in done.stderr


def test_help() -> None:
    for arguments in (("--help",), ("-h",)):
        done = finish(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert "Start the five clouds on this machine" in done.stdout
    text = finish("sandbox", "--help").stdout
    options = [
        "port",
        "host",
        "allow-host",
        "vendor",
        "seed",
        "size",
        "no-rate-limits",
        "frozen",
        "no-browser",
    ]
    assert all(f"--{option} " in text for option in options)
    readme = (ROOT / "overlays" / "cli" / "README.md").read_text(encoding="utf-8")
    assert all(f"`--{option}" in readme for option in options)
    assert "demo" in text
    assert "completion" not in text


def test_version() -> None:
    done = finish("--version")
    first, *rest = done.stdout.splitlines()
    assert first.startswith(f"deviceclouds {__version__} (Python ")
    assert all(re.fullmatch(r"deviceclouds-[a-z]+ [0-9.]+", line) for line in rest)


def test_what_the_package_says() -> None:
    text = (ROOT / "overlays" / "cli" / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    assert project["version"] == __version__
    module, _, name = project["scripts"]["deviceclouds"].partition(":")
    assert callable(getattr(import_module(module), name))
    extras = project["optional-dependencies"]
    # schemathesis is not for everybody.
    parts = {name: needed for name, needed in extras.items() if name not in ("all", "contract")}
    assert sorted(each for needed in parts.values() for each in needed) == extras["all"]
    assert extras["contract"] == ["deviceclouds-testing[contract]>=0.1,<0.2"]


def test_looking_at_the_version_loads_no_command_line() -> None:
    script = "import sys, deviceclouds.cli; print(*({'typer', 'rich', 'starlette'} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_two_signals_end_it_at_once() -> None:
    """Even while somebody's slow call keeps the server busy."""
    with running(*SMALL) as command:
        httpx2.post(f"{command.url}_sandbox/faults", json={"kind": "latency", "latency": 300})
        port = int(command.url.rstrip("/").rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.sendall(
                b"GET /viziosense/api/v1/devices HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer demo\r\n\r\n"
            )
            # An answered call after it: the slow one has arrived.
            httpx2.get(f"{command.url}_sandbox/state")
            command.process.send_signal(signal.SIGINT)
            command.until("Stopping.")
            command.process.send_signal(signal.SIGINT)
            assert command.process.wait(8) != 0
