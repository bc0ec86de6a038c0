"""Rows as they came, as the columns that model.json names. No features are computed: types are read, that is all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

_DAY = 86_400.0
_WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class BadValue(ValueError):
    """A value that is not of the type that model.json names."""

    def __init__(self, row: int, column: str, value: Any, expected: str) -> None:
        super().__init__(f"{column}={str(value)[:40]!r}: expected {expected}, or null where it is unknown")
        self.row = row


def columns_of(inputs: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """A list per input, missing values as None or NaN. Raises BadValue."""
    return {
        name: [_value(kind, row.get(name), at, name) for at, row in enumerate(rows)] for name, kind in inputs.items()
    }


def unknown_column(known: set[str], row: Mapping[str, Any]) -> str | None:
    """What is wrong with the names of a row, in words."""
    for name in row:
        if name not in known:
            near = get_close_matches(name, known, 1)
            return f"no model reads {name[:60]!r}" + (f", do you mean {near[0]!r}?" if near else "")
    return None


def _value(kind: str, value: Any, row: int, column: str) -> Any:
    if kind == "string":
        if value is None or isinstance(value, str):
            return value
        raise BadValue(row, column, value, "a text")
    if value is None:
        return math.nan
    if kind == "timestamp" and isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.removesuffix(" UTC"))
        except ValueError:
            raise BadValue(row, column, value, "a time as in ISO 8601, or days since 1970-01-01 UTC") from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() / _DAY
    if isinstance(value, str) and value in _WORDS:
        return _WORDS[value]
    if isinstance(value, bool) and kind != "boolean":
        raise BadValue(row, column, value, "a number")
    if isinstance(value, int | float):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    raise BadValue(row, column, value, "true or false" if kind == "boolean" else "a number")
