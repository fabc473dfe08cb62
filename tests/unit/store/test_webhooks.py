import base64
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from schemas import Webhook, WebhookFilter, WebhookOrder, WebhookState
from store import BadCursor, Store, Subscription, TooManyWebhooks, webhooks

MINUTE = timedelta(minutes=1)


def make(store: Store, **fields: Any) -> Webhook:
    return store.webhooks.create(WebhookOrder(url="https://hooks.example/x", **fields))[1]


def now(store: Store, hook: Webhook) -> Subscription:
    found = store.webhooks.find(hook.id)
    assert found
    return found


def test_what_was_asked_for_is_kept(any_store: Store) -> None:
    wanted = WebhookFilter(countries=("LV",), originals=True)
    secret, made = any_store.webhooks.create(
        WebhookOrder(url="https://hooks.example/x", name="alerts", filter=wanted, after="5-0")
    )
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    kept = now(any_store, made)
    assert (kept.webhook, kept.secrets) == (made, (secret,))
    assert (made.filter, made.cursor, made.state) == (wanted, "5-0", WebhookState.ACTIVE)
    assert [one.webhook for one in any_store.webhooks.list()] == [made]


def test_there_are_never_more_than_the_most_however_they_are_made(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def newest() -> str:
        monkeypatch.setattr(any_store.feed, "newest", lambda: "0-0")
        make(any_store)
        return "0-0"

    monkeypatch.setattr(webhooks, "MOST", 1)
    monkeypatch.setattr(any_store.feed, "newest", newest)
    with pytest.raises(TooManyWebhooks):
        make(any_store)
    assert len(any_store.webhooks.list()) == 1


def test_of_two_rotations_at_once_none_is_lost(any_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    hook, inner, new_secret = make(any_store), [], webhooks._new_secret

    def rotate_first() -> str:
        monkeypatch.setattr(webhooks, "_new_secret", new_secret)
        inner.append(any_store.webhooks.rotate(hook.id, MINUTE))
        return new_secret()

    monkeypatch.setattr(webhooks, "_new_secret", rotate_first)
    outer = any_store.webhooks.rotate(hook.id, MINUTE)
    assert outer
    assert now(any_store, hook).secrets == (outer[0], inner[0][0])


def test_a_turn_belongs_to_one(any_store: Store) -> None:
    hook = make(any_store)
    turn = any_store.webhooks.take(hook.id, MINUTE)
    assert turn
    assert any_store.webhooks.take(hook.id, MINUTE) is None
    assert any_store.webhooks.release(turn)
    assert any_store.webhooks.take(hook.id, MINUTE)
    assert not any_store.webhooks.keep(turn, MINUTE)


def test_a_turn_whose_holder_died_comes_back(any_store: Store) -> None:
    hook = make(any_store)
    lost = any_store.webhooks.take(hook.id, MINUTE)
    any_store.scripts.clock_ms = 1_000_000 + 60_001
    assert lost
    assert any_store.webhooks.take(hook.id, MINUTE)
    assert not any_store.webhooks.delivered(lost, "9-0", "204", MINUTE), "it may not write any more"
    assert now(any_store, hook).webhook.cursor == "0-0"


def test_a_failure_is_counted_and_its_time_waited_for(any_store: Store) -> None:
    hook = make(any_store)
    turn = any_store.webhooks.take(hook.id, MINUTE)
    assert turn
    assert any_store.webhooks.failed(turn, "503", MINUTE)
    assert any_store.webhooks.take(hook.id, MINUTE) is None
    any_store.scripts.clock_ms = 1_000_000 + 60_000
    again = any_store.webhooks.take(hook.id, MINUTE)
    assert again
    assert again.attempts == 1
    assert any_store.webhooks.delivered(again, "7-0", "200", MINUTE)
    webhook = now(any_store, hook).webhook
    assert (webhook.attempts, webhook.delivered, webhook.cursor, webhook.next_call_at) == (0, 1, "7-0", None)


def test_who_is_over_is_not_called(any_store: Store) -> None:
    hook = make(any_store)
    turn = any_store.webhooks.take(hook.id, MINUTE)
    assert turn
    assert any_store.webhooks.over(turn, "410", WebhookState.ENDED, "it wants no more")
    assert any_store.webhooks.take(hook.id, MINUTE) is None
    assert any_store.webhooks.enable(hook.id)
    assert any_store.webhooks.take(hook.id, MINUTE)


@pytest.mark.parametrize("change", ["disable", "enable", "rotate", "replay", "delete"])
def test_an_operator_takes_the_turn_away(any_store: Store, change: str) -> None:
    hook = make(any_store)
    turn = any_store.webhooks.take(hook.id, MINUTE)
    assert turn
    more: dict[str, Any] = {"rotate": {"keep": MINUTE}, "replay": {"after": "0-0"}}.get(change, {})
    assert getattr(any_store.webhooks, change)(hook.id, **more)
    assert not any_store.webhooks.passed(turn, "9-0", MINUTE)


@pytest.mark.parametrize("change", ["disable", "enable", "rotate", "replay", "delete"])
def test_what_is_not_there_is_not_made_by_changing_it(any_store: Store, change: str) -> None:
    more: dict[str, Any] = {"rotate": {"keep": MINUTE}, "replay": {"after": "0-0"}}.get(change, {})
    assert not getattr(any_store.webhooks, change)("none", **more)
    assert any_store.webhooks.find("none") is None


def test_both_secrets_sign_until_the_old_ones_time_is_over(any_store: Store) -> None:
    secret, hook = any_store.webhooks.create(WebhookOrder(url="https://hooks.example/"))
    made = any_store.webhooks.rotate(hook.id, timedelta(hours=1))
    assert made
    assert now(any_store, hook).secrets == (made[0], secret)
    once_more = any_store.webhooks.rotate(hook.id, timedelta(0))
    assert once_more
    assert now(any_store, hook).secrets == (once_more[0],)


def test_a_cursor_of_another_form_is_refused(any_store: Store) -> None:
    with pytest.raises(BadCursor):
        any_store.webhooks.replay(make(any_store).id, "yesterday")


def test_there_are_only_so_many(any_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "MOST", 1)
    make(any_store)
    with pytest.raises(TooManyWebhooks):
        make(any_store)


def test_what_was_deleted_is_gone(any_store: Store) -> None:
    hook = make(any_store)
    assert any_store.webhooks.delete(hook.id)
    assert any_store.webhooks.list() == []
    assert not list(any_store.client.scan_iter(f"*{hook.id}*"))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://hooks.example/", "https://", "https:///x", "//hooks.example", "https://me:secret@hooks.example/",
        "https://hooks.example/#part", "https://hooks.example/ x", "https://hooks.example:0/", "https://höoks.example/",
        "https://hooks.example:99999/", "https://hooks.example\\@inside.example/", "https://[::1/",
    ],
)  # fmt: skip
def test_what_is_no_address_to_call_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        WebhookOrder(url=url)
