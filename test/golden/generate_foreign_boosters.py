"""Golden models of XGBoost and LightGBM with what they say of adversarial rows.

usage: python generate_foreign_boosters.py            writes foreign-boosters.json beside itself
       python generate_foreign_boosters.py xgboost    writes xgboost-<version>.json: two models alone, for old versions

Run with xgboost, lightgbm and numpy installed. `cases` is also what the interoperability tests train fresh models by.
"""

import ctypes
import json
import pathlib
import platform
import re
import sys

import numpy as np
import xgboost

NAMES = ["a", "b", "c", "d", "e", "f"]
# d has few categories, e has many: codes.
CATEGORIES = {"d": 6, "e": 75}
N_TRAIN = 1200


def training_rows(rng, missing=True):
    """Numbers with ties, zeros, tiny and missing values; codes."""
    X = rng.normal(size=(N_TRAIN, len(NAMES)))
    X[:, 1] = np.exp(2 * X[:, 1])
    X[:, 2] = np.round(X[:, 2]) * (rng.uniform(size=N_TRAIN) < 0.7)
    X[:, 5] = X[:, 5] * 1e-37 + (rng.uniform(size=N_TRAIN) < 0.3)
    for name, count in CATEGORIES.items():
        X[:, NAMES.index(name)] = rng.integers(0, count, N_TRAIN)
    X = X.astype(np.float32)
    if missing:
        X[rng.uniform(size=X.shape) < 0.08] = np.nan
    return X


def targets(X, rng):
    """Classes, numbers and counts that depend on the rows."""
    Z = np.nan_to_num(X, nan=0.3)
    effect = rng.normal(size=CATEGORIES["e"])
    signal = Z[:, 0] + np.log1p(Z[:, 1]) * (Z[:, 2] > 0) + effect[Z[:, 4].astype(int)] + (Z[:, 3] == 2)
    noisy = signal + rng.normal(size=len(X))
    return {
        "binary": (noisy > np.median(noisy)).astype(float),
        "multiclass": np.digitize(noisy, np.quantile(noisy, [0.3, 0.7])).astype(float),
        "regression": 100 + 10 * noisy,
        "count": rng.poisson(np.exp(0.4 * np.clip(signal, -3, 3))).astype(float),
        "pair": np.c_[noisy, -2 * noisy + rng.normal(size=len(X))],
    }


def neighbours(values):
    values = np.asarray(values, dtype=np.float32)
    with np.errstate(over="ignore"):
        return np.concatenate([values, np.nextafter(values, np.float32(-np.inf)), np.nextafter(values, np.float32(np.inf))])


def adversarial_rows(thresholds, n_rows, rng, engine, categorical):
    """Every cell at a threshold or beside it, at an end of the order, missing, or an odd code.

    XGBoost refuses infinite cells; a code between -1 and 0, which no data has, is read in two ways.
    """
    tiny = neighbours([0, -0.0, 1e-35, -1e-35, 1e-38, -1e-38])
    extremes = [np.nan, np.nan, 3.4028235e38, -3.4028235e38] + ([np.inf, -np.inf] if engine == "lightgbm" else [])
    columns = []
    for j, name in enumerate(NAMES):
        if categorical and name in CATEGORIES:
            known = np.arange(CATEGORIES[name] + 3)
            odd = [-1, -7.5, 31, 32, 33, 63, 64, 65, 95, 96, 97, 127, 128, 1e6, 2**24, 2**24 + 2, 3e9, -3e9]
            pool = np.concatenate([known, known + 0.5, odd, [-0.5] if engine == "lightgbm" else [], extremes])
        else:
            cuts = np.asarray(thresholds.get(j, []), dtype=np.float64)
            with np.errstate(over="ignore"):
                pool = np.concatenate([neighbours(cuts), tiny, rng.normal(size=8), extremes])
        columns.append(rng.choice(pool.astype(np.float32), n_rows))
    return np.ascontiguousarray(np.stack(columns, axis=1), dtype=np.float32)


def by_margin(margins, n_rows):
    return np.asarray(margins, dtype=np.float64).reshape(n_rows, -1).T


def xgboost_thresholds(model):
    found = {}
    booster = model["learner"]["gradient_booster"]
    for tree in booster.get("gbtree", booster)["model"]["trees"]:
        for left, j, cut, kind in zip(
            tree["left_children"], tree["split_indices"], tree["split_conditions"], tree["split_type"]
        ):
            if left != -1 and kind == 0:
                found.setdefault(j, []).append(cut)
    return found


