"""Every release's golden batches, through ONNX Runtime for Python and through HTTP."""

import math
from pathlib import Path
from typing import Any

import pytest
from conftest import MODELS, RELEASES, Service, golden

from kol_api.champion import LIMIT, load_champion
from kol_api.contract import largest_difference
from kol_api.scoring import OUTPUTS

names = sorted(path.parent.name for path in RELEASES.glob("*/contract.jsonl"))


def test_there_are_releases() -> None:
    assert set(names) >= {*MODELS, "kol-sentiment"}


@pytest.mark.parametrize("name", names)
def test_golden_batches(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder: Path = RELEASES / name
    champion = load_champion(folder, name=name, version="1", sha256=None, canary_share=0, outputs=())
    batches = golden(name)
    rows = sum(len(next(iter(batch.inputs.values()))) for batch in batches)
    assert rows > 90
    difference = largest_difference(champion.run, batches)
    with capsys.disabled():
        print(f"\n{name}: {rows} golden rows in {len(batches)} batches, max difference in Python {difference:.3g}")
    assert difference <= LIMIT
    assert champion.difference == difference


@pytest.mark.parametrize("name", ["kol-trust", "kol-success"])
def test_golden_rows_over_http(service: Service, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """All that JSON can carry: no infinities, no lone surrogates."""
    worst, n = 0.0, 0
    for batch in golden(name):
        columns = {column: values for column, values in batch.inputs.items()}
        size = len(next(iter(columns.values())))
        rows = [{column: values[i] for column, values in columns.items()} for i in range(size)]
        sent = [i for i, row in enumerate(rows) if all(_can_be_sent(value) for value in row.values())]
        if not sent:
            continue
        answer = service.score(*({"kol_id": f"k{i}", "features": rows[i]} for i in sent))
        assert answer.status_code == 200, answer.text
        for i, score in zip(sent, answer.json()["scores"], strict=True):
            for output in OUTPUTS[name]:
                if output not in score:
                    continue
                expected = batch.outputs[output][i]
                worst = max(worst, abs(score[output] - expected) / max(1, abs(expected)))
                n += 1
    with capsys.disabled():
        print(f"\n{name}: {n} answers over HTTP, max difference {worst:.3g}")
    assert n > 250
    assert worst <= LIMIT


def test_golden_forecasts_over_http(service: Service) -> None:
    worst, n = 0.0, 0
    for batch in golden("kol-forecast-views"):
        series: list[dict[str, Any]] = []
        at = []
        for i, (history, kol, start) in enumerate(zip(*batch.inputs.values(), strict=True)):
            days = [None if value is None or math.isnan(value) else value for value in history]
            if not kol or not _can_be_sent(kol) or len(kol) > 200 or any(d is not None and math.isinf(d) for d in days):
                continue
            series.append({"kol_id": kol, "history": days, "start": start})
            at.append(i)
        if not series:
            continue
        answer = service.client.post("/forecast/predict", json={"metric": "views", "series": series})
        assert answer.status_code == 200, answer.text
        for i, forecast in zip(at, answer.json()["forecasts"], strict=True):
            for output, expected in batch.outputs.items():
                for value, wanted in zip(forecast["values"][output], expected[i], strict=True):
                    worst = max(worst, abs(value - wanted) / max(1, abs(wanted)))
                    n += 1
    assert n > 5_000
    assert worst <= LIMIT


def _can_be_sent(value: Any) -> bool:
    if isinstance(value, float):
        return not math.isinf(value) and not math.isnan(value)
    if isinstance(value, str):
        return "\0" not in value and not any(0xD800 <= ord(character) < 0xE000 for character in value)
    return True
