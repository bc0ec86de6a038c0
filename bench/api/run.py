"""Requests a second and latency for 1 and 100 KOLs a request, from the request, the cache or Cassandra; then a soak."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from cassandra.cluster import Cluster
from conftest import (
    KEY,
    LOCAL,
    MODELS,
    ROOT,
    STACK,
    Service,
    apply_schema,
    flush_redis,
    has_all,
    release_files,
    typical_rows,
)
from registry_fixture import register, set_alias

N_KOLS = 200
SOURCES = ("request", "cache", "cassandra")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=10, help="of each figure")
    options.add_argument("--soak", type=int, default=600, help="seconds of the soak; 0: none")
    wanted = options.parse_args()
    env = dict(line.removeprefix("export ").split("=", 1) for line in (STACK / "env").read_text().splitlines())
    env = {name: value.strip("'") for name, value in env.items()}
    env.pop("TRINO_URL")
    for name in MODELS:
        set_alias(
            env["MLFLOW_TRACKING_URI"],
            name,
            "champion",
            register(env["MLFLOW_TRACKING_URI"], name, release_files(name)),
        )
    rows = typical_rows("kol-trust", "kol-success")
    kols = {f"bench {i}": rows[i % len(rows)] for i in range(N_KOLS)}
    fill_cassandra(env, kols)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        print(f"load average {os.getloadavg()[0]:.1f}; wrk, 1 thread; {wanted.seconds} s a figure")
        print("| KOLs a request | features from | connections | requests/s | KOLs/s | p50 ms | p99 ms | failed |")
        print("|---|---|---|---|---|---|---|---|")
        for source in SOURCES:
            seconds = "0" if source == "cassandra" else "300"
            service = Service(env, scratch / source, KOL_API_CACHE_SECONDS=seconds, KOL_API_RATE="1000000")
            service.wait(has_all)
            for size in (1, 100):
                bodies = write_bodies(scratch / "bodies", kols, size, with_features=source == "request")
                for connections in (1, 8):
                    flush_redis(env)
                    wrk(service, bodies, connections, 2)
                    found = wrk(service, bodies, connections, wanted.seconds)
                    rate = found["requests"] / found["seconds"]
                    print(
                        f"| {size} | {source} | {connections} | {rate:.0f} | {rate * size:.0f} "
                        f"| {found['p50']:.2f} | {found['p99']:.2f} | {found['failed']} |",
                        flush=True,
                    )
            service.stop()
        if wanted.soak > 0:
            soak(env, scratch, kols, wanted.soak)


def soak(env: dict[str, str], scratch: Path, kols: dict[str, dict[str, Any]], seconds: int) -> None:
    """One KOL from the stores and a hundred from the request, in turn; memory before and after."""
    service = Service(env, scratch / "soak", KOL_API_RATE="1000000")
    service.wait(has_all)
    ones = write_bodies(scratch / "one", kols, 1, with_features=False)
    hundreds = write_bodies(scratch / "hundred", kols, 100, with_features=True)
    both = scratch / "both"
    both.write_text(ones.read_text() + hundreds.read_text() * 20)
    wrk(service, both, 8, min(30, seconds))
    start, began, requests, failed = service.rss(), time.monotonic(), 0, 0
    series = [start >> 20]
    while time.monotonic() - began < seconds:
        found = wrk(service, both, 8, min(60, seconds))
        requests, failed = requests + found["requests"], failed + found["failed"]
        series.append(service.rss() >> 20)
    print(
        f"soak of {time.monotonic() - began:.0f} s: {requests} requests, {failed} failed, RSS by the minute {series} MB"
    )
    service.stop()


def wrk(service: Service, bodies: Path, connections: int, seconds: int) -> dict[str, Any]:
    done = subprocess.run(
        [
            *os.environ["WRK"].split(),
            *("-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency"),
            *("-s", str(ROOT / "bench/api/post.lua"), service.url),
        ],
        env={**os.environ, "BODIES": str(bodies), "KEY": KEY},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.strip().split("\n")[-1])


def write_bodies(path: Path, kols: dict[str, dict[str, Any]], size: int, *, with_features: bool) -> Path:
    names = list(kols)
    each = [{"kol_id": name, **({"features": kols[name]} if with_features else {})} for name in names]
    batches = [[each[(at + i) % len(each)] for i in range(size)] for at in range(0, len(each), max(size // 4, 1))]
    path.write_text("".join(json.dumps({"kols": batch}) + "\n" for batch in batches))
    return path


def fill_cassandra(env: dict[str, str], kols: dict[str, dict[str, Any]]) -> None:
    host, port = env["CASSANDRA_CONTACT_POINTS"].split(":")
    cluster = Cluster([host], port=int(port), protocol_version=4, execution_profiles=LOCAL)
    session = cluster.connect()
    apply_schema(session)
    insert = session.prepare("INSERT INTO kol_metrics.kol_features (kol_id, features) VALUES (?, ?)")
    for name, row in kols.items():
        session.execute(insert, (name, json.dumps(row)))
    cluster.shutdown()


if __name__ == "__main__":
    main()
