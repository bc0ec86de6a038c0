"""One peer forecasts one set; or says which versions there are.

usage: peers.py '{"engine": ..., "set": FOLDER, "out": FILE.csv, "subset": N}'     writes FILE.csv (id, time, yhat, bounds)
       peers.py '{"engine": "versions"}'
The answer is one line of JSON: seconds and cpuSeconds of fit and forecast (imports, reading, a warm-up and the missing
values' interpolation are not timed), the number of series, peak memory.
"""
import json
import logging
import os
import resource
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import numpy as np
import pandas as pd

LEVELS = [80, 95]
BOUNDS = [f"yhat_{side}_{level}" for level in LEVELS for side in ("lower", "upper")]


def read(folder, meta, subset):
    """The regular grid, gaps filled along a straight line; of every k-th series where a subset is asked for."""
    rows = pd.read_csv(folder / meta["regular"], parse_dates=["time"], dtype={"id": str})
    if subset:
        names = pd.unique(rows["id"])  # as in the file; natural order of its makers
        names = names[:: max(1, len(names) // subset)][:subset]
        rows = rows[rows.id.isin(names)]
    rows["y"] = rows.groupby("id").y.transform(lambda y: y.interpolate(limit_direction="both"))
    return rows.rename(columns=dict(id="unique_id", time="ds"))


def statsforecast(model):
    def forecast(rows, meta):
        from statsforecast import StatsForecast
        from statsforecast.models import Naive
        models = [model(meta)]
        run = lambda data: StatsForecast(models, freq=meta["freq"], n_jobs=1, fallback_model=Naive()).forecast(
            df=data, h=meta["horizon"], level=LEVELS)
        run(rows[rows.unique_id == rows.unique_id.iloc[0]])
        began = clock()
        found = run(rows)
        spent = since(began)
        name = repr(models[0])
        if not np.isfinite(found.drop(columns=["unique_id", "ds"])).all(axis=None):
            plain = StatsForecast([Naive()], freq=meta["freq"]).forecast(df=rows, h=meta["horizon"], level=LEVELS)
            for column in found.columns[2:]:
                other = plain[column.replace(name, "Naive")].fillna(plain["Naive"])  # one point has no spread
                found[column] = found[column].where(np.isfinite(found[column]), other)
        sides = {f"yhat_lower_{level}": f"{name}-lo-{level}" for level in LEVELS} | {
            f"yhat_upper_{level}": f"{name}-hi-{level}" for level in LEVELS}
        return found.rename(columns={name: "yhat"} | {old: new for new, old in sides.items()}), spent
    return forecast


def seasonal_naive(meta):
    from statsforecast.models import SeasonalNaive
    return SeasonalNaive(season_length=meta["season"])


def auto_ets(meta):
    from statsforecast.models import AutoETS
    return AutoETS(season_length=meta["season"])


def auto_theta(meta):
    from statsforecast.models import AutoTheta
    return AutoTheta(season_length=meta["season"])


def mstl(meta):
    from statsforecast.models import MSTL
    return MSTL(season_length=meta["periods"])


def prophet(rows, meta):
    from prophet import Prophet
    def one(data):
        model = Prophet().fit(data[["ds", "y"]])
        future = model.make_future_dataframe(meta["horizon"], freq=meta["freq"], include_history=False)
        return model, model.predict(future), future
    one(rows[rows.unique_id == rows.unique_id.iloc[0]])
    np.random.seed(1)
    seconds, cpu, parts = 0.0, 0.0, []
    for name, data in rows.groupby("unique_id", sort=True):
        began = clock()
        model, found, future = one(data)
        spent = since(began)
        seconds, cpu = seconds + spent["seconds"], cpu + spent["cpuSeconds"]
        draws = model.predictive_samples(future)["yhat"]  # defaults give one level only
        columns = {f"yhat_{side}_{level}": np.percentile(draws, 50 + sign * level / 2, axis=1)
                   for level in LEVELS for side, sign in (("lower", -1), ("upper", 1))}
        parts.append(pd.DataFrame(dict(unique_id=name, ds=found.ds, yhat=found.yhat, **columns)))
    return pd.concat(parts), dict(seconds=seconds, cpuSeconds=cpu)


def lightgbm(rows, meta):
    from lightgbm import LGBMRegressor
    from mlforecast import MLForecast
    from mlforecast.target_transforms import Differences, LocalStandardScaler
    from mlforecast.utils import PredictionIntervals
    season = meta["season"]
    lags = sorted({*range(1, season + 1), 2 * season, *meta["periods"]} if season <= 24 else {1, 2, 3, season, 2 * season})
    parts = ["hour", "dayofweek"] if season == 24 else ["dayofweek", "month"]
    shortest = rows.groupby("unique_id").size().min() - 2 * season - max(lags)
    windows = int(np.clip(shortest // (2 * meta["horizon"]), 2, 20))
    def run():
        made = MLForecast(LGBMRegressor(n_estimators=300, learning_rate=0.05, verbosity=-1, n_jobs=1, random_state=1),
                          freq=meta["freq"], lags=lags, date_features=parts, target_transforms=[Differences([season]), LocalStandardScaler()])
        made.fit(rows, prediction_intervals=PredictionIntervals(n_windows=windows, h=meta["horizon"]))
        return made.predict(meta["horizon"], level=LEVELS)
    began = clock()
    found = run()
    spent = since(began)
    sides = {f"LGBMRegressor-{short}-{level}": f"yhat_{side}_{level}"
             for level in LEVELS for short, side in (("lo", "lower"), ("hi", "upper"))}
    return found.rename(columns={"LGBMRegressor": "yhat"} | sides), spent | dict(windows=windows)


engines = {
    "seasonal-naive": statsforecast(seasonal_naive),
    "auto-ets": statsforecast(auto_ets),
    "auto-theta": statsforecast(auto_theta),
    "mstl": statsforecast(mstl),
    "prophet": prophet,
    "lightgbm": lightgbm,
}


def clock():
    return time.perf_counter(), time.process_time() + children()


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)  # Prophet's optimiser is a process of its own
    return used.ru_utime + used.ru_stime


def since(began):
    now = clock()
    return dict(seconds=now[0] - began[0], cpuSeconds=now[1] - began[1])


def main(job):
    if job["engine"] == "versions":
        names = ("statsforecast", "prophet", "mlforecast", "lightgbm", "pandas", "numpy")
        return {name: version(name) for name in names}
    folder = Path(job["set"])
    meta = json.loads((folder / "meta.json").read_text())
    rows = read(folder, meta, job.get("subset"))
    found, spent = engines[job["engine"]](rows, meta)
    found = found.rename(columns=dict(unique_id="id", ds="time")).sort_values(["id", "time"])
    days = bool((found.time == found.time.dt.normalize()).all())
    found["time"] = found.time.dt.strftime("%Y-%m-%d" if days else "%Y-%m-%d %H:%M:%S")
    if job.get("out"):
        found[["id", "time", "yhat", *BOUNDS]].to_csv(job["out"], index=False, float_format="%.10g")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return dict(series=int(rows.unique_id.nunique()), peakMiB=peak, **spent)


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
