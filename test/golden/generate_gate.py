"""Golden values for the gate's statistics, none by our own formulas: DeLong over all pairs of rows in NumPy, Student's t
from SciPy, Diebold-Mariano with Harvey's correction written out from the paper, the BCa ends of a mean from SciPy's
bootstrap, calibration in the large from SciPy's optimiser.

Run: python generate_gate.py   (needs NumPy and SciPy; writes gate.json beside this file)
"""

import json
import platform
from pathlib import Path

import numpy as np
import scipy
from scipy import optimize, special, stats

versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}
print(versions)
rng = np.random.default_rng(20261126)


def delong(y, a, b):
    """DeLong, DeLong & Clarke-Pearson (1988) by the kernel over every pair, ties one half."""
    aucs, tens, ones = [], [], []
    for s in (a, b):
        kernel = np.heaviside(s[y == 1][:, None] - s[y == 0][None, :], 0.5)
        aucs.append(kernel.mean())
        tens.append(kernel.mean(axis=1))
        ones.append(kernel.mean(axis=0))
    s10, s01 = np.cov(tens), np.cov(ones)
    covariance = s10 / (y == 1).sum() + s01 / (y == 0).sum()
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    z = (aucs[0] - aucs[1]) / np.sqrt(variance)
    return {
        "aucA": aucs[0],
        "aucB": aucs[1],
        "standardErrorA": np.sqrt(covariance[0, 0]),
        "difference": aucs[0] - aucs[1],
        "standardError": np.sqrt(variance),
        "pValue": 2 * stats.norm.sf(abs(z)),
    }


def delong_case(name, n, digits):
    y = (rng.random(n) < 0.3).astype(int)
    shared = rng.normal(size=n) + 1.2 * y
    a = np.round(shared + 0.6 * rng.normal(size=n), digits)
    b = np.round(shared + 0.9 * rng.normal(size=n), digits)
    return {"name": name, "y": y.tolist(), "a": a.tolist(), "b": b.tolist(), "expected": delong(y, a, b)}


def diebold_mariano(d, h):
    n = len(d)
    centred = d - d.mean()
    gamma = [(centred[k:] * centred[: n - k]).sum() / n for k in range(h)]
    variance = (gamma[0] + 2 * sum(gamma[1:])) / n
    dm = d.mean() / np.sqrt(variance)
    harvey = dm * np.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)
    return {"statistic": harvey, "pValue": 2 * stats.t.sf(abs(harvey), n - 1)}


def dm_case(n, h):
    noise = rng.normal(size=n + h)
    d = 0.2 + np.convolve(noise, np.ones(h) / h, mode="valid")[:n]
    return {"horizon": h, "differences": d.tolist(), "expected": diebold_mariano(d, h)}


def bca_case(n):
    values = rng.exponential(size=n) ** 1.5
    found = stats.bootstrap(
        (values,), np.mean, confidence_level=0.95, n_resamples=200_000, method="BCa", random_state=7, batch=2_000
    )
    interval = found.confidence_interval
    return {"values": values.tolist(), "lower": interval.low, "upper": interval.high, "standardError": found.standard_error}


def large_case(n, shift):
    x = rng.normal(-1.5, 1.5, n)
    y = (rng.random(n) < special.expit(x + shift)).astype(int)
    p = special.expit(x)
    root = optimize.brentq(lambda c: (y - special.expit(c + x)).sum(), -20, 20, xtol=1e-14)
    q = special.expit(root + x)
    return {
        "y": y.tolist(),
        "p": p.tolist(),
        "intercept": root,
        "standardError": 1 / np.sqrt((q * (1 - q)).sum()),
    }


golden = {
    "versions": versions,
    "delong": [delong_case("no ties", 120, 12), delong_case("many ties", 150, 0), delong_case("some ties", 200, 1)],
    "student": [
        {"t": t, "degrees": v, "cdf": stats.t.cdf(t, v), "quantile": stats.t.ppf(stats.t.cdf(t, v), v)}
        for v in (1, 2, 3, 4, 9, 28, 59, 500)
        for t in (-6.0, -2.1, -0.3, 0.0, 1.0, 2.5)
    ],
    "dieboldMariano": [dm_case(60, 1), dm_case(40, 4), dm_case(28, 7)],
    "bca": [bca_case(40), bca_case(300)],
    "inTheLarge": [large_case(80, 0.0), large_case(200, 1.2), large_case(200, -0.8)],
}
Path(__file__).with_name("gate.json").write_text(json.dumps(golden) + "\n")
