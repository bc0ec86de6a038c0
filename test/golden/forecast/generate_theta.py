"""Golden values for test/learners/forecast from statsforecast's theta models and statsmodels' decomposition.

Run: python generate_theta.py   (needs statsforecast, statsmodels; writes theta.json beside this file)
"""

import json
import platform
import warnings
from pathlib import Path

import numpy as np
import statsforecast
import statsmodels
from statsforecast.theta import auto_theta, forecast_theta
from statsmodels.tsa.seasonal import seasonal_decompose

warnings.simplefilter("ignore")
versions = {
    "python": platform.python_version(),
    "numpy": np.__version__,
    "statsforecast": statsforecast.__version__,
    "statsmodels": statsmodels.__version__,
}
print(versions)

rng = np.random.default_rng(20261127)
models = {"standard": "STM", "optimised": "OTM", "dynamic-standard": "DSTM", "dynamic-optimised": "DOTM"}


def series(n, period, base, slope, season, noise):
    t = np.arange(n)
    phase = rng.normal(0, season, period)[t % period] if period > 1 else np.zeros(n)
    return np.round(base + slope * t + phase * (1 + t / n) + rng.normal(0, noise, n).cumsum() * 0.4, 3)


def case(y, period):
    fits = {}
    for name, model in models.items():
        fit = auto_theta(y, m=period, model=model)
        fits[name] = {
            "alpha": float(fit["par"]["alpha"]),
            "theta": float(fit["par"]["theta"]),
            "initialLevel": float(fit["par"]["initial_smoothed"]),
            "isSeasonal": bool(fit.get("decompose", False)),
            "season": fit.get("decomposition_type"),
            "forecast": forecast_theta(fit, h=30)["mean"].tolist(),
        }
    return {"period": period, "y": y.tolist(), "fits": fits}


def decomposition(n, period, kind):
    y = series(n, period, 60, 0.2, 5, 1)
    indices = seasonal_decompose(y, model=kind, period=period).seasonal[:period]
    return {"y": y.tolist(), "period": period, "kind": kind, "indices": indices.tolist()}


golden = {
    "versions": versions,
    "cases": {
        "no season": case(series(60, 1, 40, 0.3, 0, 2), 1),
        "falling": case(series(45, 1, 90, -0.8, 0, 3), 1),
        "weekly": case(series(100, 7, 80, 0.1, 6, 2), 7),
        "monthly, below zero": case(series(96, 12, 5, -0.2, 4, 1), 12),
        "season not significant": case(series(70, 7, 40, 0.05, 0, 2), 7),
    },
    "decompositions": [
        decomposition(50, 7, "additive"),
        decomposition(50, 12, "multiplicative"),
        decomposition(24, 12, "additive"),
    ],
}
Path(__file__).with_name("theta.json").write_text(json.dumps(golden) + "\n")
