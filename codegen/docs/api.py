"""Reference pages of each vendor's API, made from its specification: a table, and a page for each namespace."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from deviceclouds.testing import Spec, load_spec
from deviceclouds.testing.contract.live.sources import links_of
from deviceclouds.testing.sandbox.pages.names import SHORT_NAMES
from deviceclouds.testing.sandbox.pages.reference import OperationView, reference_page
from deviceclouds.testing.sandbox.pages.shapes import Evidence, Field, evidence_of

from .calls import Method, methods
from .markup import breakable, fenced, folded, how_known, mark, source_of, table, words

__all__ = ["api_pages"]


def api_pages(root: Path) -> dict[str, str]:
    """The pages of each vendor below ``reference/``, by their path in the site.

    Args:
        root: The repository, whose generated clients say how each operation is called.

    Raises:
        KeyError: An operation of a specification has no method.
    """
    pages = {}
    for vendor in SHORT_NAMES:
        calls = methods(root, vendor)
        pages[f"reference/{vendor}/index.md"] = _vendor_page(root, vendor)
        for tag, views in reference_page(vendor).groups.items():
            about = words(reference_page(vendor).tags.get(tag, ""))
            space = _namespace(views[0])
            parts = [f"# {SHORT_NAMES[vendor]}: {space}", f"{about} {_count(len(views))}."]
            parts += [_operation(vendor, view, calls[view.client_method]) for view in views]
            pages[f"reference/{vendor}/{space}.md"] = "\n\n".join(parts) + "\n"
    return pages


def _vendor_page(root: Path, vendor: str) -> str:
    page, spec = reference_page(vendor), load_spec(vendor)
    shares = ", ".join(f"{s.count} {mark(s.status)}" for s in page.shares)
    parts = [
        f"# {page.title} {page.version}",
        words(page.description),
        f"{_count(page.total)}: {shares}. Tables have the vendor's names, calls have those of Python.",
        "Servers: " + ", ".join(f"`{url}`" for url in reversed(spec.bases)) + ".",
        f"How to sign in, and what takes several calls: [the client's page](../../packages/{vendor}.md). "
        f"Its classes: [Python reference](../../python/{vendor}.md).",
    ]
    for tag, views in page.groups.items():
        space = _namespace(views[0])
        rows = [
            [
                f"[`{_method(v)}`]({space}.md#{_method(v)})",
                f"{words(v.summary)}<br>`{v.method} {v.path}`",
                mark(v.evidence.status),
            ]
            for v in views
        ]
        parts += [
            f"## {space}",
            words(page.tags.get(tag, "")),
            table(["method", "what it does", "known"], rows),
        ]
    hooks = spec.document.get("webhooks", {})
    if hooks:
        rows = [
            [f"`{name}`", words(each["summary"]), how_known(evidence_of(each["x-evidence"]))]
            for name, item in hooks.items()
            for each in item.values()
        ]
        parts += ["## What it sends to you", table(["webhook", "what it is", "known"], rows)]
    parts += ["## Sources", _sources(root / "specs" / vendor / "source.toml")]
    return "\n\n".join(parts) + "\n"


def _sources(file: Path) -> str:
    """What the marks name as their source."""
    found = tomllib.loads(file.read_text(encoding="utf-8"))["sources"]
    rows = []
    for name, about in found.items():
        where = words(about.get("where", ""))
        rows.append(
            [
                name,
                words(about["kind"].replace("-", " ")),
                where,
                f"{about['read']}".replace("-", "&#8209;"),
            ]
        )
    return table(["name", "kind", "where", "read on"], rows)


def _operation(vendor: str, view: OperationView, method: Method) -> str:
    spec = load_spec(vendor)
    raw = spec.operation(view.id).raw
    parts = [
        f"## {_method(view)}",
        f"**{words(view.summary)}** {mark(view.evidence.status)}",
        f'<p class="route"><b class="{view.method.lower()}">{view.method}</b> <code>{view.path}</code></p>',
        words(view.description),
        f'<p class="known" markdown>{source_of(view.evidence)}</p>',
        fenced("python", method.call),
        # The time limit may stand in the description too.
        " ".join(
            [
                *(m for m in view.manners if m[:20] not in view.description),
                *_paging(raw.get("x-pagination")),
            ]
        ),
    ]
    parts.append(_reads(vendor, spec, view))
    if view.parameters:
        parts += ["**Parameters**", _fields(view.parameters)]
    if view.body_kind is not None:
        parts += [f"**Body**: {words(view.body_kind)}", _fields(view.body)]
        parts.append(_example("Example of the body", view.body_example))
    parts += ["**Replies**", table(["status", "meaning"], _replies(spec, view, raw))]
    if view.reply:
        parts.append(folded(f"Fields of the reply ({len(view.reply)})", _fields(view.reply)))
    parts.append(_example("Example of a reply", view.reply_example))
    objects = [f"- `{name}`: {how_known(e)}" for name, e in _objects(spec, raw)]
    if objects:
        parts += ["Objects that are known in another way:", "\n".join(objects)]
    options = "".join(f"        show_{part}: false\n" for part in _NOT_SHOWN)
    shown = f"::: {method.path}\n    options:\n{options}"
    parts.append(folded("Python signature, with types", shown))
    return "\n\n".join(part for part in parts if part)


def _reads(vendor: str, spec: Spec, view: OperationView) -> str:
    """Whether it only reads, and which replies hold the ids it takes."""
    said = ["It only reads."] if spec.operation(view.id).raw.get("x-read-only") else []
    known = {each.id: each for views in reference_page(vendor).groups.values() for each in views}
    for link in links_of(spec):
        if link.target == view.id and link.operation_id != view.id:
            source = known[link.operation_id]
            # What the other operation was given as well is no news.
            names = [name for name, text in link.parameters.items() if text.startswith("$response")]
            where = f"{_namespace(source)}.md#{_method(source)}"
            ids = " and ".join(f"`{name}`" for name in names)
            said.append(f"{ids} can be had from [`{_method(source)}`]({where}).")
    return " ".join(said)


_NOT_SHOWN = (
    *("root_heading", "root_toc_entry"),
    *("docstring_description", "docstring_parameters", "docstring_returns"),
)


def _fields(fields: tuple[Field, ...]) -> str:
    """Names, shapes and meanings; the mark only where a field is known in another way than its operation."""
    rows = []
    for field in fields:
        needed = " **required**" if field.required else ""
        kind = "" if field.place in ("body", "reply") else f"{field.place}, "
        variant = f" (of {field.variant})" if field.variant else ""
        known = f"<br>{how_known(field.evidence)}" if field.evidence else ""
        secret = " Secret: no log or repr shows it." if field.secret else ""
        name = (
            f"{breakable(field.name)}{needed}<br><small>{kind}{words(field.shape)}{variant}</small>"
        )
        rows.append([name, f"{words(field.description)}{secret}{known}"])
    return table(["name", "meaning"], rows)


def _replies(spec: Spec, view: OperationView, raw: Mapping[str, Any]) -> Iterator[list[str]]:
    for status, meaning, shape in view.replies:
        reply = spec.resolve(raw["responses"][status])
        known = (
            f"<br>{how_known(evidence_of(reply['x-evidence']))}" if "x-evidence" in reply else ""
        )
        yield [f"`{status}`", f"{words(meaning)}{f' ({words(shape)})' if shape else ''}{known}"]


def _objects(spec: Spec, raw: Mapping[str, Any]) -> list[tuple[str, Evidence]]:
    """The named schemas an operation reaches that have evidence of their own."""
    found: dict[str, Evidence] = {}
    seen: set[str] = set()
    rest: list[Any] = [raw.get("requestBody"), raw["responses"]]
    while rest:
        node = rest.pop()
        if isinstance(node, list):
            rest += node
        elif isinstance(node, dict):
            reference = node.get("$ref")
            if reference and reference not in seen:
                seen.add(reference)
                target = spec.resolve(node)
                if "/schemas/" in reference and "x-evidence" in target:
                    found[reference.rpartition("/")[2]] = evidence_of(target["x-evidence"])
                rest.append(target)
            rest += [child for key, child in node.items() if not key.startswith(("x-", "example"))]
    return sorted(found.items())


def _paging(rule: Mapping[str, Any] | None) -> Iterator[str]:
    """Which parameter asks for the next page, and where its value comes from."""
    if rule is None:
        return
    if "cursor_parameter" in rule:
        place = "the link at" if rule["style"] == "link" else "the reply's"
        yield f"`{rule['cursor_parameter']}` asks for the next page; {place} `{rule['next']}` holds it."
    elif "offset_parameter" in rule:
        yield f"`{rule['offset_parameter']}` is the number of items to leave out."
    else:
        yield f"`{rule['page_parameter']}` is the number of the page, from {rule['first_page']}."
    if "size_parameter" in rule:
        yield f"`{rule['size_parameter']}` is the size of a page."


def _example(title: str, value: Any) -> str:
    if value is None or value == {}:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return folded(title, fenced("text" if isinstance(value, str) else "json", text))


def _namespace(view: OperationView) -> str:
    return view.client_method.partition(".")[0]


def _method(view: OperationView) -> str:
    return view.client_method.partition(".")[2]


def _count(number: int) -> str:
    return "1 operation" if number == 1 else f"{number} operations"
