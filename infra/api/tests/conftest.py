"""A stack of real services, releases of real trainings, and the service as a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile
from cassandra.policies import RoundRobinPolicy
from registry_fixture import drop_alias, register, set_alias

from kol_api.contract import Batch, read_contract

ROOT = Path(__file__).parents[3]
LOCAL = {EXEC_PROFILE_DEFAULT: ExecutionProfile(load_balancing_policy=RoundRobinPolicy(), request_timeout=60)}
KEY = "0123456789abcdef-test"
HEADERS = {"X-API-Key": KEY}
MODELS = ("kol-trust", "kol-success", "kol-forecast-views", "kol-forecast-engagement", "kol-forecast-orders")
RELEASES = Path(os.environ["KOL_CONSUMER_RELEASES"])
STACK = Path(os.environ["KOL_SERVICES_DIR"])


def release_files(name: str) -> dict[str, bytes]:
    return {file: (RELEASES / name / file).read_bytes() for file in ("model.onnx", "model.json", "contract.jsonl")}


def golden(name: str) -> list[Batch]:
    return read_contract((RELEASES / name / "contract.jsonl").read_text("utf-8"))


def typical_rows(*names: str) -> list[dict[str, Any]]:
    """Raw columns of typical rows of several models, side by side."""
    rows: list[dict[str, Any]] = []
    for name in names:
        inputs = next(batch.inputs for batch in golden(name) if batch.case == "typical")
        for i in range(40):
            if len(rows) <= i:
                rows.append({})
            rows[i] |= {column: values[i] for column, values in inputs.items()}
    return rows


@pytest.fixture(scope="session")
def env() -> dict[str, str]:
    """What clients of the stack are told."""
    lines = (STACK / "env").read_text().splitlines()
    return dict(re.match(r"export (\w+)='(.*)'", line).groups() for line in lines)  # type: ignore[union-attr]


class Service:
    """The API as a process."""

    def __init__(self, env: dict[str, str], state: Path, **extra: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = state.with_suffix(f".{self.port}.log")
        own = {
            "KOL_API_PORT": str(self.port),
            "KOL_API_KEYS": f"test={KEY}",
            "KOL_API_STATE": str(state),
            "KOL_API_POLL_SECONDS": "0.3",
            "KOL_API_RATE": "100000",
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kol_api"],
                cwd=Path(__file__).parents[1],
                env={"PATH": os.environ["PATH"], **env, **own, **extra},
                stdout=log,
                stderr=log,
            )
        self.client = httpx.Client(base_url=self.url, headers=HEADERS, timeout=30)

    def wait(self, until: Any, seconds: float = 180) -> dict[str, Any]:
        """Asks /healthz until what it says fulfils the condition."""
        end = time.monotonic() + seconds
        said: Any = None
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text()
            try:
                said = self.client.get("/healthz").json()
                if until(said):
                    return said
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"healthz stays {json.dumps(said)[:2000]}\n{self.log.read_text()[-3000:]}")

    def score(self, *kols: dict[str, Any]) -> httpx.Response:
        return self.client.post("/kol/score", json={"kols": list(kols)})

    def rss(self) -> int:
        """Resident bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024  # type: ignore[index]

    def stop(self) -> None:
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def has_all(health: dict[str, Any]) -> bool:
    return all("champion" in health["models"].get(name, {}) for name in MODELS)


@pytest.fixture(scope="session")
def champions(env: dict[str, str]) -> dict[str, str]:
    """The releases as champions in MLflow: their versions by name."""
    uri = env["MLFLOW_TRACKING_URI"]
    versions = {}
    for name in MODELS:
        versions[name] = register(uri, name, release_files(name))
        for alias in ("canary", "shadow"):
            drop_alias(uri, name, alias)
        set_alias(uri, name, "champion", versions[name])
    return versions


@pytest.fixture(scope="session")
def features(env: dict[str, str]) -> dict[str, dict[str, Any]]:
    """KOLs of the stores: `both` in Cassandra and Trino, `lake` in Trino alone, `odd` with a value of a wrong type."""
    first, second = typical_rows("kol-trust", "kol-success")[:2]
    rows = {"both": first, "lake": second, "odd": {**first, "followers_count": "many"}}
    host, port = env["CASSANDRA_CONTACT_POINTS"].split(":")
    cluster = Cluster([host], port=int(port), protocol_version=4, execution_profiles=LOCAL)
    session = cluster.connect()
    apply_schema(session)
    insert = "INSERT INTO kol_metrics.kol_features (kol_id, features) VALUES (%s, %s)"
    for kol in ("both", "odd"):
        session.execute(insert, (kol, json.dumps({**rows[kol], "reason_codes": "RISING_VIEWS,TET_AHEAD"})))
    cluster.shutdown()
    trino(env, "CREATE SCHEMA IF NOT EXISTS iceberg.kol_gold")
    trino(env, "DROP TABLE IF EXISTS iceberg.kol_gold.kol_features")
    kinds = {name: "varchar" if isinstance(value, str) else "double" for name, value in second.items()}
    columns = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    told = "kol_id varchar, scored_at timestamp(6), reason_codes varchar"
    trino(env, f"CREATE TABLE iceberg.kol_gold.kol_features ({told}, {columns})")
    for scored_at, reason in (("2026-01-01", "OLD"), ("2026-01-02", "FEW_COMMENTS")):
        told = f"TIMESTAMP '{scored_at}', '{reason}'"
        values = ", ".join(
            f"('{kol}', {told}, " + ", ".join(literal(rows[kol][name]) for name in kinds) + ")"
            for kol in ("both", "lake")
        )
        trino(env, f"INSERT INTO iceberg.kol_gold.kol_features VALUES {values}")
    return rows


def apply_schema(session: Any) -> None:
    """Keyspace and tables of the platform."""
    schema = (ROOT / "infra/cassandra/schema.cql").read_text()
    for statement in re.sub(r"--.*", "", schema).split(";"):
        if statement.strip():
            session.execute(statement, timeout=60)


def literal(value: Any) -> str:
    """Of Trino's SQL."""
    if value is None:
        return "NULL"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else f"DOUBLE '{value!r}'"


def trino(env: dict[str, str], sql: str) -> None:
    headers = {"X-Trino-User": "kol"}
    page = httpx.post(f"{env['TRINO_URL']}/v1/statement", content=sql.encode(), headers=headers, timeout=60).json()
    while True:
        assert "error" not in page, page["error"]["message"]
        if "nextUri" not in page:
            return
        page = httpx.get(page["nextUri"], timeout=60).json()


@pytest.fixture(scope="module")
def service(
    env: dict[str, str], champions: dict[str, str], features: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """The API with all stores and champions, its cache empty."""
    flush_redis(env)
    running = Service(env, tmp_path_factory.mktemp("api") / "state")
    try:
        running.wait(has_all)
        yield running
    finally:
        running.stop()


def flush_redis(env: dict[str, str]) -> None:
    host, port = re.match(r"redis://(.+):(\d+)", env["REDIS_URL"]).groups()  # type: ignore[union-attr]
    with socket.create_connection((host, int(port)), 5) as connection:
        connection.sendall(b"FLUSHALL\r\n")
        assert connection.recv(16) == b"+OK\r\n"


def control(verb: str, name: str) -> None:
    """startService, killService, freezeService, thawService of infra/services."""
    script = f"import('{ROOT}/infra/services/services.js').then((s) => s.{verb}('{name}'))"
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
