"""The registry changes while the service answers: swaps, canaries, shadows, and versions that must not be served."""

import asyncio
import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import onnx
import pytest
from conftest import HEADERS, MODELS, Service, has_all, release_files
from registry_fixture import drop_alias, register, set_alias

TRUST = "kol-trust"


@pytest.fixture(autouse=True)
def _back_to_the_start(env: dict[str, str], champions: dict[str, str]) -> Iterator[None]:
    yield
    uri = env["MLFLOW_TRACKING_URI"]
    for name in MODELS:
        for alias in ("canary", "shadow"):
            drop_alias(uri, name, alias)
        set_alias(uri, name, "champion", champions[name])


def version_of(health: dict[str, Any], name: str = TRUST, alias: str = "champion") -> str | None:
    return health["models"][name].get(alias, {}).get("version")


def trust_row(features: dict[str, dict[str, Any]], kol: str) -> dict[str, Any]:
    return {"kol_id": kol, "features": features["both"]}


def truncated() -> dict[str, bytes]:
    files = release_files(TRUST)
    return {**files, "model.onnx": files["model.onnx"][:100_000]}


def truncated_with_its_own_hash() -> dict[str, bytes]:
    files = truncated()
    card = json.loads(files["model.json"])
    card["sha256"]["model.onnx"] = hashlib.sha256(files["model.onnx"]).hexdigest()
    return {**files, "model.json": json.dumps(card).encode()}


def of_another_schema() -> dict[str, bytes]:
    return release_files("kol-success")


def with_a_card_of_other_inputs() -> dict[str, bytes]:
    files = release_files(TRUST)
    card = json.loads(files["model.json"])
    card["inputs"][0]["name"] = "fans"
    return {**files, "model.json": json.dumps(card).encode()}


def with_other_golden_answers() -> dict[str, bytes]:
    files = release_files(TRUST)
    lines = files["contract.jsonl"].decode().split("\n")
    batch = json.loads(lines[0])
    batch["outputs"]["trust_score"][3] += 0.1
    return {**files, "contract.jsonl": "\n".join([json.dumps(batch), *lines[1:]]).encode()}


def without_a_card() -> dict[str, bytes]:
    return {**release_files(TRUST), "model.json": b'{"name": "kol-tru'}


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (truncated, "model.onnx is not what model.json names: SHA-256"),
        (truncated_with_its_own_hash, "ONNX Runtime refuses model.onnx"),
        (of_another_schema, "another schema: the output trust_score is missing"),
        (with_a_card_of_other_inputs, "model.json and model.onnx do not agree on the input"),
        (with_other_golden_answers, "from its golden batches, at most 1e-05 is allowed"),
        (without_a_card, "model.json cannot be read"),
    ],
)
def test_keeps_the_last_good_version(
    env: dict[str, str],
    champions: dict[str, str],
    service: Service,
    features: dict[str, dict[str, Any]],
    make: Any,
    reason: str,
) -> None:
    uri = env["MLFLOW_TRACKING_URI"]
    bad = register(uri, TRUST, make())
    set_alias(uri, TRUST, "champion", bad)
    said = service.wait(lambda health: f"version {bad}:" in health["refused"].get("kol-trust@champion", ""))
    assert reason in said["refused"]["kol-trust@champion"]
    assert said["status"] == "degraded"
    assert version_of(said) == champions[TRUST]
    assert service.score(trust_row(features, "a")).json()["scores"][0]["model_versions"][TRUST] == champions[TRUST]
    set_alias(uri, TRUST, "champion", champions[TRUST])
    service.wait(lambda health: health["refused"] == {})


def test_a_version_whose_registered_hash_is_another_is_refused(
    env: dict[str, str], champions: dict[str, str], service: Service
) -> None:
    uri = env["MLFLOW_TRACKING_URI"]
    bad = register(uri, TRUST, release_files(TRUST), {"sha256.model.onnx": "0" * 64})
    set_alias(uri, TRUST, "champion", bad)
    said = service.wait(lambda health: health["refused"] != {})
    assert "model.onnx is not what the registry names" in said["refused"]["kol-trust@champion"]


def test_canary_takes_its_share_of_the_kols_and_always_the_same_ones(
    env: dict[str, str], champions: dict[str, str], service: Service, features: dict[str, dict[str, Any]]
) -> None:
    uri = env["MLFLOW_TRACKING_URI"]
    canary = register(uri, TRUST, release_files(TRUST), {"kol.canary_share": "0.25"})
    set_alias(uri, TRUST, "canary", canary)
    service.wait(lambda health: version_of(health, alias="canary") == canary)

    def versions() -> list[str]:
        kols = [trust_row(features, f"kol {i}") for i in range(400)]
        return [score["model_versions"][TRUST] for score in service.score(*kols).json()["scores"]]

    first = versions()
    count = Counter(first)
    assert set(count) == {canary, champions[TRUST]}
    assert 0.17 < count[canary] / 400 < 0.33
    assert versions() == first
    drop_alias(uri, TRUST, "canary")
    service.wait(lambda health: version_of(health, alias="canary") is None)
    assert set(versions()) == {champions[TRUST]}


def test_shadow_is_scored_and_never_answers(
    env: dict[str, str], champions: dict[str, str], service: Service, features: dict[str, dict[str, Any]]
) -> None:
    uri = env["MLFLOW_TRACKING_URI"]
    shadow = register(uri, TRUST, release_files(TRUST))
    set_alias(uri, TRUST, "shadow", shadow)
    service.wait(lambda health: version_of(health, alias="shadow") == shadow)
    answer = service.score(*(trust_row(features, f"kol {i}") for i in range(20))).json()
    assert {score["model_versions"][TRUST] for score in answer["scores"]} == {champions[TRUST]}

    def shadowed() -> float:
        text = service.client.get("/metrics").text
        found = re.search(r'kol_api_shadow_difference_bucket\{le="0.001",model="kol-trust"\} ([\d.]+)', text)
        return float(found[1]) if found else 0

    end = time.monotonic() + 10
    while shadowed() < 1 and time.monotonic() < end:
        time.sleep(0.05)
    assert shadowed() == 1


