"""Reference pages of the Python packages: which names are shown, and where. mkdocstrings fills them from the source."""

from __future__ import annotations

import ast
from pathlib import Path

from deviceclouds.testing.sandbox.pages.names import SHORT_NAMES

__all__ = ["python_pages"]

#: Modules of a client that are no pages: methods of the client do what is in them.
INNER = {"models", "workflows"}
_GROUPS = {
    "_errors": "Errors and warnings",
    "_pages": "Pages",
    "_tokens": "Tokens and their stores",
    "_token_file": "Tokens and their stores",
    "_token_keyring": "Tokens and their stores",
    "_token_redis": "Tokens and their stores",
    "_auth": "Signing in",
    "_secret": "Signing in",
    "_core": "Settings of clients and calls",
    "_setup": "Settings of clients and calls",
    "_retry": "Settings of clients and calls",
    "_limits": "Settings of clients and calls",
    "_events": "Settings of clients and calls",
}
_REST = "Values, files and replies"


def python_pages(root: Path) -> dict[str, str]:
    """The pages below ``python/``, by their path in the site.

    Args:
        root: The repository.
    """
    source = root / "overlays"
    pages = {"python/runtime.md": _runtime_page(source / "runtime/src/deviceclouds/runtime")}
    names = _listed(source / "testing/src/deviceclouds/testing/__init__.py")
    pages["python/testing.md"] = _page(
        "deviceclouds.testing",
        [_about("deviceclouds.testing"), *(_shown("deviceclouds.testing", n) for n in names)],
    )
    for vendor, name in SHORT_NAMES.items():
        package = f"deviceclouds.{vendor}"
        folder = source / vendor / "src/deviceclouds" / vendor
        parts = [
            _about(package),
            f"What the namespaces of a client hold is in the [reference of the API](../reference/{vendor}/index.md); "
            f"models have [a page of their own]({vendor}-models.md).",
        ]
        parts += [
            _client(package, each)
            for each in sorted(_listed(folder / "__init__.py"), key=_sync_first)
        ]
        for inner in sorted(folder.glob("[!_]*/__init__.py")):
            if inner.parent.name not in INNER:
                module = f"{package}.{inner.parent.name}"
                parts += [f"## {module}", _about(module)]
                parts += [_shown(module, each) for each in _listed(inner)]
        pages[f"python/{vendor}.md"] = _page(package, parts)
        models = root / f"generated/{vendor}/src/deviceclouds/_generated/{vendor}/models"
        about = f"Models and enums of {name}: `from {package}.models import ...`."
        home = f"deviceclouds._generated.{vendor}.models"
        shown = [
            _shown(home, n, inherited_members=False) for n in _imported(models / "__init__.py")
        ]
        pages[f"python/{vendor}-models.md"] = _page(f"{package}.models", [about, *shown])
    return pages


def _runtime_page(folder: Path) -> str:
    groups: dict[str, list[str]] = {}
    for name, module in _imported(folder / "__init__.py").items():
        groups.setdefault(_GROUPS.get(module, _REST), []).append(name)
    parts = [_about("deviceclouds.runtime")]
    for title in dict.fromkeys([*_GROUPS.values(), _REST]):
        parts += [
            f"## {title}",
            *(_shown("deviceclouds.runtime", n) for n in groups.get(title, ())),
        ]
    return _page("deviceclouds.runtime", parts)


def _page(title: str, parts: list[str]) -> str:
    return "\n\n".join([f"# {title}", *parts]) + "\n"


def _about(module: str) -> str:
    """What a module says of itself."""
    return _shown(module, "", members=False, show_root_heading=False, show_root_toc_entry=False)


def _client(package: str, name: str) -> str:
    """The async class has the same members as the sync one, so those are shown once."""
    return _shown(
        package, name, show_bases=False, **({"members": False} if name.startswith("Async") else {})
    )


def _sync_first(name: str) -> tuple[bool, bool]:
    return name.isupper(), name.startswith("Async")


def _shown(package: str, name: str, **options: bool) -> str:
    lines = [f"      {option}: {str(value).lower()}" for option, value in options.items()]
    return "\n".join(
        [f"::: {package}{'.' if name else ''}{name}", *(["    options:"] if lines else []), *lines]
    )


def _listed(file: Path) -> list[str]:
    """Names in ``__all__``."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    raise ValueError(f"{file}: no __all__")


def _imported(file: Path) -> dict[str, str]:
    """Names a package loads lazily, each with the module it comes from: what it imports for type checkers."""
    names: dict[str, str] = {}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            names |= {
                each.name: node.module or "" for each in node.names if each.asname == each.name
            }
    return names