XGBOOST = {
    "binary": ("binary", {"objective": "binary:logistic", "base_score": 0.3712}),
    "multiclass": ("multiclass", {"objective": "multi:softprob", "num_class": 3, "num_parallel_tree": 2, "subsample": 0.7}),
    "regression": ("regression", {"objective": "reg:squarederror"}),
    "poisson": ("count", {"objective": "count:poisson"}),
    "categorical": ("binary", {"objective": "binary:logistic"}),
    "one-hot": ("regression", {"objective": "reg:absoluteerror", "max_cat_to_onehot": 100}),
    "early-stopping": ("binary", {"objective": "binary:logistic", "eta": 1.0}),
    "dart": ("regression", {"booster": "dart", "rate_drop": 0.5}),
    "targets": ("pair", {"objective": "reg:squarederror"}),
    "ranking": ("count", {"objective": "rank:ndcg", "lambdarank_pair_method": "topk", "ndcg_exp_gain": False}),
}
XGBOOST_CATEGORICAL = ("categorical", "one-hot", "early-stopping", "multiclass")


def xgboost_case(name, n_rows, rounds, depth, rng):
    target, params = XGBOOST[name]
    categorical = name in XGBOOST_CATEGORICAL
    X = training_rows(rng)
    y = targets(X, rng)[target]
    options = {}
    if categorical:
        kinds = ["c" if column in CATEGORIES else "float" for column in NAMES]
        options = {"feature_types": kinds, "enable_categorical": True}

    def matrix(rows, label=None):
        return xgboost.DMatrix(rows, label, feature_names=NAMES, **options)

    data = matrix(X, y)
    if name == "ranking":
        data.set_group([20] * (N_TRAIN // 20))
    fit = {"max_depth": depth, "nthread": 1, "tree_method": "hist", "seed": int(rng.integers(1 << 20)), **params}
    stopping = {}
    if name == "early-stopping":
        held = training_rows(rng)
        stopping = {
            "evals": [(matrix(held, rng.integers(0, 2, N_TRAIN)), "held")],
            "early_stopping_rounds": 4,
            "verbose_eval": False,
        }
        rounds += 2
    booster = xgboost.train(fit, data, rounds, **stopping)
    text = booster.save_raw("json").decode()
    best = {"iteration_range": (0, booster.best_iteration + 1)} if stopping else {}
    rows = adversarial_rows(xgboost_thresholds(parse_lenient(text)), n_rows, rng, "xgboost", categorical)
    margins = booster.predict(matrix(rows), output_margin=True, **best)
    case = {"engine": "xgboost", "name": name, "model": text, "rows": rows, "margins": by_margin(margins, n_rows)}
    if stopping:
        case["allMargins"] = by_margin(booster.predict(matrix(rows), output_margin=True), n_rows)
    if name not in ("dart", "targets"):
        contributions = booster.predict(matrix(rows[:6]), pred_contribs=True, **best)
        case["contributions"] = contributions.reshape(min(6, n_rows), -1, len(NAMES) + 1)
    return case


def parse_lenient(text):
    """XGBoost before version 3 writes NaN, which Python reads."""
    return json.loads(text)


LIGHTGBM = {
    "binary": ("binary", {"objective": "binary"}),
    "sigmoid": ("binary", {"objective": "binary", "sigmoid": 1.7}),
    "multiclass": ("multiclass", {"objective": "multiclass", "num_class": 3}),
    "regression": ("regression", {"objective": "regression"}),
    "no-missing": ("regression", {"objective": "huber", "use_missing": False}),
    "poisson": ("count", {"objective": "poisson"}),
    "categorical": ("binary", {"objective": "binary", "max_cat_to_onehot": 4}),
    "early-stopping": ("binary", {"objective": "binary", "learning_rate": 0.5}),
    "forest": ("regression", {"objective": "regression", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6}),
    "stumps": ("regression", {"objective": "quantile", "alpha": 0.8, "min_data_in_leaf": N_TRAIN}),
    "dart": ("binary", {"objective": "cross_entropy", "boosting": "dart", "drop_rate": 0.5}),
    "ranking": ("count", {"objective": "lambdarank"}),
}
LIGHTGBM_CATEGORICAL = ("categorical", "early-stopping", "multiclass", "forest")


def lightgbm_thresholds(text):
    found = {}
    for block in text.split("\nTree=")[1:]:
        fields = dict(line.split("=", 1) for line in block.split("\n") if "=" in line)
        kinds = [int(v) & 1 for v in fields["decision_type"].split()]
        for j, cut, kind in zip(fields["split_feature"].split(), fields["threshold"].split(), kinds):
            if kind == 0:
                found.setdefault(int(j), []).append(float(cut))
    return found


def lightgbm_case(name, n_rows, rounds, leaves, rng):
    import lightgbm

    target, params = LIGHTGBM[name]
    categorical = name in LIGHTGBM_CATEGORICAL
    X = training_rows(rng, missing=name not in ("no-missing", "poisson"))
    y = targets(X, rng)[target]
    codes = list(CATEGORIES) if categorical else []

    def dataset(rows, label, **options):
        return lightgbm.Dataset(rows.astype(np.float64), label, feature_name=NAMES, categorical_feature=codes, **options)

    fit = {
        "num_leaves": leaves,
        "num_threads": 1,
        "verbose": -1,
        "seed": int(rng.integers(1 << 20)),
        "min_data_in_leaf": 10,
        "min_data_per_group": 5,
        "cat_smooth": 1,
        **params,
    }
    stopping = {}
    if name == "early-stopping":
        held = dataset(training_rows(rng), rng.integers(0, 2, N_TRAIN), reference=None)
        stopping = {"valid_sets": [held], "callbacks": [lightgbm.early_stopping(3, verbose=False)]}
    if name == "forest":
        rounds = 8
    groups = {"group": [20] * (N_TRAIN // 20)} if name == "ranking" else {}
    train = dataset(X, y, **groups)
    if stopping:
        stopping["valid_sets"][0].reference = train
    booster = lightgbm.train(fit, train, rounds, **stopping)
    text = booster.model_to_string()
    rows = adversarial_rows(lightgbm_thresholds(text), n_rows, rng, "lightgbm", categorical)
    # The raw score of a forest is the sum of its trees, what it predicts is their mean.
    margins = booster.predict(rows.astype(np.float64), raw_score=name != "forest")
    case = {"engine": "lightgbm", "name": name, "model": text, "rows": rows, "margins": by_margin(margins, n_rows)}
    if name != "forest":
        contributions = booster.predict(rows[:6].astype(np.float64), pred_contrib=True)
        case["contributions"] = contributions.reshape(min(6, n_rows), -1, len(NAMES) + 1)
    return case


def cases(seed, n_rows, rounds, depth, leaves):
    """A model of every kind, fresh for every seed."""
    rng = np.random.default_rng(seed)
    for name in XGBOOST:
        yield xgboost_case(name, n_rows, rounds, depth, rng)
    for name in LIGHTGBM:
        yield lightgbm_case(name, n_rows, rounds, leaves, rng)


def logarithms():
    """What the C library gives for logf."""
    libm = ctypes.CDLL("libm.so.6")
    libm.logf.restype = ctypes.c_float
    libm.logf.argtypes = [ctypes.c_float]
    rng = np.random.default_rng(5)
    x = np.concatenate([rng.integers(1, 0x7F800000, 1000, dtype=np.uint32).view(np.float32), np.exp(rng.normal(size=1500))])
    x = x.astype(np.float32)
    y = np.array([libm.logf(value) for value in x], dtype=np.float32)
    # Those that are not the nearest float32 tell most.
    odd = y != np.log(x.astype(np.float64)).astype(np.float32)
    keep = odd | (np.arange(len(x)) % 12 == 0)
    return {"library": " ".join(platform.libc_ver()), "x": plain(x[keep]), "y": plain(y[keep])}


def plain(values):
    """Lists for JSON; what it cannot write as null (NaN) or text. float32 in as few digits as tell it."""
    if isinstance(values, np.ndarray) and values.ndim > 1:
        return [plain(part) for part in values]
    short = values.dtype == np.float32
    out = []
    for value in values:
        number = float(str(value)) if short else float(value)
        out.append(None if np.isnan(number) else number if np.isfinite(number) else str(number).replace("inf", "Infinity"))
    return out


def golden(case):
    out = {**case, "rows": plain(case["rows"].T), "margins": plain(case["margins"])}
    for key in ("allMargins", "contributions"):
        if key in case:
            out[key] = plain(np.asarray(case[key]))
    # One file with its parameters is enough.
    if case["engine"] == "lightgbm" and case["name"] != "binary":
        out["model"] = re.sub(r"(?s)\nend of trees\n.*", "\nend of trees\n", case["model"])
    return out


def write(path, versions, **content):
    print(versions)
    path.write_text(json.dumps({"versions": versions, **content}, separators=(",", ":"), allow_nan=False) + "\n")


def main(only_xgboost):
    folder = pathlib.Path(__file__).parent
    versions = {"python": platform.python_version(), "numpy": np.__version__, "xgboost": xgboost.__version__}
    if only_xgboost:
        rng = np.random.default_rng(17)
        few = [golden(xgboost_case(name, 60, 4, 3, rng)) for name in ("categorical", "dart")]
        write(folder / f"xgboost-{xgboost.__version__}.json", versions, cases=few)
        return
    import lightgbm

    versions["lightgbm"] = lightgbm.__version__
    all_cases = [golden(case) for case in cases(17, 120, 5, 3, 7)]
    write(folder / "foreign-boosters.json", versions, logf=logarithms(), cases=all_cases)


if __name__ == "__main__":
    main(sys.argv[1:] == ["xgboost"])
