"""Everything a maintainer does, as sessions: `nox -l` lists them, `nox -s NAME` runs one.

Only Python, pip and nox are needed; each session installs what it uses into an environment of its own.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["tests"]
nox.options.error_on_missing_interpreters = True

ROOT = Path(__file__).parent
VENDORS = sorted(path.parent.name for path in (ROOT / "specs").glob("*/openapi.yaml"))
DISTRIBUTIONS = ["runtime", *VENDORS, "testing", "cli"]
ABOUT_CLIENTS = ["runtime", "stores", "faults", *VENDORS]
ABOUT_GENERATION = [
    "lint",
    "generation",
    "evidence",
    "stock",
    "compare",
    "adopt",
    "diff",
    "surface",
    "release",
]
ABOUT_THE_WHOLE = ["clients", "sandbox", "cli", "packaging", "benchmarks", "docs"]
CODE = ["noxfile.py", "codegen", "overlays", "tests", "benchmarks", "demo"]


@nox.session
def regenerate(session: nox.Session) -> None:
    """Make generated/ from specs/, and api.md of all distributions [-- VENDOR ...] [-- --check]."""
    locked(session, "generator")
    locked_only(session, "release", "griffe")
    session.run("python", "-m", "codegen", "regenerate", *session.posargs)
    session.run("python", "-m", "codegen.surface", *session.posargs)
    if "--check" not in session.posargs:
        session.run("python", "-m", "codegen.diff", "--after-regeneration", *session.posargs)


@nox.session
def diff(session: nox.Session) -> None:
    """Say what changed in the specs, and write it down for changelogs [-- REV] [-- VENDOR ...] [-- --no-fragment]."""
    locked(session, "generator", "release")
    redocly = Path(session.create_tmp()) / "redocly"
    session.run("python", "-m", "codegen.diff", "--redocly", str(redocly), *session.posargs)


@nox.session
def adopt(session: nox.Session) -> None:
    """Compare a vendor's own OpenAPI file with our spec: -- VENDOR FILE [--apply-evidence] [--json FILE]."""
    locked(session, "generator")
    session.run("python", "-m", "codegen.adopt", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Lint the specs, see that generated/ and api.md are current, lint our own Python and its layers."""
    locked(session, "generator", "lint")
    locked_only(session, "release", "griffe")
    session.run("python", "-m", "codegen.lint")
    session.run("python", "-m", "codegen", "regenerate", "--check")
    session.run("python", "-m", "codegen.surface", "--check")
    session.run("python", "-m", "codegen.diff", "--check")
    session.run("ruff", "check", "--no-cache", *CODE)
    session.run("ruff", "format", "--no-cache", "--check", *CODE)
    session.env["PYTHONPATH"] = os.pathsep.join(source_folders())
    session.run("lint-imports", "--no-cache")


@nox.session
def types(session: nox.Session) -> None:
    """Type-check everything, generated code included: mypy --strict and pyright."""
    locked(
        session,
        "clients",
        "extras",
        "testing",
        "cli",
        "oracle",
        "generator",
        "pytest",
        "types",
        "bench",
        "build",
        "release",
    )
    session.env["MYPYPATH"] = os.pathsep.join([*source_folders(), "tests/network_guard", "."])
    session.run("mypy", *CODE, *(f"generated/{vendor}/src" for vendor in VENDORS))
    session.run("pyright", "--project", "pyproject.toml", "--pythonpath", python_of(session))


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests [-- PYTEST ARGUMENTS]; then those of the generator, the oracle, the lints and the types."""
    locked(session, "clients", "extras", "testing", "cli", "pytest", "build")
    editable(session)
    run_pytest(session, *(f"tests/{folder}" for folder in (*ABOUT_CLIENTS, *ABOUT_THE_WHOLE)))
    if session.posargs:
        return  # a selection of tests: the other sessions take theirs by name
    for name in (
        "tests_generator",
        "tests_oracle",
        "tests_contract",
        "tests_fuzz",
        "tests_lowest",
        "lint",
        "types",
    ):
        session.notify(name)


@nox.session
def tests_generator(session: nox.Session) -> None:
    """Test what is done to specs: lint, generate, diff, adopt, release; and stock clients on the sandbox."""
    locked(session, "clients", "extras", "generator", "release", "build", "testing", "pytest")
    session.env["PYTHONPATH"] = os.pathsep.join(source_folders())
    # Tests have no network; where Redocly cannot be had, those that ask it are skipped.
    redocly = Path(session.create_tmp()) / "redocly"
    session.run("python", "-m", "codegen.diff", "--install-redocly", str(redocly))
    session.env["DEVICECLOUDS_REDOCLY"] = str(redocly)
    run_pytest(session, *(f"tests/{folder}" for folder in ABOUT_GENERATION))


@nox.session
def tests_oracle(session: nox.Session) -> None:
    """Test the checks of requests and replies, and compare their verdicts with openapi-core, the independent oracle."""
    locked(session, "clients", "extras", "testing", "oracle", "pytest", "build")
    editable(session)
    run_pytest(session, "tests/testing")


@nox.session
def tests_contract(session: nox.Session) -> None:
    """Test the contract kit: seeded breaks are caught, nothing secret is recorded, live runs keep to their plan."""
    locked(session, "contract", "build")
    editable(session)
    run_pytest(session, "tests/contract")


@nox.session
def contract(session: nox.Session) -> None:
    """Check all clients against specs and sandbox [-- VENDOR ...]; a live cloud with -- VENDOR --live [--plan]."""
    locked(session, "contract", "build")
    editable(session)
    session.run("deviceclouds", "contract", *session.posargs)


@nox.session
def tests_lowest(session: nox.Session) -> None:
    """Test the clients on the oldest dependencies they claim, and with the fast decoder switched off."""
    locked(session, "clients-lowest", "extras-lowest", "pytest-lowest")
    session.env["PYTHONPATH"] = os.pathsep.join(source_folders())
    run_pytest(session, *(f"tests/{folder}" for folder in ABOUT_CLIENTS))
    session.env["DEVICECLOUDS_LENIENT_ONLY"] = "1"
    run_pytest(session, "tests/runtime")


@nox.session
def tests_fuzz(session: nox.Session) -> None:
    """Send the sandbox a minute of what schemathesis can think of; `fuzz` does it for ten."""
    fuzz_sandbox(session, "60")


@nox.session
def fuzz(session: nox.Session) -> None:
    """Send the sandbox ten minutes of what schemathesis can think of, by all specs [-- VENDOR ...] [-- --seconds N]."""
    fuzz_sandbox(session, "600")


@nox.session
def prism(session: nox.Session) -> None:
    """Compare our verdict on requests with Prism's, an independent validator; needs Node and npm."""
    if shutil.which("npm") is None:
        session.error(
            "npm is missing; install Node 20 or newer, or leave this session out: the tests do not need it"
        )
    locked(session, "clients", "testing", "pytest")
    session.env["PYTHONPATH"] = os.pathsep.join([*source_folders(), str(ROOT)])
    session.run("python", "-m", "tests.prism", *session.posargs)


def fuzz_sandbox(session: nox.Session, seconds: str) -> None:
    locked(session, "fuzz-sandbox")
    session.env["PYTHONPATH"] = os.pathsep.join([*source_folders(), str(ROOT)])
    session.run("python", "-m", "tests.fuzz", "--seconds", seconds, *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """Build all wheels and source distributions into dist/, with contents lists and bills of materials."""
    locked(session, "build")
    locked_only(session, "release", "cyclonedx-python-lib[json-validation]")
    build_distributions(session, ROOT / "dist", evidence=True)


@nox.session
def release(session: nox.Session) -> None:
    """Say what a release would be and what it lacks; changes nothing [-- DISTRIBUTION ...] [-- --no-install]."""
    locked(session, "generator", "build")
    libraries = ("cyclonedx-python-lib[json-validation]", "griffe", "towncrier")
    locked_only(session, "release", *libraries)
    session.run("python", "-m", "codegen.release", "dry-run", *session.posargs)


@nox.session
def demo(session: nox.Session) -> None:
    """Specs to clients to wheels to a clean environment: call all operations of all vendors, sync and async."""
    locked(session, "generator", "build")
    session.run("python", "-m", "codegen", "regenerate", "--check")
    build_distributions(session, ROOT / "dist")
    clean = Path(session.create_tmp()) / "clean"
    session.run("python", "-m", "venv", "--clear", str(clean), silent=True)
    python = str(clean / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    # By path: a bare name could be someone else's package on an index.
    wheels = [str(path) for path in sorted((ROOT / "dist").glob("*.whl"))]
    session.run(
        python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "-r", "requirements/demo.txt", *wheels, external=True,
    )  # fmt: skip
    session.run(python, "-m", "demo.demo", *session.posargs, external=True)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation site into site/ and check its links; a live preview with -- --serve."""
    locked(session, "clients", "testing", "docs")
    session.env["PYTHONPATH"] = os.pathsep.join([*source_folders(), str(ROOT)])
    # What mkdocs-material prints about its successor is no news for who builds.
    session.env["NO_MKDOCS_2_WARNING"] = "1"
    if "--serve" in session.posargs:
        session.run("python", "-m", "codegen.docs", "--preview")
        session.run("mkdocs", "serve", "--livereload", "--config-file", ".docs/mkdocs.yml")
        return
    session.run("python", "-m", "codegen.docs")
    session.run("mkdocs", "build", "--strict", "--config-file", ".docs/mkdocs.yml")
    session.run("python", "-m", "codegen.docs", "--offline", "site")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure decoding, imports and sizes as ratios in one run [-- --quick] [-- --json FILE]."""
    locked(session, "clients", "generator", "bench")
    session.env["PYTHONPATH"] = os.pathsep.join([*source_folders(), str(ROOT)])
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Resolve the dependency groups of pyproject.toml anew into requirements/."""
    session.install("uv>=0.9,<1")
    groups = nox.project.load_toml("pyproject.toml")["dependency-groups"]
    for group in groups.keys() - {"fuzz"}:
        # One session checks the types of everything, so these keep to what the generator allows.
        beside = (
            ("--constraint", "requirements/generator.txt") if group in ("cli", "release") else ()
        )
        compile_lock(session, group, group, *beside)
    for group in ("clients", "extras"):
        compile_lock(session, group, f"{group}-lowest", "--resolution", "lowest-direct")
    lowest = [f"--constraint=requirements/{group}-lowest.txt" for group in ("clients", "extras")]
    compile_lock(session, "fuzz", "fuzz-sandbox", "--group=clients", "--group=testing")
    kits = ("clients", "extras", "testing", "cli", "pytest")
    compile_lock(session, "fuzz", "contract", *(f"--group={group}" for group in kits))
    compile_lock(session, "pytest", "pytest-lowest", "--group=testing", "--group=build", *lowest)


def compile_lock(session: nox.Session, group: str, name: str, *options: str) -> None:
    session.run(
        "uv", "pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version", "3.11",
        "--no-header", "--no-annotate", "--no-emit-index-url", "--group", group,
        "-o", f"requirements/{name}.txt", *options,
    )  # fmt: skip


def locked(session: nox.Session, *locks: str) -> None:
    """Installs exactly what the locks in requirements/ name."""
    session.install(*(part for lock in locks for part in ("-r", f"requirements/{lock}.txt")))


def locked_only(session: nox.Session, lock: str, *libraries: str) -> None:
    """Installs some of what a lock names, not the large rest."""
    session.install("-c", f"requirements/{lock}.txt", *libraries)


def editable(session: nox.Session) -> None:
    """Installs our distributions from the work tree; their dependencies come from the locks."""
    paths = [part for name in DISTRIBUTIONS for part in ("-e", f"overlays/{name}")]
    session.install("--no-deps", "--no-build-isolation", *paths)


def run_pytest(session: nox.Session, *folders: str) -> None:
    # Checkouts may be compared byte by byte while the tests run.
    session.env["PYTHONDONTWRITEBYTECODE"] = "1"
    # Two at once, a file as a whole by one; a selection is meant to be watched.
    workers = () if session.posargs else ("-n", "2", "--dist", "loadfile")
    session.run("python", "-m", "pytest", *workers, *folders, *session.posargs)


def source_folders() -> list[str]:
    """Where our packages lie in the work tree, for sessions that do not install them."""
    return [
        str(p)
        for pattern in ("overlays/*/src", "generated/*/src")
        for p in sorted(ROOT.glob(pattern))
    ]


def python_of(session: nox.Session) -> str:
    return str(Path(session.bin) / ("python.exe" if os.name == "nt" else "python"))


def build_distributions(session: nox.Session, target: Path, *, evidence: bool = False) -> None:
    """Builds into a folder beside, then swaps it in: dist/ is never half full."""
    fresh = target.with_name(f".{target.name}-new")
    shutil.rmtree(fresh, ignore_errors=True)
    if (ROOT / ".git").exists() and shutil.which("git"):
        # Two builds of one commit are the same, byte by byte.
        epoch = session.run("git", "log", "-1", "--format=%ct", external=True, silent=True)
        session.env["SOURCE_DATE_EPOCH"] = str(epoch).strip()
    for name in DISTRIBUTIONS:
        session.run(
            "python",
            "-m",
            "build",
            "--no-isolation",
            "--outdir",
            str(fresh),
            f"overlays/{name}",
            silent=True,
        )
    if evidence:
        session.run("python", "-m", "codegen.release", "evidence", str(fresh))
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    session.log(f"{len(DISTRIBUTIONS)} distributions in {target.name}/")
