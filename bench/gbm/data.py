"""Makes the data sets of the boosting benches: the same little-endian bytes for every engine.

usage: data.py OUTDIR [--shared DIR] [--seeds 5] SET ...
SET is one of
  higgs:ROWS[:TEST]         28 float features, binary; the first n rows do not depend on ROWS
  wide:ROWS:FEATURES        standard normal columns, 40 of which matter
  onehot:ROWS               10 categorical columns of 30 levels each as 300 columns of 0 and 1
  categorical:ROWS          10 integer-coded columns of 20 to 5,000 levels and 8 numeric ones
  outliers:ROWS             20 numeric columns, 2 % planted outliers (for isolation forests)
  hastie friedman1 breast-cancer digits diabetes             of scikit-learn
  adult credit-default online-shoppers twitter-human-bots    public tables, read from --shared
A set is a folder: meta.json, X.f32 (column-major float32: all rows of feature 0, then feature 1, ...), y.f32, for sets
with rows of their own to judge test.X.f32 and test.y.f32, for the others split-<seed>.u32 (all rows in a seeded order,
of which the first 80 % are for training).
"""
import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

CHUNK = 50_000
SEED = 7
THIS = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]


def higgs(n, seed):
    """21 raw features as a collider might give them (momenta, angles, tags, correlated ones) and 7 masses of pairs."""
    random = np.random.default_rng(seed)
    X, y = np.empty((n, 28), np.float32, order="F"), np.empty(n, np.float32)
    pairs = ((0, 1), (1, 2), (2, 3), (3, 4), (0, 2), (1, 3), (2, 4))
    for start in range(0, n, CHUNK):  # whole chunks are always drawn: the first rows do not depend on n
        m = min(CHUNK, n - start)
        u, noise = random.standard_normal((CHUNK, 21))[:m], random.logistic(size=CHUNK)[:m]
        momentum, eta, phi = np.exp(0.6 * u[:, 0:5] - 0.1), u[:, 5:10], np.pi * np.tanh(u[:, 10:15])
        tag = np.where(u[:, 15:18] > 0.5, np.round(u[:, 15:18], 1), 0)  # mostly zero, few distinct values
        correlated = 0.7 * u[:, 18:21] + 0.5 * u[:, 0:3]
        mass = [
            np.log1p(np.sqrt(2 * momentum[:, i] * momentum[:, j]
                             * np.abs(np.cosh(eta[:, i] - eta[:, j]) - np.cos(phi[:, i] - phi[:, j]))))
            for i, j in pairs
        ]
        X[start:start + m] = np.column_stack([momentum, eta, phi, tag, correlated, *mass])
        x = X[start:start + m].astype(np.float64)
        signal = (1.2 * np.sin(1.3 * x[:, 21]) - 0.9 * np.abs(x[:, 22] - 1.1) + 0.8 * (x[:, 23] > 1) * x[:, 15]
                  + 0.6 * x[:, 0] * np.tanh(x[:, 5]) - 0.5 * (x[:, 24] - x[:, 25]) + 0.35 * x[:, 18] * x[:, 19]
                  + 0.4 * np.cos(x[:, 10]) + 0.3 * (x[:, 16] > 0) - 0.75)
        y[start:start + m] = 1.3 * signal + 0.7 * noise > 0
    return X, y


def wide(n, features, seed):
    random = np.random.default_rng(seed)
    X = np.asfortranarray(random.standard_normal((n, features), np.float32))
    rule = np.random.default_rng(SEED)  # the same for training and test rows
    weight, informative = rule.normal(size=40), rule.choice(features, 40, replace=False)
    z = X[:, informative] @ weight / 4 + X[:, informative[0]] * X[:, informative[1]]
    return X, (z + random.logistic(size=n) > 0).astype(np.float32)


def onehot(n, seed):
    random, rule = np.random.default_rng(seed), np.random.default_rng(SEED)
    share = rule.dirichlet(np.full(30, 0.7), 10)
    effect = rule.normal(size=(10, 30))
    X, z = np.zeros((n, 300), np.float32, order="F"), np.zeros(n)
    for k in range(10):
        level = random.choice(30, n, p=share[k])
        X[np.arange(n), 30 * k + level] = 1
        z += 0.5 * effect[k, level]
    z += np.where(X[:, 0] == X[:, 30], 0.5, -0.5)
    return X, (z + random.logistic(size=n) > 0).astype(np.float32)


LEVELS = [20, 50, 100, 200, 200, 300, 500, 1000, 2000, 5000]


def categorical(n, seed):
    random, rule = np.random.default_rng(seed), np.random.default_rng(SEED)
    X, z = np.empty((n, 18), np.float32, order="F"), np.zeros(n)
    for k, levels in enumerate(LEVELS):
        share = rule.permutation(1 / (1 + np.arange(levels)))  # Zipf, in no order
        X[:, k] = random.choice(levels, n, p=share / share.sum())
        z += 0.45 * rule.normal(size=levels)[X[:, k].astype(int)]
    X[:, 10:] = random.standard_normal((n, 8))
    z += 0.6 * X[:, 10] - 0.5 * np.abs(X[:, 11]) + 0.4 * X[:, 12] * X[:, 13] + 0.4
    X[random.random(n) < 0.1, 14] = np.nan
    return X, (z + random.logistic(size=n) > 0).astype(np.float32)


