"""The stores of the service against real servers that ask for TLS and a login."""

from __future__ import annotations

import asyncio
import json
import os
import re
import ssl
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import redis
from cassandra import AuthenticationFailed, Unauthorized
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster, NoHostAvailable
from conftest import LOCAL, ROOT, apply_schema

from kol_api.settings import SettingError, read_settings
from kol_api.stores import CassandraStore, RedisStore, cassandra_nodes

KEYS = {"KOL_API_KEYS": "test=0123456789abcdef"}


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What clients of a stack with TLS and logins are told; KOL_SECURE_SERVICES_DIR: one that runs."""
    running = os.environ.get("KOL_SECURE_SERVICES_DIR")
    folder = Path(running) if running else tmp_path_factory.mktemp("secure")
    services = {
        **os.environ,
        "KOL_SERVICES_SECURE": "1",
        "KOL_SERVICES_DIR": str(folder),
        "KOL_PORT_OFFSET": str(int(os.environ.get("KOL_PORT_OFFSET") or 0) + 700),
    }
    if not running:
        log = folder.with_suffix(".log")
        with log.open("wb") as file:
            up = ["node", str(ROOT / "infra/services/main.js"), "up", "redis", "cassandra"]
            subprocess.run(up, env=services, stdout=file, stderr=file, check=True, timeout=600)
    lines = (folder / "env").read_text().splitlines()
    yield dict(re.match(r"export (\w+)='(.*)'", line).groups() for line in lines)  # type: ignore[union-attr]
    if not running:
        subprocess.run(["node", str(ROOT / "infra/services/main.js"), "reset"], env=services, check=True, timeout=120)


@pytest.fixture(scope="module")
def roles(secure: dict[str, str]) -> dict[str, str]:
    """The platform's tables and roles in a Cassandra that asks for logins; CASSANDRA_… of the API's role."""
    host, port = secure["CASSANDRA_CONTACT_POINTS"].split(":")
    cluster = Cluster(
        [host],
        port=int(port),
        protocol_version=4,
        execution_profiles=LOCAL,
        auth_provider=PlainTextAuthProvider("cassandra", "cassandra"),
        ssl_context=ssl.create_default_context(cafile=secure["AWS_CA_BUNDLE"]),
        ssl_options={"server_hostname": host},
    )
    session = cluster.connect()
    apply_schema(session)
    for role in ("kol_api", "kol_flink"):
        session.execute(f"CREATE ROLE IF NOT EXISTS {role} WITH PASSWORD = 'secret-of-{role}' AND LOGIN = true")
    grants = (ROOT / "infra/cassandra/grants.cql").read_text()
    for statement in re.sub(r"--.*", "", grants).split(";"):
        if statement.strip():
            session.execute(statement)
    insert = "INSERT INTO kol_metrics.kol_features (kol_id, features) VALUES (%s, %s)"
    session.execute(insert, ("a", json.dumps({"followers_count": 7})))
    cluster.shutdown()
    return {
        "CASSANDRA_CONTACT_POINTS": secure["CASSANDRA_CONTACT_POINTS"],
        "CASSANDRA_USERNAME": "kol_api",
        "CASSANDRA_PASSWORD": "secret-of-kol_api",
        "CASSANDRA_CA_FILE": secure["AWS_CA_BUNDLE"],
    }


def cassandra_of(env: dict[str, str]) -> CassandraStore:
    nodes = cassandra_nodes(read_settings({**KEYS, **env}))
    assert nodes is not None
    return CassandraStore(nodes)


def test_cassandra_is_read_over_tls_with_a_login(roles: dict[str, str]) -> None:
    async def use() -> None:
        store = cassandra_of(roles)
        assert await store.get(["a", "unknown"]) == {"a": {"followers_count": 7}}
        assert store._session is not None
        for sql in ("DELETE FROM kol_metrics.kol_features WHERE kol_id = 'a'", "SELECT * FROM system_auth.roles"):
            with pytest.raises(Unauthorized):
                store._session.execute(sql)
        await store.close()

    asyncio.run(use())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"CASSANDRA_PASSWORD": "guessed"}, AuthenticationFailed),
        ({"CASSANDRA_USERNAME": ""}, AuthenticationFailed),
        ({"CASSANDRA_CA_FILE": ""}, Exception),
    ],
)
def test_cassandra_is_closed_to_others(roles: dict[str, str], change: dict[str, str], reason: type[Exception]) -> None:
    async def use() -> None:
        with pytest.raises(NoHostAvailable) as refused:
            await cassandra_of({**roles, **change}).get(["a"])
        assert any(isinstance(error, reason) for error in refused.value.errors.values())

    asyncio.run(use())


async def until_in_time(ask: Callable[[], Awaitable[object]]) -> None:
    """On a busy machine the first handshake may take longer than the service waits."""
    for _ in range(20):
        try:
            await ask()
            return
        except redis.exceptions.TimeoutError:
            await asyncio.sleep(0.5)
    raise AssertionError("no handshake in time")


def test_redis_is_used_over_tls_with_rights_for_its_keys_alone(secure: dict[str, str]) -> None:
    async def use() -> None:
        store = RedisStore(secure["REDIS_URL"], 60)
        await until_in_time(lambda: store.put({"a": {"followers_count": 7}}))
        assert await store.get(["a", "b"]) == {"a": {"followers_count": 7}}
        await store.close()

    asyncio.run(use())
    with redis.from_url(secure["REDIS_URL"]) as client, pytest.raises(redis.exceptions.NoPermissionError):
        client.flushall()


def test_redis_without_its_authority_is_not_believed(secure: dict[str, str]) -> None:
    async def use() -> None:
        store = RedisStore(secure["REDIS_URL"].split("?")[0], 60)
        with pytest.raises(redis.exceptions.ConnectionError, match="certificate verify failed"):
            await until_in_time(lambda: store.get(["a"]))
        await store.close()

    asyncio.run(use())


def test_secrets_are_read_from_files_and_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from-a-file\n")
    env = {**KEYS, "CASSANDRA_PASSWORD_FILE": str(file), "TRINO_TOKEN_FILE": str(file), "REDIS_URL_FILE": str(file)}
    settings = read_settings({**env, "TRINO_URL": "https://trino:8443"})
    assert (settings.cassandra_password, settings.trino_token, settings.redis_url) == ("from-a-file",) * 3
    assert "from-a-file" not in repr(settings)


@pytest.mark.parametrize("name", ["TRINO_PASSWORD", "TRINO_TOKEN"])
def test_trino_gets_no_secret_in_the_clear(name: str) -> None:
    with pytest.raises(SettingError, match="https"):
        read_settings({**KEYS, "TRINO_URL": "http://trino:8080", name: "a-secret"})
