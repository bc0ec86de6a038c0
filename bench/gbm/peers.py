"""One measurement of one Python peer in a process of its own.

usage: peers.py JOB       JOB is JSON (see run.js); the last line printed is the result, JSON as well
kinds: boosting (fit, and predict where asked), forest (isolation forest), accuracy (fits over seeded splits; writes the
predictions and judges nothing), versions
"""
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

from engines import ENGINES


class Set:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.meta = json.loads((self.folder / "meta.json").read_text())
        self.features = len(self.meta["names"])

    def columns(self, prefix="", rows=None):
        """X (the first rows, column-major) and y."""
        total = self.meta["testRows" if prefix else "rows"]
        rows = min(rows or total, total)
        mapped = np.memmap(self.folder / f"{prefix}X.f32", "<f4", "r", shape=(self.features, total))
        return np.array(mapped[:, :rows], order="C").T, np.fromfile(self.folder / f"{prefix}y.f32", "<f4", rows)

    def categorical(self):
        return [self.meta["names"].index(name) for name in self.meta["categorical"]]


def halves(data, job):
    """Training and judging rows: the set's own, or the first seeded split."""
    if data.meta["testRows"]:
        return (*data.columns(rows=job.get("rows")), *data.columns("test.", rows=job.get("testRows", 100_000)))
    X, y = data.columns()
    order = np.fromfile(data.folder / "split-0.u32", "<u4")
    cut = len(order) * 4 // 5
    return np.asfortranarray(X[order[:cut]]), y[order[:cut]], np.asfortranarray(X[order[cut:]]), y[order[cut:]]


def memory(name):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    return float("nan")


def forget_peak():
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark starts anew (Linux)


def boosting(job):
    from sklearn.metrics import roc_auc_score
    data = Set(job["set"])
    categorical = [] if job.get("codes") else data.categorical()
    make = lambda trees: ENGINES[job["engine"]]({**job["params"], "nEstimators": trees}, job["threads"], categorical)
    X, y, X_test, y_test = halves(data, job)
    engine = make(job["params"]["nEstimators"])
    train = engine.prepare(X, False)
    if not isinstance(train, np.ndarray):
        del X
    if job["warm"]:
        few = data.columns(rows=2000)
        warm = make(5)
        warm.fit(warm.prepare(few[0], False), few[1])
        del warm, few
    forget_peak()
    base, cpu, began, start = memory("VmRSS"), time.process_time(), time.time(), time.perf_counter()
    engine.fit(train, y)
    seconds, cpu, ended, peak = time.perf_counter() - start, time.process_time() - cpu, time.time(), memory("VmHWM")
    test = engine.prepare(X_test, True)
    predicted = []
    p = engine.predict(test)
    for _ in range(job.get("predictRepeats", 0)):
        start = time.perf_counter()
        p = engine.predict(test)
        predicted.append(time.perf_counter() - start)
    return dict(seconds=seconds, cpuSeconds=cpu, began=began, ended=ended, aboveMiB=peak - base,
                quality=roc_auc_score(y_test, p), predictSeconds=predicted, version=engine.version)


def forest(job):
    import sklearn
    from joblib import parallel_backend
    from sklearn.ensemble import IsolationForest
    from sklearn.metrics import roc_auc_score
    X, odd = Set(job["set"]).columns()
    X = np.ascontiguousarray(X)
    make = lambda trees: IsolationForest(n_estimators=trees, max_samples=256, n_jobs=job["threads"], random_state=1)
    with parallel_backend("threading", n_jobs=job["threads"]):
        make(5).fit(X[:2000]).score_samples(X[:2000])
        forget_peak()
        base, cpu, began, start = memory("VmRSS"), time.process_time(), time.time(), time.perf_counter()
        model = make(job["trees"]).fit(X)
        fitted = time.perf_counter()
        scores = -model.score_samples(X)
        ended = time.perf_counter()
    return dict(seconds=ended - start, fitSeconds=fitted - start, scoreSeconds=ended - fitted,
                cpuSeconds=time.process_time() - cpu, began=began, ended=time.time(), aboveMiB=memory("VmHWM") - base,
                quality=roc_auc_score(odd, scores), version=sklearn.__version__)


def accuracy(job):
    data = Set(job["set"])
    X, y = data.columns()
    categorical = [] if job.get("codes") else data.categorical()
    for seed in range(job["seeds"]):
        order = np.fromfile(data.folder / f"split-{seed}.u32", "<u4")
        cut = len(order) * 4 // 5
        engine = ENGINES[job["engine"]](job["params"], job["threads"], categorical)
        engine.fit(np.asfortranarray(X[order[:cut]]), y[order[:cut]], data.meta["task"], data.meta["nClasses"])
        p = engine.predict(X[order[cut:]])
        np.asarray(p.T, "<f8").tofile(Path(job["out"]) / f"{job['engine']}-{seed}.f64")  # class by class
    return dict(version=engine.version)


def versions(job):
    import importlib.metadata
    return {name: importlib.metadata.version(name)
            for name in ("lightgbm", "xgboost", "scikit-learn", "catboost", "ydf", "numpy")} | {"python": sys.version.split()[0]}


job = json.loads(sys.argv[1])
result = dict(boosting=boosting, forest=forest, accuracy=accuracy, versions=versions)[job["kind"]](job)
usage = resource.getrusage(resource.RUSAGE_SELF)
print("\n" + json.dumps({**result, "processCpu": usage.ru_utime + usage.ru_stime}), flush=True)
