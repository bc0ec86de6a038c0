"""Golden values for Tweedie deviances from scikit-learn.

Run: python generate_tweedie_deviance.py   (needs scikit-learn; writes tweedie-deviance.json beside this file)
"""

import json
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np
from sklearn.metrics import d2_tweedie_score, mean_tweedie_deviance

versions = {
    "python": platform.python_version(),
    "numpy": np.__version__,
    "scikit-learn": version("scikit-learn"),
}
print(versions)

rng = np.random.default_rng(20261125)
n = 150
columns = np.column_stack([rng.normal(1, 1.5, n), rng.normal(0.3, 0.2, n)])
mean = np.exp(0.4 + 0.7 * columns[:, 0] + 1.5 * columns[:, 1])
# Counts that scatter more than Poisson's, with zeros.
y = rng.poisson(mean * rng.gamma(2, 0.5, n)).astype(float)
prediction = mean * np.exp(rng.normal(0, 0.2, n))
weight = rng.integers(1, 5, n).astype(float)

golden = {
    "versions": versions,
    "y": y.tolist(),
    "prediction": prediction.tolist(),
    "weight": weight.tolist(),
    "powers": [
        {
            "power": power,
            "deviance": mean_tweedie_deviance(y, prediction, power=power),
            "weighted": mean_tweedie_deviance(y, prediction, power=power, sample_weight=weight),
            "explained": d2_tweedie_score(y, prediction, power=power),
        }
        for power in (1, 1.3, 1.5, 1.9)
    ],
}
Path(__file__).with_name("tweedie-deviance.json").write_text(json.dumps(golden))
