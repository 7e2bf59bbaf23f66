"""What all stores do alike."""

from __future__ import annotations

import threading

import pytest
from deviceclouds.runtime import CountingTokenStore, Token, TokenStore, WaitTimeoutError

from .support import KEY, ODD_KEY, Place, a_token, parts, shows_no_secret


def test_protocols(place: Place) -> None:
    assert isinstance(place.open(), TokenStore)
    assert isinstance(place.open(), CountingTokenStore)


def test_nothing_is_there_at_first(place: Place) -> None:
    store = place.open()
    assert store.load(KEY) is None
    assert store.calls(KEY, "2026-11") == 0
    store.delete(KEY)


@pytest.mark.parametrize("key", [KEY, ODD_KEY, ""])
def test_what_is_saved_is_loaded(place: Place, key: str) -> None:
    place.open().save(key, a_token(1))
    place.open().save(key, a_token(2))
    place.open().save(f"{key}.", a_token(3))
    assert parts(place.open().load(key)) == parts(a_token(2))
    assert parts(place.open().load(f"{key}.")) == parts(a_token(3))


@pytest.mark.parametrize(
    "token",
    [
        a_token(expires_at=None, refresh=None),
        a_token(refresh=None),
        a_token(expires_at=1.5, refresh=None),
        Token('hush-access-\u00fc\U0001f511"\\\n' * 200),
    ],
)
def test_tokens_of_all_kinds(place: Place, token: Token) -> None:
    place.open().save(KEY, token)
    assert parts(place.open().load(KEY)) == parts(token)


def test_deleted_tokens_leave_their_counts(place: Place) -> None:
    store = place.open()
    store.save(KEY, a_token())
    store.add_call(KEY, "2026-11")
    store.delete(KEY)
    assert store.load(KEY) is None
    assert place.open().calls(KEY, "2026-11") == 1
    store.delete(KEY)


def test_counts(place: Place) -> None:
    store = place.open()
    assert [store.add_call(KEY, "2026-11") for _ in range(3)] == [1, 2, 3]
    store.save(KEY, a_token())
    assert place.open().add_call(KEY, "2026-12") == 1
    assert place.open().calls(KEY, "2026-11") == 3
    assert store.calls("other", "2026-11") == 0
    assert parts(store.load(KEY)) == parts(a_token())


def test_the_lock_excludes_threads_and_stores(place: Place) -> None:
    inside, seen, pause = [0], set(), threading.Event()

    def work() -> None:
        for _ in range(3):
            with place.open().lock(KEY):
                inside[0] += 1
                seen.add(inside[0])
                pause.wait(0.005)
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {1}


def test_a_holder_saves_and_counts(place: Place) -> None:
    store = place.open()
    with store.lock(KEY):
        store.save(KEY, a_token())
        assert store.add_call(KEY, "2026-11") == 1
        assert store.load(KEY) is not None
        store.delete(KEY)


def test_locks_of_other_keys_are_free(place: Place) -> None:
    store = place.open()
    with store.lock("one"), store.lock("two"):
        pass


def test_a_lock_is_released_by_another_thread(place: Place) -> None:
    store, kept = place.open(), []
    for _ in range(3):
        lock = store.lock(KEY)
        thread = threading.Thread(target=lock.__enter__)
        thread.start()
        thread.join()
        kept.append(getattr(lock, "_held", None))  # or collecting it could release it
        lock.__exit__(None, None, None)
    with store.lock(KEY):
        pass


def test_a_lock_is_free_after_an_error(place: Place) -> None:
    store = place.open()
    with pytest.raises(KeyError), store.lock(KEY):
        raise KeyError
    with store.lock(KEY):
        pass


@pytest.mark.parametrize("place", ["file", "redis", "keyring"], indirect=True)
def test_a_lock_is_not_waited_for_without_end(place: Place) -> None:
    with (
        place.open().lock(KEY),
        pytest.raises(WaitTimeoutError, match=r"the lock .+ was not free within 0\.02 s") as caught,
        place.open(lock_timeout=0.02).lock(KEY),
    ):
        pass
    assert caught.value.__cause__ is None
    with place.open(lock_timeout=0.02).lock(KEY):
        pass


def test_nothing_shows_a_token(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    store = place.open()
    with store.lock(KEY):
        store.save(KEY, a_token())
        store.load(KEY)
        store.add_call(KEY, "2026-11")
    shown = [repr(store), str(vars(store)), repr(store.lock(KEY)), caplog.text]
    assert shows_no_secret("".join(shown))
