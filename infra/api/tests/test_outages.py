"""Stores and registry go down one by one, then all together, and come back: degraded answers say so, nothing hangs."""

import time
from typing import Any

import pytest
from conftest import Service, control, flush_redis


def ask(service: Service, *kols: str) -> tuple[int, dict[str, Any], float]:
    began = time.monotonic()
    answer = service.score(*({"kol_id": kol} for kol in kols))
    return answer.status_code, answer.json(), time.monotonic() - began


def test_looks_up_in_cache_then_cassandra_then_trino(env: dict[str, str], service: Service) -> None:
    flush_redis(env)
    _, first, _ = ask(service, "both", "lake")
    assert [score["features_from"] for score in first["scores"]] == ["cassandra", "trino"]
    assert [score["reason_codes"][-1] for score in first["scores"]] == ["TET_AHEAD", "FEW_COMMENTS"]
    _, second, _ = ask(service, "both", "lake")
    assert [score["features_from"] for score in second["scores"]] == ["cache", "cache"]
    plain = [{key: value for key, value in score.items() if key != "features_from"} for score in first["scores"]]
    assert plain == [
        {key: value for key, value in score.items() if key != "features_from"} for score in second["scores"]
    ]
    for score in first["scores"]:
        assert score["trust_score"] is not None
        assert score["success_score"] is not None
        assert score["expected_value"] is not None


def test_cached_rows_expire(env: dict[str, str], champions: object, features: object, tmp_path: Any) -> None:
    flush_redis(env)
    service = Service(env, tmp_path / "state", KOL_API_CACHE_SECONDS="1")
    try:
        service.wait(lambda health: "champion" in health["models"]["kol-success"])
        assert [ask(service, "both")[1]["scores"][0]["features_from"] for _ in range(2)] == ["cassandra", "cache"]
        time.sleep(1.2)
        assert ask(service, "both")[1]["scores"][0]["features_from"] == "cassandra"
    finally:
        service.stop()


def test_redis_halted_and_dead(env: dict[str, str], service: Service) -> None:
    control("freezeService", "redis")
    try:
        status, answer, seconds = ask(service, "both")
        assert (status, answer["degraded"]) == (200, ["redis"])
        assert answer["scores"][0]["features_from"] == "cassandra"
        assert seconds < 3
    finally:
        control("thawService", "redis")
    control("killService", "redis")
    time.sleep(2.2)
    status, answer, _ = ask(service, "both")
    assert (status, answer["degraded"]) == (200, ["redis"])
    # Redis only repeats: without it, an unknown KOL is unknown all the same.
    assert ask(service, "nobody")[0] == 404
    control("startService", "redis")
    time.sleep(2.2)
    assert ask(service, "both")[1]["degraded"] == []


def test_one_after_the_other_then_all_then_back(
    env: dict[str, str], service: Service, features: dict[str, dict[str, Any]]
) -> None:
    given = {"kol_id": "x", "features": features["both"]}
    flush_redis(env)
    control("killService", "cassandra")
    status, answer, seconds = ask(service, "both", "lake")
    assert status == 200
    assert answer["degraded"] == ["cassandra"]
    assert [score["features_from"] for score in answer["scores"]] == ["trino", "trino"]
    assert seconds < 15

    control("killService", "mlflow")
    said = service.wait(lambda health: health["registry"].startswith("down"))
    assert said["status"] == "degraded"
    assert ask(service, "both")[0] == 200

    control("killService", "trino")
    status, answer, _ = ask(service, "both", "nobody")
    assert status == 200, "cached rows outlive their stores"
    assert [score["status"] for score in answer["scores"]] == ["scored", "unavailable"]
    assert answer["degraded"] == ["cassandra", "trino"]
    nobody = service.score({"kol_id": "nobody"})
    assert nobody.status_code == 503
    assert nobody.headers["Retry-After"] == "5"
    assert "cassandra, trino down" in nobody.json()["detail"]

    control("killService", "redis")
    time.sleep(2.2)
    both = service.score({"kol_id": "both"})
    assert (both.status_code, both.headers["Retry-After"]) == (503, "5")
    with_features = service.score(given)
    assert with_features.status_code == 200
    assert with_features.json()["scores"][0]["trust_score"] is not None
    assert (
        service.client.post(
            "/forecast/predict",
            json={"metric": "views", "series": [{"kol_id": "x", "history": [1, 2], "start": 20_000}]},
        ).status_code
        == 200
    )

    for name in ("redis", "cassandra", "mlflow", "trino"):
        control("startService", name)
    service.wait(lambda health: health["registry"] == "ok", 30)
    end = time.monotonic() + 60
    answer = {}
    while time.monotonic() < end:
        time.sleep(2.2)
        flush_redis(env)
        status, answer, _ = ask(service, "both", "lake")
        if status == 200 and answer["degraded"] == []:
            break
    assert answer["degraded"] == []
    assert [score["features_from"] for score in answer["scores"]] == ["cassandra", "trino"]
    assert service.client.get("/healthz").json()["status"] == "ok"


@pytest.mark.parametrize("name", ["mlflow"])
def test_registry_halted(service: Service, name: str) -> None:
    control("freezeService", name)
    try:
        service.wait(lambda health: health["registry"].startswith("down"), 40)
        assert ask(service, "both")[0] == 200
    finally:
        control("thawService", name)
    service.wait(lambda health: health["registry"] == "ok", 60)
