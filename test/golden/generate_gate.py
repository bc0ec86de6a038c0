"""Golden values of the gate's statistics: python test/golden/generate_gate.py > test/golden/gate.json

numpy 2.4, scipy 1.17; Holm by its definition in statsmodels' words (step-down, monotone).
"""

import json

import numpy as np
from scipy import stats

rng = np.random.default_rng(11)


def diebold_mariano(a, b, h):
    """Harvey, Leybourne & Newbold (1997), equations 5 and 9, rectangular kernel."""
    d = np.asarray(a) - np.asarray(b)
    n = len(d)
    mean = d.mean()
    gamma = [np.sum((d[k:] - mean) * (d[: n - k] - mean)) / n for k in range(h)]
    variance = gamma[0] + 2 * sum(gamma[1:])
    if variance <= 0:
        variance = gamma[0] + 2 * sum((1 - k / h) * gamma[k] for k in range(1, h))
    statistic = mean / np.sqrt(variance / n) * np.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)
    return float(statistic), float(2 * stats.t.cdf(-abs(statistic), n - 1))


def holm(p):
    order = np.argsort(p, kind="stable")
    adjusted = np.minimum(1, np.maximum.accumulate(np.asarray(p)[order] * (len(p) - np.arange(len(p)))))
    back = np.empty(len(p))
    back[order] = adjusted
    return back.tolist()


dm = []
for n, h in [(28, 1), (28, 7), (12, 3), (200, 4)]:
    a = np.abs(rng.normal(1, 0.5, n) + np.sin(np.arange(n))).tolist()
    b = np.abs(rng.normal(1.1, 0.5, n) + np.sin(np.arange(n))).tolist()
    statistic, p = diebold_mariano(a, b, h)
    dm.append({"a": a, "b": b, "horizon": h, "statistic": statistic, "pValue": p})

print(
    json.dumps(
        {
            "student": [
                {"t": t, "degrees": df, "cdf": float(stats.t.cdf(t, df))}
                for df in (1, 2, 3.5, 10, 27, 500)
                for t in (-40, -8, -2.5, -0.3, 0.1, 1.7, 12)
            ],
            "dieboldMariano": dm,
            "holm": [
                {"p": p, "adjusted": holm(p)}
                for p in ([0.01, 0.04, 0.03, 0.005], [0.5, 0.5, 0.9], [0.001] * 5, [0.2])
            ],
        }
    )
)
