"""Addresses of the page: what is shown, what forms send, and the files it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ..controls import LARGEST_CONTROL
from ..guard import guarded, read_limited

if TYPE_CHECKING:
    from starlette.requests import Request

    from ..sandbox import Sandbox
    from .forms import FormError

__all__ = ["POLICY", "make_routes"]

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of all pages: nothing inline, nothing from elsewhere, in no frame."""

# Without a referrer at all, browsers would send "Origin: null" with our own forms.
_HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}

_ASSET_KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_ONE_YEAR = "public, max-age=31536000, immutable"


def make_routes(sandbox: Sandbox) -> list[Route]:
    """Routes of the page."""
    pages, hosts = _Pages(sandbox), sandbox.hosts
    return [
        Route("/", guarded(pages.overview, hosts), methods=["GET"]),
        Route("/reference/{vendor}", guarded(pages.reference, hosts), methods=["GET"]),
        Route("/_sandbox/ui/{form:path}", guarded(pages.submit, hosts), methods=["POST"]),
        Route("/_sandbox/assets/{name}", guarded(pages.asset, hosts), methods=["GET"]),
    ]


class _Pages:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def overview(self, request: Request) -> Response:
        """The page at ``/``."""
        return self._overview(request)

    async def reference(self, request: Request) -> Response:
        """One vendor's operations, all or those that pass the filter."""
        from .reference import reference_page

        vendor = request.path_params["vendor"]
        if vendor not in self._sandbox.vendors:
            return self._page("nothing.html", 404, vendors=self._vendors(), here=None)
        query = request.query_params
        found = reference_page(
            vendor,
            words=query.get("q", ""),
            status=query.get("status", ""),
            tag=query.get("tag", ""),
        )
        return self._page("reference.html", page=found, vendors=self._vendors(), here=vendor)

    async def submit(self, request: Request) -> Response:
        """Does what a form asks, and shows the page again; one with mistakes comes back with them."""
        from .forms import FORMS, FormError, read_fields

        form = FORMS.get(request.path_params["form"])
        if form is None:
            return self._page("nothing.html", 404, vendors=self._vendors(), here=None)
        fields: dict[str, str] = {}
        try:
            fields = read_fields(await read_limited(request, LARGEST_CONTROL))
            done = form(self._sandbox, fields)
        except FormError as error:
            return self._overview(request, error, fields)
        except ValueError as error:
            return self._overview(request, FormError(form.panel, "", str(error)), fields)
        query = urlencode(
            {"done": done.what, **({} if done.number is None else {"n": done.number})}
        )
        # 303: the reload of the page that follows does not send the form again.
        return RedirectResponse(f"/?{query}#{done.panel}", 303)

    async def asset(self, request: Request) -> Response:
        """Style sheet, script and icon."""
        from .rendering import asset

        name = request.path_params["name"]
        kind = _ASSET_KINDS.get(name.rpartition(".")[2])
        content = asset(name) if kind else None
        if content is None:
            return Response("no such file\n", 404, media_type="text/plain")
        return Response(content, media_type=kind, headers={"Cache-Control": _ONE_YEAR})

    def _overview(
        self,
        request: Request,
        error: FormError | None = None,
        fields: dict[str, str] | None = None,
    ) -> Response:
        from .overview import overview

        shown = overview(
            self._sandbox,
            origin=f"{request.url.scheme}://{request.url.netloc}",
            done=request.query_params.get("done", "") if error is None else "",
            number=request.query_params.get("n", ""),
            error=error,
            fields=fields or {},
        )
        status = 200 if error is None else 400
        return self._page("overview.html", status, page=shown, vendors=self._vendors(), here="")

    def _vendors(self) -> list[tuple[str, str]]:
        from .names import SHORT_NAMES

        return [(vendor, SHORT_NAMES[vendor]) for vendor in self._sandbox.vendors]

    def _page(self, template: str, status: int = 200, **values: object) -> Response:
        from .rendering import render

        return Response(render(template, values), status, _HEADERS, "text/html")
