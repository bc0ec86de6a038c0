"""POST /forecast/predict."""

from __future__ import annotations

import math
from typing import Any

from fastapi import HTTPException

from . import metrics, scoring
from .champions import Champions
from .schemas import Forecast, ForecastRequest, ForecastResponse

FORECAST_OUTPUTS = ("yhat",)


async def forecast(body: ForecastRequest, champions: Champions) -> ForecastResponse:
    """Raises HTTPException: 404 for a metric without a model, 503 while it has no champion."""
    name = f"kol-forecast-{body.metric}"
    served = champions.served.get(name)
    if served is None:
        known = sorted(each.removeprefix("kol-forecast-") for each in champions.served if "forecast" in each)
        raise HTTPException(404, f"there is no forecast of {body.metric!r}, only of {', '.join(known)}")
    if served.champion is None:
        raise HTTPException(503, f"{name} has no champion yet", {"Retry-After": "5"})
    ids = [series.kol_id for series in body.series]
    # One answer, one version: the canary takes whole requests here, by their first KOL.
    champion = scoring.versions_for(served, ids[:1])[0][0]
    columns: dict[str, list[Any]] = {
        "history": [_fitted(each.history, champion.card["history"]) for each in body.series],
        "kol_id": ids,
        "start": [series.start for series in body.series],
    }
    outputs = await scoring.run(champion, columns, len(ids))
    metrics.rows.labels(name, "canary" if champion is served.canary else "champion").inc(len(ids))
    named = {output: values.tolist() for output, values in outputs.items()}
    forecasts = [
        Forecast(kol_id=each.kol_id, start=each.start, values={o: _finite(v[i]) for o, v in named.items()})
        for i, each in enumerate(body.series)
    ]
    return ForecastResponse(forecasts=forecasts, model=name, model_version=champion.version, degraded=[])


def _fitted(history: list[float | None], length: int) -> list[float]:
    """As many of the latest days as the model reads; days before the first one are missing."""
    days = [math.nan if value is None else value for value in history[-length:]]
    return [math.nan] * (length - len(days)) + days


def _finite(values: list[Any]) -> list[float | None]:
    return [scoring.finite(value) for value in values]
