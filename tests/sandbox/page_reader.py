"""Reads pages as a strict browser would: a tree, forms with what they would send, and what is wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "input", "br", "rect"}
LABELLED = {"input", "select", "textarea"}


@dataclass
class Node:
    """An element."""

    tag: str
    attributes: dict[str, str]
    parent: Node | None
    children: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """The elements below, in the document's order."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def all(self, *tags: str, **attributes: str) -> list[Node]:
        """The elements below with one of these tags and all these attributes."""
        return [
            node
            for node in self.walk()
            if (not tags or node.tag in tags)
            and all(node.attributes.get(name) == value for name, value in attributes.items())
        ]

    def by_id(self, name: str) -> Node:
        (found,) = self.all(id=name)
        return found

    @property
    def text(self) -> str:
        """All text below, blanks joined."""
        return " ".join(self.raw_text.split())

    @property
    def raw_text(self) -> str:
        """All text below as it is."""
        return "".join(c if isinstance(c, str) else c.raw_text for c in self.children)

    def inside(self, tag: str) -> Node | None:
        """The nearest element above with this tag."""
        node = self.parent
        while node is not None and node.tag != tag:
            node = node.parent
        return node


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {}, None)
        self.here = self.root
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        twice = [name for name, count in Counter(name for name, _ in attrs).items() if count > 1]
        self.wrong += [f"<{tag}> has {name} twice" for name in twice]
        node = Node(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(node)
        if tag not in VOID:
            self.here = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.here.tag != tag or self.here.parent is None:
            self.wrong.append(f"</{tag}> closes <{self.here.tag}>")
            return
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def read(html: str) -> Node:
    """The document; asserts that every element is closed where it should be."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert not parser.wrong, parser.wrong
    assert parser.here is parser.root, f"<{parser.here.tag}> is not closed"
    return parser.root


def faults_of(document: Node) -> list[str]:
    """What keeps people from using a page, and what its policy forbids."""
    return [
        *_structure(document),
        *_names(document),
        *_references(document),
        *_forbidden(document),
    ]


def _structure(document: Node) -> Iterator[str]:
    for tag in ("html", "title", "main", "header", "footer", "nav", "h1"):
        if len(document.all(tag)) != 1:
            yield f"{len(document.all(tag))} <{tag}>"
    if document.all("html")[0].attributes.get("lang") != "en":
        yield "no language"
    before = 0
    for heading in document.all("h1", "h2", "h3", "h4"):
        level = int(heading.tag[1])
        if level > before + 1:
            yield f"<{heading.tag}> {heading.text!r} follows <h{before}>"
        before = level
    for table in document.all("table"):
        if len(table.all("caption")) != 1:
            yield "a table without caption"
        if any("scope" not in cell.attributes for cell in table.all("th")):
            yield "a heading cell without scope"


def _names(document: Node) -> Iterator[str]:
    labels = {label.attributes.get("for") for label in document.all("label") if label.text}
    for node in document.all(*LABELLED):
        if node.attributes.get("id") not in labels:
            yield f"<{node.tag} name={node.attributes.get('name')!r}> has no label"
    for node in document.all("button", "a", "summary"):
        # The row that scripts copy is filled in later.
        empty = not node.text and not node.inside("template") and "href" in node.attributes
        if empty or (node.tag != "a" and not node.text):
            yield f"an empty <{node.tag}>"
    for node in document.all("img"):
        if "alt" not in node.attributes:
            yield "an image without alt"
    for node in document.all("nav", "form"):
        if node.tag == "nav" and "aria-label" not in node.attributes:
            yield "a <nav> without name"
    for node in document.all("section"):
        if "aria-labelledby" not in node.attributes:
            yield "a <section> without name"


def _references(document: Node) -> Iterator[str]:
    ids = Counter(node.attributes["id"] for node in document.walk() if "id" in node.attributes)
    yield from (f"id {name!r} is there {count} times" for name, count in ids.items() if count > 1)
    for node in document.walk():
        for name in ("for", "aria-labelledby", "aria-describedby", "list", "data-copy"):
            wanted = node.attributes.get(name, "").split()
            yield from (f"{name}={each!r} leads nowhere" for each in wanted if each not in ids)
        target = node.attributes.get("href", "")
        if target.startswith("#") and target[1:] not in ids:
            yield f"{target} leads nowhere"


def _forbidden(document: Node) -> Iterator[str]:
    for node in document.walk():
        if node.tag == "style" or (node.tag == "script" and node.raw_text.strip()):
            yield f"inline <{node.tag}>"
        for name, value in node.attributes.items():
            if name == "style" or name.startswith("on"):
                yield f"inline {name}="
            elsewhere = re.match(r"(?i)\s*(?:[a-z][a-z0-9+.-]*:|//)", value)
            if elsewhere and name in ("href", "src", "action", "srcset", "poster", "formaction"):
                yield f"{name}={value!r} leads elsewhere"


def sent_by(form: Node, button: Node | None = None) -> dict[str, str]:
    """What a browser sends for an untouched form, with the button that was pressed."""
    fields: dict[str, str] = {}
    for node in form.all("input", "select"):
        name, kind = node.attributes.get("name"), node.attributes.get("type")
        if not name or (kind == "checkbox" and "checked" not in node.attributes):
            continue
        if node.tag == "select":
            options = node.all("option")
            chosen = [o for o in options if "selected" in o.attributes] or options[:1]
            fields[name] = chosen[0].attributes.get("value", chosen[0].text)
        else:
            fields[name] = node.attributes.get("value", "")
    if button is not None and "name" in button.attributes:
        fields[button.attributes["name"]] = button.attributes.get("value", "")
    return fields
