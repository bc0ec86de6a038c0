"""Golden batches of a release, contract.jsonl: a batch a line, raw inputs and the answers every consumer must get."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

Run = Callable[[Mapping[str, Sequence[Any]]], Mapping[str, np.ndarray[Any, Any]]]


class Batch(NamedTuple):
    case: str
    inputs: dict[str, list[Any]]
    outputs: dict[str, list[Any]]


def read_contract(text: str) -> list[Batch]:
    # Not splitlines(): texts may hold U+2028.
    lines = [json.loads(line) for line in text.split("\n") if line]
    return [
        Batch(
            line["case"],
            {name: _column(values) for name, values in line["inputs"].items()},
            {name: _column(values) for name, values in line["outputs"].items()},
        )
        for line in lines
    ]


def largest_difference(run: Run, batches: Iterable[Batch]) -> float:
    """Absolute up to 1, relative to the expected value above; infinite where only one side has a number."""
    worst = 0.0
    for batch in batches:
        answers = run(batch.inputs)
        for name, values in batch.outputs.items():
            expected = np.asarray(values, dtype=np.float64)
            actual = answers[name].astype(np.float64)
            with np.errstate(invalid="ignore"):
                difference = np.abs(actual - expected) / np.maximum(1.0, np.abs(expected))
            same = (actual == expected) | (np.isnan(actual) & np.isnan(expected))
            difference = np.where(same, 0.0, np.where(np.isnan(difference), np.inf, difference))
            worst = max(worst, float(difference.max(initial=0.0)))
    return worst


_WORDS = {"Infinity": np.inf, "-Infinity": -np.inf, "NaN": np.nan}


def _column(values: list[Any]) -> list[Any]:
    """Numbers with their words and nulls read; columns of texts as they are."""
    flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
    if any(isinstance(item, str) and item not in _WORDS for item in flat):
        return values

    def number(value: Any) -> Any:
        if isinstance(value, list):
            return [number(item) for item in value]
        return _WORDS.get(value, value) if isinstance(value, str) else value

    return [number(value) for value in values]
