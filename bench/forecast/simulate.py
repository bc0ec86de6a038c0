"""Seeded series that look like the kinds a forecaster meets: short, gappy, intermittent, shifting, ..."""
import zlib

import numpy as np
import pandas as pd

DAY, MONTH = "2019-03-04", "2010-01-01"  # a Monday

families = {
    "monthly": dict(freq="MS", season=12, periods=[12], horizon=18, points=(60, 150), start=MONTH),
    "quarterly": dict(freq="QS", season=4, periods=[4], horizon=8, points=(24, 80), start=MONTH),
    "weekly": dict(freq="W-MON", season=52, periods=[52], horizon=26, points=(120, 300), start=DAY),
    "half-hourly": dict(freq="30min", season=48, periods=[48, 336], horizon=96, points=(1440, 2880), start=DAY),
    "business-day": dict(freq="B", season=5, periods=[5], horizon=20, points=(300, 900), start=DAY),
    "intermittent": dict(freq="D", season=7, periods=[7], horizon=28, points=(200, 400), start=DAY),
    "gaps": dict(freq="D", season=7, periods=[7], horizon=28, points=(200, 700), start=DAY),
    "growth-bursts": dict(freq="D", season=7, periods=[7], horizon=28, points=(150, 700), start=DAY),
    "random-walk": dict(freq="D", season=7, periods=[7], horizon=28, points=(100, 500), start=DAY),
    "shift-outliers": dict(freq="D", season=7, periods=[7], horizon=28, points=(200, 500), start=DAY),
    "very-short": dict(freq="D", season=7, periods=[7], horizon=14, points=(4, 21), start=DAY),
}


def autoregressive(random, n, phi, sd):
    noise, value = np.empty(n), 0.0
    for i, shock in enumerate(random.normal(0, sd, n)):
        value = phi * value + shock
        noise[i] = value
    return noise


def cycle(random, n, period, harmonics, size):
    t = 2 * np.pi * np.arange(n) / period
    return sum(random.normal(0, size / k) * np.sin(k * t + random.uniform(0, 2 * np.pi)) for k in range(1, harmonics + 1))


def weekday(random, n, period, size):
    pattern = random.normal(0, size, period)
    return (pattern - pattern.mean())[np.arange(n) % period]


def trend(random, n, size):
    """Linear with one bend."""
    bend = random.integers(n // 4, max(n // 4 + 1, 3 * n // 4))
    t = np.arange(n)
    return (random.normal(0, size) * t + random.normal(0, size) * np.maximum(t - bend, 0)) / n


def one(name, random, n):
    level = np.exp(random.normal(5, 1))
    if name in ("monthly", "quarterly"):
        period = families[name]["season"]
        return level * np.exp(trend(random, n, 0.6) + weekday(random, n, period, 0.15) + autoregressive(random, n, 0.5, 0.05))
    if name == "weekly":
        return level * np.exp(trend(random, n, 0.5) + cycle(random, n, 365.25 / 7, 3, 0.2) + autoregressive(random, n, 0.6, 0.06))
    if name == "half-hourly":
        shape = cycle(random, n, 48, 4, 0.25)
        weekend = np.where((np.arange(n) // 48) % 7 >= 5, random.normal(-0.25, 0.1), 0)
        return level * np.exp(shape + weekend + autoregressive(random, n, 0.8, 0.04))
    if name == "business-day":
        return level * np.exp(weekday(random, n, 5, 0.1) + np.cumsum(random.normal(0, 0.015, n)) + random.normal(0, 0.03, n))
    if name == "intermittent":
        busy = random.random(n) < random.uniform(0.08, 0.5)
        return np.where(busy, 1 + random.poisson(random.uniform(0.5, 6), n), 0).astype(float)
    if name == "gaps":
        return level + level * (trend(random, n, 0.4) + weekday(random, n, 7, 0.15) + autoregressive(random, n, 0.5, 0.06))
    if name == "growth-bursts":  # followers or views of an account: campaign bursts that decay
        burst = np.zeros(n)
        for at in np.flatnonzero(random.random(n) < 1 / 60):
            burst[at:] += random.exponential(1.2) * np.exp(-np.arange(n - at) / random.uniform(1, 6))
        rate = np.exp(trend(random, n, 0.7) + weekday(random, n, 7, 0.15) + burst)
        return random.negative_binomial(12, 12 / (12 + level * rate)).astype(float)
    if name == "random-walk":
        return 10 * level ** 0.2 + np.cumsum(random.normal(0, 1, n))
    if name == "shift-outliers":
        shift = np.where(np.arange(n) >= random.integers(n // 3, n - 40), random.normal(0, 0.5), 0)
        odd = np.where(random.random(n) < 0.02, random.standard_t(2, n) * 0.6, 0)
        return level * (2 + shift + weekday(random, n, 7, 0.12) + random.normal(0, 0.06, n) + odd)
    return level * np.exp(random.normal(0, 0.02) * np.arange(n) + random.normal(0, 0.15, n))


def draw(name, series):
    """Rows id, step, time, y, kept: a row that is not kept is missing from the training rows."""
    family = families[name]
    parts = []
    for k in range(series):
        random = np.random.default_rng([zlib.crc32(name.encode()), k])
        n = int(random.integers(family["points"][0], family["points"][1] + 1)) + family["horizon"]
        y, kept = one(name, random, n), np.ones(n, bool)
        if name == "gaps":
            kept = random.random(n) > random.uniform(0.03, 0.3)
            hole = random.integers(20, n - 80)
            kept[hole:hole + random.integers(5, 40)] = False
            empty = kept & (random.random(n) < 0.02)  # an empty cell instead of an absent row
            empty[n - family["horizon"] - 1] = False
            y[empty] = np.nan
        if name == "business-day":
            kept = random.random(n) > 0.03  # holidays
        last = n - family["horizon"] - 1  # of the rows to learn from; every engine forecasts from there
        kept[[0, last]] = True
        parts.append(pd.DataFrame(dict(id=f"{name}-{k:02d}", step=np.arange(n), y=np.round(y, 6), kept=kept,
                                       time=pd.date_range(family["start"], periods=n, freq=family["freq"]))))
    return pd.concat(parts, ignore_index=True)


def daily(series, days):
    """Trend + week + year + noise, one row in a hundred missing."""
    parts = []
    for k in range(series):
        random = np.random.default_rng([7, days, k])
        level = np.exp(random.normal(5, 1))
        y = level * (1 + trend(random, days, 0.5) + weekday(random, days, 7, 0.15) + cycle(random, days, 365.25, 2, 0.15)
                     + autoregressive(random, days, 0.4, 0.08))
        kept = random.random(days) > 0.01
        kept[[0, -1]] = True
        parts.append(pd.DataFrame(dict(id=f"s{k:05d}", step=np.arange(days), y=np.round(y, 4), kept=kept,
                                       time=pd.date_range("2020-01-01", periods=days, freq="D"))))
    return pd.concat(parts, ignore_index=True)
