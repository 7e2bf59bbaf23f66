"""One live run while it lasts: the client, the guard, and what was seen so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from http.cookiejar import CookieJar, DefaultCookiePolicy
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import httpx2
from deviceclouds.runtime import DeviceCloudError, Pager

from ..exchange import judge
from ..names import client_operations
from ..paging import page_findings
from ..results import EXIT_CREDENTIALS, ContractRunError
from .access import arguments_for, make_client, variables_of
from .faults import why
from .guard import Guard, NotPlannedError
from .pacing import Pacer
from .probe import send_probe
from .replies import Replies
from .sign_ins import plain_address, sign_in_addresses
from .troubles import EndOfRunError, Troubles
from .verdict import Verdict
from .wire import LARGEST_REPLY, CutReplyError, LiveTransport

if TYPE_CHECKING:
    from deviceclouds.runtime._clock import Clock

    from ..exchange import Exchange
    from ..results import OperationResult
    from .plan import Plan, Step

__all__ = ["Session"]


class _UnfitError(Exception):
    """The client has no place for what was given."""


class Session:
    """A run of a plan; a context manager. Arguments as of :func:`.live.run_live`.

    Attributes:
        base_url: Where the vendor's API is.
        verdicts: What was seen, by operation.
        remarks: What is to be said of the run as a whole.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        environment: Mapping[str, str],
        base_url: str | None,
        transport: httpx2.BaseTransport | None,
        rate: float,
        on_exchange: Callable[[Exchange], None] | None,
        on_step: Callable[[OperationResult], None] | None,
        clock: Clock | None,
        client_options: Mapping[str, Any],
    ) -> None:
        from deviceclouds.runtime._clock import SystemClock

        self.verdicts: dict[str, Verdict] = {}
        self.remarks: list[str] = []
        self._plan = plan
        self._on_step = on_step
        clock = clock or SystemClock()
        pacer = Pacer(rate, clock)
        arguments = arguments_for(plan.vendor, environment, client_options, base_url)
        self._sender = (
            _sender(plan.vendor) if transport is None else httpx2.Client(transport=transport)
        )
        self._own = transport is None
        self._wire = LiveTransport(self._sender, pacer, on_exchange, clock, LARGEST_REPLY)
        # As the client's own: a cookie of one reply does not travel with the next request.
        cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))
        http = httpx2.Client(transport=self._wire, cookies=cookies)
        settings = {**arguments, "retries": 0, "http_client": http}
        if plan.paths:
            settings["paths"] = plan.paths
        self._client: Any = make_client(plan.vendor, settings)
        core = self._client._core
        self.base_url: str = plain_address(core.config.base_url).rstrip("/")
        self._supplied = _supplied(plan.vendor, core.config.path_defaults)
        self._guard = Guard(
            plan, self.base_url, sign_in_addresses(plan.vendor, self.base_url, arguments)
        )
        self._wire.guard = self._guard
        self._troubles = Troubles(plan.vendor, core.rules.token_refused)
        self._replies = Replies(plan, self.base_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()
        if self._own:
            self._sender.close()

    def run(self) -> tuple[int, str] | None:
        """Takes all steps; gives what ended the run early, None for nothing."""
        for step in self._plan.steps:
            try:
                self._take(step)
            except EndOfRunError as end:
                self._told(step)
                return end.exit_code, str(end)
            self._told(step)
        return self._nothing_called()

    def _nothing_called(self) -> tuple[int, str] | None:
        """A run that could call nothing for want of a setting must not look like one that went well."""
        seen = self.verdicts.values()
        if any(verdict.called for verdict in seen) or not any(verdict.lacking for verdict in seen):
            return None
        lacking = list(dict.fromkeys(name for verdict in seen for name in verdict.lacking))
        vendor = self._plan.vendor
        return (
            EXIT_CREDENTIALS,
            f"{vendor}: nothing could be called without {' and '.join(lacking)}; check {variables_of(vendor)}",
        )

    @property
    def located(self) -> bool:
        """Whether anything of the vendor's API was found at the base URL."""
        return any(verdict.understood for verdict in self.verdicts.values())

    @property
    def empty(self) -> frozenset[str]:
        """Operations all of whose replies had lists without a single item."""
        return frozenset(
            key for key, seen in self.verdicts.items() if seen.succeeded and seen.only_empty
        )

    @property
    def sent(self) -> int:
        """How many requests left, sign-ins included."""
        return self._guard.sent

    def _told(self, step: Step) -> None:
        if self._on_step is not None and step.kind == "call":
            self._on_step(self._verdict(step).result(located=self.located))

    def _verdict(self, step: Step) -> Verdict:
        verdict = self.verdicts.get(step.operation_id)
        if verdict is None:
            operation = self._plan.spec.operation(step.operation_id)
            verdict = Verdict(operation, step.name, self._plan.moves.get(step.operation_id))
            self.verdicts[step.operation_id] = verdict
        return verdict

    def _take(self, step: Step) -> None:
        verdict = self._verdict(step)
        lacking = [name for name in step.supplied if name not in self._supplied]
        if step.kind == "probe":
            if not lacking:
                self._probe(step)
            return
        choices: list[dict[str, Any]] = [{}]
        if step.needed or (lacking and step.sources):
            names = {*step.needed, *lacking}
            choices = list(islice(self._replies.choices(step, names), step.calls))
        elif lacking:
            verdict.explain(f"{', '.join(lacking)} is needed; give it to the client")
            verdict.lacking = tuple(lacking)
            return
        if not choices:
            names_of = " and ".join(source.operation_id for source in step.sources)
            verdict.explain(f"nothing to ask for: {names_of} named none")
        self._guard.open(step)
        try:
            for values in choices:
                self._call(
                    step,
                    verdict,
                    {**step.given, **values},
                    by_ids=bool(step.needed and step.sources),
                )
        finally:
            self._guard.close()

    def _call(
        self, step: Step, verdict: Verdict, values: Mapping[str, Any], *, by_ids: bool
    ) -> None:
        error: Exception | None = None
        try:
            self._send(step, values)
        except (
            DeviceCloudError,
            NotPlannedError,
            CutReplyError,
            _UnfitError,
        ) as raised:
            error = raised
        finally:
            # Ctrl-C as well: what came before it counts.
            exchanges = self._wire.take()
            for exchange in exchanges:
                judged = judge(self._plan.spec, exchange, self.base_url)
                verdict.saw(exchange, judged.findings, by_ids=by_ids)
        self._replies.keep(step.operation_id, exchanges)
        # Nested beyond all measure: a finding of the body says so.
        with suppress(RecursionError):
            verdict.add(page_findings(self._plan.spec, step.operation_id, exchanges, step.pages))
        if error is None:
            self._troubles.answered()
        else:
            self._troubles.take(error, step, verdict)

    def _send(self, step: Step, values: Mapping[str, Any]) -> None:
        from ..._calls import invocation

        operation = client_operations(self._plan.vendor)[step.operation_id]
        known = self._plan.spec.operation(step.operation_id).parameters
        schemas = {p.name: self._plan.spec.resolve(p.schema) for p in known}
        fitted = {name: _fit(value, schemas.get(name, {})) for name, value in values.items()}
        try:
            call = invocation(operation, fitted, step.body)
        except ValueError as error:
            raise _UnfitError(type(error).__name__) from None
        namespace, _, method = operation.name.partition(".")
        function = getattr(getattr(self._client, namespace), method)
        result = function(*call.path_arguments, **call.arguments)
        if isinstance(result, Pager):
            for _ in islice(result.pages(), step.pages):
                pass

    def _probe(self, step: Step) -> None:
        self._guard.open(step)
        try:
            finding, remark = send_probe(
                self._wire, self._plan.spec, step, self.base_url, self._supplied
            )
        except httpx2.HTTPError as error:
            self._troubles.unconnected(why(error))
            return
        except CutReplyError as error:
            if error.broken:
                self._troubles.unconnected(str(error))
            return
        finally:
            self._wire.take()
            self._guard.close()
        if finding is not None:
            self._verdict(step).add([finding])
        if remark:
            self.remarks.append(remark)


def _sender(vendor: str) -> httpx2.Client:
    """What sends, through the proxy the environment names. Raises ContractRunError where that cannot work."""
    try:
        return httpx2.Client()
    except (ValueError, ImportError, OSError, httpx2.InvalidURL) as error:
        # Its words may hold the password of a proxy.
        kind = type(error).__name__
    raise ContractRunError(
        f"{vendor}: the proxy or the certificates that the environment names cannot be used ({kind}); check HTTP_PROXY,"
        " HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR. A SOCKS proxy needs the package socksio"
    )


def _supplied(vendor: str, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Values of the client's constructor, by name on the wire."""
    return {
        parameter.wire: defaults[parameter.name]
        for operation in client_operations(vendor).values()
        for parameter in operation.parameters
        if parameter.client_supplied and parameter.name in defaults
    }


def _fit(value: Any, schema: Mapping[str, Any]) -> Any:
    """An id from a reply in the form that a parameter takes: alone in a list, as text, as a number."""
    kind = schema.get("type")
    if kind == "array" and not isinstance(value, list):
        return [value]
    if kind == "string" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if kind == "integer" and isinstance(value, str) and value.isdecimal():
        return int(value)
    return value
