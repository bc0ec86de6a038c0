"""python -m kol_api.copy_features: the newest batch of kol_gold.kol_features, from Trino into Cassandra.

To be run after each nightly scoring. Again changes nothing, and an older batch never covers a newer one: rows carry the
moment of scoring as their time of writing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cassandra import DriverException
from cassandra.cluster import NoHostAvailable
from cassandra.concurrent import execute_concurrent_with_args

from .settings import SettingError, read_settings
from .stores import CassandraNodes, TrinoStore, cassandra_nodes, connect_cassandra, trino_store

_INSERT = (
    "INSERT INTO kol_metrics.kol_features (kol_id, computed_at, features) VALUES (?, ?, ?) USING TIMESTAMP ? AND TTL ?"
)
_DAY = 86_400


class CopyError(Exception):
    """What went wrong, in words; rows written before it stay, and the next run writes all of them again."""


async def copy_features(trino: TrinoStore, nodes: CassandraNodes, keep_seconds: int) -> int:
    """The number of KOLs that were written. Raises CopyError."""
    try:
        cluster, session = await asyncio.to_thread(connect_cassandra, nodes, 10.0)
    except (NoHostAvailable, DriverException, OSError) as error:
        raise CopyError(f"Cassandra at {nodes.contact_points} cannot be reached: {error}") from error
    n_rows = 0
    try:
        insert = session.prepare(_INSERT)
        async for page in trino.newest():
            rows = [_values(row, keep_seconds) for row in page]
            await asyncio.to_thread(execute_concurrent_with_args, session, insert, rows, concurrency=64)
            n_rows += len(rows)
    except (NoHostAvailable, DriverException) as error:
        raise CopyError(f"Cassandra failed after {n_rows} KOLs: {error}") from error
    except Exception as error:
        raise CopyError(f"Trino failed after {n_rows} KOLs: {error!r}") from error
    finally:
        await asyncio.to_thread(cluster.shutdown)
        await trino.close()
    return n_rows


def _values(row: Mapping[str, Any], keep_seconds: int) -> tuple[Any, ...]:
    scored_at = datetime.fromisoformat(str(row["scored_at"]).removesuffix(" UTC"))
    scored_at = scored_at if scored_at.tzinfo else scored_at.replace(tzinfo=UTC)
    features = {name: value for name, value in row.items() if name not in ("kol_id", "scored_at")}
    micros = int(scored_at.timestamp() * 1_000_000)
    return row["kol_id"], scored_at, json.dumps(features), micros, keep_seconds


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m kol_api.copy_features", description=__doc__)
    options.add_argument(
        "--keep-days", type=int, default=7, help="days after which a KOL that is not written again is forgotten (7)"
    )
    keep_days = options.parse_args().keep_days
    try:
        settings = read_settings(serves=False)
        nodes, trino = cassandra_nodes(settings), trino_store(settings)
        if not 1 <= keep_days <= 3650:
            raise SettingError(f"--keep-days {keep_days} must be from 1 to 3650")
        if trino is None:
            raise SettingError("TRINO_URL is not set")
        if nodes is None:
            raise SettingError("CASSANDRA_CONTACT_POINTS is not set")
        n_rows = asyncio.run(copy_features(trino, nodes, keep_days * _DAY))
    except ValueError as error:
        print(f"copy_features: {error}", file=sys.stderr)
        return 2
    except CopyError as error:
        print(f"copy_features: {error}", file=sys.stderr)
        return 5
    print(f"{n_rows} KOLs of {settings.feature_table} written to kol_metrics.kol_features")
    return 0


if __name__ == "__main__":
    sys.exit(main())
