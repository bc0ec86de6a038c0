"""From rows to answers: which version scores a KOL, and what trust and success say together."""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import metrics
from .champion import Champion
from .champions import Served
from .raw_columns import columns_of
from .schemas import Score

TRUST, SUCCESS = "kol-trust", "kol-success"
OUTPUTS: dict[str, tuple[str, ...]] = {
    TRUST: ("trust_score", "trust_probability"),
    SUCCESS: ("success_score", "success_probability", "expected_revenue"),
}
"""What the service needs of each model."""
_INLINE_ROWS = 8
"""Batches up to this are scored on the event loop: a thread would cost more than it frees."""

Answers = dict[str, list[float]]


def versions_for(served: Served, ids: Sequence[str]) -> list[tuple[Champion, list[int]]]:
    """Which version scores which rows: the canary its share of the KOLs, always the same ones."""
    canary, champion = served.canary, served.champion
    if champion is None:
        return []
    if canary is None or canary.canary_share == 0:
        return [(champion, list(range(len(ids))))]
    to_canary = [_place(kol) < canary.canary_share for kol in ids]
    parts = [(champion, [i for i, is_canary in enumerate(to_canary) if not is_canary])]
    parts.append((canary, [i for i, is_canary in enumerate(to_canary) if is_canary]))
    return [(version, rows) for version, rows in parts if rows]


def _place(kol: str) -> float:
    return int.from_bytes(hashlib.sha256(kol.encode("utf-8", "replace")).digest()[:4], "big") / 2**32


async def run(champion: Champion, columns: Mapping[str, Sequence[Any]], n_rows: int) -> Mapping[str, Any]:
    if n_rows <= _INLINE_ROWS:
        return champion.run(columns)
    return await asyncio.to_thread(champion.run, columns)


async def score_with(
    served: Served, ids: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, list[float]], list[str]]:
    """Outputs of one model for some rows, and the version of each. Raises BadValue."""
    name = served.champion.name if served.champion else ""
    answers = {output: [math.nan] * len(ids) for output in OUTPUTS[name]}
    versions = [""] * len(ids)
    for champion, at in versions_for(served, ids):
        outputs = await run(champion, columns_of(champion.inputs, [rows[i] for i in at]), len(at))
        for output, values in answers.items():
            for i, value in zip(at, outputs[output].tolist(), strict=True):
                values[i] = value
        for i in at:
            versions[i] = champion.version
        metrics.rows.labels(name, "canary" if champion is served.canary else "champion").inc(len(at))
    return answers, versions


async def shadow(served: Served, rows: Sequence[Mapping[str, Any]], answers: Answers) -> None:
    """Scores with the shadow as well; nobody sees more of it than how far it is off."""
    if served.shadow is None:
        return
    output = OUTPUTS[served.shadow.name][0]
    outputs = await asyncio.to_thread(served.shadow.run, columns_of(served.shadow.inputs, rows))
    difference = np.abs(outputs[output] - np.asarray(answers[output]))
    metrics.rows.labels(served.shadow.name, "shadow").inc(len(rows))
    metrics.shadow_difference.labels(served.shadow.name).observe(float(np.nanmax(difference, initial=0)))


def put_answers(score: Score, model: str, answers: Answers, row: int, version: str) -> None:
    """What one model says of one row."""
    score.model_versions[model] = version
    for output in OUTPUTS[model]:
        if output != "expected_revenue":
            setattr(score, output, finite(answers[output][row]))


def fuse(score: Score, revenue: float, trust_threshold: float, reasons: Sequence[str]) -> None:
    """Expected value and reason codes, by the rule of the training (src/ensemble/fuse.ts)."""
    trust = score.trust_probability
    if trust is not None and math.isfinite(revenue):
        score.expected_value = 0.0 if trust < trust_threshold else revenue * trust
    others = [code for code in reasons if code and code != "LOW_TRUST"]
    is_low = trust is not None and trust < trust_threshold
    score.reason_codes = (["LOW_TRUST"] if is_low else []) + others


def finite(value: float) -> float | None:
    """JSON has no other numbers."""
    return value if math.isfinite(value) else None
