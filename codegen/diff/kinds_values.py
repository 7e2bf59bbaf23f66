"""Kinds of changes of what is sent and what comes back: parameters, bodies, replies and everything in them."""

from __future__ import annotations

from codegen.diff.kinds import BREAKING, FEATURE, FIX, either, one_way

__all__ = ["VALUES"]

VALUES = (
    # Parameters; those of a webhook are sent by the vendor
    either("parameter-added", FEATURE, FEATURE, "an optional parameter came", "Calls that leave it out work as before."),
    one_way("required-parameter-added", "request", BREAKING, "a required parameter came", "Calls that exist do not give it."),
    either("parameter-removed", BREAKING, BREAKING, "a parameter went", "Calls that give it, or receivers that read it, fail."),
    either(
        "parameter-respelled", FIX, FIX, "a parameter is spelt otherwise on the wire; the argument keeps its name",
        "Code that uses the client stays the same.",
    ),
    either("parameter-moved", BREAKING, BREAKING, "a parameter went from query to header, or the like", "Released clients send it where it is not read."),
    either(
        "parameter-now-required", BREAKING, FEATURE, "an optional parameter is required",
        "Request: calls that leave it out fail. Webhook: one more thing to rely on.",
    ),
    either(
        "parameter-now-optional", FEATURE, BREAKING, "a required parameter is optional",
        "Request: it may be left out. Webhook: receivers that rely on it fail.",
    ),
    one_way("serialization-changed", "request", FIX, "style, explode or encoding of a value changed", "Callers give the same value; the client writes it otherwise."),
    # Bodies and replies
    one_way("body-added", "request", FEATURE, "an optional body came", "Calls without one work as before."),
    one_way("required-body-added", "request", BREAKING, "a required body came", "Calls that exist do not give one."),
    either("body-removed", BREAKING, BREAKING, "the body went", "Arguments for its fields, or what a webhook delivered, are gone."),
    one_way("body-now-required", "request", BREAKING, "an optional body is required", "Calls without one fail."),
    one_way("body-now-optional", "request", FEATURE, "a required body is optional", "It may be left out."),
    either("media-type-added", FEATURE, FEATURE, "one more content type", "The content types there were still work."),
    either(
        "media-type-removed", BREAKING, BREAKING, "a content type went",
        "Released clients send what is refused, or cannot read what comes.",
    ),
    one_way("success-status-added", "reply", FEATURE, "a success status came", "The client takes any 2xx; the others stay."),
    one_way("success-status-removed", "reply", BREAKING, "a success status went", "Code that looks for it, or for what it held, fails."),
    one_way("reply-content-added", "reply", FEATURE, "a reply without content has some", "The method returns it where it returned None."),
    one_way("reply-content-removed", "reply", BREAKING, "a reply has no content any more", "The method returns None: code that reads the reply fails."),
    one_way("error-status-added", "error", FIX, "an error status is listed", "Errors that are not listed are raised just so."),
    one_way("error-status-removed", "error", FIX, "an error status is listed no more", "An `except` for it stays right; it never runs."),
    one_way("header-added", "reply", FEATURE, "a header of a reply came", "One more thing to read."),
    one_way("header-removed", "reply", BREAKING, "a header of a reply went", "Code that reads it finds nothing."),
    # Properties
    either("property-added", FEATURE, FEATURE, "a property came", "Left out, requests are as before; in replies it is one more attribute."),
    one_way("required-property-added", "request", BREAKING, "a required property came", "Calls that exist do not give it."),
    either("property-removed", BREAKING, BREAKING, "a property went", "The argument, or the attribute, is gone."),
    either(
        "property-respelled", FIX, FIX, "a property is spelt otherwise on the wire; the attribute keeps its name",
        "Code that uses the client stays the same.",
    ),
    either(
        "property-now-required", BREAKING, FEATURE, "an optional property is required",
        "Request: calls that leave it out fail. Reply: `T | None | Unset` becomes `T`; code that copes with more still works.",
    ),
    either(
        "property-now-optional", FEATURE, BREAKING, "a required property is optional",
        "Request: it may be left out. Reply: `T` becomes `T | None | Unset`; code that reads it unchecked fails.",
    ),
    either("variant-added", FEATURE, BREAKING, "a variant of a one-of came", "Request: one more choice. Reply: code that told the variants apart misses one."),
    either("variant-removed", BREAKING, FIX, "a variant of a one-of went", "Request: it is refused. Reply: the code for it never runs."),
    # Types
    either("type-changed", BREAKING, BREAKING, "a type became another", "Values of the old type are refused, or do not come any more."),
    either("type-widened", FEATURE, BREAKING, "a type allows more", "Request: what was given still fits. Reply: values come that the code never met."),
    either("type-narrowed", BREAKING, FEATURE, "a type allows less", "Request: some of what was given is refused. Reply: fewer cases to cope with."),
    either("null-allowed", FEATURE, BREAKING, "null is allowed", "Request: one more value. Reply: `T` becomes `T | None`."),
    one_way(
        "null-allowed-where-optional", "reply", FIX, "null is allowed in an optional property",
        "Optional fields of replies are read as `T | None | Unset` anyway.",
    ),
    either("null-forbidden", BREAKING, FEATURE, "null is allowed no more", "Request: null is refused. Reply: one case less."),
    either("format-changed", BREAKING, BREAKING, "a format changed, and with it the Python type", "`date-time` is a `datetime`, `binary` is a file; without it is a `str`."),
    either("format-noted", FIX, FIX, "a format changed; the Python type stays", "Documentation: the client does not act on it."),
    either("enum-introduced", BREAKING, FEATURE, "a plain value became an enum", "Request: values off the list are refused. Reply: members equal the plain values."),
    either("enum-dropped", FEATURE, BREAKING, "an enum became a plain value", "Request: anything goes. Reply: the class with the names is gone."),
    either(
        "enum-value-added", FEATURE, FEATURE, "a value of an enum came",
        "Reply: our enums are open, a released client keeps the value as it came.",
    ),
    either("enum-value-removed", BREAKING, BREAKING, "a value of an enum went", "Request: it is refused. Reply: the member is gone from the Python enum."),
    either("constant-changed", BREAKING, BREAKING, "the one value allowed is another", "What was sent is refused; what was waited for does not come."),
    either("default-added", FIX, FIX, "a default came", "Something is known of the server that was not before; the client never sends defaults."),
    either("default-removed", FIX, FIX, "a default went", "What the server does is known no more; the client never sends defaults."),
    either("default-changed", BREAKING, FIX, "a default changed", "Request: calls that leave it out get another result, silently. Reply: words."),
    # Limits
    either(
        "limit-tightened", BREAKING, FIX, "a limit came or got stricter",
        "Request: the client refuses what it sent before. Reply: a promise more; the client does not check it.",
    ),
    either(
        "limit-loosened", FEATURE, FEATURE, "a limit went or got looser",
        "Request: more is allowed. Reply: the client reads it; your columns and screens may be too small.",
    ),
    either("rule-changed", BREAKING, FIX, "a pattern or another rule became another", "Request: what fitted may be refused. Reply: the client does not check it."),
    either("detail-changed", FIX, FIX, "something else of a value changed", "The client does not act on it."),
)  # fmt: skip
