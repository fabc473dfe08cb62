"""Operating: the quarantine, reprocessing, and who did what. Every call is written into the audit log."""

from collections import Counter
from collections.abc import Callable
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api import examples
from api.audit import asked, did
from api.documentation import answer, problems
from api.negotiation import JSON, best_answer
from api.orders import as_json, cursor_at, order_of, read_order
from api.parameters import PLAIN
from api.problems import Kind, Refused
from api.resources import Requires, Resources, resources
from schemas import (
    AuditPage,
    Changed,
    Lane,
    QuarantinedArticle,
    QuarantinePage,
    Ref,
    ReprocessOrder,
    ReprocessReceipt,
    Selection,
    normal_source,
)
from store import Quarantined, QuarantineList, Reprocessing, Scope
from store import Query as ArticleQuery

router = APIRouter(prefix="/v1/operate", tags=["operate"], dependencies=[Depends(Requires(Scope.OPERATE))])
_AT_ONCE = 1_000
_SHOWN = 20
"""Ids in an audit entry."""
MODELS = (QuarantinePage, QuarantinedArticle, Selection, Changed, ReprocessOrder, ReprocessReceipt, AuditPage)
"""What the OpenAPI document has to describe."""
Act = Callable[[Ref], bool]


def document(entry: Quarantined) -> QuarantinedArticle:
    """A quarantined article as it is told."""
    return QuarantinedArticle(
        id=entry.ref.article_id,
        revision=entry.ref.revision,
        accepted_at=entry.accepted_at,
        url=entry.url,
        source=entry.source,
        failure=entry.failure,
    )


@router.get(
    "/quarantine",
    summary="List the quarantine",
    responses={200: answer("Oldest acceptance first.", "QuarantinePage", page=examples.QUARANTINE), **problems()},
)
async def list_quarantine(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=_AT_ONCE), PLAIN] = 100,
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before.")] = None,
) -> Response:
    """List the articles that could not be processed, with the reason."""
    best_answer(request, JSON)
    await asked(request, f"limit={limit} cursor={cursor or ''}")
    found = await to_thread.run_sync(resources(request).store.quarantine.page, cursor, limit)
    did(request, f"{len(found.items)} listed")
    return as_json(QuarantinePage(items=tuple(map(document, found.items)), next_cursor=found.next_cursor))


@router.get(
    "/quarantine/{article}",
    summary="Show an article in quarantine",
    responses={
        200: answer("It is there.", "QuarantinedArticle", article=examples.QUARANTINE["items"][0]),
        **problems(404),
    },
)
async def show_quarantined(
    request: Request, article: Annotated[str, Path(description="`id`, or `id:revision`.", examples=["a" * 26])]
) -> Response:
    """Show who put an article into quarantine, when, where and why."""
    best_answer(request, JSON)
    await asked(request)
    found = resources(request)
    ref = await to_thread.run_sync(_revision, found, article)
    entry = await to_thread.run_sync(found.store.quarantine.show, ref) if ref else None
    if entry is None:
        raise Refused(Kind.NOT_FOUND, "This article is not in quarantine; GET /v1/articles/{id} tells where it is.")
    return as_json(document(entry))


def _revision(found: Resources, name: str) -> Ref | None:
    """The revision that was named, else the latest one; ``None`` where there is none."""
    article_id, _, revision = name.partition(":")
    if revision:
        return Ref(article_id, int(revision)) if revision.isdecimal() and len(revision) <= len("999999999") else None
    article = found.store.results.get(article_id)
    return Ref(article.id, article.revision) if article else None


_CHANGED = {200: answer("What was changed.", "Changed", changed=examples.CHANGED), **problems(400, 413, 415)}
_SELECTION = order_of(Selection, "The articles' ids, or everything.")


@router.post("/quarantine:retry", summary="Retry quarantined articles", responses=_CHANGED, openapi_extra=_SELECTION)
async def retry_quarantined(request: Request) -> Response:
    """Send articles through the pipeline again, from the stage that failed, with fresh counters."""
    found = resources(request)
    response = await _change(request, found.store.quarantine.retry)
    found.waker.wake()
    return response


@router.post("/quarantine:drop", summary="Drop quarantined articles", responses=_CHANGED, openapi_extra=_SELECTION)
async def drop_quarantined(request: Request) -> Response:
    """Give articles up: their outcome becomes `withdrawn`."""
    return await _change(request, resources(request).store.quarantine.drop)


