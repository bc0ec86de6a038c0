"""Golden values for test/learners/forecast from statsforecast's models of intermittent series.

Run: python generate_intermittent.py   (needs statsforecast; writes intermittent.json beside this file)
"""

import json
import platform
from pathlib import Path

import numpy as np
import statsforecast
from statsforecast.models import TSB, CrostonClassic, CrostonOptimized, CrostonSBA

versions = {
    "python": platform.python_version(),
    "numpy": np.__version__,
    "statsforecast": statsforecast.__version__,
}
print(versions)

rng = np.random.default_rng(20261129)


def case(y):
    def rate(model):
        return float(model.forecast(y=y, h=1)["mean"][0])

    return {
        "y": y.tolist(),
        "classic": rate(CrostonClassic()),
        "sba": rate(CrostonSBA()),
        "optimised": rate(CrostonOptimized()),
        "tsb": rate(TSB(alpha_d=0.2, alpha_p=0.35)),
    }


n = 80
golden = {
    "versions": versions,
    "cases": {
        "seldom": case((rng.random(n) < 0.2) * rng.integers(1, 9, n).astype(float)),
        "often": case((rng.random(n) < 0.8) * np.round(rng.lognormal(2, 1, n), 2)),
        "begins with an event, then none": case(np.array([3.0, 1, 0, 2] + [0] * 20)),
        "late": case(np.array([0.0] * 15 + [5, 0, 7])),
    },
}
Path(__file__).with_name("intermittent.json").write_text(json.dumps(golden) + "\n")