def outliers(n, seed):
    random = np.random.default_rng(seed)
    centre = random.normal(size=(5, 20)) * 2
    X = centre[random.integers(0, 5, n)] + random.standard_normal((n, 20))
    odd = random.random(n) < 0.02
    X[odd] += random.standard_normal((odd.sum(), 20)) * 1.5
    return np.asfortranarray(X, np.float32), odd.astype(np.float32)


def of_sklearn(name):
    from sklearn import datasets
    if name == "hastie":
        X, y = datasets.make_hastie_10_2(12_000, random_state=SEED)
        return X, y > 0, "binary"
    if name == "friedman1":
        return *datasets.make_friedman1(20_000, noise=1, random_state=SEED), "regression"
    if name == "breast-cancer":
        return *datasets.load_breast_cancer(return_X_y=True), "binary"
    if name == "digits":
        return *datasets.load_digits(return_X_y=True), "multiclass"
    return *datasets.load_diabetes(return_X_y=True), "regression"


TABLES = {
    "adult": dict(file="tabular/adult/adult.data", target="Salary", positive=">50K",
                  categorical=["workclass", "education", "marital-status", "occupation", "relationship", "race", "sex",
                               "native-country"]),
    "credit-default": dict(file="tabular/credit-default/UCI_Credit_Card.csv", target="Y", positive=1, drop=["ID"]),
    "online-shoppers": dict(file="success/online-shoppers/online_shoppers_intention.csv", separator=";",
                            target="Revenue", positive=True, drop=["PageValues"],  # known only after the purchase
                            distinct=True,
                            categorical=["Month", "OperatingSystems", "Browser", "Region", "TrafficType", "VisitorType"]),
    "twitter-human-bots": dict(file="trust/twitter-human-bots/accounts_numeric.csv", target="account_type",
                               positive="bot", drop=["row", "id", "has_text_row"]),
}


def table(shared, file, target, positive, separator=",", drop=(), distinct=False, categorical=()):
    import pandas as pd
    data = pd.read_csv(shared / file, sep=separator, skipinitialspace=True, na_values=["?"])
    data.columns = data.columns.str.strip()
    if distinct:
        data = data.drop_duplicates()
    y = data[target] == positive
    data = data.drop(columns=[target, *drop])
    for name in categorical:  # codes by alphabetical order, missing stays missing
        codes = data[name].astype("category").cat.codes.astype(np.float32)
        data[name] = codes.where(codes >= 0)
    return data.to_numpy(np.float32), y.to_numpy(), list(data.columns), list(categorical)


def write(folder, X, y, task, names=None, categorical=(), test=None, seeds=0):
    folder.mkdir(parents=True, exist_ok=True)
    files = {"X.f32": np.asarray(X, "<f4").T, "y.f32": np.asarray(y, "<f4")}
    if test is not None:
        files |= {"test.X.f32": np.asarray(test[0], "<f4").T, "test.y.f32": np.asarray(test[1], "<f4")}
    for seed in range(seeds):
        files[f"split-{seed}.u32"] = np.random.default_rng(seed).permutation(len(y)).astype("<u4")
    digests = {}
    for name, values in files.items():
        values = np.ascontiguousarray(values)
        values.tofile(folder / name)
        digests[name] = hashlib.sha256(values).hexdigest()
    rows, features = X.shape
    (folder / "meta.json").write_text(json.dumps(dict(
        maker=THIS, task=task, nClasses=int(np.max(y)) + 1 if task == "multiclass" else 2, rows=rows,
        testRows=0 if test is None else len(test[1]), seeds=seeds, names=names or [f"x{j}" for j in range(features)],
        categorical=list(categorical), positive=round(float(np.mean(y)), 4) if task == "binary" else None,
        sha256=digests), indent=1))


def make(spec, out, shared, seeds):
    folder = out / spec.replace(":", "-")
    name, *sizes = spec.split(":")
    sizes = [int(size) for size in sizes]
    meta = folder / "meta.json"
    if name not in TABLES and meta.exists():
        known = json.loads(meta.read_text())
        if known["maker"] == THIS and (not known["seeds"] or known["seeds"] >= seeds):
            return
    if name == "higgs":
        train, test = higgs(sizes[0], SEED), higgs((sizes + [100_000])[1], SEED + 1)
        # Few rows (not the big ones) are also judged by seeded splits.
        write(folder, *train, "binary", test=test, seeds=seeds if sizes[0] <= 100_000 else 0)
    elif name == "wide":
        write(folder, *wide(*sizes, SEED), "binary", test=wide(*sizes, SEED + 1))
    elif name == "onehot":
        write(folder, *onehot(sizes[0], SEED), "binary", test=onehot(sizes[0] // 4, SEED + 1))
    elif name == "categorical":
        write(folder, *categorical(sizes[0], SEED), "binary", categorical=[f"x{k}" for k in range(len(LEVELS))],
              test=categorical(sizes[0] // 4, SEED + 1))
    elif name == "outliers":
        write(folder, *outliers(sizes[0], SEED), "binary")
    elif name in TABLES:
        X, y, names, categories = table(Path(shared), **TABLES[name])
        write(folder, X, y, "binary", names, categories, seeds=seeds)
    else:
        write(folder, *of_sklearn(name), seeds=seeds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--shared")
    parser.add_argument("--seeds", type=int, default=5)
    given = parser.parse_args()
    for spec in given.sets:
        make(spec, given.out, given.shared, given.seeds)
