"""Where the API and the store are: as configured, else as ``dateline up`` wrote it down, else the defaults."""

from dataclasses import dataclass

from cli.local.state import LocalInstance, StateDir
from store import Store
from workers.settings import Settings, settings


@dataclass(frozen=True, slots=True)
class ApiAddress:
    """Where the API listens, and the access key to send."""

    url: str
    key: str | None


def local_instance(config: Settings) -> LocalInstance | None:
    """What ``dateline up`` wrote down in the state directory."""
    return StateDir(config.state_dir).read()


def api_address() -> ApiAddress:
    """Where to find the API. A setting that was given wins over the local Dateline."""
    config = settings()
    local = local_instance(config)
    configured_key = config.api_key.get_secret_value() if config.api_key else None
    if local is None or "api_url" in config.model_fields_set:
        return ApiAddress(config.api_url.rstrip("/"), configured_key)
    return ApiAddress(local.api_url, configured_key or local.api_key)


def open_store() -> Store:
    """The store. A setting that was given wins over the local Dateline."""
    return Store.open(store_url(), settings().prefix)


def store_url() -> str:
    """The address of the store's database."""
    config = settings()
    local = local_instance(config)
    configured = config.redis_url.get_secret_value()
    return configured if local is None or "redis_url" in config.model_fields_set else local.redis_url


def broker_url() -> str:
    """The address of the broker's database."""
    config = settings()
    local = local_instance(config)
    configured = config.broker_url.get_secret_value()
    return configured if local is None or "broker_url" in config.model_fields_set else local.broker_url
