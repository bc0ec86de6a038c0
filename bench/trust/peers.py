"""Fits the peers on the very rows, splits and features that ours.js wrote, and scores the held-out side.

usage: peers.py DIR      reads DIR/{X.bin,y.bin,ours.json}, writes DIR/peers.json
The stack is scikit-learn's own: histogram boosting, random forest and logistic regression under a logistic
regression on 5-fold out-of-fold probabilities.
"""
import json
import sys
import time
from pathlib import Path

import lightgbm
import numpy as np
import sklearn
import xgboost
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier, StackingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

folder = Path(sys.argv[1])
ours = json.loads((folder / "ours.json").read_text())
n_features = len(ours["features"])
X = np.fromfile(folder / "X.bin", "<f4").reshape(n_features, -1).T
y = np.fromfile(folder / "y.bin", np.uint8)
threads = 2


def lightgbm_tuned(seed):
    return lightgbm.LGBMClassifier(
        n_estimators=440, num_leaves=63, learning_rate=0.02, min_child_samples=30, subsample=0.8, subsample_freq=1,
        colsample_bytree=0.7, reg_lambda=5, random_state=seed, n_jobs=threads, verbose=-1)


def xgboost_tuned(seed):
    return xgboost.XGBClassifier(
        n_estimators=700, max_depth=6, learning_rate=0.03, subsample=0.7, colsample_bytree=0.5, min_child_weight=5,
        reg_lambda=5, max_bin=512, random_state=seed, n_jobs=threads)


def sklearn_stack(seed):
    members = [
        ("boosting", HistGradientBoostingClassifier(
            max_iter=400, learning_rate=0.04, max_leaf_nodes=31, l2_regularization=5, random_state=seed)),
        ("lightgbm", lightgbm_tuned(seed)),
        ("forest", make_pipeline(SimpleImputer(), RandomForestClassifier(
            n_estimators=100, min_samples_leaf=3, random_state=seed, n_jobs=threads))),
        ("logistic", make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(max_iter=1000))),
    ]
    return StackingClassifier(members, LogisticRegression(), cv=5, stack_method="predict_proba")


peers = {"LightGBM": lightgbm_tuned, "XGBoost": xgboost_tuned, "scikit-learn stack": sklearn_stack}
results = []
for split in ours["splits"]:
    train, test = np.array(split["train"]), np.array(split["test"])
    for name, make in peers.items():
        began = time.perf_counter()
        model = make(split["seed"]).fit(X[train], y[train])
        seconds = time.perf_counter() - began
        p = model.predict_proba(X[test])[:, 1]
        results.append({"seed": split["seed"], "kind": split["kind"], "peer": name, "seconds": seconds, "p": p.tolist()})
        print(f"{name}: seed {split['seed']} {split['kind']} {seconds:.1f} s", file=sys.stderr, flush=True)

versions = {"lightgbm": lightgbm.__version__, "xgboost": xgboost.__version__, "scikit-learn": sklearn.__version__}
(folder / "peers.json").write_text(json.dumps({"versions": versions, "results": results}))
