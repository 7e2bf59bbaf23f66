"""Tokens of the Enterprise Edition: from Azure AD, asked for by msal over the client's own HTTP connections."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from deviceclouds.runtime._config import read_base_url
from deviceclouds.runtime._errors import (
    ApiConnectionError,
    ApiStatusError,
    AuthenticationError,
    ConfigurationError,
    DecodeError,
    DeviceCloudError,
)
from deviceclouds.runtime._flow import pause, printable
from deviceclouds.runtime._redact import without_secret
from deviceclouds.runtime._retry import RETRIED_STATUSES
from deviceclouds.runtime._token_call import oauth_token
from deviceclouds.runtime._tokens import Token

from ._msal_http import SIGN_IN, MsalHttp, Send, asked_in_thread

if TYPE_CHECKING:
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._flow import CallPlan
    from deviceclouds.runtime._http import AsyncHttp, Request, Response, SyncHttp
    from deviceclouds.runtime._secret import Secret

__all__ = ["AUTHORITY", "EnterpriseCredentials"]

AUTHORITY = "https://login.microsoftonline.com"
LIFETIME = 3600.0
"""Seconds a token lives where the reply does not say."""

_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*").fullmatch
_APPLICATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*").fullmatch
_MANY_TENANTS = frozenset({"common", "organizations", "consumers"})


class EnterpriseCredentials:
    """Client credentials of an application in Azure AD, with the scope ``api://<application_id>/.default``.

    The evidence is public code of Sony's, which asks through msal in the same way.

    Args:
        client_id: Id of the calling application.
        client_secret: Its secret.
        application_id: Id of the Console's application.
        tenant_id: Id or domain of the tenant.
        authority: Where Azure AD is, without the tenant.

    Raises:
        ConfigurationError: An id has characters no id has, or msal is not installed.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: Secret,
        application_id: str,
        tenant_id: str,
        authority: str = AUTHORITY,
    ) -> None:
        problem = None
        if not isinstance(tenant_id, str) or not _TENANT(tenant_id):
            problem = (
                f"tenant_id={tenant_id!r} is no tenant; give its id or its domain, without a slash"
            )
        elif tenant_id.lower() in _MANY_TENANTS:
            problem = f"tenant_id={tenant_id!r} stands for many tenants; give the id of one"
        elif not isinstance(application_id, str) or not _APPLICATION(application_id):
            problem = f"application_id={application_id!r} is no id; give it without api:// and without a slash"
        elif find_spec("msal") is None:
            problem = (
                "the Enterprise Edition needs msal: install the extra [enterprise] of deviceclouds-aitrios,"
                " or give token= a callable that returns a token"
            )
        if problem is not None:
            raise ConfigurationError(problem, vendor="aitrios")
        self.client_id = client_id
        self.client_secret = client_secret
        self.scope = f"api://{application_id}/.default"
        self.authority = f"{read_base_url(authority, 'aitrios', 'authority')}/{tenant_id}"

    def fetch(self, plan: CallPlan, old: Token | None) -> Flow[Token]:
        """See :class:`~deviceclouds.runtime._renewal.TokenSource`."""
        started, attempt = plan.clock.now(), 0
        while True:
            attempt += 1
            if plan.limiter is not None:
                yield from plan.limiter.admit(plan)
            outcome = yield _Ask(self, plan, attempt)
            if isinstance(outcome, Token):
                return outcome
            if isinstance(outcome, ApiStatusError):
                repeatable, asked = outcome.status_code in RETRIED_STATUSES, outcome.retry_after
            else:
                repeatable = isinstance(outcome, ApiConnectionError) and outcome.repeatable
                asked = None
            if isinstance(outcome, DeviceCloudError):
                outcome.attempts = attempt
                if plan.watch is not None:
                    plan.watch.failed(outcome)
            if not repeatable:
                raise outcome
            yield from pause(outcome, plan.retries, plan.clock.now() - started, asked, plan.watch)


class _Ask:
    """Lets msal ask once. The result is the token, or the error as a value.

    As a value, because msal's frames, which hold the secret, must not be part of its traceback.
    """

    def __init__(self, credentials: EnterpriseCredentials, plan: CallPlan, attempt: int) -> None:
        self._credentials = credentials
        self._plan = plan
        self._attempt = attempt

    def run(self, http: SyncHttp) -> Token | BaseException:
        def send(request: Request) -> Response:
            self._sending(request)
            return self._received(http.send(request))

        return self._outcome(send)

    async def run_async(self, http: AsyncHttp) -> Token | BaseException:
        async def send(request: Request) -> Response:
            self._sending(request)
            return self._received(await http.send(request))

        return await asked_in_thread(self._outcome, send)

    def _sending(self, request: Request) -> None:
        if self._plan.watch is not None:
            self._plan.watch.sending(request, self._attempt)

    def _received(self, response: Response) -> Response:
        if self._plan.watch is not None:
            self._plan.watch.received(response)
        return response

    def _outcome(self, send: Send) -> Token | BaseException:
        http = MsalHttp(send, self._credentials.authority, self._plan.timeout)
        try:
            return self._ask(http)
        except DeviceCloudError as error:
            failure: BaseException = error
        except Exception as error:
            words = self._scrubbed(str(error))
            failure = ConfigurationError(
                f"msal cannot sign in ({type(error).__name__}: {words}); check tenant_id= and the version of msal",
                vendor="aitrios",
                operation=SIGN_IN,
            )
        except BaseException as error:  # Ctrl-C: raised again by the flow
            failure = error
        return _without_frames(failure)

    def _ask(self, http: MsalHttp) -> Token:
        known, now = self._credentials, self._plan.clock.wall()
        # A new one each time: it would give out the token it had before, even one that was refused.
        application: Any = import_module("msal").ConfidentialClientApplication(
            known.client_id,
            client_credential=known.client_secret.reveal(),
            authority=known.authority,
            instance_discovery=False,
            http_client=http,
        )
        found = application.acquire_token_for_client([known.scope])
        if isinstance(found, dict) and "error" in found:
            raise self._refused(found, http)
        try:
            return oauth_token(found, now, LIFETIME)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise DecodeError(
                "the reply holds no token; check tenant_id=",
                status_code=http.status_code,
                vendor="aitrios",
                operation=SIGN_IN,
            ) from None

    def _refused(self, found: dict[str, Any], http: MsalHttp) -> AuthenticationError:
        code = str(found["error"])
        words = self._scrubbed(
            str(found.get("error_description") or "the credentials were refused")
        )
        return AuthenticationError(
            f"{http.status_code} {words} [{printable(code)}]; check client_id=, client_secret=,"
            " application_id= and tenant_id=",
            status_code=http.status_code,
            code=code,
            request_id=http.request_id,
            vendor="aitrios",
            operation=SIGN_IN,
        )

    def _scrubbed(self, text: str) -> str:
        return printable(without_secret(text, self._credentials.client_secret))


def _without_frames(error: BaseException) -> BaseException:
    seen: BaseException | None = error
    while seen is not None:
        seen.__traceback__ = None
        seen = seen.__cause__ or seen.__context__
    return error
