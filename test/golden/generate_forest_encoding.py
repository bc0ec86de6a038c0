"""Golden values of the isolation forest, the target encoder and gradient boosting from scikit-learn.

Run with scikit-learn installed: python test/golden/generate_forest_encoding.py
Writes forest-encoding.json beside itself.
"""

import json
import pathlib
import platform

import numpy as np
import sklearn
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
)
from sklearn.ensemble._iforest import _average_path_length
from sklearn.metrics import log_loss, mean_squared_error, roc_auc_score
from sklearn.preprocessing import TargetEncoder

versions = {"python": platform.python_version(), "numpy": np.__version__, "scikit-learn": sklearn.__version__}
print(versions)


def columns(X):
    """Column by column, in the decimals they were rounded to; missing values as null."""
    return [[None if np.isnan(x) else round(float(x), 4) for x in column] for column in X.T]


def forest():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(300, 4)) @ rng.normal(size=(4, 4))
    X[:12] *= rng.uniform(2, 6, size=(12, 1))
    X = X.round(4).astype(np.float32)
    model = IsolationForest(n_estimators=1000, max_samples=256, random_state=0).fit(X)
    n = [1, 2, 3, 4, 10, 100, 256, 1000, 100_000]
    return {
        "columns": columns(X),
        "scores": (-model.score_samples(X)).tolist(),
        "n": n,
        "averagePathLength": _average_path_length(np.array(n)).tolist(),
    }


def encoder():
    rng = np.random.default_rng(2)
    # Frequent, rare and single categories; one whose targets are all alike.
    texts = rng.choice(["a", "b", "c", "d", "đẹp", "rare", "alike"], size=120, p=[0.4, 0.2, 0.15, 0.1, 0.08, 0.02, 0.05])
    texts[0] = "single"
    effect = {name: i for i, name in enumerate(sorted(set(texts)))}
    level = np.array([effect[t] for t in texts])
    regression = (level + rng.normal(size=120)).round(6)
    regression[texts == "alike"] = 2.5
    binary = (rng.uniform(size=120) < 0.2 + 0.08 * level).astype(int)
    multiclass = (level + rng.integers(0, 3, size=120)) % 3
    scored = sorted(set(texts)) + ["never seen"]
    out = {"texts": texts.tolist(), "scored": scored}
    for name, kind, y in [
        ("regression", "continuous", regression),
        ("binary", "binary", binary),
        ("multiclass", "multiclass", multiclass),
    ]:
        fitted = TargetEncoder(target_type=kind, smooth="auto").fit(texts.reshape(-1, 1).astype(object), y)
        encoded = fitted.transform(np.array(scored, dtype=object).reshape(-1, 1))
        out[name] = {"y": y.tolist(), "encoded": encoded.T.tolist()}
    return out


def boosting():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(1600, 5)).round(3).astype(np.float32)
    X[rng.uniform(size=1600) < 0.1, 1] = np.nan
    held = np.nan_to_num(X[:, 1], nan=1.5)
    signal = X[:, 0] * held + np.sin(2 * X[:, 2]) + 0.5 * X[:, 3]
    regression = (signal + rng.normal(size=1600)).round(4)
    binary = (regression > 0).astype(int)
    multiclass = np.digitize(regression, np.quantile(regression, [0.4, 0.7]))
    train, test = slice(0, 1000), slice(1000, None)
    shared = dict(max_iter=60, learning_rate=0.1, max_leaf_nodes=15, min_samples_leaf=20, early_stopping=False)
    out = {"columns": columns(X), "nTrain": 1000, "regression": regression.tolist(), "binary": binary.tolist(),
           "multiclass": multiclass.tolist()}
    model = HistGradientBoostingRegressor(**shared).fit(X[train], regression[train])
    out["meanSquaredError"] = mean_squared_error(regression[test], model.predict(X[test]))
    model = HistGradientBoostingClassifier(**shared).fit(X[train], binary[train])
    probability = model.predict_proba(X[test])
    out["rocAuc"] = roc_auc_score(binary[test], probability[:, 1])
    out["binaryLogLoss"] = log_loss(binary[test], probability)
    model = HistGradientBoostingClassifier(**shared).fit(X[train], multiclass[train])
    out["multiclassLogLoss"] = log_loss(multiclass[test], model.predict_proba(X[test]))
    return out


golden = {"versions": versions, "forest": forest(), "encoder": encoder(), "boosting": boosting()}
path = pathlib.Path(__file__).with_name("forest-encoding.json")
path.write_text(json.dumps(golden, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
