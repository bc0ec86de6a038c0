"""POST /kol/score: rows from the request or the stores, through both champions, into one answer each."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import HTTPException

from . import scoring
from .champions import Champions, Served
from .lookup import Found, Lookup
from .raw_columns import BadValue, columns_of, unknown_column
from .schemas import Kol, Score, ScoreResponse

log = logging.getLogger("kol_api")
_background: set[asyncio.Task[None]] = set()
_MAX_SHADOWS = 4


async def score_kols(
    kols: Sequence[Kol], champions: Champions, lookup: Lookup, trust_threshold: float
) -> ScoreResponse:
    """Raises HTTPException: 404 where nobody knows any of the KOLs, 422 for values of a request that cannot be used,
    503 where there is no champion, or none of the KOLs can be looked up."""
    served = {name: each for name, each in champions.served.items() if name in scoring.OUTPUTS and each.champion}
    if not served:
        raise HTTPException(503, "no champion is loaded yet", {"Retry-After": "5"})
    _check_names(kols, served, everything_is_there=not _missing_models(champions))
    found = await lookup.find(list({kol.kol_id for kol in kols if kol.features is None}))
    scores = [_blank(kol, found) for kol in kols]
    _answer_none(scores, found)
    rows = [kol.features if kol.features is not None else found.rows.get(kol.kol_id, {}) for kol in kols]
    revenue = [math.nan] * len(kols)
    for name, versions in served.items():
        await _score_one_model(name, versions, kols, rows, scores, revenue)
    for score, row, amount in zip(scores, rows, revenue, strict=True):
        if score.status == "scored":
            codes = row.get("reason_codes")
            scoring.fuse(score, amount, trust_threshold, codes.split(",") if isinstance(codes, str) else [])
    return ScoreResponse(scores=scores, degraded=sorted({*found.down, *_missing_models(champions)}))


def _check_names(kols: Sequence[Kol], served: Mapping[str, Served], *, everything_is_there: bool) -> None:
    """Columns that no model reads are typing errors, unless they are for a model that is not there at the moment; a
    row that is whole for no model is of no use."""
    inputs = {name: set(each.champion.inputs) for name, each in served.items() if each.champion}
    known = set().union(*inputs.values()) | {"reason_codes"}
    for at, kol in enumerate(kols):
        if kol.features is None:
            continue
        if everything_is_there and (wrong := unknown_column(known, kol.features)) is not None:
            raise HTTPException(422, f"kols.{at}.features: {wrong}")
        missing = {name: columns - kol.features.keys() for name, columns in inputs.items()}
        if all(missing.values()):
            name, columns = min(missing.items(), key=lambda item: len(item[1]))
            listed = ", ".join(sorted(columns)[:10])
            raise HTTPException(422, f"kols.{at}.features: {name} lacks {listed}; send null for what is unknown")


def _blank(kol: Kol, found: Found) -> Score:
    if kol.features is not None:
        return Score(kol_id=kol.kol_id, status="scored", features_from="request")
    if kol.kol_id in found.rows:
        source: Any = found.source[kol.kol_id]
        return Score(kol_id=kol.kol_id, status="scored", features_from=source)
    # Redis only repeats what others know.
    is_down = any(store != "redis" for store in found.down)
    return Score(kol_id=kol.kol_id, status="unavailable" if is_down else "unknown_kol")


def _answer_none(scores: Sequence[Score], found: Found) -> None:
    states = {score.status for score in scores}
    if "scored" in states:
        return
    if "unavailable" in states:
        raise HTTPException(503, f"features cannot be looked up: {', '.join(found.down)} down", {"Retry-After": "5"})
    raise HTTPException(404, "no store knows any of these KOLs; send their features")


async def _score_one_model(
    name: str,
    served: Served,
    kols: Sequence[Kol],
    rows: Sequence[Mapping[str, Any]],
    scores: Sequence[Score],
    revenue: list[float],
) -> None:
    assert served.champion is not None
    columns = served.champion.inputs.keys()
    at = []
    for i, score in enumerate(scores):
        if score.status != "scored":
            continue
        lacking = [column for column in columns if column not in rows[i]]
        if lacking:
            score.not_scored[name] = f"{len(lacking)} of {len(columns)} columns missing: {', '.join(lacking[:3])}"
            continue
        try:
            columns_of(served.champion.inputs, [rows[i]])
            at.append(i)
        except BadValue as bad:
            if kols[i].features is not None:
                raise HTTPException(422, f"kols.{i}.features: {bad}") from None
            score.status, score.not_scored[name] = "unusable", str(bad)
    if not at:
        return
    ids = [kols[i].kol_id for i in at]
    picked = [rows[i] for i in at]
    answers, versions = await scoring.score_with(served, ids, picked)
    for k, i in enumerate(at):
        scoring.put_answers(scores[i], name, answers, k, versions[k])
        if "expected_revenue" in answers:
            revenue[i] = answers["expected_revenue"][k]
    # A shadow must never slow the answers down: under load it is left out.
    if served.shadow is not None and len(_background) < _MAX_SHADOWS:
        task = asyncio.create_task(_shadow(served, picked, answers))
        _background.add(task)
        task.add_done_callback(_background.discard)


async def _shadow(served: Served, rows: Sequence[Mapping[str, Any]], answers: scoring.Answers) -> None:
    try:
        await scoring.shadow(served, rows, answers)
    except Exception as error:
        log.warning("shadow: %r", error)


def _missing_models(champions: Champions) -> list[str]:
    names = [name for name, each in champions.served.items() if each.champion is None]
    return [f"{name} has no champion" for name in names if name in scoring.OUTPUTS]
