"""Golden values for test/learners/forecast from statsmodels' STL, and from statsforecast's MSTL and SES.

Run: python generate_stl.py   (needs statsforecast, statsmodels; writes stl.json beside this file)
"""

import json
import platform
from pathlib import Path

import numpy as np
import statsforecast
import statsmodels
from statsforecast.models import MSTL, SimpleExponentialSmoothingOptimized
from statsforecast.mstl import mstl
from statsmodels.tsa.stl._stl import STL

versions = {
    "python": platform.python_version(),
    "numpy": np.__version__,
    "statsforecast": statsforecast.__version__,
    "statsmodels": statsmodels.__version__,
}
print(versions)

rng = np.random.default_rng(20261126)


def series(n, periods):
    t = np.arange(n)
    y = 50 + 0.05 * t + rng.normal(0, 1.5, n).cumsum() * 0.3 + rng.normal(0, 1, n)
    for p in periods:
        y += rng.normal(0, 4, p)[t % p] * (1 + t / n)
    y[n // 3] += 30
    return np.round(y, 3)


def stl_case(n, period, given, **kwargs):
    y = series(n, [period])
    fit = STL(y, period=period, **kwargs).fit()
    return {
        "params": {"period": period, **given},
        "y": y.tolist(),
        "seasonal": fit.seasonal.tolist(),
        "trend": fit.trend.tolist(),
    }


stl_cases = {
    "plain": stl_case(100, 7, {}),
    "robust": stl_case(100, 7, {"robust": True}, robust=True),
    "even period, degree 0": stl_case(
        90, 12, {"seasonalDegree": 0, "seasonalWindow": 11}, seasonal_deg=0, seasonal=11
    ),
    "jumps": stl_case(
        150,
        12,
        {"seasonalWindow": 9, "trendWindow": 25, "seasonalJump": 2, "trendJump": 3, "lowPassJump": 2},
        seasonal=9,
        trend=25,
        seasonal_jump=2,
        trend_jump=3,
        low_pass_jump=2,
    ),
    "robust, jumps": stl_case(
        110,
        6,
        {"robust": True, "trendWindow": 15, "trendJump": 4},
        robust=True,
        trend=15,
        trend_jump=4,
    ),
    "barely two periods": stl_case(26, 12, {}),
    "windows longer than the series": stl_case(31, 7, {"trendWindow": 61}, trend=61),
}



def mstl_case(n, periods, **kwargs):
    y = series(n, periods)
    frame = mstl(y, periods if len(periods) > 1 else periods[0], stl_kwargs=kwargs)
    adjusted = (frame["trend"] + frame["remainder"]).to_numpy()
    model = MSTL(
        season_length=periods,
        trend_forecaster=SimpleExponentialSmoothingOptimized(),
        stl_kwargs=kwargs,
    )
    return {
        "periods": periods,
        "y": y.tolist(),
        "adjusted": adjusted.tolist(),
        "forecast": model.forecast(y=y, h=40)["mean"].tolist(),
    }


ses_series = series(80, [])
ses_fit = SimpleExponentialSmoothingOptimized().fit(ses_series)
golden = {
    "versions": versions,
    "stl": stl_cases,
    "mstl": {
        "one period": mstl_case(100, [7]),
        "two periods": mstl_case(150, [6, 24]),
        "three periods": mstl_case(160, [4, 10, 35]),
    },
    "ses": {
        "y": ses_series.tolist(),
        "alpha": float(ses_fit.model_["alpha"]) if "alpha" in ses_fit.model_ else None,
        "forecast": ses_fit.predict(h=3)["mean"].tolist(),
    },
}
Path(__file__).with_name("stl.json").write_text(json.dumps(golden) + "\n")
