from conftest import article
from ledger_steps import claim, failure, finish
from unit.store.test_figures import publish
from unit.workers.metrics.test_metrics_instruments import samples

from schemas import Covered, FeedSummary, Lane, Relation, StageName, WebhookOrder
from store import START, Look, Store
from workers.metrics import METRICS, Families, Instruments, Origin
from workers.metrics.whole import absent, whole

LIMITS = {Lane.LIVE: 20, Lane.BULK: 200}
Told = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def told(store: Store, messages: dict[tuple[Lane, StageName], int] | None = None) -> Told:
    return samples(Instruments(Origin.API).text(whole(store.pipeline.look(messages), LIMITS)))


def test_what_the_ledger_says_is_told(store: Store) -> None:
    publish(store, 1, Relation.ORIGINAL, *Covered)
    publish(store, 2, Relation.NEAR, Covered.LANGUAGE)
    store.ledger.accept([article(3)])
    taken = claim(store)
    store.ledger.quarantine(taken.refs[0], taken.token, failure(), FeedSummary())
    store.ledger.accept([article(4, lane=Lane.BULK), article(4, lane=Lane.BULK)])
    seen = told(store, {(Lane.BULK, StageName.CLEAN): 2})
    expected: Told = {
        ("dateline_store_up", ()): 1,
        ("dateline_broker_up", ()): 1,
        ("dateline_ledger_balanced", ()): 1,
        ("dateline_articles_accepted_total", ()): 4,
        ("dateline_submissions_total", (("answer", "existing"),)): 1,
        ("dateline_articles", (("state", "waiting"),)): 1,
        ("dateline_articles", (("state", "done"),)): 2,
        ("dateline_outcomes_total", (("outcome", "quarantined"),)): 1,
        ("dateline_quarantined_total", (("stage", "clean"),)): 1,
        ("dateline_lane_waiting", (("lane", "bulk"),)): 1,
        ("dateline_lane_limit", (("lane", "bulk"),)): 200,
        ("dateline_queue_messages", (("lane", "bulk"), ("stage", "clean"))): 2,
        ("dateline_published_total", (("relation", "near"),)): 1,
        ("dateline_covered_total", (("found", "language"),)): 2,
        ("dateline_covered_total", (("found", "focus"),)): 1,
        ("dateline_stage_articles_total", (("stage", "geotag"), ("status", "done"))): 2,
        ("dateline_stage_duration_seconds_count", (("stage", "dedupe"),)): 2,
        ("dateline_article_duration_seconds_count", (("lane", "live"),)): 2,
        ("dateline_feed_entries", ()): 3,
        ("dateline_claims_total", ()): 3,
    }
    assert {key: seen[key] for key in expected} == expected


def test_a_broker_that_is_away_has_no_queues(store: Store) -> None:
    seen = told(store, None)
    assert seen["dateline_broker_up", ()] == 0
    assert not any(name == "dateline_queue_messages" for name, _ in seen)


def test_a_store_that_is_away_is_told_and_nothing_else_of_it() -> None:
    seen = samples(Instruments(Origin.API).text(absent()))
    assert [name for name, _ in seen if METRICS.get(name, METRICS["dateline_store_up"]).origin is Origin.STORE] != []
    assert seen["dateline_store_up", ()] == 0
    assert not any(name.startswith("dateline_articles") for name, _ in seen)


def test_followers_are_told_by_name_and_webhooks_as_one(store: Store) -> None:
    finish(store, 1)
    for name in ("a", "b"):
        store.webhooks.create(WebhookOrder(url=f"https://{name}.example/", after=START))
    store.consumers.report("archive", "files", START)
    store.client.xgroup_create(store.keys.feed, "https://evil.example/?a={}\n", "0")
    seen = told(store)
    followers = {labels for name, labels in seen if name == "dateline_feed_lag_seconds"}
    assert followers == {
        (("follower", "archive"), ("kind", "consumer")),
        (("follower", "webhooks"), ("kind", "webhook")),
        (("follower", "others"), ("kind", "group")),
    }
    assert seen["dateline_feed_missed_total", (("follower", "archive"),)] == 0
    assert seen["dateline_feed_pending", (("follower", "others"),)] == 0


def test_however_many_followers_there_are_the_series_stay_few(store: Store) -> None:
    for number in range(80):
        store.consumers.report(f"consumer-{number}", "files", START)
    names = [labels for name, labels in told(store) if name == "dateline_feed_lag_seconds"]
    assert len(names) == 51


def test_every_metric_of_the_store_is_told(store: Store) -> None:
    finish(store, 1)
    store.client.xgroup_create(store.keys.feed, "indexer", "0")
    store.consumers.report("archive", "files", START)
    look = store.pipeline.look({})
    memory = look.status.memory.model_copy(update={"durable": True})
    whole_look = Look(look.status.model_copy(update={"memory": memory}), look.stage_times, look.passage_times)
    families = {_full(family) for family in whole(whole_look, LIMITS)}
    assert families == {name for name, metric in METRICS.items() if metric.origin is Origin.STORE}


def _full(family: object) -> str:
    name, kind = family.name, family.type  # type: ignore[attr-defined]
    return f"{name}_total" if kind == "counter" else str(name)


def test_nothing_that_is_put_together_is_lost() -> None:
    families = Families()
    families.set("dateline_webhooks", 1, "active")
    families.set("dateline_webhooks", 2, "dead")
    [family] = families.all()
    assert len(family.samples) == 2
