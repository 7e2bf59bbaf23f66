"""OpenTelemetry spans: one for a call, and below it one for each request, after the semantic conventions for HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ._errors import ConfigurationError
from ._redaction import shown_url
from ._request import route_of
from ._watch import is_own

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from ._errors import DeviceCloudError
    from ._flow import CallPlan
    from ._http import Request, Response
    from ._operation import Operation
    from ._watch import NumberedMaker

__all__ = ["span_maker"]


def span_maker(tracing: Any, vendor: str) -> NumberedMaker:
    """Makes observers that write spans.

    Args:
        tracing: True for the global tracer provider, or a provider.
        vendor: Name of the vendor.

    Raises:
        ConfigurationError: It is no provider, or OpenTelemetry is not installed.
    """
    try:
        from opentelemetry import context, trace
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "tracing needs opentelemetry-api; install the extra [otel] of deviceclouds-runtime,"
            " or leave tracing= out",
            vendor=vendor,
        ) from error
    provider = trace if tracing is True else tracing
    if not callable(getattr(provider, "get_tracer", None)):
        raise ConfigurationError(
            f"tracing={tracing!r} is not usable; give True, or a TracerProvider", vendor=vendor
        )
    tracer = provider.get_tracer(f"deviceclouds.{vendor}")

    def make(number: int, operation: Operation[Any], plan: CallPlan) -> SpanWatch:
        return SpanWatch(tracer, trace, context.get_current(), operation, plan)

    return make


class SpanWatch:
    """Writes the spans of one call.

    Nothing is attached to the current context: a call may pause while others go on in the same thread.
    """

    __slots__ = (
        "_attempts",
        "_call",
        "_open",
        "_operation",
        "_otel",
        "_parent",
        "_plan",
        "_tracer",
    )

    def __init__(
        self, tracer: Any, otel: Any, parent: Any, operation: Operation[Any], plan: CallPlan
    ) -> None:
        self._tracer = tracer
        self._otel = otel
        self._operation = operation
        self._plan = plan
        self._attempts = 0
        self._open: Span | None = None
        self._call: Span = tracer.start_span(
            f"{operation.vendor}.{operation.name}",
            context=parent,
            kind=otel.SpanKind.INTERNAL,
            attributes={
                "deviceclouds.vendor": operation.vendor,
                "deviceclouds.operation": operation.name,
            },
        )
        self._parent = otel.set_span_in_context(self._call, parent)

    def sending(self, request: Request, attempt: int) -> None:
        """See :class:`~._watch.Watch`."""
        self._end_attempt("abandoned")
        address = urlsplit(request.url)
        attributes: dict[str, Any] = {
            "http.request.method": request.method,
            "server.address": address.hostname or "",
            "server.port": address.port or (443 if address.scheme == "https" else 80),
            "url.full": shown_url(request, self._operation, self._plan.config),
        }
        if attempt > 1:
            attributes["http.request.resend_count"] = attempt - 1
        name = request.method
        if is_own(request, self._operation):
            self._attempts = attempt
            path = route_of(self._operation, self._plan.config)[1]
            template = urlsplit(self._plan.config.base_url).path + path
            attributes["url.template"] = template
            name = f"{name} {template}"
        else:
            attributes["deviceclouds.token_request"] = request.operation
        self._open = self._tracer.start_span(
            name, context=self._parent, kind=self._otel.SpanKind.CLIENT, attributes=attributes
        )

    def received(self, response: Response) -> None:
        """See :class:`~._watch.Watch`."""
        span, status = self._open, response.status_code
        if span is None:
            return
        span.set_attribute("http.response.status_code", status)
        if response.request_id is not None:
            span.set_attribute("deviceclouds.request_id", response.request_id)
        self._end_attempt(str(status) if status >= 400 else None)

    def failed(self, error: DeviceCloudError) -> None:
        """See :class:`~._watch.Watch`."""
        self._end_attempt(type(error).__name__)

    def waiting(self, seconds: float, reason: str) -> None:
        """See :class:`~._watch.Watch`."""
        self._call.add_event(
            "deviceclouds.wait",
            {"deviceclouds.wait.seconds": seconds, "deviceclouds.wait.reason": reason},
        )

    def renewed(self, reason: str) -> None:
        """See :class:`~._watch.Watch`."""
        self._call.add_event("deviceclouds.token", {"deviceclouds.token.reason": reason})

    def finished(self, error: BaseException | None) -> None:
        """See :class:`~._watch.Watch`."""
        kind = None if error is None else type(error).__name__
        self._end_attempt(kind)
        self._call.set_attribute("deviceclouds.attempts", self._attempts)
        self._end(self._call, kind)

    def _end_attempt(self, error: str | None) -> None:
        span, self._open = self._open, None
        if span is not None:
            self._end(span, error)

    def _end(self, span: Span, error: str | None) -> None:
        # Neither message nor traceback of an error: they may hold words of the cloud, and what was sent.
        if error is not None:
            span.set_attribute("error.type", error)
            span.set_status(self._otel.StatusCode.ERROR)
        span.end()