def test_swaps_50_times_under_load_without_a_failed_or_mixed_answer(
    env: dict[str, str],
    champions: dict[str, str],
    service: Service,
    features: dict[str, dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The second version is told apart by its answers: its graph gives trust for distrust."""
    uri = env["MLFLOW_TRACKING_URI"]
    other = register(uri, TRUST, _upside_down(release_files(TRUST)))
    ours = champions[TRUST]
    kols = [trust_row(features, f"kol {i}") for i in range(10)]
    true_score = service.score(kols[0]).json()["scores"][0]["trust_score"]
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    swaps = 0

    async def load(client: httpx.AsyncClient, done: asyncio.Event) -> None:
        while not done.is_set():
            answer = await client.post("/kol/score", json={"kols": kols})
            if answer.status_code != 200:
                wrong.append(f"{answer.status_code} {answer.text}")
                continue
            scores = answer.json()["scores"]
            versions = {score["model_versions"][TRUST] for score in scores}
            seen.update(versions)
            expected = {ours: true_score, other: 100 - true_score}
            if len(versions) != 1:
                wrong.append(f"mixed: {versions}")
            wrong.extend(
                f"version {score['model_versions'][TRUST]} says {score['trust_score']}"
                for score in scores
                if abs(score["trust_score"] - expected[score["model_versions"][TRUST]]) > 1e-3
            )

    async def swap(client: httpx.AsyncClient, done: asyncio.Event) -> None:
        nonlocal swaps
        for i in range(50):
            wanted = other if i % 2 == 0 else ours
            await asyncio.to_thread(set_alias, uri, TRUST, "champion", wanted)
            for _ in range(400):
                if version_of((await client.get("/healthz")).json()) == wanted:
                    swaps += 1
                    break
                await asyncio.sleep(0.05)
        done.set()

    async def both() -> None:
        done = asyncio.Event()
        async with httpx.AsyncClient(base_url=service.url, headers=HEADERS, timeout=30) as client:
            await asyncio.gather(swap(client, done), *(load(client, done) for _ in range(4)))

    asyncio.run(both())
    with capsys.disabled():
        print(f"\n{swaps} swaps under load, {sum(seen.values())} answers {dict(seen)}, {len(wrong)} failed or mixed")
    assert swaps == 50
    assert wrong == []
    assert set(seen) == {ours, other}
    assert min(seen.values()) > 20


def _upside_down(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same model with 100 minus the score, and a contract that says so."""
    graph = onnx.load_from_string(files["model.onnx"])
    one_hundred = onnx.helper.make_tensor("hundred", onnx.TensorProto.FLOAT, [], [100.0])
    graph.graph.initializer.append(one_hundred)
    for node in graph.graph.node:
        for i, name in enumerate(node.output):
            if name == "trust_score":
                node.output[i] = "upright_score"
    graph.graph.node.append(onnx.helper.make_node("Sub", ["hundred", "upright_score"], ["trust_score"]))
    changed = graph.SerializeToString()
    card = json.loads(files["model.json"])
    card["sha256"]["model.onnx"] = hashlib.sha256(changed).hexdigest()
    lines = [json.loads(line) for line in files["contract.jsonl"].decode().split("\n") if line]
    for line in lines:
        line["outputs"]["trust_score"] = [100 - value for value in line["outputs"]["trust_score"]]
    contract = "".join(json.dumps(line) + "\n" for line in lines)
    return {"model.onnx": changed, "model.json": json.dumps(card).encode(), "contract.jsonl": contract.encode()}


def test_starts_from_disk_without_the_registry(
    env: dict[str, str],
    champions: dict[str, str],
    features: dict[str, dict[str, Any]],
    tmp_path: Path,
) -> None:
    state = tmp_path / "state"
    first = Service(env, state)
    first.wait(has_all)
    first.stop()
    nowhere = {**env, "MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}
    second = Service(nowhere, state)
    try:
        said = second.wait(lambda health: has_all(health) and health["registry"].startswith("down"))
        assert said["status"] == "degraded"
        assert second.score(trust_row(features, "a")).json()["scores"][0]["model_versions"][TRUST] == champions[TRUST]
    finally:
        second.stop()
    # What was kept may have been spoilt since.
    graph = state / TRUST / f"version-{champions[TRUST]}" / "model.onnx"
    graph.write_bytes(graph.read_bytes()[:-10])
    third = Service(nowhere, state)
    try:
        said = third.wait(lambda health: "champion" in health["models"]["kol-success"])
        assert "champion" not in said["models"][TRUST]
        answer = third.score(trust_row(features, "a"))
        assert answer.json()["degraded"] == ["kol-trust has no champion"]
        assert answer.json()["scores"][0]["trust_score"] is None
    finally:
        third.stop()


def test_without_any_champion_it_says_so(env: dict[str, str], features: dict[str, Any], tmp_path: Path) -> None:
    empty = Service({**env, "MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}, tmp_path / "state")
    try:
        said = empty.wait(lambda health: health["registry"].startswith("down"))
        assert said["status"] == "unavailable"
        assert empty.client.get("/healthz").status_code == 503
        answer = empty.score(trust_row(features, "a"))
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
    finally:
        empty.stop()
