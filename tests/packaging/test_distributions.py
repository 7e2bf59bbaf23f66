"""What is in the wheels and source distributions, and that they work where nothing else is."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from codegen.release import building
from codegen.release.contents import entries_of, statement_of

ROOT = Path(__file__).resolve().parents[2]
VENDORS = sorted(path.parent.name for path in (ROOT / "specs").glob("*/openapi.yaml"))
DISTRIBUTIONS = ["runtime", *VENDORS, "testing", "cli"]
CLASSES = {
    "aitrios": "Aitrios",
    "amnimo": "Amnimo",
    "proglove": "ProGlove",
    "scailable": "Scailable",
    "viziosense": "VizioSense",
}

EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}


def run(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each distribution: a wheel from the work tree, a source distribution, and a wheel made from that one."""
    folder = tmp_path_factory.mktemp("dist")
    for name in DISTRIBUTIONS:
        source = ROOT / "overlays" / name
        build = (sys.executable, "-m", "build", "--no-isolation")
        run(*build, "--wheel", "--outdir", folder / "direct", source, **EPOCH)
        run(*build, "--outdir", folder / "via_sdist", source, **EPOCH)
    return folder


def stem(name: str) -> str:
    # The command's distribution is called as the whole.
    return "deviceclouds" if name == "cli" else f"deviceclouds_{name}"


