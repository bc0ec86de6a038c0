"""What Prometheus is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge, Histogram

if TYPE_CHECKING:
    from .champion import Champion

_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
requests = Counter("kol_api_requests_total", "Requests by path and status", ["path", "status"])
seconds = Histogram("kol_api_request_duration_seconds", "Time to answer", ["path"], buckets=_BUCKETS)
in_flight = Gauge("kol_api_requests_in_flight", "Requests being answered")
rows = Counter("kol_api_rows_total", "Rows scored", ["model", "alias"])
feature_rows = Counter("kol_api_feature_rows_total", "KOLs by where their features came from", ["source"])
store_errors = Counter("kol_api_store_errors_total", "Failed look-ups", ["store"])
registry_up = Gauge("kol_api_registry_up", "1 where the last poll of the registry got its answers")
refused_models = Counter("kol_api_models_refused_total", "Versions that must not be served", ["model"])
shadow_difference = Histogram(
    "kol_api_shadow_difference",
    "Largest difference of the first output between shadow and champion, by request",
    ["model"],
    buckets=(0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 5, 20, 100),
)
_loaded = Gauge("kol_api_model_loaded_timestamp_seconds", "When the version was loaded", ["model", "alias"])
_version = Gauge("kol_api_model_version", "Number of the version; 0: none", ["model", "alias"])


def show_model(name: str, alias: str, champion: Champion | None) -> None:
    _loaded.labels(name, alias).set(champion.loaded_at if champion else 0)
    number = champion.version if champion else "0"
    _version.labels(name, alias).set(float(number) if number.isdigit() else -1)
