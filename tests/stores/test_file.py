"""Files of tokens: their modes, what is refused, what is repaired."""

from __future__ import annotations

import errno
import os
import pickle
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from deviceclouds.runtime import ConfigurationError, FileTokenStore, TokenStoreWarning

from .support import KEY, SECRETS, a_token, everything, finish, parts, shows_no_secret, start

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")


@pytest.fixture(params=[0o000, 0o022, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture
def store(tmp_path: Path) -> FileTokenStore:
    return FileTokenStore(tmp_path / "tokens")


def filled(store: FileTokenStore) -> Path:
    """Saves a token; gives its file."""
    store.save(KEY, a_token())
    (path,) = store.folder.glob("*.json")
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_modes_under_any_umask(tmp_path: Path, umask: int) -> None:
    store = FileTokenStore(tmp_path / "parent" / "tokens")
    with store.lock(KEY):
        filled(store)
        store.add_call(KEY, "2026-11")
        found = {path: mode(path) for path in (tmp_path / "parent").rglob("*")}
    assert {path.suffix for path in found} == {"", ".json", ".lock"}
    for path, its_mode in found.items():
        assert its_mode == (0o700 if path.is_dir() else 0o600), path
    assert mode(tmp_path / "parent") == 0o700


def test_nothing_is_touched_before_it_is_needed(tmp_path: Path, cache_folder: Path) -> None:
    assert FileTokenStore().folder == cache_folder / "deviceclouds" / "tokens"
    store = FileTokenStore(tmp_path / "a" / "b")
    store.lock(KEY)
    assert (store.load(KEY), store.calls(KEY, "2026-11")) == (None, 0)
    store.delete(KEY)
    assert not (tmp_path / "a").exists()
    assert not cache_folder.exists()


def test_a_relative_folder_stays_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert FileTokenStore("tokens").folder == tmp_path / "tokens"
    assert FileTokenStore("~/tokens").folder == tmp_path / "home" / "tokens"


@pytest.mark.parametrize("folder", ["", 5, b"bytes"])
def test_no_folder(folder: object) -> None:
    with pytest.raises(ConfigurationError, match="FileTokenStore takes the path of a folder"):
        FileTokenStore(folder)  # type: ignore[arg-type]


def test_no_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import pwd

    def nobody(uid: int) -> object:
        raise KeyError(uid)

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    with pytest.raises(ConfigurationError, match="set HOME or XDG_CACHE_HOME, or name a folder"):
        FileTokenStore()
    with pytest.raises(ConfigurationError, match="cannot use the folder '~/tokens'"):
        FileTokenStore("~/tokens")
    filled(FileTokenStore(tmp_path / "tokens"))


@pytest.mark.parametrize("bits", [0o722, 0o720, 0o777])
def test_a_folder_others_may_write_to_is_refused(store: FileTokenStore, bits: int) -> None:
    filled(store)
    store.folder.chmod(bits)
    refused(store, rf"open to other users \(mode {bits:o}\): run 'chmod 700 {store.folder}'")
    assert mode(store.folder) == bits


def test_a_folder_others_may_list_is_fine(store: FileTokenStore) -> None:
    store.folder.mkdir(0o755)
    filled(store)
    assert store.load(KEY) is not None


@pytest.mark.parametrize("bits", [0o644, 0o640, 0o602])
def test_a_file_others_may_use_is_refused(store: FileTokenStore, bits: int) -> None:
    path = filled(store)
    path.chmod(bits)
    refused(store, rf"open to other users \(mode {bits:o}\): run 'chmod 600 {path}', or delete it")
    assert mode(path) == bits


def test_what_belongs_to_others_is_refused(
    store: FileTokenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store)
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    refused(store, "which belongs to user id .+, not to 54321")


def test_a_file_of_others_is_refused(
    store: FileTokenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(store)
    real = os.fstat

    def foreign(descriptor: int) -> os.stat_result:
        found = list(real(descriptor))
        found[stat.ST_UID] += 1
        return os.stat_result(found)

    monkeypatch.setattr(os, "fstat", foreign)
    with pytest.raises(ConfigurationError, match=f"{path}, which belongs to user id"):
        store.load(KEY)


def test_a_linked_folder_is_refused(tmp_path: Path, store: FileTokenStore) -> None:
    (tmp_path / "elsewhere").mkdir(0o700)
    store.folder.symlink_to(tmp_path / "elsewhere")
    refused(store, "which is a symbolic link; name the folder itself")
    store.folder.unlink()
    store.folder.write_text("")
    refused(store, "which is no folder")


def test_a_linked_file_is_refused(tmp_path: Path, store: FileTokenStore) -> None:
    path = filled(store)
    target = path.rename(tmp_path / "elsewhere")
    path.symlink_to(target)
    refused(store, "it is a symbolic link")
    assert path.is_symlink()


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_other_kinds_of_files_are_refused(store: FileTokenStore, kind: str) -> None:
    path = filled(store)
    path.unlink()
    path.mkdir() if kind == "folder" else os.mkfifo(path, 0o600)
    refused(store, f"{path} is no regular file")


def refused(store: FileTokenStore, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why):
        store.load(KEY)
    with pytest.raises(ConfigurationError, match=why) as caught:
        store.save(KEY, a_token())
    assert shows_no_secret(everything(caught.value))
    with pytest.raises(ConfigurationError, match=why):
        store.add_call(KEY, "2026-11")


DAMAGES = {
    "empty": b"",
    "cut off": b'{"format":1,"key":"amnimo-0a1b","tok',
    "no object": b"null",
    "a list": b'["hush-access"]',
    "other format": b'{"format":2,"key":"amnimo-0a1b","token":{"access":"hush-access"}}',
    "other key": b'{"format":1,"key":"amnimo","token":{"access":"hush-access"}}',
    "no UTF-8": b'{"format":1,"key":"amnimo-0a1b\xff"}',
    "deep": b"[" * 100_000,
    "not JSON": b'{"format":1,"key":"amnimo-0a1b","token":{"access":"a","expires_at":NaN}}',
    "huge": b'{"format":1,"key":"amnimo-0a1b","more":"' + b"x" * 2_000_000 + b'"}',
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_counts_as_none_and_is_replaced(
    tmp_path: Path, store: FileTokenStore, damage: str
) -> None:
    path = filled(store)
    path.write_bytes(DAMAGES[damage])
    with pytest.warns(TokenStoreWarning, match=r"is damaged or no token file.+ are lost") as caught:
        assert store.load(KEY) is None
    assert [Path(one.filename).name for one in caught] == ["test_file.py"]
    assert str(path) in str(caught[0].message)
    assert store.calls(KEY, "2026-11") == 0  # says it once
    store.save(KEY, a_token(2))
    assert parts(FileTokenStore(tmp_path / "tokens").load(KEY)) == parts(a_token(2))
    assert mode(path) == 0o600


def test_counting_and_deleting_replace_a_damaged_file(store: FileTokenStore) -> None:
    path = filled(store)
    path.write_bytes(b"{")
    with pytest.warns(TokenStoreWarning):
        assert store.add_call(KEY, "2026-11") == 1
    path.write_bytes(b"{")
    store.delete(KEY)
    assert not path.exists()


def test_parts_of_a_file_that_are_strange(store: FileTokenStore) -> None:
    path = filled(store)
    path.write_text(
        '{"format":1,"key":"amnimo-0a1b","token":{"access":5},"calls":{"2026-10":"x","2026-11":4,"2026-12":-1}}'
    )
    assert store.load(KEY) is None
    assert [store.calls(KEY, f"2026-{month}") for month in (10, 11, 12)] == [0, 4, 0]
    path.write_text('{"format":1,"key":"amnimo-0a1b","token":null,"calls":7}')
    assert store.add_call(KEY, "2026-11") == 1


def test_two_months_are_kept(store: FileTokenStore) -> None:
    for month in ("2026-09", "2026-10", "2026-11", "2026-11", "2026-12"):
        store.add_call(KEY, month)
    assert [store.calls(KEY, f"2026-{month:02}") for month in (9, 10, 11, 12)] == [0, 0, 2, 1]


def test_a_wrong_clock_does_not_stop_the_count(store: FileTokenStore) -> None:
    for month in ("2026-11", "2199-01", "1970-01"):
        store.add_call(KEY, month)
    assert [store.add_call(KEY, "2026-12") for _ in range(3)] == [1, 2, 3]


def test_a_left_over_file_is_cleared_away(store: FileTokenStore) -> None:
    left = filled(store).with_suffix(".tmp")
    left.write_text("half")
    left.chmod(0o444)
    store.save(KEY, a_token(2))
    assert not left.exists()
    assert parts(store.load(KEY)) == parts(a_token(2))


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, r"No space left on device \(free some space\)"),
        (errno.EROFS, r"Read-only file system \(the file system is read-only\)"),
        (errno.EACCES, r"Permission denied \(this user may not write there\)"),
        (errno.EIO, "Input/output error; give the token store a folder that this user may write"),
    ],
)
def test_a_disk_that_refuses(
    store: FileTokenStore, monkeypatch: pytest.MonkeyPatch, number: int, remedy: str
) -> None:
    path = filled(store)

    def refuse(*arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(ConfigurationError, match=f"cannot write {path}: {remedy}") as caught:
            store.save(KEY, a_token(2))
    assert shows_no_secret(everything(caught.value))
    assert parts(store.load(KEY)) == parts(a_token())
    assert not list(store.folder.glob("*.tmp"))


@pytest.mark.parametrize("function", ["mkdir", "lstat"])
def test_a_folder_that_cannot_be_had(
    store: FileTokenStore, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    def refuse(*arguments: object, **more: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    real = os.lstat
    monkeypatch.setattr(os, function, refuse)
    with pytest.raises(ConfigurationError, match=f"cannot .+ {store.folder}: Permission denied"):
        store.save(KEY, a_token())
    monkeypatch.setattr(os, "lstat", real)


def test_a_folder_under_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = FileTokenStore(tmp_path / "file" / "tokens")
    assert store.load(KEY) is None
    with pytest.raises(ConfigurationError, match=r"cannot create .+: Not a directory"):
        store.save(KEY, a_token())


FULL = """
import resource, signal, sys, traceback
from deviceclouds.runtime import ConfigurationError, FileTokenStore, Token
store = FileTokenStore(sys.argv[1])
store.save("key", Token("old"))
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    store.save("key", Token("".join(["hu", "sh"]) * 4000))
except ConfigurationError as error:
    print(error)
    print("hush" in "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format()))
print(store.load("key").access.reveal(), [path.suffix for path in store.folder.iterdir() if path.suffix != ".lock"])
"""


def test_a_file_that_cannot_grow(tmp_path: Path) -> None:
    (said,) = finish([start(FULL, str(tmp_path / "tokens"))])
    error, shown, left = said.splitlines()
    assert f"cannot write {tmp_path}/tokens/" in error
    assert ": File too large; give" in error
    assert (shown, left) == ("False", "old ['.json']")


def test_a_lock_file_that_cannot_be_used(store: FileTokenStore) -> None:
    lock = filled(store).with_suffix(".json.lock")
    lock.unlink(missing_ok=True)  # some versions of the library do
    lock.mkdir()
    with pytest.raises(ConfigurationError, match=f"cannot lock {lock}: Is a directory"):
        store.save(KEY, a_token())


def test_where_open_files_cannot_be_replaced(
    store: FileTokenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deviceclouds.runtime._token_file._READERS_IN_THE_WAY", True)
    assert store.load(KEY) is None
    lock = filled(store).with_suffix(".json.lock")
    assert store.load(KEY) is not None
    lock.unlink(missing_ok=True)  # some versions of the library do
    lock.mkdir()
    with pytest.raises(ConfigurationError, match="cannot lock"):
        store.load(KEY)


def test_a_store_goes_to_other_processes(store: FileTokenStore) -> None:
    filled(store)
    assert repr(store) == f"<FileTokenStore in {store.folder}>"
    assert parts(pickle.loads(pickle.dumps(store)).load(KEY)) == parts(a_token())
    assert b"hush" not in pickle.dumps(store)


def test_tokens_that_are_no_text(store: FileTokenStore) -> None:
    token = a_token(refresh=f"{SECRETS[1]}\ud800")
    with pytest.raises(ConfigurationError, match="characters that are no text") as caught:
        store.save(KEY, token)
    assert caught.value.__context__ is None
    assert shows_no_secret(everything(caught.value))
    assert store.load(KEY) is None
