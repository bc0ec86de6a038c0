"""All that the service is told from outside."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class SettingError(ValueError):
    """A variable that is missing or out of its range."""


@dataclass(frozen=True)
class Settings:
    tracking_uri: str | None
    """MLflow; None: only what lies in `state` is served."""
    tracking_user: str | None = None
    tracking_password: str | None = field(default=None, repr=False)
    state: Path = Path("models")
    """Where the last good champions are kept."""
    models: tuple[str, ...] = ("kol-trust", "kol-success")
    forecasts: tuple[str, ...] = ("views", "engagement", "orders")
    poll_seconds: float = 30.0
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    """API key to the name of its holder."""
    rate: float = 50.0
    """Requests a second that each key may send, after a burst of twice as many; each worker counts for itself."""
    max_in_flight: int = 64
    max_body_bytes: int = 8 * 2**20
    redis_url: str | None = field(default=None, repr=False)
    """rediss://user:password@host:port/0?ssl_ca_certs=FILE with TLS."""
    cache_seconds: int = 300
    cassandra: str | None = None
    """host:port, separated by commas."""
    cassandra_user: str | None = None
    cassandra_password: str | None = field(default=None, repr=False)
    cassandra_ca: Path | None = None
    """The authority of its certificate: without it, it is spoken to in plain text."""
    trino_url: str | None = None
    trino_user: str = "kol-api"
    trino_password: str | None = field(default=None, repr=False)
    trino_token: str | None = field(default=None, repr=False)
    trino_ca: Path | None = None
    feature_table: str = "iceberg.kol_gold.kol_features"
    trust_threshold: float = 0.5
    """Below it nothing is expected of a KOL; as trustThreshold of the training."""


def read_settings(env: Mapping[str, str] = os.environ, *, serves: bool = True) -> Settings:
    """Raises SettingError naming the variable. Keys are asked for only of what serves."""
    trino_url = env.get("TRINO_URL", "").rstrip("/") or None
    trino_login = (_secret(env, "TRINO_PASSWORD"), _secret(env, "TRINO_TOKEN"))
    if any(trino_login) and not (trino_url or "").startswith("https://"):
        raise SettingError(
            "TRINO_URL must be https:// where TRINO_PASSWORD or TRINO_TOKEN is set: they are not sent in the clear"
        )
    threshold = _number(env, "KOL_TRUST_THRESHOLD", 0.5, 0, 1)
    return Settings(
        tracking_uri=env.get("MLFLOW_TRACKING_URI", "").rstrip("/") or None,
        tracking_user=env.get("MLFLOW_TRACKING_USERNAME") or None,
        tracking_password=_secret(env, "MLFLOW_TRACKING_PASSWORD"),
        state=Path(env.get("KOL_API_STATE") or "models"),
        models=_names(env, "KOL_API_MODELS", "kol-trust,kol-success"),
        forecasts=_names(env, "KOL_API_FORECASTS", "views,engagement,orders"),
        poll_seconds=_number(env, "KOL_API_POLL_SECONDS", 30, 0.05, 3600),
        keys=_keys(_secret(env, "KOL_API_KEYS")) if serves else {},
        rate=_number(env, "KOL_API_RATE", 50, 0.1, 1e6),
        max_in_flight=int(_number(env, "KOL_API_MAX_IN_FLIGHT", 64, 1, 10_000)),
        max_body_bytes=int(_number(env, "KOL_API_MAX_BODY_BYTES", 8 * 2**20, 1024, 2**30)),
        redis_url=_secret(env, "REDIS_URL"),
        cache_seconds=int(_number(env, "KOL_API_CACHE_SECONDS", 300, 0, 86_400)),
        cassandra=env.get("CASSANDRA_CONTACT_POINTS") or None,
        cassandra_user=env.get("CASSANDRA_USERNAME") or None,
        cassandra_password=_secret(env, "CASSANDRA_PASSWORD"),
        cassandra_ca=_file(env, "CASSANDRA_CA_FILE"),
        trino_url=trino_url,
        trino_user=env.get("TRINO_USER") or "kol-api",
        trino_password=trino_login[0],
        trino_token=trino_login[1],
        trino_ca=_file(env, "TRINO_CA_FILE"),
        feature_table=env.get("KOL_API_FEATURE_TABLE") or "iceberg.kol_gold.kol_features",
        trust_threshold=threshold,
    )


def _secret(env: Mapping[str, str], name: str) -> str | None:
    """NAME itself, or what the file of NAME_FILE holds."""
    file = env.get(f"{name}_FILE")
    return Path(file).read_text("utf-8").strip() if file else env.get(name) or None


def _file(env: Mapping[str, str], name: str) -> Path | None:
    text = env.get(name)
    if not text:
        return None
    if not Path(text).is_file():
        raise SettingError(f"{name}={text} is no file")
    return Path(text)


def _keys(text: str | None) -> dict[str, str]:
    """`holder=key` a line or separated by commas."""
    keys: dict[str, str] = {}
    for part in (text or "").replace("\n", ",").split(","):
        if not part.strip():
            continue
        holder, _, key = part.strip().partition("=")
        if not holder or len(key) < 16:
            raise SettingError("KOL_API_KEYS: expected holder=key with keys of at least 16 characters")
        keys[key] = holder
    if not keys:
        raise SettingError("KOL_API_KEYS (or KOL_API_KEYS_FILE) is not set: nobody could use the service")
    return keys


def _names(env: Mapping[str, str], name: str, default: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in (env.get(name) or default).split(",") if part.strip())


def _number(env: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    text = env.get(name) or str(default)
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise SettingError(f"{name}={text} must be a number from {low} to {high}")
    return value
