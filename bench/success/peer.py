"""Cuts one public set into rows to learn from and newer rows to judge, and fits LightGBM and a linear model.

usage: peer.py CASE DATADIR OUTDIR    writes train.csv, test.csv (without target) and peer.json
"""
import json
import sys
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

case, folder, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
months = ["Jan", "Feb", "Mar", "Apr", "May", "June", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def shoppers():
    data = pd.read_csv(folder / "online-shoppers/online_shoppers_intention.csv", sep=";")
    data = data.drop_duplicates().drop(columns="PageValues").reset_index(drop=True)
    data["Weekend"] = data.Weekend.astype(int)
    for name in ["OperatingSystems", "Browser", "Region", "TrafficType"]:
        data[name] = "c" + data[name].astype(str)
    data["target"] = np.where(data.pop("Revenue"), "yes", "no")
    data["month_number"] = data.Month.map(months.index) + 1
    return data


def shoppers_random():
    data = shoppers().drop(columns="month_number")
    return data, np.random.default_rng(0).random(len(data)) < 0.2


def shoppers_forward():
    data = shoppers().drop(columns="Month").rename(columns={"month_number": "time"})
    return data, data.time > 10


def live(with_past):
    data = pd.read_csv(folder / "facebook-live-sellers-th/Live_20210128.csv")
    # Both 4/22/2018 and 04-11-2018 stand for month, day, year.
    when = pd.to_datetime(data.status_published.str.replace("-", "/"), format="%m/%d/%Y %H:%M")
    data = data.assign(when=when).sort_values(["when", "status_id"]).reset_index(drop=True)
    when = data.when
    target = np.log1p(data.num_reactions)
    frame = pd.DataFrame(
        dict(status_type=data.status_type, hour=when.dt.hour, weekday=when.dt.dayofweek, month=when.dt.month)
    )
    if with_past:
        before = target.shift(1)
        for n in (5, 20, 100):
            frame[f"mean_{n}"] = before.rolling(n, min_periods=1).mean()
        own = target.groupby(data.status_type)
        frame["mean_20_of_type"] = own.transform(lambda v: v.shift(1).rolling(20, min_periods=1).mean())
        frame["hours_since_post"] = when.diff().dt.total_seconds() / 3600
    frame["target"] = target
    frame["time"] = when.dt.strftime("%Y-%m-%dT%H:%M:00Z")
    cut = when.sort_values().iloc[int(0.8 * len(when))]
    return frame, when >= cut


def trending(with_past):
    data = pd.read_csv(folder / "youtube-trending-us-2017/USvideos.csv", dtype={"date": str}, on_bad_lines="skip")
    # day.month that was once read as a number: 10.1 is the tenth of October.
    parts = data.date.str.split(".", expand=True)
    whole = parts[1].notna()
    data, parts = data[whole].reset_index(drop=True), parts[whole].reset_index(drop=True)
    month = parts[1].replace("1", "10").astype(int)
    data["when"] = pd.to_datetime(dict(year=2017, month=month, day=parts[0].astype(int)))
    first = data.sort_values(["when", "video_id"]).drop_duplicates("video_id").reset_index(drop=True)
    target = np.log1p(first.views)
    tags = first.tags.fillna("")
    frame = pd.DataFrame(
        dict(
            category="c" + first.category_id.astype(str),
            weekday=first.when.dt.dayofweek,
            title_length=first.title.str.len(),
            title_words=first.title.str.split().str.len(),
            title_capitals=first.title.str.count("[A-Z]") / first.title.str.len(),
            title_question=first.title.str.contains("?", regex=False).astype(int),
            title_exclaims=first.title.str.count("!"),
            tags=tags.str.count(r"\|") + (tags != "[none]"),
            tags_length=tags.str.len(),
        )
    )
    if with_past:
        own = target.groupby(first.channel_title)
        frame["channel_mean"] = own.transform(lambda v: v.shift(1).expanding().mean())
        frame["channel_last"] = own.shift(1)
        frame["channel_videos"] = own.cumcount()
        day = first.when
        # Only videos of earlier days were seen when this one appeared: same-day ones are taken out again.
        same = day.groupby(first.channel_title).shift(1) == day
        frame.loc[same, ["channel_mean", "channel_last"]] = np.nan
    frame["target"] = target
    frame["time"] = first.when.dt.strftime("%Y-%m-%d")
    cut = first.when.sort_values().iloc[int(0.8 * len(first))]
    return frame, first.when >= cut


cases = {
    "shoppers-random": shoppers_random,
    "shoppers-forward": shoppers_forward,
    "live": lambda: live(False),
    "live-past": lambda: live(True),
    "trending": lambda: trending(False),
    "trending-past": lambda: trending(True),
}
data, test = cases[case]()
test = np.asarray(test)
data[~test].to_csv(out / "train.csv", index=False)
data[test].drop(columns="target").to_csv(out / "test.csv", index=False)

binary = data.target.dtype.kind not in "fi"
y = (data.target == "yes").to_numpy().astype(float) if binary else data.target.to_numpy()
X = data.drop(columns=["target"] + [name for name in ["time"] if name in data])

trees = X.copy()
texts = X.select_dtypes(exclude="number").columns
for name in texts:
    trees[name] = trees[name].astype("category")
predictions = []
for seed in range(5):
    kind = lightgbm.LGBMClassifier if binary else lightgbm.LGBMRegressor
    model = kind(n_estimators=300, num_leaves=15, learning_rate=0.05, subsample=0.8, subsample_freq=1,
                 colsample_bytree=0.8, random_state=seed, n_jobs=2, verbose=-1)
    model.fit(trees[~test], y[~test])
    predictions.append(model.predict_proba(trees[test])[:, 1] if binary else model.predict(trees[test]))

flat = pd.get_dummies(X, columns=list(texts), dtype=float)
for name in flat:
    values = flat[name]
    if values.min() >= 0 and values.nunique() > 2:
        flat[name] = np.log1p(values)
flat = flat.fillna(flat[~test].mean())
linear = make_pipeline(StandardScaler(), LogisticRegression(C=1, max_iter=2000) if binary else Ridge(alpha=1))
linear.fit(flat[~test], y[~test])
straight = linear.predict_proba(flat[test])[:, 1] if binary else linear.predict(flat[test])
(out / "peer.json").write_text(json.dumps(dict(
    binary=bool(binary), y=y[test].tolist(), mean=float(y[~test].mean()), nTrain=int((~test).sum()),
    lightgbm=[p.tolist() for p in predictions], linear=straight.tolist(),
)))
