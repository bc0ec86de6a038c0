"""What a client may send, by mistake or on purpose: a clear 4xx each time, and the service goes on."""

import json
import re
from typing import Any

import pytest
from conftest import HEADERS, KEY, Service, typical_rows


@pytest.fixture(scope="module")
def good(features: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return features["both"]


def kol(features: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kol_id": "k", "features": features, **more}


def test_answers_what_is_right(service: Service, good: dict[str, Any]) -> None:
    answer = service.score(kol(good))
    assert answer.status_code == 200
    (score,) = answer.json()["scores"]
    assert score["status"] == "scored"
    assert score["trust_score"] == pytest.approx(100 * score["trust_probability"], rel=1e-5)
    assert set(score["model_versions"]) == {"kol-trust", "kol-success"}
    assert score["features_from"] == "request"
    assert answer.json()["degraded"] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"followers_cuont": 1}, "no model reads 'followers_cuont', do you mean 'followers_count'?"),
        ({"followers_count": "many"}, "followers_count='many': expected a number, or null"),
        ({"followers_count": True}, "expected a number"),
        ({"verified": "yes"}, "verified='yes': expected true or false"),
        ({"category": 7}, "category='7': expected a text"),
        ({"started_at": "yesterday"}, "started_at='yesterday': expected a time as in ISO 8601"),
        ({"followers_count": [1]}, "features.followers_count"),
        ({"followers_count": {"a": 1}}, "features.followers_count"),
    ],
)
def test_names_the_bad_column(service: Service, good: dict[str, Any], change: dict[str, Any], said: str) -> None:
    answer = service.score(kol({**good, **change}))
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_names_missing_columns(service: Service) -> None:
    (row,) = typical_rows("kol-trust")[:1]
    del row["followers_count"]
    answer = service.score(kol(row))
    assert answer.status_code == 422
    assert "kols.0.features: kol-trust lacks followers_count; send null" in answer.json()["detail"]


def test_scores_with_the_models_that_the_columns_suffice_for(service: Service) -> None:
    (row,) = typical_rows("kol-trust")[:1]
    (score,) = service.score(kol(row)).json()["scores"]
    assert score["trust_score"] is not None
    assert score["success_score"] is None
    assert "columns missing" in score["not_scored"]["kol-success"]
    assert score["expected_value"] is None


