"""``deviceclouds sandbox``: starts it, says where it is, and waits until it is told to stop."""

from __future__ import annotations

import errno
import ipaddress
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console

from ._missing import TESTING, part_missing

if TYPE_CHECKING:
    from deviceclouds.testing import Sandbox
    from deviceclouds.testing._serve import Server

__all__ = ["SandboxOptions", "run_sandbox"]

STOPPED, NOT_STARTED = 0, 2


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """What the command line says; see its help for the words."""

    port: int
    host: str
    allowed_hosts: tuple[str, ...]
    vendors: tuple[str, ...] | None
    seed: int
    size: float
    rate_limits: bool
    frozen: bool
    browser: bool


def run_sandbox(options: SandboxOptions) -> int:
    """Serves a sandbox until SIGINT or SIGTERM.

    Returns:
        Exit status: 0 when it was stopped, 2 when it could not start; then one message has said why.
    """
    out, err = Console(highlight=False), Console(stderr=True, highlight=False)
    try:
        from deviceclouds.testing import Sandbox
    except ModuleNotFoundError as error:
        # A library missing inside the wheel is another matter: let it show.
        if error.name != TESTING:
            raise
        message = part_missing("The sandbox", "sandbox", "deviceclouds-testing")
        err.print(message, soft_wrap=True, markup=False)
        return NOT_STARTED
    with _stop_signals() as stopped:
        try:
            sandbox = Sandbox(
                options.vendors,
                seed=options.seed,
                size=options.size,
                rate_limits=options.rate_limits,
                frozen=options.frozen,
            )
        except ValueError as error:
            err.print(f"The sandbox cannot start: {error}.", soft_wrap=True, markup=False)
            return NOT_STARTED
        sandbox.hosts.update(name.lower() for name in options.allowed_hosts)
        with sandbox:
            try:
                server = sandbox.serve(options.port, options.host)
            except OSError as error:
                err.print(_why_not(error, options), soft_wrap=True, markup=False)
                return NOT_STARTED
            _announce(out, err, sandbox, server, options)
            # With a time limit, because on Windows nothing else lets a signal through.
            while not stopped.wait(1.0):
                pass
            out.print("Stopping.")
    return STOPPED


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; a second one ends the process at once, whatever it is at."""
    stopped = threading.Event()
    before: dict[int, Any] = {}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def stop(number: int, frame: object) -> None:
        if stopped.is_set():
            # An exception could come where nobody sees it, and there is nothing to save.
            os._exit(128 + number)
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        before[number] = signal.signal(number, stop)
    try:
        yield stopped
    finally:
        restore()


def _why_not(error: OSError, options: SandboxOptions) -> str:
    host, port = options.host, options.port
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken, perhaps by another sandbox: look at http://{_shown(host)}:{port}/. "
            "Choose another one with --port, or --port 0 for any free one."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs special rights. Choose one above 1023 with --port."
    return (
        f"The sandbox cannot listen at {host}: {error.strerror or error}. "
        "Give an IPv4 address of this machine with --host; 127.0.0.1 always works."
    )


def _announce(
    out: Console, err: Console, sandbox: Sandbox, server: Server, options: SandboxOptions
) -> None:
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    url = f"{server.url}/"
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("Page", Text(url, style=f"bold link {url}"))
    table.add_row("Sign in", Text("demo / demo: user, password, client id, secret, token"))
    for vendor in sandbox.vendors:
        table.add_row(vendor, Text(server.base_url(vendor)))
    table.add_row("Fleets", Text(_fleets(options)))
    table.add_row("Stop", Text("Ctrl-C; nothing is kept"))
    out.print(Panel(table, title="deviceclouds sandbox", title_align="left", expand=False))
    if not _is_loopback(options.host):
        err.print(
            f"Warning: it listens at {options.host}. Whoever reaches that can use the sandbox and its controls.",
            style="yellow",
            markup=False,
            soft_wrap=True,
        )
    if options.browser and _has_screen():
        # Some browsers keep the call that opens them busy.
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def _fleets(options: SandboxOptions) -> str:
    words = f"seed {options.seed}, size {options.size:g}"
    words += "" if options.rate_limits else ", no rate limits"
    return words + (", clock stands still" if options.frozen else "")


def _has_screen() -> bool:
    """Whether a browser could show anything; on a bare terminal some would take it over."""
    if os.environ.get("BROWSER") or sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104  # only compared
