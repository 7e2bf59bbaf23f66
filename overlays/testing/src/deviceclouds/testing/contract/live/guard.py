"""What stands between a live run and the network: nothing leaves that the plan did not name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .plan import Plan, Step
    from .sign_ins import Addresses

__all__ = ["Guard", "NotPlannedError"]

Kind = Literal["call", "sign-in"]


class NotPlannedError(Exception):
    """A request that is not in the plan, or one more than it allows. It was not sent.

    Attributes:
        sign_in: Whether it was a sign-in.
        one_more: Whether it was the step's own request, once more than the plan has it.
    """

    def __init__(self, message: str, *, sign_in: bool = False, one_more: bool = False) -> None:
        super().__init__(message)
        self.sign_in = sign_in
        self.one_more = one_more


class Guard:
    """Counts requests against a plan.

    Args:
        plan: The plan.
        base_url: Where the vendor's API is.
        sign_ins: Where sign-ins may go.

    Attributes:
        sent: How many requests were let through.
    """

    def __init__(self, plan: Plan, base_url: str, sign_ins: Addresses) -> None:
        self._plan = plan
        self._base = base_url.rstrip("/")
        self._sign_ins = sign_ins
        self._step: Step | None = None
        self._left = 0
        self._repeats = plan.repeats
        self._sign_ins_left = plan.sign_in.most_requests
        self.sent = 0

    def open(self, step: Step) -> None:
        """From now on requests of this step are let through, as many as it may send."""
        self._step, self._left = step, step.most_requests

    def close(self) -> None:
        """From now on nothing is let through but sign-ins."""
        self._step, self._left = None, 0

    def may_repeat(self) -> bool:
        """Takes one of the repeats the plan allows; False where there are none left."""
        if self._repeats <= 0:
            return False
        self._repeats -= 1
        self.sent += 1
        return True

    def admit(self, method: str, url: str) -> Kind:
        """Lets one request through.

        Args:
            method: HTTP method.
            url: The whole URL, percent-encoded.

        Raises:
            NotPlannedError: It is not in the plan. The message holds neither ids nor query.
        """
        address = url.partition("?")[0]
        if any(method == m and pattern.fullmatch(address) for m, pattern in self._sign_ins):
            if self._sign_ins_left <= 0:
                raise NotPlannedError("the sign-ins of the plan are used up", sign_in=True)
            self._sign_ins_left -= 1
            self.sent += 1
            return "sign-in"
        self._admit_call(method, address)
        return "call"

    def _admit_call(self, method: str, address: str) -> None:
        step = self._step
        if step is None:
            raise NotPlannedError("nothing is to be sent now")
        path = address.removeprefix(self._base)
        if path == address or not path.startswith("/"):
            raise NotPlannedError("it goes to another address than the API's")
        route = self._plan.spec.find(method, path)
        found = None if route is None or route.operation is None else route.operation.id
        if found != step.operation_id:
            called = found or f"{method} of a path that is not in the specification"
            raise NotPlannedError(f"{called} instead of {step.operation_id}")
        if self._left > 0:
            self._left -= 1
            self.sent += 1
        elif not self.may_repeat():
            said = f"one more request of {step.operation_id} than planned"
            raise NotPlannedError(said, one_more=True)
