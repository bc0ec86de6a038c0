"""Times the paired bootstrap of two mean differences in NumPy: stdin rows and replicates, stdout seconds as JSON."""

import json
import sys
import time

import numpy as np

asked = json.load(sys.stdin)
n, replicates = asked["rows"], asked["replicates"]
rng = np.random.default_rng(7)
values = [rng.normal(size=n) * 0.1, rng.standard_t(4, size=n) * 0.2]


def gather():
    out = np.empty((2, replicates))
    for r in range(replicates):
        rows = rng.integers(0, n, n)
        for m, column in enumerate(values):
            out[m, r] = column[rows].mean()
    return out


def counts():
    stacked = np.stack(values, axis=1)
    out = np.empty((replicates, 2))
    for r in range(replicates):
        out[r] = np.bincount(rng.integers(0, n, n), minlength=n) @ stacked / n
    return out


seconds = {}
for name, work in {"gather": gather, "counts": counts}.items():
    start = time.perf_counter()
    errors = work().std(axis=-1 if name == "gather" else 0)
    seconds[name] = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "numpy": np.__version__, "errors": errors.tolist()}))
