"""Trees of scikit-learn's HistGradientBoosting, node by node, for the reference implementation of boosting.

Run with scikit-learn installed: python test/golden/generate_boosting_trees.py
Writes boosting-trees.json beside itself. Columns hold few distinct values, so that every value has a bin of its own.
"""

import json
import pathlib
import platform

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

versions = {"python": platform.python_version(), "numpy": np.__version__, "scikit-learn": sklearn.__version__}
print(versions)

N = 240


def data(seed):
    """Three numbers, one of them with missing values, a category with rare codes, and both kinds of targets."""
    rng = np.random.default_rng(seed)
    X = np.column_stack(
        [
            rng.integers(-4, 5, N) / 2,
            rng.integers(0, 12, N),
            rng.integers(-3, 4, N) * 0.25,
            rng.choice(9, N, p=[0.2, 0.2, 0.15, 0.12, 0.1, 0.08, 0.08, 0.04, 0.03]),
        ]
    ).astype(np.float64)
    X[rng.uniform(size=N) < 0.15, 1] = np.nan
    effect = np.array([0.3, -1.0, 2.0, 0.1, -0.7, 1.1, -1.6, 3.0, -3.0])
    signal = X[:, 0] + np.nan_to_num(X[:, 1], nan=9.0) ** 2 / 40 + 2 * X[:, 2] ** 2 + effect[X[:, 3].astype(int)]
    y = (signal + 0.7 * rng.normal(size=N)).round(3)
    return X, y


def nodes(predictor, order):
    """`order`: the columns as the model has them inside, categories first."""
    out = []
    for node in predictor.nodes:
        if node["is_leaf"]:
            out.append({"value": float(node["value"]), "count": int(node["count"])})
            continue
        split = {
            "feature": order[node["feature_idx"]],
            "missingLeft": bool(node["missing_go_to_left"]),
            "gain": float(node["gain"]),
            "left": int(node["left"]),
            "right": int(node["right"]),
            "count": int(node["count"]),
        }
        if node["is_categorical"]:
            words = predictor.raw_left_cat_bitsets[node["bitset_idx"]]
            split["codes"] = [code for code in range(256) if words[code // 32] >> (code % 32) & 1]
        elif np.isinf(node["num_threshold"]):
            split["threshold"] = None
        else:
            split["threshold"] = float(node["num_threshold"])
        out.append(split)
    return out


def case(name, seed, task, features, *, weighted=False, **settings):
    X, y = data(seed)
    X = X[:, features]
    weight = None
    if weighted:
        weight = np.random.default_rng(seed + 100).choice([0.5, 1.0, 2.0], N)
    if task == "binary":
        y = (y > np.median(y)).astype(int)
    model = (HistGradientBoostingClassifier if task == "binary" else HistGradientBoostingRegressor)(
        early_stopping=False, **settings
    )
    # The regressor bins and fits on doubles; gradients and hessians are float32 inside.
    model.fit(X, y, sample_weight=weight)
    categorical = settings.get("categorical_features", [])
    order = categorical + [j for j in range(len(features)) if j not in categorical]
    return {
        "name": name,
        "task": task,
        "columns": [[None if np.isnan(x) else float(x) for x in column] for column in X.T],
        "y": y.tolist(),
        **({"weight": weight.tolist()} if weighted else {}),
        "settings": settings,
        "baseline": float(model._baseline_prediction.ravel()[0]),
        "trees": [nodes(iteration[0], order) for iteration in model._predictors],
    }


shared = dict(max_iter=6, learning_rate=0.3)
cases = [
    case("l2 and leaves", 1, "regression", [0, 1, 2], max_leaf_nodes=8, min_samples_leaf=5, l2_regularization=1.5, **shared),
    case("depth", 2, "regression", [0, 1, 2], max_leaf_nodes=None, max_depth=3, min_samples_leaf=12, **shared),
    case("two classes", 3, "binary", [0, 1, 2], max_leaf_nodes=7, min_samples_leaf=8, l2_regularization=0.5, **shared),
    case("weights", 4, "binary", [0, 1, 2], weighted=True, max_leaf_nodes=6, min_samples_leaf=10, **shared),
    case("monotone", 5, "regression", [0, 1, 2], max_leaf_nodes=10, min_samples_leaf=4, monotonic_cst=[1, -1, 1], **shared),
    case("monotone two classes", 6, "binary", [0, 1, 2], max_leaf_nodes=10, min_samples_leaf=4, monotonic_cst=[-1, 1, 0], **shared),
    case("interactions", 7, "regression", [0, 1, 2], max_leaf_nodes=12, min_samples_leaf=4, interaction_cst=[{0, 1}, {2}], **shared),
    case("categories", 8, "regression", [0, 1, 2, 3], max_leaf_nodes=9, min_samples_leaf=4, categorical_features=[3], **shared),
    case("categories alone", 9, "regression", [3], max_leaf_nodes=6, min_samples_leaf=2, l2_regularization=1.0,
         categorical_features=[0], **shared),
]
for item in cases:
    cst = item["settings"].get("interaction_cst")
    if cst is not None:
        item["settings"]["interaction_cst"] = [sorted(group) for group in cst]
path = pathlib.Path(__file__).with_name("boosting-trees.json")
path.write_text(json.dumps({"versions": versions, "cases": cases}, separators=(",", ":")) + "\n", encoding="utf-8")
