"""The application: its parts, its routes, and its background tasks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from anyio import to_thread
from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse

from api import desk, docs_page, documentation, errors
from api.admission import Admission, AdmissionLimits
from api.audit import AuditTrail
from api.context import RequestContext
from api.follower import Follower
from api.gate import Gate
from api.intake import Intake
from api.keyring import Keyring
from api.metering import Metering
from api.once import Once
from api.overview import Overview
from api.parameters import only_known
from api.resources import Resources
from api.routes import ROUTERS, operate, pipeline, stories, webhooks
from api.waker import Waker, Wakeups
from schemas import VERSION, ArticlePage, BatchReceipt, CloudEvent, FeedPage, Receipt
from store import Store
from tasks.tracing import UNTRACED, Tracer
from workers.canary import Canary
from workers.metrics import Instruments, Origin
from workers.settings import Settings
from workers.webhooks.targets import Targets

_ABOUT = """Push news articles in; get back their clean text, who and where they are about, and whether they have been
seen before.

1. `POST /v1/articles` (or many: `POST /v1/articles:batch`). A 202 means that the article is safe.
2. `GET /v1/articles/{id}` until it has an outcome, or follow all outcomes with `GET /v1/feed`.

Every error is an [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem and never repeats what was submitted."""
_TAGS = [
    {"name": "submit", "description": "Push articles in. Scope `submit`."},
    {"name": "read", "description": "Get results back. Scope `read`."},
    {"name": "operate", "description": "Quarantine, reprocessing, webhooks, audit log. Scope `operate`."},
    {"name": "health", "description": "For probes, without a key, and for Prometheus. Scope `metrics`."},
]


def _name(route: APIRoute) -> str:
    return route.name


@asynccontextmanager
async def _beside(app: FastAPI) -> AsyncIterator[None]:
    """Run the waker and the follower as long as the server runs."""
    found: Resources = app.state.resources
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(found.waker.run)
        tasks.start_soon(found.follower.run)
        yield
        found.follower.stop()
        tasks.cancel_scope.cancel()
    # Not after the server has ended: it ends by raising the signal that it received.
    await to_thread.run_sync(found.intake.tracer.close)


async def _to_docs() -> RedirectResponse:
    return RedirectResponse("/docs")


def _resources(settings: Settings, store: Store, wakeups: Wakeups, tracer: Tracer) -> Resources:
    capacity, canary = store.capacity, store.beside("canary")
    return Resources(
        settings=settings,
        store=store,
        keyring=Keyring(store.access, local=settings.api_is_local),
        intake=Intake(store.ledger, settings.max_body_bytes, tracer),
        gate=Gate(Admission(capacity, AdmissionLimits.of(settings)), capacity, settings.quota_articles_per_minute),
        once=Once(store.idempotency, settings.idempotency_retention),
        waker=Waker(wakeups),
        follower=Follower(store.feed),
        canary=Canary(canary, wakeups.wake_for_canary, settings.ready_within, settings.canary_every),
        targets=Targets(settings.webhook_allowed_networks),
        overview=Overview(store.pipeline, wakeups),
        instruments=Instruments(Origin.API),
    )


def create_app(settings: Settings, store: Store, wakeups: Wakeups, tracer: Tracer = UNTRACED) -> FastAPI:
    """Make the application.

    Args:
        settings: Limits, and whether the server listens on loopback only.
        store: Where articles and results are.
        wakeups: Wakes the workers.
        tracer: Where the spans of submissions go.
    """
    app = FastAPI(
        title="Dateline",
        version=VERSION,
        description=_ABOUT,
        openapi_tags=_TAGS,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=_beside,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        # FastAPI's own would send what requests contain to whatever the environment names.
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
        generate_unique_id_function=_name,
    )
    app.state.resources = found = _resources(settings, store, wakeups, tracer)
    app.add_middleware(AuditTrail, log=store.audit, keyring=found.keyring)
    app.add_middleware(RequestContext, tracer=tracer)
    app.add_middleware(Metering, instruments=found.instruments)
    errors.install(app)
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(only_known)])
    docs_page.install(app)
    if settings.desk:
        desk.install(app)
    else:
        app.add_api_route("/", _to_docs, include_in_schema=False)
    models = (*operate.MODELS, *pipeline.MODELS, *stories.MODELS, *webhooks.MODELS)
    documentation.install(app, Receipt, BatchReceipt, ArticlePage, FeedPage, CloudEvent, *models)
    return app
