"""Golden values for test/learners/forecast from statsforecast's exponential smoothing.

Run: python generate_ets.py   (needs statsforecast; writes ets.json beside this file)
"""

import json
import platform
from pathlib import Path

import numpy as np
import statsforecast
from statsforecast.ets import ets_f, forecast_ets

versions = {
    "python": platform.python_version(),
    "numpy": np.__version__,
    "statsforecast": statsforecast.__version__,
}
print(versions)

rng = np.random.default_rng(20261128)


def series(n, period, base, slope, season, noise, multiplicative=False):
    t = np.arange(n)
    level = base + slope * t + rng.normal(0, noise, n).cumsum() * 0.5
    phase = rng.normal(0, season, period)[t % period] if period > 1 else np.zeros(n)
    y = level * (1 + phase / base) if multiplicative else level + phase
    return np.round(y + rng.normal(0, noise, n), 3)


def forms(period, positive):
    for error in "AM" if positive else "A":
        for season in "NAM" if period > 1 and positive else "NA" if period > 1 else "N":
            for trend, damped in (("N", False), ("A", False), ("A", True)):
                if not (error == "A" and season == "M"):
                    yield error, trend, season, damped


def case(y, period):
    fits = []
    for error, trend, season, damped in forms(period, y.min() > 0):
        fit = ets_f(y, m=period, model=error + trend + season, damped=damped)
        alpha, beta, gamma, phi = (float(v) if np.isfinite(v) else None for v in fit["par"][:4])
        fits.append(
            {
                "form": {"error": error, "trend": trend + ("d" if damped else ""), "season": season},
                "alpha": alpha,
                "beta": beta,
                "gamma": gamma,
                "phi": phi,
                "start": fit["states"][0].tolist(),
                "deviance": -2 * float(fit["loglik"]),
                "aicc": float(fit["aicc"]),
                "forecast": forecast_ets(fit, h=15)["mean"].tolist(),
            }
        )
    chosen = ets_f(y, m=period)
    return {
        "period": period,
        "y": y.tolist(),
        "fits": fits,
        "chosen": {
            "name": chosen["method"],
            "aicc": float(chosen["aicc"]),
            "forecast": forecast_ets(chosen, h=15)["mean"].tolist(),
        },
    }


golden = {
    "versions": versions,
    "cases": {
        "level": case(series(50, 1, 30, 0, 0, 2), 1),
        "trend": case(series(60, 1, 30, 0.8, 0, 2), 1),
        "weekly": case(series(140, 7, 60, 0.1, 8, 2), 7),
        "monthly, growing season": case(series(120, 12, 50, 0.5, 12, 1.5, multiplicative=True), 12),
        "quarterly, below zero": case(series(48, 4, 2, -0.1, 3, 0.7), 4),
    },
}
Path(__file__).with_name("ets.json").write_text(json.dumps(golden) + "\n")
