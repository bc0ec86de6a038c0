"""The nightly copy from Trino into Cassandra, with the real ones."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Service, apply_schema, flush_redis, literal, trino, typical_rows

from kol_api.stores import CassandraNodes, connect_cassandra

TABLE = "iceberg.kol_gold.kol_features_to_copy"


def copy(env: dict[str, str], *options: str, **changed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kol_api.copy_features", *options],
        cwd=Path(__file__).parents[1],
        env={"PATH": os.environ["PATH"], **env, "KOL_API_FEATURE_TABLE": TABLE, **changed},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def session(env: dict[str, str]) -> Iterator[Any]:
    cluster, session = connect_cassandra(CassandraNodes(env["CASSANDRA_CONTACT_POINTS"]), 60)
    apply_schema(session)
    trino(env, "CREATE SCHEMA IF NOT EXISTS iceberg.kol_gold")
    yield session
    cluster.shutdown()


def batch(env: dict[str, str], scored_at: str, select: str) -> None:
    trino(env, f"DROP TABLE IF EXISTS {TABLE}")
    trino(env, f"CREATE TABLE {TABLE} AS SELECT TIMESTAMP '{scored_at}' AS scored_at, {select}")


def stored(session: Any, kol: str) -> Any:
    query = "SELECT computed_at, features, ttl(features) AS seconds FROM kol_metrics.kol_features WHERE kol_id = %s"
    return session.execute(query, (kol,)).one()


def test_the_api_scores_what_was_copied_as_what_was_sent(env: dict[str, str], service: Service, session: Any) -> None:
    (row,) = typical_rows("kol-trust", "kol-success")[:1]
    # A column made of NULL alone needs a type.
    values = {name: "CAST(NULL AS double)" if value is None else literal(value) for name, value in row.items()}
    columns = ", ".join(f"{value} AS {name}" for name, value in values.items())
    batch(env, "2031-01-01 02:03:04.567891", f"'copied' AS kol_id, 'TET_AHEAD' AS reason_codes, {columns}")
    done = copy(env)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"1 KOLs of {TABLE} written to kol_metrics.kol_features\n"
    flush_redis(env)
    answer = service.score({"kol_id": "copied"}, {"kol_id": "sent", "features": row})
    copied, sent = answer.json()["scores"]
    assert copied["features_from"] == "cassandra"
    assert copied["reason_codes"][-1] == "TET_AHEAD"
    for output in ("trust_score", "success_score", "expected_value"):
        assert copied[output] == pytest.approx(sent[output], rel=1e-6)


def test_copies_every_page_of_the_newest_batch_and_keeps_hostile_text(env: dict[str, str], session: Any) -> None:
    numbered = "concat('page ', CAST(i AS varchar)) AS kol_id, i AS followers_count, nan() AS trend"
    text = "concat('Đẹp ''\"\\ 😀', CAST(i AS varchar)) AS bio, CAST(NULL AS double) AS reach"
    batch(env, "2031-01-02", f"{numbered}, {text} FROM UNNEST(sequence(1, 9000)) AS t (i)")
    trino(env, f"INSERT INTO {TABLE} SELECT TIMESTAMP '2030-12-31', 'of the day before', 1, 0, '', NULL")
    assert copy(env, "--keep-days", "2").stdout.startswith("9000 KOLs")
    last = stored(session, "page 9000")
    expected = {"followers_count": 9000, "trend": "NaN", "bio": "Đẹp '\"\\ 😀9000", "reach": None}
    assert json.loads(last.features) == expected
    assert str(last.computed_at) == "2031-01-02 00:00:00"
    assert 86_400 < last.seconds <= 2 * 86_400
    assert stored(session, "of the day before") is None


def test_an_older_batch_does_not_cover_a_newer_one(env: dict[str, str], session: Any) -> None:
    batch(env, "2031-02-02", "'twice' AS kol_id, 2 AS followers_count")
    assert copy(env).returncode == 0
    assert copy(env).returncode == 0
    batch(env, "2031-02-01", "'twice' AS kol_id, 1 AS followers_count")
    assert copy(env).returncode == 0
    assert json.loads(stored(session, "twice").features) == {"followers_count": 2}


@pytest.mark.parametrize(
    ("options", "changed", "code", "said"),
    [
        ((), {"TRINO_URL": ""}, 2, "TRINO_URL is not set"),
        (("--keep-days", "0"), {}, 2, "--keep-days 0 must be from 1 to 3650"),
        ((), {"KOL_API_FEATURE_TABLE": "a; DROP TABLE b"}, 2, "is no name of a table"),
        ((), {"KOL_API_FEATURE_TABLE": "iceberg.kol_gold.nothing"}, 5, "Trino failed after 0 KOLs"),
        ((), {"TRINO_URL": "http://127.0.0.1:9"}, 5, "Trino failed after 0 KOLs"),
        ((), {"CASSANDRA_CONTACT_POINTS": "127.0.0.1:9"}, 5, "Cassandra at 127.0.0.1:9 cannot be reached"),
    ],
)
def test_says_what_is_wrong(
    env: dict[str, str], session: Any, options: tuple[str, ...], changed: dict[str, str], code: int, said: str
) -> None:
    done = copy(env, *options, **changed)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
