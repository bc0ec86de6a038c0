"""What GET /healthz says."""

from __future__ import annotations

import math
import time

from .champions import ALIASES, Champions
from .lookup import Lookup
from .schemas import Health, ModelHealth


def of(champions: Champions, lookup: Lookup) -> Health:
    now = time.time()
    models = {
        name: {
            alias: ModelHealth(
                version=each.version,
                sha256=each.sha256,
                age_seconds=round(now - each.loaded_at, 3),
                canary_share=each.canary_share,
                golden_difference=None if math.isnan(each.difference) else each.difference,
            )
            for alias in ALIASES
            if (each := getattr(served, alias)) is not None
        }
        for name, served in champions.served.items()
    }
    has_champion = [served.champion is not None for served in champions.served.values()]
    stores = lookup.health()
    if champions.registry is None:
        registry = "none configured"
    elif champions.registry_error is not None:
        registry = f"down: {champions.registry_error}"
    else:
        registry = "ok" if champions.polled_at else "not asked yet"
    is_whole = all(has_champion) and registry in ("ok", "none configured") and not champions.refused
    is_whole = is_whole and all(state == "ok" for state in stores.values())
    return Health(
        status="ok" if is_whole else "degraded" if any(has_champion) else "unavailable",
        models=models,
        refused={name: f"version {each.version}: {each.reason}" for name, each in champions.refused.items()},
        registry=registry,
        stores=stores,
    )
