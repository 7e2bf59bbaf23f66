"""Kinds of changes of operations: where they are, who may call them, how the client treats them, their words."""

from __future__ import annotations

from codegen.diff.kinds import BREAKING, FEATURE, FIX, plain

__all__ = ["CALLS"]

CALLS = (
    # Operations
    plain("operation-added", FEATURE, "an operation came", "A new method; nothing that exists changes."),
    plain("operation-removed", BREAKING, "an operation went", "Its method is gone: code that calls it fails."),
    plain(
        "operation-renamed", BREAKING, "`operationId` changed, and with it the method's name",
        "Code that calls the method by its old name fails.",
    ),
    plain(
        "operation-respelled", FIX, "`operationId` is spelt otherwise; the method keeps its name",
        "Only events and logs show the vendor's spelling.",
    ),
    plain(
        "operation-moved", BREAKING, "method or path changed",
        "The new client follows, but released ones call the old place, and so do stand-ins and allow-lists of"
        " addresses: users must upgrade, so it has to be loud.",
    ),
    plain(
        "guessed-place-corrected", FIX, "method or path changed, and it was marked as a guess before",
        "The old place was never known to work; the method's name and arguments stay.",
    ),
    plain("namespace-changed", BREAKING, "the first tag changed", "The method moves to another namespace of the client."),
    plain(
        "deprecated", FEATURE, "an operation, a parameter or a property is deprecated",
        "It still works; users get time to turn away, so they must read of it.",
    ),
    plain("no-longer-deprecated", FIX, "a deprecation is taken back", "Nothing stops working."),
    plain(
        "path-argument-renamed", BREAKING, "the name in braces of a path changed",
        "The address is the same, but the argument may be given by keyword.",
    ),
    plain(
        "path-arguments-reordered", BREAKING, "the names in braces of a path changed places",
        "Path parameters are given by position: values would silently swap.",
    ),
    # Servers and sign-in
    plain("server-added", FEATURE, "a server came", "One more address that `base_url=` may be given."),
    plain("server-removed", BREAKING, "a server went, or has another address", "Clients that use it call a host that is gone."),
    plain("server-value-added", FEATURE, "a value of a server variable came", "One more host to choose."),
    plain("server-value-removed", BREAKING, "a value of a server variable went", "Clients that chose it call a host that is gone."),
    plain(
        "server-default-changed", BREAKING, "the first server, or the default of its variable, changed",
        "A client that names no `base_url` calls another host, with its credentials.",
    ),
    plain("security-required", BREAKING, "an open operation asks for credentials", "Clients without credentials are refused."),
    plain("security-dropped", FEATURE, "an operation is open now", "Credentials are not needed any more."),
    plain("security-way-added", FEATURE, "one more way to sign in", "The ways there were still work."),
    plain("security-way-removed", BREAKING, "a way to sign in went", "Clients that sign in that way are refused."),
    plain("scope-added", BREAKING, "a scope is asked for in addition", "Tokens without it are refused."),
    plain("scope-removed", FEATURE, "a scope is asked for no more", "Weaker tokens will do."),
    plain("scheme-address-changed", BREAKING, "tokens are got elsewhere", "The old address issues no tokens any more."),
    plain(
        "scheme-changed", FIX, "a security scheme came, went, or is described otherwise",
        "What an operation asks for is rated at the operation.",
    ),
    plain("api-version-changed", FEATURE, "`info.version` changed", "`API_VERSION` says so; what changed is rated on its own."),
    # What OpenAPI knows nothing of
    plain("paging-added", BREAKING, "`x-pagination` came", "The method returns a pager instead of the reply."),
    plain("paging-removed", BREAKING, "`x-pagination` went", "The method returns the reply instead of a pager: loops fail."),
    plain(
        "paging-style-changed", BREAKING, "style or cursor of the paging changed",
        "Loops go on, but a cursor somebody saved is of no use, and released clients stop after one page or repeat it.",
    ),
    plain("paging-items-changed", BREAKING, "the items stand elsewhere in the reply", "Released clients find an empty page, or none."),
    plain("paging-detail-changed", FIX, "page size, total or end of the paging changed", "The pager follows; callers see the same items."),
    plain("poll-added", FEATURE, "`x-poll` came", "The client can wait for work it could only start before."),
    plain("poll-removed", BREAKING, "`x-poll` went", "Whoever waited for the work has nothing to wait with."),
    plain("poll-changed", FIX, "operation, states or first wait of `x-poll` changed", "The client follows; callers wait as before."),
    plain("retries-allowed", FEATURE, "an operation may be repeated now", "The client repeats it after a fault; calls that failed succeed."),
    plain(
        "retries-forbidden", FIX, "an operation may not be repeated any more",
        "Repeating it acted twice. Faults it hid are raised now, as for any call that acts.",
    ),
    plain("timeout-changed", FIX, "`x-timeout` came, went or changed", "The client waits as long as the server works; `timeout=` still rules."),
    plain("secret-added", FIX, "a value is secret now", "It is hidden in logs and reprs; its type is the same."),
    plain(
        "secret-removed", BREAKING, "a value is secret no more",
        "What logs and reprs hid is shown from now on. No code fails, but nobody may miss it.",
    ),
    plain("client-supplied-added", FEATURE, "the constructor may supply a parameter", "Calls may leave it out; those that name it still work."),
    plain("client-supplied-removed", BREAKING, "the constructor supplies a parameter no more", "Calls that leave it out fail."),
    plain("read-only-changed", FIX, "`x-read-only` came, went or changed", "Only contract runs against the live cloud look at it."),
    plain("link-changed", FIX, "a link came, went or changed", "Only contract runs use links, to find ids."),
    plain("unknown-fields-changed", FIX, "`x-unknown-fields` came or went", "Fields that are not named are kept either way."),
    plain("evidence-raised", FIX, "something is better known than before", "The same call, with fewer doubts; a warning may be gone."),
    plain("evidence-lowered", FIX, "something is less well known than was said", "The same call; its documentation says more of the doubt."),
    plain(
        "became-unverified", FEATURE, "an operation is marked as a guess now",
        "Calls emit `UnverifiedOperationWarning`, which some turn into errors.",
    ),
    plain("evidence-reworded", FIX, "source, lines or note of evidence changed", "How well it is known stays the same."),
    plain("extension-changed", FIX, "another `x-` key came, went or changed", "The client does not read it."),
    plain("words-changed", FIX, "summary, description, title or example changed", "Only documentation changes."),
    # Webhooks and models
    plain("webhook-added", FEATURE, "a webhook came", "One more delivery that can be read; receivers of the others go on."),
    plain("webhook-removed", BREAKING, "a webhook went", "Its model is gone, and whoever waits for it waits in vain."),
    plain("webhook-answer-changed", FIX, "what a webhook is to be answered changed", "The receiver answers; no code of a user does."),
    plain("model-renamed", BREAKING, "a schema has another name", "Its class cannot be imported by the old name."),
    plain("model-removed", BREAKING, "a schema went", "Its class cannot be imported any more."),
)  # fmt: skip
