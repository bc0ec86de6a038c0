"""LightGBM on the rows that campaigns.js wrote.

usage: campaigns.py OUTDIR    reads rows.json, writes peer.json: predictions of five seeds
"""
import json
import sys
from pathlib import Path

import lightgbm
import numpy as np

out = Path(sys.argv[1])
rows = json.loads((out / "rows.json").read_text())


def matrix(side):
    return np.array(side["X"], dtype=float).T


predictions = []
for seed in range(5):
    common = dict(n_estimators=300, num_leaves=15, learning_rate=0.05, subsample=0.8, subsample_freq=1,
                  colsample_bytree=0.8, random_state=seed, n_jobs=2, verbose=-1)
    if rows["isBinary"]:
        model = lightgbm.LGBMClassifier(**common)
    else:
        model = lightgbm.LGBMRegressor(objective="tweedie", tweedie_variance_power=1.5, **common)
    model.fit(matrix(rows["train"]), np.array(rows["train"]["y"]))
    test = matrix(rows["test"])
    p = model.predict_proba(test)[:, 1] if rows["isBinary"] else model.predict(test)
    predictions.append(p.tolist())
(out / "peer.json").write_text(json.dumps(predictions))
