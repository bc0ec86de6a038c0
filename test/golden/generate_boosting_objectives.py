"""Trees of LightGBM under the objectives that scikit-learn lacks or defines otherwise, for our reference implementation.

Run with LightGBM installed: python test/golden/generate_boosting_objectives.py
Writes boosting-objectives.json beside itself. Columns hold few distinct values, each with a bin of its own. Left out:
absolute error and quantiles, whose percentiles LightGBM interpolates (ours are those of the rows written out by their
weights), and categories, of which LightGBM leaves out those whose rows are fewer than the smoothing (ours have a
parameter of their own for that) and whose leaves it shrinks by the penalty of the split.
"""

import json
import pathlib
import platform

import lightgbm
import numpy as np

versions = {"python": platform.python_version(), "numpy": np.__version__, "lightgbm": lightgbm.__version__}
print(versions)

N = 300


def data(seed):
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.integers(1, 9, N) / 2, rng.integers(1, 13, N), rng.integers(1, 8, N) * 0.25])
    signal = X[:, 0] + X[:, 1] ** 2 / 40 - 2 * (X[:, 2] - 1) ** 2
    return X, signal + 0.7 * rng.normal(size=N), rng


def flat(node, out):
    """Nodes of a tree, children behind their parents; returns the place of this one."""
    place = len(out)
    if "leaf_value" in node:
        out.append({"value": node["leaf_value"], "count": node.get("leaf_count", N)})
        return place
    out.append(
        {
            "feature": node["split_feature"],
            "threshold": node["threshold"],
            "gain": node["split_gain"],
            "count": node["internal_count"],
        }
    )
    out[place]["left"] = flat(node["left_child"], out)
    out[place]["right"] = flat(node["right_child"], out)
    return place


def case(name, seed, objective, target, *, group=None, weighted=False, params=None, ours=None):
    X, signal, rng = data(seed)
    y = target(signal, rng)
    # Weights of many values: two splits or leaves never gain the same.
    weight = rng.uniform(0.5, 2, N).round(2) if weighted else None
    settings = {
        "learning_rate": 0.3,
        "num_leaves": 8,
        "min_data_in_leaf": 1,
        "min_sum_hessian_in_leaf": 1.0,
        "lambda_l2": 0.5,
        "lambda_l1": 0.1,
        "min_data_in_bin": 1,
        "max_bin": 255,
        "feature_pre_filter": False,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
        **(params or {}),
    }
    dataset = lightgbm.Dataset(X, y, weight=weight, group=None if group is None else [group] * (N // group),
                               params=settings)
    booster = lightgbm.train({"objective": objective, **settings}, dataset, num_boost_round=5)
    trees = []
    for tree in booster.dump_model()["tree_info"]:
        nodes = []
        flat(tree["tree_structure"], nodes)
        trees.append(nodes)
    return {
        "name": name,
        "columns": X.T.tolist(),
        "y": y.tolist(),
        **({"weight": weight.tolist()} if weighted else {}),
        **({"group": np.repeat(np.arange(N // group), group).tolist()} if group else {}),
        "params": {
            "nEstimators": 5,
            "learningRate": 0.3,
            "maxLeafNodes": 8,
            "minSamplesLeaf": 1,
            "minChildWeight": 1.0,
            "l1Regularization": 0.1,
            "l2Regularization": 0.5,
            **(ours or {}),
        },
        "trees": trees,
    }


def counts(signal, rng):
    return rng.poisson(np.exp(np.clip(signal / 4, -3, 2))).astype(float)


def amounts(signal, rng):
    return np.where(rng.uniform(size=N) < 0.4, 0, np.exp(signal / 3) * rng.gamma(2, 0.5, N)).round(3)


# Where penalties leave a feature without any gain at a node, LightGBM does not try it below either: not here.
no_penalty = {"lambda_l1": 0.0, "lambda_l2": 0.0}
no_penalty_here = {"l1Regularization": 0.0, "l2Regularization": 0.0}
cases = [
    case("poisson", 1, "poisson", counts, ours={"objective": "poisson"}),
    case("tweedie", 2, "tweedie", amounts, params={"tweedie_variance_power": 1.3}, weighted=True,
         ours={"objective": "tweedie", "tweedieVariancePower": 1.3}),
    case("huber", 3, "huber", lambda s, rng: s.round(3), params={"alpha": 0.8}, weighted=True,
         ours={"objective": "huber", "huberDelta": 0.8}),
    case("multiclass", 4, "multiclass", lambda s, rng: np.digitize(s, np.quantile(s, [0.3, 0.8])).astype(float),
         params={"num_class": 3, **no_penalty}, weighted=True,
         ours={"objective": "multiclass", "nClasses": 3, **no_penalty_here}),
    case("binary", 5, "binary", lambda s, rng: (s > 1).astype(float), weighted=True, params=no_penalty,
         ours={"objective": "binary", **no_penalty_here}),
    case("lambdarank", 6, "lambdarank", lambda s, rng: np.digitize(s, np.quantile(s, [0.4, 0.7, 0.9])).astype(float),
         group=12, weighted=True, params={"lambdarank_truncation_level": 5, "min_sum_hessian_in_leaf": 0.05, **no_penalty},
         ours={"objective": "lambdarank", "lambdarankTruncation": 5, "minChildWeight": 0.05, **no_penalty_here}),
    case("monotone", 7, "regression", lambda s, rng: s.round(3),
         params={"monotone_constraints": [1, 0, 1], "monotone_constraints_method": "basic", **no_penalty},
         ours={"objective": "squared-error", "monotoneConstraints": {"x0": 1, "x2": 1}, **no_penalty_here}),
]
path = pathlib.Path(__file__).with_name("boosting-objectives.json")
path.write_text(json.dumps({"versions": versions, "cases": cases}, separators=(",", ":")) + "\n", encoding="utf-8")
