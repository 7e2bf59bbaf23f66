"""Request bodies and replies: content types the generator sends and reads."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.lint.document import SpecDocument
from codegen.lint.pointers import child
from codegen.lint.report import Problem
from codegen.lint.shapes import core, is_binary, is_object, is_union, types_of
from codegen.lint.sites import Site

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
REQUEST_TYPES = (JSON, FORM, MULTIPART)
OCTETS = "application/octet-stream"


def check_requests(doc: SpecDocument) -> Iterator[Problem]:
    """A request has one content type of three; forms are named objects."""
    for site in doc.sites("request-body"):
        if site.ref:
            continue
        medias = doc.below(site, "content")
        pointer = child(site.pointer, "content")
        if len(medias) != 1:
            yield doc.problem(
                pointer, "body-content-type", f"a request has {len(medias)} content types, not one"
            )
        for media in medias:
            if media.name not in REQUEST_TYPES:
                yield doc.problem(
                    media.pointer,
                    "body-content-type",
                    f"requests of {media.name} are not generated",
                    f"one of {', '.join(REQUEST_TYPES)}",
                )
            yield from _check_request_schema(doc, media)


def _check_request_schema(doc: SpecDocument, media: Site) -> Iterator[Problem]:
    schemas = doc.below(media, "schema")
    if not schemas or not schemas[0].data:
        yield doc.problem(media.pointer, "body-schema", "a request without a schema")
    elif media.name in (FORM, MULTIPART):
        target = doc.follow(schemas[0])
        if not schemas[0].ref or not is_object(target) or is_union(doc, target):
            yield doc.problem(
                schemas[0].pointer,
                "form-schema",
                f"a {media.name} body is not a named object",
                "nothing would be sent",
            )


def check_replies(doc: SpecDocument) -> Iterator[Problem]:
    """A reply has one content type that can be read, and a schema that fits it."""
    for site in doc.sites("response"):
        medias = doc.below(site, "content")
        if len(medias) > 1:
            yield doc.problem(
                child(site.pointer, "content"),
                "reply-content-type",
                "a reply of several content types: only the first is read",
            )
        for media in medias:
            yield from _check_reply(doc, media)


def _check_reply(doc: SpecDocument, media: Site) -> Iterator[Problem]:
    kind = media.name.partition(";")[0].strip().lower()
    schemas = doc.below(media, "schema")
    if not schemas or not schemas[0].data:
        yield doc.problem(
            media.pointer,
            "reply-schema",
            "a reply without a schema: nothing is parsed",
            "a free-form map is type: object, additionalProperties: true",
        )
        return
    schema = core(doc, schemas[0])
    if kind == JSON or (kind.startswith("application/") and kind.endswith("+json")):
        fits = not is_binary(schema)
    elif kind == OCTETS or kind.startswith("image/"):
        fits = is_binary(schema)
    elif kind == "text/plain":
        fits = types_of(schema.data) == ["string"] and not is_binary(schema)
    else:
        yield doc.problem(
            media.pointer, "reply-content-type", f"replies of {media.name} are not generated"
        )
        return
    if not fits:
        yield doc.problem(
            schemas[0].pointer,
            "reply-schema",
            f"the schema does not fit {media.name}",
            "files are type: string, format: binary",
        )


def check_files(doc: SpecDocument) -> Iterator[Problem]:
    """Files stand only where files travel: fields of a multipart request, and binary replies."""
    in_text: set[str] = set()
    for media in doc.sites("media-type"):
        kind = media.name.partition(";")[0].strip().lower()
        if kind not in (MULTIPART, OCTETS) and not kind.startswith("image/"):
            in_text |= doc.reach([media])
    for parameter in doc.sites("parameter", "header"):
        in_text |= doc.reach([parameter])
    for site in doc.sites("schema"):
        whole = site.parent is not None and site.parent.kind == "media-type"
        if is_binary(site) and not whole and site.pointer in in_text:
            yield doc.problem(
                site.pointer, "file-place", "a file in something that is not multipart"
            )


RULES = (check_requests, check_replies, check_files)
