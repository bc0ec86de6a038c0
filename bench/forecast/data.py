"""Makes the data sets of the forecast bench as long CSV files: the same rows for every engine.

usage: data.py OUTDIR [--shared DIR] SET ...
SET is one of
  m4-hourly                 414 series, horizon 48, read from --shared
  wikipedia-daily           10 pages, 3 rolling origins, horizons 7, 28 and 90, read from --shared
  prophet-examples          6 series (one of them twice), 3 rolling origins, read from --shared
  simulated                 the families of simulate.py, 40 series each, one origin
  speed:SERIES:DAYS         daily series with trend, week, year, noise and gaps; nothing to judge

A set becomes one folder per horizon and origin (models that learn over series must not see the future of another
origin): meta.json, train.csv (id, time, y: rows as they came, gaps and all), regular.csv (the same on the regular grid,
empty where missing; only where it differs), actual.csv (the observed rows to be forecast).
"""
import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd

import simulate

ORIGINS = 3
MAKER = hashlib.sha256(Path(__file__).read_bytes() + Path(simulate.__file__).read_bytes()).hexdigest()[:12]


def written(times):
    days = bool((times == times.dt.normalize()).all())
    return times.dt.strftime("%Y-%m-%d" if days else "%Y-%m-%d %H:%M:%S")


def regular(train, freq):
    """Every series on its grid from first to last observation, NaN where nothing was observed."""
    def one(rows):
        rows = rows.dropna(subset="y").groupby("time").y.mean()
        return rows.reindex(pd.date_range(rows.index[0], rows.index[-1], freq=freq)).rename_axis("time").reset_index()
    parts = {name: one(rows) for name, rows in train.groupby("id", sort=True)}
    return pd.concat(parts, names=["id"]).reset_index(level=0).reset_index(drop=True)


def write(folder, train, actual, **meta):
    folder.mkdir(parents=True, exist_ok=True)
    grid = regular(train, meta["freq"])
    ordered = train.sort_values(["id", "time"]).reset_index(drop=True)
    same = len(grid) == len(ordered) and grid.y.notna().all() and (grid.time == ordered.time).all()
    files = {"train.csv": train, "actual.csv": actual.dropna(subset="y")}
    if not same:
        files["regular.csv"] = grid
    digests = {}
    for name, rows in files.items():
        rows = rows[["id", "time", "y"]].assign(time=written(rows.time))
        text = rows.to_csv(index=False, float_format="%.10g", lineterminator="\n").encode()
        (folder / name).write_bytes(text)
        digests[name] = hashlib.sha256(text).hexdigest()
    meta |= dict(maker=MAKER, series=int(train.id.nunique()), rows=len(train), regular="train.csv" if same else "regular.csv",
                 sha256=digests)
    (folder / "meta.json").write_text(json.dumps(meta, indent=1))


def rolling(out, name, rows, horizons, **meta):
    """Disjoint origins: the last one leaves `horizon` steps to judge, the one before it twice as many, and so on.
    An origin that falls into a gap moves back to the last observation, so that every engine starts at the same step."""
    step = pd.tseries.frequencies.to_offset(meta["freq"])
    observed = rows.dropna(subset="y")
    last = observed.groupby("id").time.max()
    for horizon in horizons:
        for origin in range(1, ORIGINS + 1):
            cuts = observed[observed.time <= observed.id.map(last - origin * horizon * step)].groupby("id").time.max()
            cut = rows.id.map(cuts)
            end = cut + horizon * step
            write(out / f"{name}-h{horizon}-o{origin}", rows[rows.time <= cut], rows[(rows.time > cut) & (rows.time <= end)],
                  name=name, horizon=horizon, origin=origin, **meta)


def m4_hourly(out, shared):
    folder = shared / "forecast/m4-hourly"
    def long(file):
        wide = pd.read_csv(folder / file, index_col=0)
        rows = wide.stack().rename("y").rename_axis(["id", "step"]).reset_index()
        rows["step"] = rows.step.str[1:].astype(int) - 2  # the columns are V2, V3, ...
        return rows[["id", "step", "y"]].dropna()
    train, actual = long("Hourly-train.csv"), long("Hourly-test.csv")
    actual["step"] += actual.id.map(train.groupby("id").step.max()) + 1
    for rows in (train, actual):  # the competition has no dates: any Monday
        rows["time"] = pd.Timestamp("2001-01-01") + pd.to_timedelta(rows.step, unit="h")
    write(out / "m4-hourly", train, actual, name="m4-hourly", horizon=48, origin=1, freq="h", season=24, periods=[24, 168])


def wikipedia_daily(out, shared):
    rows = pd.read_csv(shared / "forecast/wikipedia-daily/wikipedia_traffic_daily.csv", parse_dates=["date"])
    rows = rows.set_axis(["id", "time", "y"], axis=1)
    rolling(out, "wikipedia-daily", rows, [7, 28, 90], freq="D", season=7, periods=[7])


def prophet_examples(out, shared):
    def read(name):
        file = shared / f"forecast/prophet-examples/example_{name}.csv"
        return pd.read_csv(file, parse_dates=["ds"]).set_axis(["time", "y"], axis=1).assign(id=name)
    daily = dict(freq="D", season=7, periods=[7])
    for name in ("wp_log_peyton_manning", "wp_log_R", "pedestrians_covid"):
        rolling(out, name, read(name), [7, 28, 90], **daily)
    for name in ("air_passengers", "retail_sales"):
        rolling(out, name, read(name), [12, 24], freq="MS", season=12, periods=[12])
    raw = read("yosemite_temps")
    hourly = raw.groupby(["id", raw.time.dt.floor("h")]).y.mean().reset_index()
    rolling(out, "yosemite_hourly", hourly, [24, 48], freq="h", season=24, periods=[24])
    rolling(out, "yosemite_5min", raw, [288], freq="5min", season=288, periods=[288])


def simulated(out, _):
    for name, family in simulate.families.items():
        rows = simulate.draw(name, 40)
        horizon = family["horizon"]
        future = rows.step >= rows.id.map(rows.groupby("id").step.max() - horizon + 1)
        meta = {key: family[key] for key in ("freq", "season", "periods")}
        write(out / f"sim-{name}", rows[~future & rows.kept], rows[future].assign(y=rows.y[future]), name=f"sim-{name}",
              horizon=horizon, origin=1, **meta)


def speed(out, series, days):
    rows = simulate.daily(series, days)
    write(out / f"speed-{series}-{days}", rows[rows.kept], rows.iloc[:0], name=f"speed-{series}-{days}", horizon=28,
          origin=1, freq="D", season=7, periods=[7])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--shared", type=Path)
    given = parser.parse_args()
    for spec in given.sets:
        name, *sizes = spec.split(":")
        stamp = given.out / f"{spec.replace(':', '-')}.made"
        if stamp.exists() and stamp.read_text() == MAKER:
            continue
        if name == "speed":
            speed(given.out, *map(int, sizes))
        else:
            {"m4-hourly": m4_hourly, "wikipedia-daily": wikipedia_daily, "prophet-examples": prophet_examples,
             "simulated": simulated}[name](given.out, given.shared)
        stamp.write_text(MAKER)
