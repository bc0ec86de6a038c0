"""Writes drift.json: SciPy's answers that test/evaluation/drift must reproduce.

    python test/golden/generate_drift.py > test/golden/drift.json
"""
import json
import sys

import numpy as np
import scipy
from scipy import stats
from scipy.spatial.distance import jensenshannon

rng = np.random.default_rng(20)


def psi(reference, current, pseudo):
    keep = (reference > 0) | (current > 0)
    p = reference[keep] + pseudo
    q = current[keep] + pseudo
    p = p / p.sum()
    q = q / q.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        # Jeffreys' divergence: both relative entropies.
        return float(stats.entropy(p, q) + stats.entropy(q, p))


def case(name, reference, current):
    reference, current = np.asarray(reference, float), np.asarray(current, float)
    keep = (reference > 0) | (current > 0)
    one = keep.sum() < 2
    plain = psi(reference, current, 0)
    return {
        "name": name,
        "reference": reference.tolist(),
        "current": current.tolist(),
        "psi": psi(reference, current, 0.5),
        "psiPlain": plain if np.isfinite(plain) else None,
        "jensenShannon": float(jensenshannon(reference, current, 2)),
        "pValue": 1.0
        if one
        else float(
            stats.chi2_contingency(np.array([reference[keep], current[keep]]), correction=False).pvalue
        ),
    }


cases = [
    case("equal shares", [10, 20, 30], [100, 200, 300]),
    case("a small shift", [50, 30, 20], [40, 30, 30]),
    case("an empty bin on each side", [40, 0, 60], [30, 10, 0]),
    case("an empty bin on both", [40, 0, 60], [30, 0, 20]),
    case("no bin in common", [7, 0], [0, 9]),
    case("one bin", [12], [5]),
    case("ten bins", rng.multinomial(5000, [0.1] * 10), rng.multinomial(300, [0.1] * 10)),
    case("ten unequal bins", rng.multinomial(900, rng.dirichlet([1] * 10)), rng.multinomial(90, rng.dirichlet([1] * 10))),
    case("large counts", [1e6, 2e6, 3e6], [1.01e6, 1.99e6, 3e6]),
]
samples = []
for n, m, shift in [(5, 4, 0.0), (40, 60, 0.3), (1000, 150, 0.1), (400, 400, 0.0)]:
    a = np.round(rng.normal(size=n), 1)
    b = np.round(rng.normal(size=m) + shift, 1)
    found = stats.ks_2samp(a, b, method="asymp")
    samples.append({"a": a.tolist(), "b": b.tolist(), "statistic": float(found.statistic)})
json.dump(
    {
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
        "counts": cases,
        "samples": samples,
        "yates": [
            [a, b, float(stats.chi2_contingency(np.array([a, b]), correction=True).pvalue)]
            for a, b in (([800, 200], [9, 11]), ([5, 5], [6, 4]), ([990, 10], [90, 10]))
        ],
        "chiSquared": [
            [x, k, float(stats.chi2.sf(x, k))]
            for k in (1, 2, 5, 9, 49, 300)
            for x in (0.001, 0.5, 1, 4.2, 9, 16.9, 60, 300)
        ],
        "chiSquaredQuantile": [
            [tail, k, float(stats.chi2.isf(tail, k))] for k in (1, 4, 9, 49) for tail in (0.5, 0.05, 0.01, 0.0001)
        ],
        "kolmogorov": [[x, float(stats.kstwobign.sf(x))] for x in (0.1, 0.3, 0.5, 0.8, 1, 1.2, 1.36, 1.63, 2.5, 4)],
    },
    sys.stdout,
    indent=1,
)
print()
