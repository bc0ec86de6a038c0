"""The HTTP service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.security import APIKeyHeader
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from . import health, scoring
from .champions import Champions
from .forecasting import FORECAST_OUTPUTS, forecast
from .gate import Gate
from .lookup import Lookup
from .registry import Registry
from .schemas import ForecastRequest, ForecastResponse, Health, Problem, ScoreRequest, ScoreResponse
from .score_kols import score_kols
from .settings import Settings
from .stores import CassandraStore, RedisStore, Store, cassandra_nodes, trino_store

_problem: dict[str, Any] = {"model": Problem}
_retry = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait"}}
RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {**_problem, "description": "The body is no JSON"},
    401: {**_problem, "description": "No API key, or an unknown one"},
    404: {**_problem, "description": "Nobody knows what was asked for"},
    408: {**_problem, "description": "The body came too slowly"},
    413: {**_problem, "description": "The body is too large"},
    422: {**_problem, "description": "A value that cannot be used, by its name"},
    429: {**_problem, "description": "Too many requests of this key", "headers": _retry},
    503: {**_problem, "description": "No champion, or stores down, or too many requests", "headers": _retry},
}
_key = APIKeyHeader(name="X-API-Key", auto_error=False, description="Given out by whoever runs the service")
guarded: dict[str, Any] = {"responses": RESPONSES, "dependencies": [Depends(_key)]}


def create_app(settings: Settings) -> FastAPI:
    """The application; everything that lives as long as it does starts and ends with it."""
    registry = (
        Registry(settings.tracking_uri, settings.tracking_user, settings.tracking_password)
        if settings.tracking_uri
        else None
    )
    outputs = {name: scoring.OUTPUTS[name] for name in settings.models}
    outputs |= {f"kol-forecast-{metric}": FORECAST_OUTPUTS for metric in settings.forecasts}
    champions = Champions(registry, settings.state, outputs, settings.poll_seconds)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.lookup = lookup = _lookup(settings)
        await asyncio.to_thread(champions.load_kept)
        polling = asyncio.create_task(champions.poll_for_ever())
        try:
            yield
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)
            await lookup.close()
            if registry is not None:
                await registry.close()

    app = FastAPI(
        title="KOL scores",
        version="0.1.0",
        description="Trust, success and forecasts of KOLs, by the champions of the model registry as they are.",
        lifespan=lifespan,
        redoc_url=None,
    )
    app.add_middleware(
        Gate,
        keys=settings.keys,
        rate=settings.rate,
        max_in_flight=settings.max_in_flight,
        max_body_bytes=settings.max_body_bytes,
    )
    app.state.champions = champions

    @app.get(
        "/healthz",
        summary="What is served and what is down",
        responses={503: {"model": Health, "description": "Nothing can be scored"}},
    )
    async def healthz() -> Health:
        """What is served, since when, and what is down. 503 while there is no champion at all."""
        answer = health.of(champions, app.state.lookup)
        if answer.status == "unavailable":
            return JSONResponse(answer.model_dump(), 503, {"Retry-After": "5"})  # type: ignore[return-value]
        return answer

    @app.get(
        "/metrics",
        summary="Figures for Prometheus",
        response_class=Response,
        responses={200: {"content": {"text/plain": {}}}},
    )
    async def metrics() -> Response:
        """Counters, gauges and histograms of this process."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @app.post("/kol/score", summary="Score KOLs", **guarded)
    async def kol_score(body: ScoreRequest) -> ScoreResponse:
        """Scores KOLs, from the raw columns given or from those that the stores hold."""
        return await score_kols(body.kols, champions, app.state.lookup, settings.trust_threshold)

    @app.post("/forecast/predict", summary="Forecast a metric", **guarded)
    async def forecast_predict(body: ForecastRequest) -> ForecastResponse:
        """Forecasts one metric from the histories given."""
        return await forecast(body, champions)

    app.add_exception_handler(RequestValidationError, _invalid)
    return app


def _lookup(settings: Settings) -> Lookup:
    nodes, trino = cassandra_nodes(settings), trino_store(settings)
    stores: list[Store] = [CassandraStore(nodes)] if nodes else []
    if trino:
        stores.append(trino)
    cache = RedisStore(settings.redis_url, settings.cache_seconds) if settings.redis_url else None
    return Lookup(cache, stores)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    """The first things that are wrong, in one sentence; never what was sent, which may be of any size."""
    assert isinstance(error, RequestValidationError)
    errors = error.errors()
    if errors[0]["type"] == "json_invalid":
        return JSONResponse({"detail": "the body is no JSON"}, 400)
    said = [f"{'.'.join(str(part)[:60] for part in each['loc'])}: {each['msg']}" for each in errors[:5]]
    more = f" (and {len(errors) - 5} more)" if len(errors) > 5 else ""
    return JSONResponse({"detail": "; ".join(said)[:1000] + more}, 422)
