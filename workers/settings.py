"""Every setting of Dateline, read from the environment (``DATELINE_*``) or a ``.env`` file."""

from datetime import timedelta
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlsplit

from annotated_types import Gt
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis.connection import parse_url

from schemas import Lane
from store.duplicates import DEFAULT_RETENTION_WEEKS, MOST_RETENTION_WEEKS
from store.stories import MOST_WINDOW_DAYS, WINDOW_DAYS


def _span(value: object) -> object:
    """Let a plain number mean seconds, beside ISO 8601 (``PT5S``)."""
    if isinstance(value, str) and value.replace(".", "", 1).isdigit():
        return float(value)
    return value


def _networks(value: str) -> str:
    for name in filter(None, map(str.strip, value.split(","))):
        ip_network(name)
    return value


def _redis_address(value: SecretStr) -> SecretStr:
    """The address itself.

    Raises:
        ValueError: It is none; the message does not repeat it, since it may hold a password.
    """
    try:
        parse_url(value.get_secret_value())  # type: ignore[no-untyped-call]  # redis-py says no types here
    except ValueError as error:
        raise ValueError("it has to look like redis://host:6379/0, or rediss:// for TLS, or unix://") from error
    return value


def _with_password(url: str, password: str) -> str:
    """A Redis address with a password, unless it has one."""
    parts = urlsplit(url)
    if parts.password:
        return url
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{parts.username or ''}:{quote(password, safe='')}@{host}").geturl()


def secret_in(file: Path | str) -> str:
    """The secret in a file, without white space around it.

    Raises:
        ValueError: It cannot be read; the message names it.
    """
    try:
        return Path(file).read_text("utf-8").strip()
    except OSError as error:
        raise ValueError(f"the secret in {file} cannot be read ({error.strerror}); mount it, or unset it") from error


Span = Annotated[timedelta, BeforeValidator(_span)]
Positive = Annotated[Span, Gt(timedelta(0))]
RedisAddress = Annotated[SecretStr, AfterValidator(_redis_address)]