def test_takes_null_times_and_texts_of_every_kind(service: Service, good: dict[str, Any]) -> None:
    same = {}
    for started in (20_000.5, "1970-01-02T00:00:00Z", "2024-10-04 12:00:00", "2024-10-04 12:00:00.000 UTC", None):
        answer = service.score(kol({**good, "started_at": started}))
        assert answer.status_code == 200
        same[str(started)] = answer.json()["scores"][0]["success_score"]
    assert same["2024-10-04 12:00:00"] == same["2024-10-04 12:00:00.000 UTC"] == same["20000.5"]
    answers = [service.score(kol({**good, "category": text})).json() for text in ("😀" * 1000, "", None, "BEAUTY")]
    assert all(answer["scores"][0]["status"] == "scored" for answer in answers)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 422, "body"),
        (b"{", 400, "the body is no JSON"),
        (b"\xff\xfe", 400, ""),
        (b"null", 422, "body"),
        (b"[]", 422, "body"),
        (b'{"kols": []}', 422, "at least 1 item"),
        (b'{"kols": [{"kol_id": "a"}], "kolz": 1}', 422, "body.kolz"),
        (b'{"kols": [{"kol": "a"}]}', 422, "kols.0.kol_id: Field required"),
        (b'{"kols": [{"kol_id": ""}]}', 422, "at least 1 character"),
        (b'{"kols": [{"kol_id": 5}]}', 422, "valid string"),
        (b'{"kols": [{"kol_id": "a\\u0000b"}]}', 422, "pattern"),
        (b'{"kols": [{"kol_id": "a\\ud800"}]}', 422, "kol_id"),
        (b'{"kols": [{"kol_id": "a", "features": {"followers_count": NaN}}]}', 422, "finite"),
        (b'{"kols": [{"kol_id": "a", "features": {"followers_count": Infinity}}]}', 422, "finite"),
        (b'{"kols": [{"kol_id": "a", "features": {"followers_count": 1e999}}]}', 422, "finite"),
        (b'{"kols": [{"kol_id": "a", "features": {"followers_count": 1' + b"0" * 5000 + b"}}]}", 400, ""),
        (b'{"kols": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, ""),
    ],
)
def test_refuses_bodies(service: Service, body: bytes, status: int, said: str) -> None:
    answer = service.client.post("/kol/score", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    assert said in answer.json()["detail"]
    assert len(answer.text) < 3_000


def test_refuses_batches_beyond_the_limit_and_bodies_of_10_mb_without_growing(service: Service) -> None:
    many = json.dumps({"kols": [{"kol_id": f"k{i}"} for i in range(100_000)]}).encode()
    large = b'{"kols": [{"kol_id": "' + b"a" * 10 * 2**20 + b'"}]}'
    json_type = {"Content-Type": "application/json"}

    def chunks() -> Any:
        for at in range(0, len(large), 2**16):
            yield large[at : at + 2**16]

    def all_three() -> None:
        answer = service.client.post("/kol/score", content=many, headers=json_type)
        assert answer.status_code == 422
        assert "at most 1000 items" in answer.json()["detail"]
        answer = service.client.post("/kol/score", content=large, headers=json_type)
        assert answer.status_code == 413
        # Without a length that could be read beforehand.
        answer = service.client.post("/kol/score", content=chunks(), headers=json_type)
        assert answer.status_code == 413

    for _ in range(5):
        all_three()
    before = service.rss()
    for _ in range(25):
        all_three()
    assert service.rss() < before + 30 * 2**20


def test_refuses_strangers(service: Service) -> None:
    for key in (None, "wrong", KEY[:-1], KEY + "x", "é".encode("latin-1")):
        request = service.client.build_request("POST", "/kol/score", content=b"x" * 100)
        request.headers.pop("X-API-Key")
        if key is not None:
            request.headers.update({"X-API-Key": key})  # type: ignore[dict-item]
        assert service.client.send(request).status_code == 401, key


def test_unknown_kols(service: Service) -> None:
    answer = service.score({"kol_id": "nobody"})
    assert answer.status_code == 404
    answer = service.score({"kol_id": "nobody'; DROP TABLE kol_features; --"}, {"kol_id": "both"})
    assert [score["status"] for score in answer.json()["scores"]] == ["unknown_kol", "scored"]
    assert answer.json()["scores"][0]["trust_score"] is None


def test_a_stored_value_of_a_wrong_type_spoils_only_its_own_row(service: Service) -> None:
    answer = service.score({"kol_id": "odd"}, {"kol_id": "both"})
    assert answer.status_code == 200
    odd, both = answer.json()["scores"]
    assert odd["status"] == "unusable"
    assert "followers_count='many'" in odd["not_scored"]["kol-trust"]
    assert both["status"] == "scored"


def test_forecasts(service: Service) -> None:
    def ask(metric: str, **series: Any) -> Any:
        whole = {"kol_id": "x", "history": [1.0, None, 3.0], "start": 20_000, **series}
        return service.client.post("/forecast/predict", json={"metric": metric, "series": [whole]})

    answer = ask("views")
    assert answer.status_code == 200
    values = answer.json()["forecasts"][0]["values"]
    assert len(values["yhat"]) == 28
    assert all(
        low <= mid <= high
        for low, mid, high in zip(values["yhat_lower_80"], values["yhat"], values["yhat_upper_80"], strict=True)
    )
    assert ask("sales").status_code == 404
    assert "only of engagement, orders, views" in ask("sales").json()["detail"]
    for bad in (
        {"history": []},
        {"history": ["a"]},
        {"history": [1] * 3000},
        {"start": 1e9},
        {"start": "2026-01-01"},
        {"x": 1},
    ):
        assert ask("views", **bad).status_code == 422, bad
    assert ask("views", history=[1.0] * 2000).status_code == 200


def test_other_paths_and_methods(service: Service) -> None:
    assert service.client.get("/nothing").status_code == 404
    assert service.client.get("/kol/score").status_code == 405
    assert service.client.get("/../../etc/passwd").status_code == 404


def test_metrics(service: Service, good: dict[str, Any]) -> None:
    def rows() -> float:
        text = service.client.get("/metrics", headers=HEADERS).text
        found = re.search(r'kol_api_rows_total\{alias="champion",model="kol-trust"\} ([\d.e+]+)', text)
        assert 'kol_api_requests_total{path="/kol/score",status="200"}' in text
        assert found is not None
        return float(found[1])

    before = rows()
    service.score(kol(good), kol(good))
    assert rows() == before + 2
