"""Which revision is the base, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen import git as git_module
from codegen.diff.reports import base_of
from codegen.diff.revisions import base_for, named
from codegen.git import GitError, Repository

from .repositories import SPEC, VENDOR, clone, commit, edit, git, needs_git

pytestmark = needs_git


def test_last_commit_where_the_work_tree_differs(tmp_path: Path) -> None:
    clone(tmp_path)
    edit(tmp_path, "list_lamps/summary", "Other")
    base = base_for(Repository.at(tmp_path))
    assert base.commit == git(tmp_path, "rev-parse", "HEAD")
    assert base.label.startswith("HEAD, the last commit (")


def test_new_files_count_as_a_difference(tmp_path: Path) -> None:
    clone(tmp_path)
    commit(tmp_path, "second")
    (tmp_path / "specs" / "new").mkdir()
    (tmp_path / "specs" / "new" / "openapi.yaml").write_text("openapi: 3.1.0\n", encoding="utf-8")
    assert base_for(Repository.at(tmp_path)).commit == git(tmp_path, "rev-parse", "HEAD")


def test_commit_before_the_last_otherwise(tmp_path: Path) -> None:
    clone(tmp_path)
    first = git(tmp_path, "rev-parse", "HEAD")
    commit(tmp_path, "second")
    assert base_for(Repository.at(tmp_path)).commit == first


def test_where_the_branch_left_main(tmp_path: Path) -> None:
    clone(tmp_path)
    fork = git(tmp_path, "rev-parse", "HEAD")
    git(tmp_path, "switch", "--quiet", "-c", "work")
    commit(tmp_path, "one")
    commit(tmp_path, "two")
    git(tmp_path, "switch", "--quiet", "main")
    commit(tmp_path, "elsewhere")
    git(tmp_path, "switch", "--quiet", "work")
    base = base_for(Repository.at(tmp_path))
    assert base.commit == fork
    assert base.label.startswith("where this branch left main (")


def test_main_of_the_server_is_asked_first(tmp_path: Path) -> None:
    clone(tmp_path / "server")
    git(tmp_path, "clone", "--quiet", str(tmp_path / "server"), str(tmp_path / "work"))
    fork = git(tmp_path / "work", "rev-parse", "HEAD")
    commit(tmp_path / "work", "not pushed")
    commit(tmp_path / "work", "not pushed either")
    base = base_for(Repository.at(tmp_path / "work"))
    assert base.commit == fork
    assert "origin/HEAD" in base.label


def test_released_tag_first_of_all(tmp_path: Path) -> None:
    clone(tmp_path, heading="2026-11-21")
    released = git(tmp_path, "rev-parse", "HEAD")
    git(tmp_path, "tag", f"deviceclouds-{VENDOR}/v0.1.0")
    commit(tmp_path, "second")
    commit(tmp_path, "third")
    base = base_of(Repository.at(tmp_path), VENDOR)
    assert (base.commit, base.label) == (released, f"released as deviceclouds-{VENDOR}/v0.1.0")


def test_release_without_its_tag(tmp_path: Path) -> None:
    clone(tmp_path, heading="2026-11-21")
    edit(tmp_path, "list_lamps/summary", "Other")
    assert base_of(Repository.at(tmp_path), VENDOR).label.startswith("HEAD")


def test_named_revision(tmp_path: Path) -> None:
    clone(tmp_path)
    first = git(tmp_path, "rev-parse", "HEAD")
    git(tmp_path, "tag", "-a", "-m", "words", "v1")
    commit(tmp_path, "second")
    repository = Repository.at(tmp_path)
    assert named(repository, "v1").commit == named(repository, first[:8]).commit == first
    assert named(repository, "HEAD~1").commit == first


@pytest.mark.parametrize("name", ["nowhere", "--output=x", "HEAD~99", ""])
def test_unknown_revision(tmp_path: Path, name: str) -> None:
    clone(tmp_path)
    with pytest.raises(GitError, match=r"no commit, tag, branch or vendor called .*git log"):
        named(Repository.at(tmp_path), name)


def test_one_commit_only(tmp_path: Path) -> None:
    clone(tmp_path)
    with pytest.raises(GitError, match="one commit only"):
        base_for(Repository.at(tmp_path))


def test_shallow_clone(tmp_path: Path) -> None:
    clone(tmp_path / "server")
    old = git(tmp_path / "server", "rev-parse", "HEAD")
    commit(tmp_path / "server", "second")
    url = (tmp_path / "server").as_uri()
    git(tmp_path, "clone", "--quiet", "--depth", "1", url, str(tmp_path / "work"))
    repository = Repository.at(tmp_path / "work")
    with pytest.raises(GitError, match=r"shallow.*git fetch --unshallow"):
        base_for(repository)
    with pytest.raises(GitError, match=r"shallow: `git fetch --unshallow`"):
        named(repository, old)


def test_no_clone(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="is not a git clone"):
        Repository.at(tmp_path)


def test_folder_inside_another_clone(tmp_path: Path) -> None:
    clone(tmp_path)
    (tmp_path / "inner").mkdir()
    with pytest.raises(GitError, match="is not a git clone"):
        Repository.at(tmp_path / "inner")


def test_clone_without_a_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    with pytest.raises(GitError, match="has no commit yet"):
        Repository.at(tmp_path)


def test_no_git_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="there is no git command; install git"):
        Repository.at(tmp_path)


def test_a_hooks_environment_does_not_mislead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone(tmp_path / "one")
    clone(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    repository = Repository.at(tmp_path / "one")
    assert repository.commit("HEAD") == git(tmp_path / "one", "rev-parse", "HEAD")
    assert "GIT_DIR" not in git_module._environment()


def test_files_of_a_commit(tmp_path: Path) -> None:
    clone(tmp_path)
    first = git(tmp_path, "rev-parse", "HEAD")
    content = (tmp_path / SPEC).read_bytes()
    edit(tmp_path, "list_lamps/summary", "Other")
    repository = Repository.at(tmp_path)
    assert repository.read(first, SPEC) == content
    assert repository.read(first, "specs/none/openapi.yaml") is None
    assert repository.read(first, "specs") is None
    repository.extract(first, ["specs", "none"], tmp_path / "out")
    assert (tmp_path / "out" / SPEC).read_bytes() == content
