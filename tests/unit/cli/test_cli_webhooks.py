import json
from collections.abc import Callable

import pytest
from operators import operating
from typer.testing import CliRunner

from cli import webhooks
from cli.api_client import ApiClient
from cli.errors import Trouble
from cli.exits import Exit
from cli.main import app
from schemas import EventType
from store import Store

Run = Callable[..., str]


@pytest.fixture
def run(store: Store, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(webhooks, "ApiClient", lambda: operating(store))

    def command(*words: str) -> str:
        done = CliRunner().invoke(app, ["webhooks", *words], catch_exceptions=False)
        return done.stdout

    return command


def test_a_webhook_is_made_with_its_filters(run: Run, store: Store) -> None:
    out = run(
        "add", "https://hooks.example/", "--type", "processed", "--country", "lv", "--entity", "ORG:NATO",
        "--entity", "a:b", "--originals", "--result", "--after", "0-0",
    )  # fmt: skip
    assert out.startswith("whsec_")
    [made] = store.webhooks.list()
    wanted = made.webhook.filter
    assert out.strip() == made.secrets[0]
    assert (wanted.types[0], wanted.countries, wanted.originals) == ("dateline.article.processed", ("LV",), True)
    assert [(one.label, one.name) for one in wanted.entities] == [("ORG", "NATO"), (None, "a:b")]
    assert (made.webhook.include, made.webhook.cursor) == ("result", "0-0")


@pytest.mark.parametrize("event", EventType)
def test_every_type_of_event_can_be_asked_for_by_its_last_word_or_whole(
    run: Run, store: Store, event: EventType
) -> None:
    run("add", "https://hooks.example/", "--type", event, "--type", event.rpartition(".")[2])
    [made] = store.webhooks.list()
    assert made.webhook.filter.types == (event, event)


def test_a_type_that_does_not_exist_is_told_with_those_that_do(run: Run) -> None:
    with pytest.raises(Trouble, match="no event of type sold") as told:
        run("add", "https://hooks.example/", "--type", "sold")
    assert "merged" in told.value.next_step


def test_they_are_listed_and_shown(run: Run) -> None:
    assert "There are no webhooks" in run("list")
    made = json.loads(run("add", "https://hooks.example/", "--country", "LV", "--json"))["webhook"]
    assert "https://hooks.example/" in run("list")
    assert json.loads(run("list", "--json")) == [made]
    assert "LV" in run("show", made["id"])
    assert json.loads(run("show", made["id"], "--json")) == made


def test_they_are_changed_and_deleted(run: Run, store: Store) -> None:
    hook = json.loads(run("add", "https://hooks.example/", "--json"))["webhook"]["id"]
    assert "disabled" in run("disable", hook)
    assert json.loads(run("enable", hook, "--json"))["state"] == "active"
    assert json.loads(run("replay", hook, "4-0", "--json"))["cursor"] == "4-0"
    old = store.webhooks.list()[0].secrets[0]
    assert run("rotate", hook).strip() not in {"", old}
    assert run("delete", hook) == f"Webhook {hook} is deleted.\n"
    assert json.loads(run("list", "--json")) == []


def test_what_is_not_there_is_told(store: Store) -> None:
    client: ApiClient = operating(store)
    with pytest.raises(Trouble) as raised:
        webhooks.delete("none", as_json=False, client=client)
    assert raised.value.exit_code == Exit.MISSING
