"""Which revision a change is measured against."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.git import GitError, Repository

__all__ = ["Base", "base_for", "named"]

#: What the main branch may be called, best known first.
MAIN = ("origin/HEAD", "origin/main", "main", "origin/master", "master")
#: Where a change of a vendor's client lies.
WATCHED = ("specs", "generated", "overlays")


@dataclass(frozen=True)
class Base:
    """A commit to compare with, and why this one."""

    commit: str
    label: str


def named(repository: Repository, revision: str) -> Base:
    """The commit, tag or branch somebody asked for.

    Raises:
        GitError: There is none of that name.
    """
    commit = repository.commit(revision)
    if commit is None:
        why = " (this clone is shallow: `git fetch --unshallow`)" if repository.shallow else ""
        raise GitError(
            f"there is no commit, tag, branch or vendor called {revision!r}{why};"
            " `git log --oneline` and `git tag` list what there is"
        )
    return Base(commit, _label(repository, revision, commit))


def base_for(repository: Repository, tags: tuple[str, ...] = ()) -> Base:
    """The revision to compare with when none was named.

    Args:
        repository: The clone.
        tags: Tags of releases of the distribution, newest first.

    Raises:
        GitError: The history does not reach back far enough.
    """
    for tag in tags:
        commit = repository.commit(f"refs/tags/{tag}")
        if commit is not None:
            return Base(commit, f"released as {tag}")
    main = next((name for name in MAIN if repository.commit(name) is not None), None)
    if main is not None and repository.ahead_of(main):
        fork = _fork(repository, main)
        if fork is not None:
            return Base(fork, _label(repository, f"where this branch left {main}", fork))
    head = repository.commit("HEAD") or ""
    if repository.changed(*WATCHED):
        return Base(head, _label(repository, "HEAD, the last commit", head))
    before = repository.commit("HEAD^")
    if before is not None:
        return Base(before, _label(repository, "HEAD^, the commit before the last", before))
    if repository.shallow:
        raise GitError(
            "this clone is shallow, so the commit to compare with is missing;"
            " run `git fetch --unshallow` (in CI: fetch the whole history), or name a revision"
        )
    raise GitError("there is one commit only, so there is nothing to compare it with")


def _fork(repository: Repository, name: str) -> str | None:
    fork = repository.ask("merge-base", name, "HEAD")
    if fork is None and repository.shallow:
        raise GitError(
            f"this clone is shallow, so where it left {name} cannot be seen;"
            " run `git fetch --unshallow` (in CI: fetch the whole history), or name a revision"
        )
    return fork


def _label(repository: Repository, name: str, commit: str) -> str:
    short = repository.short(commit)
    return name if commit.startswith(name) and len(name) >= 7 else f"{name} ({short})"
