"""The golden file is the one that the TypeScript and Java suites read."""

import json

from conftest import ROOT

from kol_api.sanitize import sanitize_text

CASES = json.loads((ROOT / "test/golden/sanitize-text.json").read_text("utf-8"))


def test_golden_file() -> None:
    assert len(CASES) > 60
    wrong = [(given, sanitize_text(given), expected) for given, expected in CASES if sanitize_text(given) != expected]
    assert wrong == []


def test_changes_nothing_the_second_time() -> None:
    for given, _ in CASES:
        assert sanitize_text(sanitize_text(given)) == sanitize_text(given)
