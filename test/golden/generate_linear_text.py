"""Golden values for test/learners/linear and test/learners/text from scikit-learn.

Run: python generate_linear_text.py   (needs scikit-learn; writes linear-text.json beside this file)
"""

import json
import platform
from pathlib import Path

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge

versions = {"python": platform.python_version(), "numpy": np.__version__, "scikit-learn": sklearn.__version__}
print(versions)

rng = np.random.default_rng(20261123)
n = 120
X = np.column_stack(
    [rng.normal(3, 2, n), rng.lognormal(2, 1, n), rng.integers(0, 4, n), rng.normal(0, 1e-3, n), np.full(n, 0.1)]
).astype(np.float32)
X[rng.random((n, 5)) < 0.05] = np.nan
signal = np.nan_to_num(0.6 * (X[:, 0] - 3) - 0.05 * X[:, 1] + 400 * X[:, 3])
binary = (signal + rng.logistic(0, 1, n) > 0).astype(int)
classes = np.digitize(signal + rng.logistic(0, 1, n), [-1, 1])
target = 10 + 3 * signal + rng.normal(0, 1, n)
weight = rng.integers(0, 4, n).astype(float)


def standardise(w):
    """Weighted mean and population deviation of the present values; missing ones at 0."""
    Z = np.zeros(X.shape)
    for j in range(X.shape[1]):
        x = X[:, j].astype(float)
        present = ~np.isnan(x)
        mean = np.average(x[present], weights=w[present])
        scale = np.sqrt(np.average((x[present] - mean) ** 2, weights=w[present]))
        Z[present, j] = (x[present] - mean) / (scale if scale > 1e-12 else 1)
    return Z


def logistic(l2, y, w):
    Z = standardise(w)
    solver = "newton-cholesky" if y.max() == 1 else "newton-cg"
    model = LogisticRegression(C=1 / l2, solver=solver, tol=1e-12, max_iter=10000).fit(Z, y, sample_weight=w)
    margins = model.decision_function(Z).reshape(n, -1)
    return {
        "l2": l2,
        "coefficients": model.coef_.ravel().tolist(),
        "intercept": (model.intercept_ - (model.intercept_.mean() if y.max() > 1 else 0)).tolist(),
        "proba": model.predict_proba(Z)[:10].tolist(),
        "nMargins": margins.shape[1],
    }


def ridge(l2, w):
    Z = standardise(w)
    model = Ridge(alpha=l2).fit(Z, target, sample_weight=w)
    return {"l2": l2, "coefficients": model.coef_.tolist(), "intercept": float(model.intercept_)}


def tfidf(analyzer, texts, tokens):
    model = TfidfVectorizer(analyzer=tokens, min_df=2, norm="l2", smooth_idf=True).fit(texts)
    rows = model.transform(texts).toarray()
    terms = model.get_feature_names_out().tolist()
    # Python sorts by code point, as code units do below U+10000.
    assert terms == sorted(terms)
    return {"analyzer": analyzer, "terms": terms, "idf": model.idf_.tolist(), "rows": rows.tolist()}


# No term repeats within a text (checked below): only there do the two norms agree.
texts = ["hàng đẹp giao nhanh", "giao chậm quá", "đẹp mà giao chậm", "so nice", "nice but slow", "", "10 rất đẹp"]


def words(text):
    run = text.split()
    return [" ".join(run[i : i + k]) for k in (1, 2) for i in range(len(run) - k + 1)]


def characters(text):
    framed = ["\x02" + word + "\x03" for word in text.split()]
    return [run[i : i + k] for run in framed for k in (3, 4) for i in range(len(run) - k + 1)]


for tokens in (words, characters):
    assert all(len(set(tokens(text))) == len(tokens(text)) for text in texts)

ones = np.ones(n)
golden = {
    "versions": versions,
    "columns": [[None if np.isnan(v) else float(v) for v in X[:, j]] for j in range(X.shape[1])],
    "binary": binary.tolist(),
    "classes": classes.tolist(),
    "target": target.tolist(),
    "weight": weight.tolist(),
    "logistic": {
        "binary": logistic(1.0, binary, ones),
        "binaryWeighted": logistic(0.3, binary, weight),
        "multinomial": logistic(2.0, classes, ones),
        "multinomialWeighted": logistic(0.5, classes, weight),
    },
    "ridge": {"plain": ridge(1.0, ones), "weighted": ridge(7.5, weight)},
    "texts": texts,
    "tfidf": [
        tfidf({"unit": "word", "minN": 1, "maxN": 2, "maxLength": 400}, texts, words),
        tfidf({"unit": "char", "minN": 3, "maxN": 4, "maxLength": 400}, texts, characters),
    ],
}
path = Path(__file__).with_name("linear-text.json")
path.write_text(json.dumps(golden, ensure_ascii=True) + "\n")
