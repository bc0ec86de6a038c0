"""Writes metrics.json: metric values by scikit-learn, NumPy and SciPy on cases with ties, weights and extremes.

    python3 -m venv venv && venv/bin/pip install scikit-learn scipy
    venv/bin/python test/golden/generate_metrics.py
"""

import json
import pathlib
import platform

import numpy as np
import scipy
import sklearn
from scipy import optimize, special, stats
from sklearn import metrics as sk


def ece(y, p, w, bins):
    """Equal-mass bins, tied probabilities kept together at the middle of their weight."""
    total, below = w.sum(), 0.0
    weight, predicted, observed = np.zeros(bins), np.zeros(bins), np.zeros(bins)
    for value in np.unique(p):
        at = p == value
        mass = w[at].sum()
        if mass == 0:
            continue
        b = min(bins - 1, int(np.floor(bins * (below + mass / 2) / total)))
        below += mass
        weight[b] += mass
        predicted[b] += (w[at] * p[at]).sum()
        observed[b] += (w[at] * y[at]).sum()
    used = weight > 0
    gaps = np.abs(predicted[used] / weight[used] - observed[used] / weight[used])
    return float((weight[used] / total * gaps).sum())


def line(y, p, w):
    x = special.logit(np.clip(p, np.finfo(float).eps, 1 - np.finfo(float).eps))
    if not (x[y == 1].min() < x[y == 0].max() and x[y == 0].min() < x[y == 1].max()):
        return None

    def gradient(theta):
        r = w * (special.expit(theta[0] + theta[1] * x) - y)
        return np.array([r.sum(), (r * x).sum()])

    def information(theta):
        q = special.expit(theta[0] + theta[1] * x)
        h = w * q * (1 - q)
        return np.array([[h.sum(), (h * x).sum()], [(h * x).sum(), (h * x * x).sum()]])

    solution = optimize.root(gradient, [0.0, 1.0], jac=information, method="hybr", options={"xtol": 1e-14})
    theta = solution.x
    for _ in range(5):
        theta = theta - np.linalg.solve(information(theta), gradient(theta))
    errors = np.sqrt(np.diag(np.linalg.inv(information(theta))))
    return {
        "intercept": theta[0],
        "slope": theta[1],
        "interceptStandardError": errors[0],
        "slopeStandardError": errors[1],
    }


def lift(y, p, w, fraction):
    """Each tied row shares the place of its group: the mean over all ways to break the tie."""
    wanted, taken, caught = fraction * w.sum(), 0.0, 0.0
    for value in np.unique(p)[::-1]:
        at = p == value
        mass = w[at].sum()
        if mass == 0 or taken >= wanted:
            continue
        caught += (w * y)[at].sum() * min(1.0, (wanted - taken) / mass)
        taken += mass
    return caught / wanted / ((w * y).sum() / w.sum())


def binary(name, y, p, w=None, thresholds=(0.5,)):
    y, p = np.asarray(y, float), np.asarray(p, float)
    given = None if w is None else np.asarray(w, float)
    w = np.ones(len(y)) if given is None else given
    fpr, tpr, _ = sk.roc_curve(y, p, sample_weight=given, drop_intermediate=False)
    out = {
        "roc_auc": sk.roc_auc_score(y, p, sample_weight=given),
        "average_precision": sk.average_precision_score(y, p, sample_weight=given),
        "log_loss": sk.log_loss(y, p, sample_weight=given),
        "brier_score": sk.brier_score_loss(y, p, sample_weight=given),
        "calibration_error": ece(y, p, w, 15),
        "kolmogorov_smirnov": np.max(np.abs(tpr - fpr)),
        "lift_10": lift(y, p, w, 0.1),
    }
    if given is None:
        assert abs(out["kolmogorov_smirnov"] - stats.ks_2samp(p[y == 1], p[y == 0]).statistic) < 1e-12
    confusions = []
    for t in thresholds:
        called = p >= t
        tn, fp, fn, tp = sk.confusion_matrix(y, called, labels=[0, 1], sample_weight=given).ravel()
        options = {"sample_weight": given, "zero_division": 0}
        confusions.append(
            {
                "threshold": t,
                "tp": tp,
                "fp": fp,
                "tn": tn,
                "fn": fn,
                "precision": sk.precision_score(y, called, **options),
                "recall": sk.recall_score(y, called, **options),
                "f1": sk.f1_score(y, called, **options),
                "accuracy": sk.accuracy_score(y, called, sample_weight=given),
            }
        )
    best = max(sk.f1_score(y, p >= t) for t in np.unique(p))
    return {
        "name": name,
        "y": y,
        "p": p,
        "sampleWeight": given,
        "metrics": out,
        "calibrationLine": line(y, p, w),
        "confusions": confusions,
        "bestF1": best,
    }


def regression(name, y, p, w=None):
    return {
        "name": name,
        "y": y,
        "p": p,
        "sampleWeight": w,
        "metrics": {
            "rmse": np.sqrt(sk.mean_squared_error(y, p, sample_weight=w)),
            "mae": sk.mean_absolute_error(y, p, sample_weight=w),
            "r2": sk.r2_score(y, p, sample_weight=w),
        },
    }


