"""Golden values for test/learners/forecast from statsforecast: naive, drift, seasonal naive.

Run: python generate_baselines.py   (needs statsforecast; writes baselines.json beside this file)
"""

import json
import platform
from pathlib import Path

import numpy as np
import statsforecast
from statsforecast.models import Naive, RandomWalkWithDrift, SeasonalNaive

versions = {
    "python": platform.python_version(),
    "numpy": np.__version__,
    "statsforecast": statsforecast.__version__,
}
print(versions)

rng = np.random.default_rng(20261125)
y = np.round(20 + 0.3 * np.arange(40) + 5 * np.sin(np.arange(40) * 2 * np.pi / 7) + rng.normal(0, 1, 40), 3)
h = 17


def mean(model):
    return model.forecast(y=y, h=h)["mean"].tolist()


golden = {
    "versions": versions,
    "y": y.tolist(),
    "naive": mean(Naive()),
    "drift": mean(RandomWalkWithDrift()),
    "seasonalNaive": {str(p): mean(SeasonalNaive(season_length=p)) for p in (1, 7, 12)},
}
Path(__file__).with_name("baselines.json").write_text(json.dumps(golden) + "\n")
