"""Where raw columns of a KOL are looked up: Redis, then Cassandra, then Trino. Each may be down at any time."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
import redis.asyncio
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, Session
from cassandra.policies import ConstantReconnectionPolicy, RoundRobinPolicy

from .settings import Settings

Row = Mapping[str, Any]


class Store(Protocol):
    name: str

    async def get(self, ids: Sequence[str]) -> dict[str, Row]:
        """Rows of those that it knows; any exception means that it is down."""
        ...

    async def close(self) -> None: ...


class RedisStore:
    """A cache: it is also written to."""

    name = "redis"

    def __init__(self, url: str, seconds: int) -> None:
        # Encrypted connections take two more round trips and a key exchange; they are kept open.
        connect = 1.0 if url.startswith("rediss:") else 0.25
        self._client: redis.asyncio.Redis = redis.asyncio.from_url(
            url, socket_timeout=0.25, socket_connect_timeout=connect, max_connections=32, retry=None
        )
        self._seconds = seconds

    async def get(self, ids: Sequence[str]) -> dict[str, Row]:
        if self._seconds == 0:
            return {}
        values = await self._client.mget([_key(kol) for kol in ids])
        return {kol: json.loads(value) for kol, value in zip(ids, values, strict=True) if value is not None}

    async def put(self, rows: Mapping[str, Row]) -> None:
        if self._seconds == 0 or not rows:
            return
        async with self._client.pipeline(transaction=False) as pipe:
            for kol, row in rows.items():
                pipe.set(_key(kol), json.dumps(row), ex=self._seconds)
            await pipe.execute()

    async def close(self) -> None:
        await self._client.aclose()


@dataclass(frozen=True)
class CassandraNodes:
    """How Cassandra is reached: nodes as host:port separated by commas, and what they ask for."""

    contact_points: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None
    """Who signed the nodes' certificates; without it, connections are not encrypted."""


class CassandraStore:
    """kol_metrics.kol_features: raw columns as a JSON object."""

    name = "cassandra"
    _QUERY = "SELECT kol_id, features FROM kol_metrics.kol_features WHERE kol_id = ?"

    def __init__(self, nodes: CassandraNodes) -> None:
        self._nodes = nodes
        self._cluster: Cluster | None = None
        self._session: Session | None = None
        self._connecting = asyncio.Lock()

    async def get(self, ids: Sequence[str]) -> dict[str, Row]:
        async with self._connecting:
            if self._session is None:
                await asyncio.to_thread(self._connect)
        found = await asyncio.gather(*(self._one(kol) for kol in ids))
        return {kol: row for kol, row in zip(ids, found, strict=True) if row is not None}

    async def _one(self, kol: str) -> Row | None:
        assert self._session is not None
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[Any]] = loop.create_future()

        def settle(done: Any, value: Any) -> None:
            if not answer.done():
                done(value)

        future = self._session.execute_async(self._statement, (kol,))
        future.add_callbacks(
            lambda rows: loop.call_soon_threadsafe(settle, answer.set_result, list(rows or ())),
            lambda error: loop.call_soon_threadsafe(settle, answer.set_exception, error),
        )
        rows = await answer
        return json.loads(rows[0].features) if rows else None

    def _connect(self) -> None:
        cluster, session = connect_cassandra(self._nodes, 1.0)
        try:
            self._statement = session.prepare(self._QUERY)
        except BaseException:
            cluster.shutdown()
            raise
        self._cluster, self._session = cluster, session

    async def close(self) -> None:
        if self._cluster is not None:
            await asyncio.to_thread(self._cluster.shutdown)


def connect_cassandra(nodes: CassandraNodes, request_timeout: float) -> tuple[Cluster, Session]:
    """A session; its cluster is to be shut down."""
    hosts = [point.rpartition(":") for point in nodes.contact_points.split(",")]
    # Nodes are found by their addresses, so the certificate must name those.
    tls = ssl.create_default_context(cafile=str(nodes.ca)) if nodes.ca else None
    profile = ExecutionProfile(load_balancing_policy=RoundRobinPolicy(), request_timeout=request_timeout)
    cluster = Cluster(
        [host for host, _, _ in hosts],
        port=int(hosts[0][2]),
        connect_timeout=2,
        control_connection_timeout=2,
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
        reconnection_policy=ConstantReconnectionPolicy(2.0, max_attempts=None),
        protocol_version=4,
        auth_provider=PlainTextAuthProvider(nodes.user, nodes.password) if nodes.user else None,
        ssl_context=tls,
        ssl_options={"server_hostname": hosts[0][0]} if tls else None,
    )
    try:
        return cluster, cluster.connect()
    except BaseException:
        cluster.shutdown()
        raise


class TrinoStore:
    """kol_gold.kol_features: a row per KOL and moment of scoring, a column per raw column; the newest moment counts."""

    name = "trino"

    def __init__(
        self,
        url: str,
        user: str,
        table: str,
        password: str | None = None,
        token: str | None = None,
        ca: Path | None = None,
    ) -> None:
        if not re.fullmatch(r"\w+(\.\w+){0,2}", table):
            raise ValueError(f"KOL_API_FEATURE_TABLE={table} is no name of a table")
        self._table = table
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={
                "X-Trino-User": user,
                "X-Trino-Source": "kol-api",
                "X-Trino-Time-Zone": "UTC",
                "X-Trino-Client-Capabilities": "PARAMETRIC_DATETIME",
                **({"Authorization": f"Bearer {token}"} if token else {}),
            },
            auth=(user, password) if password and not token else None,
            verify=ssl.create_default_context(cafile=str(ca)) if ca else True,
            timeout=httpx.Timeout(10, connect=2),
        )

    async def get(self, ids: Sequence[str]) -> dict[str, Row]:
        literals = ", ".join("'" + kol.replace("'", "''") + "'" for kol in ids)
        async with asyncio.timeout(10):
            return {str(row["kol_id"]): row async for page in self.newest(f"kol_id IN ({literals})") for row in page}

    async def newest(self, condition: str = "true") -> AsyncIterator[list[Row]]:
        """Rows of the newest moment that fulfil a condition, page by page."""
        newest = f"SELECT max(scored_at) FROM {self._table}"
        sql = f"SELECT * FROM {self._table} WHERE scored_at = ({newest}) AND {condition}"
        page = (await self._client.post("/v1/statement", content=sql.encode())).raise_for_status().json()
        while True:
            if "error" in page:
                raise RuntimeError(str(page["error"].get("message"))[:200])
            if page.get("data"):
                names = [column["name"] for column in page["columns"]]
                yield [dict(zip(names, row, strict=True)) for row in page["data"]]
            if "nextUri" not in page:
                break
            page = (await self._client.get(page["nextUri"])).raise_for_status().json()

    async def close(self) -> None:
        await self._client.aclose()


def _key(kol: str) -> str:
    return f"kol:features:{kol}"


def cassandra_nodes(settings: Settings) -> CassandraNodes | None:
    """None where no node is named."""
    if not settings.cassandra:
        return None
    return CassandraNodes(
        settings.cassandra, settings.cassandra_user, settings.cassandra_password, settings.cassandra_ca
    )


def trino_store(settings: Settings) -> TrinoStore | None:
    """None where no server is named."""
    if not settings.trino_url:
        return None
    login = (settings.trino_password, settings.trino_token, settings.trino_ca)
    return TrinoStore(settings.trino_url, settings.trino_user, settings.feature_table, *login)
