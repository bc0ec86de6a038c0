"""A model as the registry has it: model.json says what goes in and comes out, and nothing else is known of it."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from .contract import largest_difference, read_contract
from .sanitize import sanitize_text

Columns = Mapping[str, Sequence[Any]]
LIMIT = 1e-5
"""Largest difference from the golden batches: absolute up to 1, relative above."""


class ModelRefused(Exception):
    """A model that must not be served, and why."""


@dataclass(frozen=True)
class Champion:
    """One version, ready to score. It never changes: another version is another object."""

    name: str
    version: str
    sha256: str
    card: Mapping[str, Any]
    canary_share: float
    difference: float
    """From the golden batches of the release; NaN where it has none."""
    loaded_at: float
    session: ort.InferenceSession = field(repr=False)

    @property
    def inputs(self) -> dict[str, str]:
        """Name and type of every raw column."""
        return {column["name"]: column["type"] for column in self.card["inputs"]}

    def run(self, columns: Columns) -> dict[str, np.ndarray[Any, Any]]:
        """Scores raw columns of equal length, at least one row: numbers (NaN or None where missing), texts as they
        came."""
        feeds = {each.name: _feed(columns[each.name], each.type) for each in self.session.get_inputs()}
        names = [output.name for output in self.session.get_outputs()]
        return dict(zip(names, self.session.run(names, feeds), strict=True))


def load_champion(
    folder: Path, *, name: str, version: str, sha256: str | None, canary_share: float, outputs: Sequence[str]
) -> Champion:
    """Opens what lies in a folder, once it was proven to be what was released.

    `sha256` is what the registry says of model.onnx; `outputs` are those that the service needs. Raises ModelRefused.
    """
    card = _read_card(folder / "model.json")
    graph = (folder / "model.onnx").read_bytes()
    actual = hashlib.sha256(graph).hexdigest()
    for where, expected in (
        ("the registry", sha256),
        ("model.json", card.get("sha256", {}).get("model.onnx")),
    ):
        if expected is not None and expected != actual:
            raise ModelRefused(f"model.onnx is not what {where} names: SHA-256 {actual}, expected {expected}")
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelRefused(f"ONNX Runtime refuses model.onnx: {str(error)[:200]}") from error
    _check_schema(card, session, outputs)
    champion = Champion(name, version, actual, card, canary_share, float("nan"), time.time(), session)
    contract = folder / "contract.jsonl"
    if not contract.exists():
        return champion
    try:
        difference = largest_difference(champion.run, read_contract(contract.read_text("utf-8")))
    except Exception as error:
        raise ModelRefused(f"the golden batches cannot be scored: {str(error)[:200]}") from error
    if not difference <= LIMIT:
        raise ModelRefused(f"differs by {difference:.3g} from its golden batches, at most {LIMIT} is allowed")
    return Champion(name, version, actual, card, canary_share, difference, champion.loaded_at, session)


def _read_card(path: Path) -> dict[str, Any]:
    try:
        card = json.loads(path.read_text("utf-8"))
        if not isinstance(card["inputs"], list) or not isinstance(card["outputs"], list):
            raise TypeError("inputs and outputs must be lists")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelRefused(f"model.json cannot be read: {error!r}") from error
    return dict(card)


def _check_schema(card: Mapping[str, Any], session: ort.InferenceSession, outputs: Sequence[str]) -> None:
    wanted = {column["name"]: column["type"] == "string" for column in card["inputs"]}
    found = {each.name: each.type == "tensor(string)" for each in session.get_inputs()}
    if wanted != found:
        odd = sorted(set(wanted.items()) ^ set(found.items()))[0][0]
        raise ModelRefused(f"model.json and model.onnx do not agree on the input {odd}")
    there = {each.name for each in session.get_outputs()}
    missing = [name for name in outputs if name not in there]
    if missing:
        raise ModelRefused(f"another schema: the output {missing[0]} is missing, there are {sorted(there)}")


def _feed(values: Sequence[Any], kind: str) -> np.ndarray[Any, Any]:
    if kind == "tensor(string)":
        # Anything but an object array of str is silently changed on the way into the runtime.
        texts = np.empty(len(values), dtype=object)
        texts[:] = [sanitize_text(value) for value in values]
        return texts
    if kind == "tensor(int64)":
        return np.asarray(values, dtype=np.int64)
    with np.errstate(over="ignore"):
        return np.asarray(values, dtype=np.float64).astype(np.float32)