class Settings(BaseSettings):
    """The settings of API, workers and command line. Each field says what it means, and the reason for its default."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_", env_file=".env", extra="ignore", frozen=True)

    redis_url: RedisAddress = Field(
        default=SecretStr("redis://127.0.0.1:6379/0"),
        description="The result store: ledger, results, feed. Needs AOF and maxmemory-policy noeviction.",
    )
    broker_url: RedisAddress = Field(
        default=SecretStr("redis://127.0.0.1:6379/1"),
        description="Celery's broker: another database or server than the store, because it may be flushed.",
    )
    redis_password_file: Path | None = Field(
        default=None,
        description="File with the password for both addresses; it then stands in no environment and no process list.",
    )
    prefix: str = Field(
        default="dl", pattern=r"^[\w{}:.-]{1,64}$", description="First part of all keys; several may share a server."
    )

    api_host: str = Field(default="127.0.0.1", description="Address to listen on. Beyond loopback a key must exist.")
    api_port: int = Field(default=8000, ge=1, le=65535, description="Port of the API.")
    api_url: str = Field(default="http://127.0.0.1:8000", description="Where the dateline command finds the API.")
    api_key: SecretStr | None = Field(default=None, description="Access key that the dateline command sends.")
    api_max_connections: int = Field(
        default=1_000, ge=1, description="Connections of one API process; more are answered with 503. Streams count."
    )
    desk: bool = Field(
        default=True,
        description="Serve the desk at /: a page that shows articles on a map. It reads the API with the reader's key.",
    )
    max_body_bytes: int = Field(
        default=6 * 1024 * 1024, ge=1024, description="Largest body of a single submission: 5 MB of HTML and metadata."
    )
    max_batch_bytes: int = Field(
        default=64 * 1024 * 1024, ge=1024, description="Largest batch, after decompression; it is read as a stream."
    )
    max_batch_items: int = Field(default=10_000, ge=1, description="Most articles in one batch request.")

    max_waiting_live: int = Field(
        default=20_000,
        ge=1,
        description="Articles that may wait in the live lane; more are answered with 503.",
    )
    max_waiting_bulk: int = Field(
        default=200_000,
        ge=1,
        description="Articles that may wait in the bulk lane: 200,000 take 0.5 GB, their results 1.6.",
    )
    max_wait_live: Span = Field(
        default=timedelta(hours=1), description="Age of the oldest live article with which the lane is closed."
    )
    max_wait_bulk: Span = Field(
        default=timedelta(days=1), description="Age of the oldest bulk article with which the lane is closed."
    )
    max_memory_share: float = Field(
        default=0.95, gt=0, le=1, description="Share of Redis' maxmemory beyond which submissions are refused."
    )
    result_bytes: int = Field(
        default=8_000,
        ge=0,
        description="Memory set aside for the result of each pending article; one of 600 words takes 7 kB.",
    )
    quota_articles_per_minute: int = Field(
        default=0,
        ge=0,
        description="Articles that an access key without its own quota may send in a minute; 0: any number.",
    )
    idempotency_retention: Span = Field(
        default=timedelta(days=1),
        description="How long the answer to a request with an Idempotency-Key is kept and repeated.",
    )

    recognizer: str = Field(
        default="onnx",
        description="Entity recognizer: onnx and onnx:fast ship; spacy:<pipeline> and gliner:<model> are extras.",
    )
    claim_articles: int = Field(
        default=32,
        ge=1,
        le=32,
        description="Articles in one claim at most: a claim of 32 costs 0.8 ms for each, a claim of 1 costs 13.",
    )
    claim_bytes: int = Field(
        default=400_000,
        ge=1_000,
        description="Submitted bytes in one claim at most, so that a stage stays well inside its time limit.",
    )
    bulk_share: float = Field(
        default=0.125, ge=0, lt=1, description="Share of a claim kept for bulk articles while live ones wait."
    )
    lease: Positive = Field(
        default=timedelta(seconds=30),
        description="How long a silent worker keeps its articles. Workers renew it while they work.",
    )
    max_deliveries: int = Field(
        default=4, ge=1, description="Deliveries that may end with a dead worker before an article is quarantined."
    )
    max_retries: int = Field(default=6, ge=0, description="Retries after passing faults before quarantine.")
    retry_base: Span = Field(
        default=timedelta(seconds=2), description="First delay after a passing fault; doubles each time, with jitter."
    )
    retry_cap: Span = Field(default=timedelta(minutes=5), description="Longest delay after a passing fault.")
    stage_soft_limit: Positive = Field(
        default=timedelta(seconds=120), description="A stage of one batch is interrupted after this."
    )
    stage_hard_limit: Positive = Field(
        default=timedelta(seconds=150), description="A worker process that has not stopped after this is replaced."
    )
    max_wakeups: int = Field(
        default=8, ge=1, description="Wake-ups queued at most in each lane; the keeper refills them every second."
    )
    keeper_interval: Positive = Field(
        default=timedelta(seconds=1), description="How often each worker looks for expired leases and missing wake-ups."
    )
    worker_lane: Lane | None = Field(
        default=None,
        description="The only lane that a worker works on; both unless set. One for live alone keeps their latency.",
    )
    worker_concurrency: int = Field(
        default=0, ge=0, description="Processes of one worker; 0 takes the number of cores. Each needs about 0.5 GB."
    )

    stop_grace: Span = Field(
        default=timedelta(seconds=10),
        description="A worker that was told to stop is gone after this; running tasks get the first half of it.",
    )

    deaf_after: Positive = Field(
        default=timedelta(seconds=60),
        description="An idle worker ends, to be replaced, if messages have waited and it has taken none for this time.",
    )
    heartbeat_file: Path | None = Field(
        default=None, description="File that a worker touches every second; its age tells whether it lives."
    )

    ready_within: Span = Field(
        default=timedelta(seconds=30), description="Readiness: an article goes through every stage in this time."
    )
    canary_every: Span = Field(
        default=timedelta(seconds=15),
        description="Least time between two test articles that requests for readiness send.",
    )

    retention_results: Span = Field(
        default=timedelta(days=35),
        description="How long results stay in Redis, from acceptance. Archive from the feed.",
    )
    retention_bodies: Span = Field(
        default=timedelta(days=7), description="How long submitted bodies stay after the outcome, for reprocessing."
    )
    duplicate_weeks: int = Field(
        default=DEFAULT_RETENTION_WEEKS,
        ge=1,
        le=MOST_RETENTION_WEEKS,
        description="Weeks for which the duplicate index remembers.",
    )
    story_days: int = Field(
        default=WINDOW_DAYS,
        ge=1,
        le=MOST_WINDOW_DAYS,
        description="Days for which a story waits for its next article at least.",
    )

    public_url: str = Field(
        default="", description="Where consumers reach the API, for links in events; DATELINE_API_URL unless set."
    )
    webhook_retries: str = Field(
        default="5,300,1800,7200,18000,36000,50400,72000,86400",
        pattern=r"^[0-9]+(\.[0-9]+)?(,[0-9]+(\.[0-9]+)?)*$",
        description="Seconds before each repetition of a failed call (Standard Webhooks); then the webhook is dead.",
    )
    webhook_timeout: Positive = Field(
        default=timedelta(seconds=15), description="A webhook's endpoint has this long to answer."
    )
    webhook_max_bytes: int = Field(
        default=262_144, ge=4_096, description="Largest event; a larger one is sent without its result."
    )
    webhook_allow: Annotated[str, AfterValidator(_networks)] = Field(
        default="",
        description="Networks that webhooks may call though they are not public, and over http: 10.0.0.0/8,fd00::/8.",
    )

    tracing: bool = Field(
        default=False,
        description="Whether spans go to an OpenTelemetry collector (extra: tracing); OTEL_* says where and how many.",
    )
    sink_postgres_url: SecretStr = Field(
        default=SecretStr(""),
        description="Where `dateline sink postgres` keeps the archive: postgresql://user:password@host/database.",
    )
    metrics_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Port on which a worker, a keeper or the caller of webhooks serves /metrics; 0: none.",
    )
    metrics_host: str = Field(
        default="127.0.0.1",
        description="Address of that port. It needs no key: never use one that strangers can reach.",
    )

    log_format: Literal["auto", "json", "console"] = Field(
        default="auto",
        description="json for machines, console for people; auto chooses console if stderr is a terminal.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Lowest level that is logged."
    )
    state_dir: Path = Field(
        default=Path(".dateline"), description="Where `dateline up` keeps its Redis files, key and log files."
    )
    flower_port: int = Field(default=5555, ge=1, le=65535, description="Port of Flower in `dateline up`.")
    flower_login_file: Path | None = Field(
        default=None, description="File with Flower's login, as name:password; without it FLOWER_BASIC_AUTH is used."
    )

    @model_validator(mode="before")
    @classmethod
    def _read_password(cls, values: dict[str, Any]) -> dict[str, Any]:
        file = values.get("redis_password_file")
        if not file:
            return values
        password = secret_in(file)
        for name in ("redis_url", "broker_url"):
            given = values.get(name, cls.model_fields[name].default)
            url = given.get_secret_value() if isinstance(given, SecretStr) else str(given)
            values[name] = SecretStr(_with_password(url, password))
        return values

    @property
    def lease_ms(self) -> int:
        """The lease in milliseconds."""
        return int(self.lease.total_seconds() * 1000)

    @property
    def webhook_retry_delays(self) -> tuple[float, ...]:
        """Seconds before each repetition of a failed call."""
        return tuple(map(float, self.webhook_retries.split(",")))

    @property
    def webhook_allowed_networks(self) -> tuple[str, ...]:
        """Networks that webhooks may call though they are not public."""
        return tuple(filter(None, map(str.strip, self.webhook_allow.split(","))))

    @property
    def api_is_local(self) -> bool:
        """Whether the API listens on loopback only."""
        if self.api_host == "localhost":
            return True
        try:
            return ip_address(self.api_host).is_loopback
        except ValueError:
            return False


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
