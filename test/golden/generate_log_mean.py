"""Golden values for log-linear stacks and Tweedie deviances from scikit-learn.

Run: python generate_log_mean.py   (needs scikit-learn; writes log-mean.json beside this file)
"""

import json
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np
from sklearn.linear_model import PoissonRegressor, TweedieRegressor
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


def fitted(model):
    model.fit(columns, y)
    return [float(model.intercept_), *model.coef_.tolist()]


common = {"alpha": 0, "tol": 1e-12, "max_iter": 10_000, "solver": "newton-cholesky"}
golden = {
    "versions": versions,
    "columns": columns.T.tolist(),
    "y": y.tolist(),
    "prediction": prediction.tolist(),
    "weight": weight.tolist(),
    "powers": [
        {
            "power": power,
            "coefficients": fitted(
                PoissonRegressor(**common)
                if power == 1
                else TweedieRegressor(power=power, link="log", **common)
            ),
            "deviance": mean_tweedie_deviance(y, prediction, power=power),
            "weighted": mean_tweedie_deviance(y, prediction, power=power, sample_weight=weight),
            "explained": d2_tweedie_score(y, prediction, power=power),
        }
        for power in (1, 1.3, 1.5, 1.9)
    ],
}
Path(__file__).with_name("log-mean.json").write_text(json.dumps(golden))
