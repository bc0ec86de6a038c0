"""Writes forecast-scores.json: forecast metrics by utilsforecast, Naive2 by statsmodels, interval scores by NumPy.

    python3 -m venv venv && venv/bin/pip install utilsforecast statsmodels
    venv/bin/python test/golden/generate_forecast_scores.py
"""

import json
import pathlib
import platform
from importlib.metadata import version

import numpy as np
import pandas as pd
from statsmodels.tsa.seasonal import seasonal_decompose
from statsmodels.tsa.stattools import acf
from utilsforecast import losses


def naive2(y, period, horizon):
    """The R code of the M4 organisers, written with statsmodels."""
    seasonal = False
    if period > 1 and len(y) >= 3 * period:
        r = acf(y, nlags=period, fft=False)[1:]
        limit = 1.645 / np.sqrt(len(y)) * np.sqrt(np.cumsum(np.r_[1, 2 * r**2]))
        seasonal = bool(abs(r[period - 1]) > limit[period - 1])
    if not seasonal:
        return seasonal, np.full(horizon, y[-1])
    index = seasonal_decompose(y, model="multiplicative", period=period).seasonal
    return seasonal, y[-1] / index[-1] * np.resize(index[-period:], horizon)


def interval_score(y, lower, upper, alpha):
    """Gneiting & Raftery 2007, equation 43, term by term."""
    return np.mean((upper - lower) + 2 / alpha * (lower - y) * (y < lower) + 2 / alpha * (y - upper) * (y > upper))


def case(name, random, n, period, horizon, shape):
    t = np.arange(n + horizon)
    y = shape(t, random)
    train, actual = y[:n], y[n:]
    forecast = actual + random.normal(0, np.std(actual) / 2 + 0.1, horizon)
    forecast[0] = actual[0]
    half = np.abs(random.normal(0, np.std(actual) / 2 + 0.1, horizon))
    lower, upper = forecast - half, forecast + 1.5 * half
    upper[1] = actual[1] if actual[1] >= lower[1] else upper[1]  # a value on the border
    frame = pd.DataFrame(dict(unique_id="a", ds=t[n:], y=actual, f=forecast, lo=lower, hi=upper))
    past = pd.DataFrame(dict(unique_id="a", ds=t[:n], y=train))
    value = lambda found: float(found.iloc[0, -1])
    scale = float(np.mean(np.abs(train[period:] - train[:-period])))
    seasonal, yardstick = naive2(train, period, horizon)
    return dict(
        name=name, train=train.tolist(), period=period, actual=actual.tolist(), forecast=forecast.tolist(),
        lower=lower.tolist(), upper=upper.tolist(), seasonal=seasonal, naive2=yardstick.tolist(),
        smape=200 * value(losses.smape(frame, ["f"])),  # theirs goes from 0 to 1
        mase=value(losses.mase(frame, ["f"], seasonality=period, train_df=past)),
        scale=scale,
        coverage=float(np.mean((lower <= actual) & (actual <= upper))),
        width=float(np.mean(upper - lower) / scale),
        msis={str(alpha): interval_score(actual, lower, upper, alpha) / scale for alpha in (0.05, 0.2)},
        pinball={str(q): value(losses.quantile_loss(frame, {"f": "f"}, q=q)) for q in (0.1, 0.5, 0.975)},
    )


def season(period, size):
    return lambda t, random: 50 + 0.1 * t + size * np.sin(2 * np.pi * t / period) + random.normal(0, 2, len(t))


def spike(period):  # hardly any autocorrelation before the period: seasonal even in a short series
    return lambda t, random: 50 + 60 * (t % period == 3) + random.normal(0, 2, len(t))


random = np.random.default_rng(20261124)
cases = [
    case("hours", random, 240, 24, 48, season(24, 20)),
    case("days, odd period", random, 100, 7, 14, season(7, 12)),
    case("months, no season", random, 60, 12, 18, lambda t, r: 80 + np.cumsum(r.normal(0, 1, len(t)))),
    case("exactly three periods", random, 36, 12, 12, spike(12)),
    case("below three periods", random, 35, 12, 12, spike(12)),
    case("years, no period", random, 30, 1, 6, lambda t, r: 100 + np.cumsum(r.normal(1, 3, len(t)))),
    case("counts with zeros and signs", random, 90, 7, 28, lambda t, r: r.poisson(0.7, len(t)) - 1.0 * (r.random(len(t)) < 0.1)),
]
versions = {name: version(name) for name in ("utilsforecast", "statsmodels", "numpy", "pandas")}
document = dict(versions={"python": platform.python_version(), **versions}, cases=cases)
pathlib.Path(__file__).with_name("forecast-scores.json").write_text(json.dumps(document, indent=1) + "\n")
print(document["versions"])
