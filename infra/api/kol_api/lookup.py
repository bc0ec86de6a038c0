"""Asks the stores one after the other for what is still missing, and leaves alone for a while those that are down."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import metrics
from .stores import RedisStore, Row, Store

PAUSE_SECONDS = 2.0
"""How long a store is left alone after it failed."""
log = logging.getLogger("kol_api")


@dataclass
class Found:
    rows: dict[str, Row] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    down: list[str] = field(default_factory=list)
    """Stores that were needed and gave no answer."""


class Lookup:
    def __init__(self, cache: RedisStore | None, stores: Sequence[Store]) -> None:
        self._cache = cache
        self._stores = stores
        self._paused: dict[str, float] = {}

    async def find(self, ids: Sequence[str]) -> Found:
        found = Found()
        for store in (*([self._cache] if self._cache else []), *self._stores):
            missing = [kol for kol in ids if kol not in found.rows]
            if not missing:
                break
            rows = await self._ask(store, missing, found)
            for kol, row in rows.items():
                found.rows[kol] = row
                found.source[kol] = "cache" if store is self._cache else store.name
        for source in found.source.values():
            metrics.feature_rows.labels(source).inc()
        await self._fill_cache(found)
        return found

    def health(self) -> dict[str, str]:
        """Which stores there are, and which are left alone at the moment."""
        names = [store.name for store in (*([self._cache] if self._cache else []), *self._stores)]
        return {name: "down" if self._paused.get(name, 0) > time.monotonic() else "ok" for name in names}

    async def close(self) -> None:
        for store in (*([self._cache] if self._cache else []), *self._stores):
            await store.close()

    async def _ask(self, store: Store, ids: Sequence[str], found: Found) -> dict[str, Row]:
        if self._paused.get(store.name, 0) > time.monotonic():
            found.down.append(store.name)
            return {}
        try:
            async with asyncio.timeout(12):
                return await store.get(ids)
        except Exception as error:
            self._pause(store.name, error)
            found.down.append(store.name)
            return {}

    async def _fill_cache(self, found: Found) -> None:
        if self._cache is None or self._cache.name in found.down:
            return
        try:
            new = {kol: row for kol, row in found.rows.items() if found.source[kol] != "cache"}
            await self._cache.put(new)
        except Exception as error:
            self._pause(self._cache.name, error)

    def _pause(self, name: str, error: Exception) -> None:
        metrics.store_errors.labels(name).inc()
        self._paused[name] = time.monotonic() + PAUSE_SECONDS
        log.warning("%s is down: %r", name, error)
