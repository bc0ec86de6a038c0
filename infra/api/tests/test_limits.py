"""More than the service can take: it says so, keeps its memory and answers the rest."""

import asyncio
import socket
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import HEADERS, KEY, Service, has_all, typical_rows


def test_rate_limit(env: dict[str, str], champions: object, features: dict[str, Any], tmp_path: Path) -> None:
    service = Service(env, tmp_path / "state", KOL_API_RATE="5", KOL_API_KEYS=f"slow={KEY},other={'x' * 20}")
    try:
        service.wait(has_all)
        body = {"kols": [{"kol_id": "k", "features": features["both"]}]}
        answers = [service.client.post("/kol/score", json=body) for _ in range(30)]
        status = Counter(answer.status_code for answer in answers)
        assert set(status) == {200, 429}
        assert status[200] >= 10
        assert all(answer.headers["Retry-After"] == "1" for answer in answers if answer.status_code == 429)
        # Others are not held up, and after the pause the first one is not either.
        assert service.client.post("/kol/score", json=body, headers={"X-API-Key": "x" * 20}).status_code == 200
        time.sleep(1.1)
        assert service.client.post("/kol/score", json=body).status_code == 200
    finally:
        service.stop()


def test_ten_times_the_load_is_turned_away_and_memory_stays(
    env: dict[str, str],
    champions: object,
    features: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Places for 8 requests, 80 clients at once with 200 KOLs each."""
    service = Service(env, tmp_path / "state", KOL_API_MAX_IN_FLIGHT="8")
    body = {"kols": [{"kol_id": f"k{i}", "features": features["both"]} for i in range(200)]}
    seen: Counter[int] = Counter()

    async def storm(rounds: int) -> None:
        limits = httpx.Limits(max_connections=80)
        async with httpx.AsyncClient(base_url=service.url, headers=HEADERS, timeout=120, limits=limits) as client:

            async def one() -> None:
                for _ in range(rounds):
                    answer = await client.post("/kol/score", json=body)
                    seen[answer.status_code] += 1
                    if answer.status_code == 503:
                        assert answer.headers["Retry-After"] == "1"

            await asyncio.gather(*(one() for _ in range(80)))

    try:
        service.wait(has_all)
        asyncio.run(storm(2))
        warm = service.rss()
        asyncio.run(storm(4))
        after = service.rss()
        with capsys.disabled():
            print(f"\n10 times the load: {dict(seen)}, RSS {warm >> 20} -> {after >> 20} MB")
        assert set(seen) == {200, 503}
        assert after < warm + 60 * 2**20
        assert service.score(*body["kols"][:1]).status_code == 200
    finally:
        service.stop()


def test_slow_and_broken_senders_take_no_place_for_ever(
    env: dict[str, str], champions: object, features: dict[str, Any], tmp_path: Path
) -> None:
    service = Service(env, tmp_path / "state", KOL_API_MAX_IN_FLIGHT="2")
    head = (
        f"POST /kol/score HTTP/1.1\r\nHost: x\r\nX-API-Key: {KEY}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    )
    try:
        service.wait(has_all)
        half = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(2)]
        for connection in half:
            connection.sendall(head.encode())
        time.sleep(0.5)
        assert service.score({"kol_id": "k", "features": features["both"]}).status_code == 503
        for connection in half:
            connection.close()
        time.sleep(0.5)
        assert service.score({"kol_id": "k", "features": features["both"]}).status_code == 200
    finally:
        service.stop()


def test_soak(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """A short one; bench/api has ten minutes of it."""
    rows = typical_rows("kol-trust", "kol-success")
    kols = [{"kol_id": f"k{i}", "features": row} for i, row in enumerate(rows)]
    for _ in range(100):
        assert service.score(*kols).status_code == 200
    before = service.rss()
    for _ in range(400):
        assert service.score(*kols).status_code == 200
    with capsys.disabled():
        print(f"\nsoak: RSS {before >> 20} -> {service.rss() >> 20} MB over 400 requests of {len(kols)} KOLs")
    assert service.rss() < before + 20 * 2**20