def multiclass(name, y, P, w=None):
    chosen = P.argmax(axis=1)
    return {
        "name": name,
        "y": y,
        "P": P.T,
        "sampleWeight": w,
        "metrics": {
            "accuracy": sk.accuracy_score(y, chosen, sample_weight=w),
            "macro_f1": sk.f1_score(y, chosen, average="macro", sample_weight=w),
            "log_loss": sk.log_loss(y, P, labels=range(P.shape[1]), sample_weight=w),
            "macro_roc_auc": np.mean(
                [sk.roc_auc_score(y == k, P[:, k], sample_weight=w) for k in range(P.shape[1])]
            ),
        },
    }


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    return value.item() if isinstance(value, np.generic) else value


def main():
    rng = np.random.default_rng(20240607)
    n = 200
    truth = rng.uniform(size=n)
    y = (rng.uniform(size=n) < truth).astype(float)
    smooth = np.clip(truth + rng.normal(scale=0.15, size=n), 0.001, 0.999)
    ties = np.round(smooth, 1)
    weights = rng.exponential(size=n)
    some_zero = np.where(rng.uniform(size=n) < 0.3, 0.0, weights)
    rare = (rng.uniform(size=n) < 0.04).astype(float)
    cases = [
        binary("smooth", y, smooth, thresholds=(0.5, 0.2, 0.9)),
        binary("smooth, weighted", y, smooth, weights, thresholds=(0.5, 0.2, 0.9)),
        binary("ties with 0 and 1", y, ties, thresholds=(0.5, 0.0, 1.0)),
        binary("ties, weights of which some 0", y, ties, some_zero, thresholds=(0.5, 0.3)),
        binary("two distinct scores", y, (smooth > 0.5) * 0.6 + 0.2),
        binary("perfect and certain", [0, 0, 1, 1, 1], [0, 0, 1, 1, 1]),
        binary("wrong and certain", [0, 0, 1, 1, 1], [1, 1, 0, 0, 0]),
        binary("constant", [0, 1, 1, 0, 1], [0.3] * 5),
        binary("tiny probabilities", [0, 0, 1, 0, 1, 0], [1e-300, 1e-12, 1e-9, 1e-9, 0.5, 1 - 1e-12]),
        binary("rare positives", rare, np.clip(rare * 0.1 + rng.uniform(size=n) * 0.2, 0, 1), thresholds=(0.15, 0.5)),
        binary("one of each", [0, 1], [0.4, 0.6]),
    ]
    target = rng.normal(loc=1e6, scale=3, size=60)
    prediction = target + rng.normal(size=60)
    logits = rng.normal(size=(120, 4))
    P = special.softmax(logits, axis=1)
    labels = np.array([rng.choice(4, p=row) for row in P])
    coarse = np.round(P * 8) / 8
    coarse[:, 0] += 1 - coarse.sum(axis=1)
    keep = (coarse >= 0).all(axis=1)
    w = rng.exponential(size=120)
    xs = np.array([-37.5, -30, -12, -8, -5.7, -4, -2, -1, -0.66, -0.3, 0, 0.1, 0.5, 0.7, 1, 2.5, 5, 5.8, 8, 9])
    ps = np.array([1e-300, 1e-20, 1e-10, 1e-4, 0.025, 0.07, 0.075, 0.2, 0.5, 0.6, 0.925, 0.93, 0.975, 0.999, 1 - 1e-12])
    out = {
        "generatedBy": {
            "python": platform.python_version(),
            "scikit-learn": sklearn.__version__,
            "numpy": np.__version__,
            "scipy": scipy.__version__,
        },
        "binary": cases,
        "regression": [
            regression("large offset", target, prediction),
            regression("large offset, weighted", target, prediction, rng.exponential(size=60)),
            regression("worse than the mean", [1.0, 2.0, 4.0], [4.0, 2.0, -1.0]),
        ],
        "multiclass": [
            multiclass("four classes", labels, P),
            multiclass("four classes, weighted", labels, P, w),
            multiclass("ties", labels[keep], coarse[keep]),
            multiclass("never predicted", np.array([0, 1, 2, 0]), np.array([[0.6, 0.3, 0.1], [0.5, 0.4, 0.1], [0.6, 0.2, 0.2], [0.2, 0.7, 0.1]])),
        ],
        "normalCdf": [[x, stats.norm.cdf(x)] for x in xs],
        "normalQuantile": [[p, stats.norm.ppf(p)] for p in ps],
        "wilson": [
            [k, m, level, *stats.binomtest(k, m).proportion_ci(level, method="wilson")]
            for k, m, level in [(0, 10, 0.95), (10, 10, 0.95), (3, 7, 0.9), (450, 1000, 0.99), (1, 1, 0.5)]
        ],
        "quantile": [[q, np.quantile([0.5, 1.25, 3.0, 7.0, 7.0, 20.0], q)] for q in (0, 0.025, 0.3, 0.5, 0.975, 1)],
    }
    print(out["generatedBy"])
    path = pathlib.Path(__file__).with_name("metrics.json")
    path.write_text(json.dumps(plain(out), indent=None, separators=(",", ":")) + "\n")


main()