def wheel(folder: Path, name: str) -> Path:
    (path,) = folder.glob(f"{stem(name)}-*.whl")
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def contents(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {
            name: hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist()
            if not name.endswith("/RECORD")
        }


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_wheel_from_source_distribution_holds_the_same(name: str, built: Path) -> None:
    direct = contents(wheel(built / "direct", name))
    assert direct == contents(wheel(built / "via_sdist", name))
    assert f"deviceclouds/{name}/py.typed" in direct
    assert f"deviceclouds/{name}/__init__.py" in direct


@pytest.mark.parametrize("name", ["runtime", "testing", "viziosense"])
def test_two_builds_are_the_same_byte_by_byte(name: str, built: Path, tmp_path: Path) -> None:
    build = (sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path)
    run(*build, ROOT / "overlays" / name, **EPOCH)
    for again in sorted(tmp_path.iterdir()):
        assert again.read_bytes() == (built / "via_sdist" / again.name).read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_contents_lists(name: str, built: Path) -> None:
    """Reading a wheel's entries compares it with its RECORD."""
    packed = contents(wheel(built / "direct", name))
    entries = entries_of(wheel(built / "direct", name))
    assert {e.path: e.sha256 for e in entries if not e.path.endswith("/RECORD")} == packed
    again = statement_of(wheel(built / "direct", name))
    assert again["subject"][0]["digest"]["sha256"] == digest(wheel(built / "direct", name))
    (source,) = (built / "via_sdist").glob(f"{stem(name)}-0*.tar.gz")
    assert any(entry.path.endswith("/PKG-INFO") for entry in entries_of(source))


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_metadata_can_be_published(name: str, built: Path) -> None:
    assert list(building.metadata(ROOT, name, built / "via_sdist")) == []


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_namespaces_have_no_init(name: str, built: Path) -> None:
    names = contents(wheel(built / "direct", name))
    assert not {"deviceclouds/__init__.py", "deviceclouds/_generated/__init__.py"} & names.keys()
    assert any(entry.endswith("/licenses/LICENSE") for entry in names)
    foreign = [n for n in names if not n.startswith(("deviceclouds/", f"{stem(name)}-"))]
    assert foreign == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_vendor_wheel_holds_its_generated_package_whole(vendor: str, built: Path) -> None:
    inner = f"deviceclouds/_generated/{vendor}/"
    source = ROOT / "generated" / vendor / "src"
    expected = {
        path.relative_to(source).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    packed = contents(wheel(built / "direct", vendor))
    assert {n: h for n, h in packed.items() if n.startswith("deviceclouds/_generated/")} == expected
    assert f"{inner}py.typed" in packed


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_source_distribution_holds_what_the_wheel_does(name: str, built: Path) -> None:
    (path,) = (built / "via_sdist").glob(f"{stem(name)}-*.tar.gz")
    with tarfile.open(path) as archive:
        inside = {
            entry.name.partition("/src/")[2]
            for entry in archive.getmembers()
            if "/src/" in entry.name
        }
    packed = {n for n in contents(wheel(built / "direct", name)) if n.startswith("deviceclouds/")}
    assert packed <= inside


def install(target: Path, *wheels: Path) -> Path:
    """Unpacks wheels into a folder, as an installer would, without looking for dependencies."""
    for path in wheels:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(target)
    return target


def run_isolated(target: Path, code: str) -> str:
    """Runs code that sees the folder and third-party packages, but no editable install of ours."""
    libraries = sysconfig.get_paths()["purelib"]
    path = f"import sys; sys.path[:0] = [{str(target)!r}, {libraries!r}]\n"
    return run(sys.executable, "-S", "-W", "error", "-c", path + code, PYTHONPATH="")


CALL = """
import importlib, httpx2
from deviceclouds.{vendor} import {cls}, API_VERSION
import deviceclouds.{vendor} as package
assert package.__file__.startswith({target!r}), package.__file__
def answer(request):
    return httpx2.Response(200, json={{}})
http = httpx2.Client(transport=httpx2.MockTransport(answer))
options = {{"base_url": "https://cloud.test/api/v2"}}
with {cls}(http_client=http, **options) as client:
    client.preload()
    print(client)
for other in {others!r}:
    try:
        importlib.import_module("deviceclouds." + other)
    except ModuleNotFoundError:
        continue
    raise SystemExit(other + " is there too")
import sys
assert "pydantic" not in sys.modules
"""


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_vendor_works_alone(vendor: str, built: Path, tmp_path: Path) -> None:
    target = install(tmp_path, *(wheel(built / "direct", name) for name in ("runtime", vendor)))
    others = [name for name in VENDORS if name != vendor] + ["testing"]
    code = CALL.format(vendor=vendor, cls=CLASSES[vendor], target=str(target), others=others)
    assert CLASSES[vendor] in run_isolated(target, code)


def test_all_together(built: Path, tmp_path: Path) -> None:
    target = install(tmp_path, *(wheel(built / "direct", name) for name in DISTRIBUTIONS))
    code = "\n".join(f"from deviceclouds.{v} import {CLASSES[v]}" for v in VENDORS)
    code += "\nfrom deviceclouds.testing import Sandbox\n"
    code += "with Sandbox(stateful=False) as s:\n"
    code += "    print(len(s.vendors), s.client('viziosense').devices.get_device('x'))"
    assert run_isolated(target, code).startswith("5 Device(")


def project(name: str) -> dict[str, object]:
    text = (ROOT / "overlays" / name / "pyproject.toml").read_text(encoding="utf-8")
    found: dict[str, object] = tomllib.loads(text)["project"]
    return found


def requirements(name: str, *, extras: bool = False) -> Iterator[str]:
    found = project(name)["dependencies"]
    assert isinstance(found, list)
    yield from found
    optional = project(name).get("optional-dependencies", {})
    assert isinstance(optional, dict)
    for extra in optional.values() if extras else ():
        yield from extra


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_dependencies_are_bounded(name: str) -> None:
    assert not any("pydantic" in requirement for requirement in requirements(name))
    for requirement in requirements(name, extras=True):
        if requirement.startswith("deviceclouds-") and requirement.endswith("]"):
            continue  # an extra of ours that stands for another one
        assert ">=" in requirement, requirement
        assert ",<" in requirement, requirement


CLIENT_REQUIREMENTS = sorted(
    {r for name in ("runtime", *VENDORS) for r in requirements(name, extras=True)}
)


@pytest.mark.parametrize("requirement", CLIENT_REQUIREMENTS)
def test_lowest_bounds_are_the_ones_tested(requirement: str) -> None:
    locked = "".join(
        (ROOT / "requirements" / f"{group}-lowest.txt").read_text(encoding="utf-8")
        for group in ("clients", "extras")
    )
    if not requirement.startswith("deviceclouds-"):
        package, _, rest = requirement.partition(">=")
        lowest = rest.partition(",")[0]
        pinned = next(line for line in locked.splitlines() if line.startswith(f"{package}=="))
        assert pinned.partition(";")[0].strip() in (
            f"{package}=={lowest}",
            f"{package}=={lowest}.0",
            f"{package}=={lowest}.0.0",
        )


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_only_tested_python_versions_are_claimed(name: str) -> None:
    classifiers = project(name)["classifiers"]
    assert isinstance(classifiers, list)
    claimed = {c.rpartition(" ")[2] for c in classifiers if ":: Python :: 3." in c}
    assert claimed == {"3.11"}
    assert project(name)["license"] == "Apache-2.0"


def test_build_hooks_of_the_vendors_are_one() -> None:
    hooks = {(ROOT / "overlays" / vendor / "hatch_build.py").read_bytes() for vendor in VENDORS}
    assert len(hooks) == 1


def test_editable_install_finds_the_generated_package() -> None:
    modules = ("deviceclouds._generated.aitrios", "deviceclouds.aitrios")
    code = "; ".join(f"import {name}; print({name}.__file__)" for name in modules)
    paths = run(sys.executable, "-c", code).splitlines()
    assert len(paths) == 2
    assert all(str(ROOT) in path for path in paths)


def test_no_message_tells_to_install_a_bare_name() -> None:
    # Nothing is published: a bare name could be someone else's package on an index.
    sources = [
        *ROOT.glob("overlays/*/src/**/*.py"),
        *ROOT.glob("codegen/**/*.py"),
        ROOT / "noxfile.py",
    ]
    told = [str(path) for path in sources if "pip install deviceclouds" in path.read_text("utf-8")]
    assert told == []
