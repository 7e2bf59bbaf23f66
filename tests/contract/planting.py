"""Secrets planted in every place of an exchange, and a search for them in all spellings."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from functools import cache
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote, quote_plus

from deviceclouds.testing._examples import example_request, media_examples
from deviceclouds.testing._operations import Operation
from deviceclouds.testing._spec import load_spec
from deviceclouds.testing.contract.exchange import Exchange

SECRETS = {
    "token": "tkEyJ9-Zq8Xv3.Wm5Kd0_Rt7",
    "password": "hUnter2 p@ss'\"\\&=+/%ü",
    "name": "Annegret Müßiggang-Öztürk",
    "email": "annegret.xqz@private-mail.example",
    "url": "https://annestore.blob.example/pics/zq9.jpg?sv=2020&sig=S1gn4tUrEq%2Fx%3D",
    "cookie": "sessid=d34dc0ffee15bad",
    "device": "Wohnzimmerlampe von Opa Kasimir",
    "address": "93.184.216.77",
    "phone": "+49 1701 2399678",
    "id": "7d1f6c1e-0c4b-4f0e-9b0a-5d3c2b1a9f8e",
    "serial": "ZXQW8841-PLMK",
    "file": "reisepass_kasimir.jpg",
    "key": "AKIAIOSFODNN7QXMPLE",
    "jwt": "eyJhbGciOiJIUzI1.eyJzdWIiOiJhbm5l.c2lnbmF0dXJlcXo",
}
PLACES = {"latitude": 48.13715498, "lng": 11.57549213}
CARD = 4929123456781234

_STRANGERS = ("nickname", "secretToken", "ownerEmail", "xKasimirKey")


def spellings(secret: str) -> Iterator[bytes]:
    """The ways in which a text may be written in a file."""
    raw = secret.encode()
    yield from (raw, secret.lower().encode(), secret.upper().encode())
    yield json.dumps(secret)[1:-1].encode()
    yield json.dumps(secret, ensure_ascii=False)[1:-1].encode()
    yield json.dumps(json.dumps(secret)[1:-1])[1:-1].encode()
    for encoded in (
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        secret.replace(" ", "+"),
    ):
        yield from (encoded.encode(), encoded.lower().encode(), quote(encoded, safe="").encode())
    yield "".join(f"%{byte:02X}" for byte in raw).encode()
    yield raw.hex().encode()
    yield secret.encode("utf-16-le")
    for offset in range(3):
        # The characters at both ends also hold bits of what is beside it.
        text = base64.b64encode(b"\0" * offset + raw)
        inner = text[(offset * 8 + 5) // 6 : -4]
        yield from (inner, inner.replace(b"+", b"-").replace(b"/", b"_"))


def parts(secret: str) -> Iterator[str]:
    """The whole and pieces of it: eight characters in a row that hold no separator."""
    yield secret
    for start in range(0, len(secret) - 7, 3):
        piece = secret[start : start + 8]
        if piece.isalnum():
            yield piece


@cache
def _searched() -> dict[str, set[bytes]]:
    """What to look for, by name of the secret; whole and in pieces."""
    return {
        name: {
            each
            for piece in parts(secret)
            for each in (*spellings(piece), piece.lower().encode())
            if len(each) >= 6
        }
        for name, secret in SECRETS.items()
    }


def found_in(data: bytes) -> list[str]:
    """Names of the secrets that are in a file, in whatever spelling."""
    found = [name for name, wanted in _searched().items() if any(each in data for each in wanted)]
    numbers = [*(str(value) for value in PLACES.values()), str(CARD)]
    return found + [number for number in numbers if number.encode() in data]


def planted(value: Any, secrets: Iterator[str]) -> Any:
    """JSON with a secret for each text, and more of them in fields nobody documented."""
    if isinstance(value, str):
        return next(secrets)
    if isinstance(value, list):
        return [planted(item, secrets) for item in value] + [next(secrets)]
    if not isinstance(value, dict):
        return value
    made = {key: planted(item, secrets) for key, item in value.items()}
    made.update({name: next(secrets) for name in _STRANGERS})
    made |= {next(secrets): next(secrets), "card": CARD, **PLACES}
    made["location"] = {**PLACES, "points": [[PLACES["lng"], PLACES["latitude"]]]}
    made["extra"] = {next(secrets): [{next(secrets): {"deep": next(secrets)}}]}
    made["packed"] = base64.b64encode(json.dumps({"owner": next(secrets)}).encode()).decode()
    made["inside"] = json.dumps({"owner": next(secrets)})
    made["link"] = f"/login?user={quote(next(secrets))}&token={quote(next(secrets), safe='')}"
    made["nested"] = f"https://{quote(next(secrets), safe='')}.example/a/{next(secrets)}/https://b"
    made["twice"] = "https://a.example/?u=" + quote(quote(f"https://b/{next(secrets)}"), safe="")
    made["user"] = f"https://{quote(next(secrets), safe='')}@a.example/#{quote(next(secrets))}"
    made["page"] = f"<a href='https://a.example/{next(secrets)}'>{next(secrets)}</a>"
    return made


def endless() -> Iterator[str]:
    """The secrets, over and over."""
    while True:
        yield from SECRETS.values()


def exchanges(vendor: str) -> Iterator[Exchange]:
    """Exchanges of every operation, with secrets in every place one can think of."""
    spec = load_spec(vendor)
    secrets = endless()
    for operation in spec.operations.values():
        example = example_request(spec, operation.id)
        sent = list(_requests(operation, example.content, secrets))
        said = list(_replies(operation, secrets))
        pairs = zip(cycle(sent), cycle(said), strict=False)
        for (kind, content), (status, headers, reply) in islice(pairs, max(len(sent), len(said))):
            url = spec.bases[0] + _path(operation, secrets) + _query(operation, secrets)
            asked = [*_asked_headers(secrets), *([("Content-Type", kind)] if kind else [])]
            yield Exchange(operation.method, url, asked, content, status, headers, reply)


def _path(operation: Operation, secrets: Iterator[str]) -> str:
    path = operation.path
    for parameter in operation.parameters:
        if parameter.location == "path":
            path = path.replace(f"{{{parameter.name}}}", quote(next(secrets), safe=""))
    return path


def _query(operation: Operation, secrets: Iterator[str]) -> str:
    names = [p.name for p in operation.parameters if p.location == "query"]
    names += [next(secrets), "access_token", "sig"]
    pairs = [f"{quote(name, safe='')}={quote_plus(next(secrets))}" for name in names]
    return f"?{'&'.join(pairs)}&{quote(next(secrets), safe='')}#{quote(next(secrets))}"


def _asked_headers(secrets: Iterator[str]) -> list[tuple[str, str]]:
    names = ("Cookie", "User-Agent", "Referer", "X-Api-Key", "X-Forwarded-For", "Accept", "Origin")
    plain = [(name, next(secrets)) for name in names]
    forms = (
        f"Bearer {next(secrets)}",
        f"Basic {base64.b64encode(next(secrets).encode()).decode()}",
        next(secrets),
        f"{next(secrets)} {next(secrets)}",
    )
    return [
        *plain,
        ("Authorization", forms[len(next(secrets)) % 4]),
        (next(secrets), next(secrets)),
    ]


def _requests(
    operation: Operation, example: bytes | None, secrets: Iterator[str]
) -> Iterator[tuple[str, bytes]]:
    text = next(secrets).encode()
    yield "", b""
    yield f"text/plain; charset={next(secrets)}", text
    yield f"application/{next(secrets)}", text
    if operation.body is None:
        return
    kind = operation.body.content_type
    if kind == "application/json":
        good = planted(json.loads(example or b"{}"), secrets)
        yield kind, json.dumps(good).encode()
        yield f"{kind}; note={next(secrets)}", json.dumps(good, ensure_ascii=False).encode() + text
        yield kind, b'{"a": "' + text
        yield kind, b"\xff\xfe" + text
    elif kind == "application/x-www-form-urlencoded":
        names = [*operation.body.schema.get("properties", {}), *_STRANGERS, next(secrets)]
        pairs = [f"{quote(name)}={quote_plus(next(secrets))}" for name in names]
        yield kind, "&".join(pairs).encode()
        yield kind, text
    else:
        yield from _multiparts(operation, secrets)


def _multiparts(operation: Operation, secrets: Iterator[str]) -> Iterator[tuple[str, bytes]]:
    assert operation.body is not None
    mark = SECRETS["serial"]
    schema = load_spec_schema(operation)
    body = b""
    for name in [*schema, "note", next(secrets)]:
        file = f'; filename="{SECRETS["file"]}"' if len(name) % 2 else ""
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n'
        body += head.encode() + f"Content-Type: text/{mark}\r\n\r\n{next(secrets)}\r\n".encode()
    kind = f"multipart/form-data; boundary={mark}"
    yield kind, body + f"--{mark}--\r\n".encode()
    yield kind, body
    yield "multipart/form-data", body


def load_spec_schema(operation: Operation) -> dict[str, Any]:
    """The documented fields of a form."""
    assert operation.body is not None
    schema = operation.body.schema
    for vendor in ("aitrios", "scailable"):
        spec = load_spec(vendor)
        if operation.id in spec.operations:
            schema = spec.resolve(schema)
            break
    fields: dict[str, Any] = schema.get("properties", {})
    return fields


def _replies(
    operation: Operation, secrets: Iterator[str]
) -> Iterator[tuple[int | None, list[tuple[str, str]], bytes | None]]:
    for key, reply in operation.responses.items():
        status = int(key.replace("XX", "22")) if key != "default" else 555
        for kind, media in reply.content.items():
            example: Any = next(iter(media_examples(media).values()), {})
            headers = _said_headers(reply.headers, kind, secrets)
            yield status, headers, json.dumps(planted(example, secrets)).encode()
    text = next(secrets).encode()
    success = operation.success
    kinds = next(iter(success.content if success is not None else ()), "application/json")
    for status in (200, 400, 418):
        for content in (b'{"user": "' + text, b"{}" + text, text, b"\x00\xff" + text):
            yield status, _said_headers({}, kinds, secrets), content
    wide = json.dumps({"user": text.decode()}).encode("utf-16")
    yield 400, [("Content-Type", f"{kinds}; charset=utf-16")], wide
    packed = gzip.compress(b'{"user": "' + text + b'"}', 0)  # stored as it is
    yield 200, [("Content-Type", kinds), ("Content-Encoding", "gzip")], packed
    yield 400, [("Content-Type", "application/problem+json")], b'{"detail": "' + text + b'"}'
    nested = f"https://a.example/{quote(text.decode())}/https://b/c"
    yield 301, [("Location", nested), (f"X-RateLimit-{quote(text.decode())}", "5")], b""
    disposition = f'attachment; filename="{next(secrets)}"'
    yield 200, [("Content-Disposition", disposition), ("Content-Type", "text/html")], text
    yield 302, [("Location", next(secrets)), ("location", SECRETS["url"])], text
    yield 418, [("Content-Type", f"text/{next(secrets)}")], text
    yield None, [], None


def _said_headers(known: Any, kind: str, secrets: Iterator[str]) -> list[tuple[str, str]]:
    names = ("Set-Cookie", "ETag", "X-Request-Id", "Server", "X-User", "Date", "Retry-After")
    link = (
        f'<{SECRETS["url"]}&next_token={quote(next(secrets))}>; rel="next"; title="{next(secrets)}"'
    )
    more = [("Link", link), ("Location", SECRETS["url"]), ("WWW-Authenticate", next(secrets))]
    more += [("X-RateLimit-Limit", next(secrets)), ("RateLimit-Reset", next(secrets))]
    plain = [(name, next(secrets)) for name in (*names, *known)]
    return [("Content-Type", f"{kind}; x={next(secrets)}"), *plain, *more]
