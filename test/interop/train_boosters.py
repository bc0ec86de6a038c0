"""Trains XGBoost and LightGBM models of every kind, for TypeScript to import and to answer the same.

usage: python train_boosters.py DIRECTORY

DIRECTORY gets boosters.json, a list of { engine, name, nRows }, and of every name a .model as its library writes it, .rows,
little-endian float32 `[nFeatures][nRows]`, and .margins, float64 `[nMargins][nRows]`. BOOSTERS_SEED=<n> trains others.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "golden"))

import generate_foreign_boosters as boosters  # noqa: E402

N_ROWS = 20_000


def main(directory):
    import lightgbm
    import xgboost

    seed = int(os.environ.get("BOOSTERS_SEED", "20261123"))
    print(f"xgboost {xgboost.__version__}, lightgbm {lightgbm.__version__}, BOOSTERS_SEED={seed}")
    listed = []
    for case in boosters.cases(seed, n_rows=N_ROWS, rounds=40, depth=6, leaves=31):
        stem = f"{case['engine']}-{case['name']}"
        (directory / f"{stem}.rows").write_bytes(np.ascontiguousarray(case["rows"].T, dtype="<f4").tobytes())
        (directory / f"{stem}.margins").write_bytes(np.ascontiguousarray(case["margins"], dtype="<f8").tobytes())
        (directory / f"{stem}.model").write_text(case["model"])
        listed.append({"engine": case["engine"], "name": stem, "nRows": N_ROWS})
    (directory / "boosters.json").write_text(json.dumps(listed))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