async def _change(request: Request, act: Act) -> Response:
    selection = await read_order(request, Selection)
    if bool(selection.articles) == selection.everything:
        raise Refused(Kind.INVALID, "Say which articles: name them, or ask for everything, not both.")
    named = " ".join(selection.articles[:_SHOWN])
    await asked(request, "everything" if selection.everything else f"{len(selection.articles)} articles: {named}")
    changed = await to_thread.run_sync(_changed, resources(request), selection, act)
    did(request, f"{changed.changed} changed, {len(changed.not_in_quarantine)} not in quarantine")
    return as_json(changed)


def _changed(found: Resources, selection: Selection, act: Act) -> Changed:
    if selection.everything:
        return _all_changed(found.store.quarantine, act)
    refs = [(name, _revision(found, name)) for name in selection.articles]
    missed = tuple(name for name, ref in refs if ref is None or not act(ref))
    return Changed(changed=len(refs) - len(missed), not_in_quarantine=missed, more=False)


def _all_changed(quarantine: QuarantineList, act: Act) -> Changed:
    """Change as many as one call may; those that others change meanwhile are passed over."""
    page = quarantine.page(limit=_AT_ONCE)
    changed = sum(act(entry.ref) for entry in page.items)
    while page.next_cursor and changed < _AT_ONCE:
        page = quarantine.page(page.next_cursor, _AT_ONCE - changed)
        changed += sum(act(entry.ref) for entry in page.items)
    return Changed(changed=changed, not_in_quarantine=(), more=page.next_cursor is not None)


_SENT = answer("What was found and sent.", "ReprocessReceipt", dry=examples.REPROCESS)


@router.post(
    "/reprocess",
    summary="Reprocess results",
    responses={200: _SENT, **problems(400, 413, 415)},
    openapi_extra=order_of(ReprocessOrder, "Which results, and from which stage on."),
)
async def reprocess(request: Request) -> Response:
    """Send results through the bulk lane once more; a dry run unless `dry_run` is false.

    Looks at `limit` articles and says with `next_cursor` where to go on. While too much waits in the bulk lane it
    answers `503` like any submission.
    """
    order = await read_order(request, ReprocessOrder)
    await asked(request, order.model_dump_json(exclude_defaults=True))
    found = resources(request)
    if not order.dry_run:
        await found.gate.check(Lane.BULK)
    with cursor_at("/cursor"):
        receipt = await to_thread.run_sync(_reprocess, found, order)
    did(request, f"{receipt.examined} examined, {receipt.matching} matching, {receipt.sent} sent")
    if receipt.sent:
        found.waker.wake()
    return as_json(receipt)


def _reprocess(found: Resources, order: ReprocessOrder) -> ReprocessReceipt:
    source = normal_source(order.source) if order.source else None
    query = ArticleQuery(outcome=order.outcome, source=source, since=order.since, until=order.until)
    wanted = Reprocessing(order.stage, query, order.before_version)
    step = found.store.reprocessor.step(wanted, order.cursor, order.limit, dry_run=order.dry_run)
    skipped = Counter(step.verdicts)
    sent = skipped.pop("sent", 0)
    skipped.pop("would", None)
    return ReprocessReceipt(
        dry_run=order.dry_run,
        examined=step.examined,
        matching=len(step.matching),
        sent=sent,
        skipped=dict(skipped),
        next_cursor=step.next_cursor,
    )


@router.get(
    "/audit",
    summary="Read the audit log",
    responses={200: answer("Newest first.", "AuditPage", page=examples.AUDIT), **problems()},
)
async def read_audit(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=_AT_ONCE), PLAIN] = 100,
    before: Annotated[
        str | None, Query(pattern=r"^[0-9]{1,15}-[0-9]{1,10}$", description="`next_before` of the page before.")
    ] = None,
) -> Response:
    """Read who asked for what, when, and what came of it."""
    best_answer(request, JSON)
    await asked(request, f"limit={limit}")
    items = await to_thread.run_sync(resources(request).store.audit.newest, limit, before)
    did(request, f"{len(items)} read")
    return as_json(AuditPage(items=tuple(items), next_before=items[-1].id if len(items) == limit else None))
