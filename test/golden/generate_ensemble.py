"""Golden values for test/ensemble from scikit-learn and betacal.

Run: python generate_ensemble.py   (needs scikit-learn and betacal; writes ensemble.json beside this file)
"""

import json
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np
import sklearn
from betacal import BetaCalibration
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LinearRegression, LogisticRegression

versions = {
    "python": platform.python_version(),
    "numpy": np.__version__,
    "scikit-learn": sklearn.__version__,
    "betacal": version("betacal"),
}
print(versions)

rng = np.random.default_rng(20261124)
n = 160
# Columns on unlike scales, as the scores of unlike base models are.
columns = np.column_stack([rng.normal(0, 2, n), rng.normal(0.45, 0.05, n), rng.normal(0, 1e-4, n)])
signal = 0.8 * columns[:, 0] + 12 * (columns[:, 1] - 0.45) + 5e3 * columns[:, 2]
binary = (signal + rng.logistic(0, 1, n) > 0.3).astype(int)
target = 1e-3 * (signal + rng.normal(0, 1, n))

# Over-confident margins with ties.
margins = np.round(2.5 * signal + 0.7, 1)
p = 1 / (1 + np.exp(-margins))


def unpenalised(X, y):
    return LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000, solver="newton-cholesky").fit(X, y)


# Scaled for the solver's sake, the coefficients are then those of the raw columns.
scale = columns.std(axis=0)
logistic = unpenalised(columns / scale, binary)
linear = LinearRegression().fit(columns, target)
platt = _SigmoidCalibration().fit(margins, binary)
isotonic = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(p, binary)
beta = BetaCalibration(parameters="abm").fit(p.reshape(-1, 1), binary)

golden = {
    "versions": versions,
    "columns": columns.T.tolist(),
    "binary": binary.tolist(),
    "target": target.tolist(),
    "margins": margins.tolist(),
    "logistic": [float(logistic.intercept_[0]), *(logistic.coef_[0] / scale).tolist()],
    "linear": [float(linear.intercept_), *linear.coef_.tolist()],
    # scikit-learn: 1 / (1 + exp(a * margin + b))
    "platt": {"slope": -float(platt.a_), "intercept": -float(platt.b_), "p": platt.predict(margins).tolist()},
    "isotonic": isotonic.predict(p).tolist(),
    "beta": {"map": [float(v) for v in beta.calibrator_.map_], "p": beta.predict(p.reshape(-1, 1)).tolist()},
}
path = Path(__file__).with_name("ensemble.json")
path.write_text(json.dumps(golden) + "\n")
print(path.name, "written")
