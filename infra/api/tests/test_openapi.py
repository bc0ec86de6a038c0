"""Schemathesis sends what the OpenAPI document allows, and what it does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import KEY, Service


def test_document(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    command = [
        str(Path(sys.executable).parent / "st"),
        *("run", f"{service.url}/openapi.json", "--header", f"X-API-Key: {KEY}", "--seed", "1", "--no-color"),
        *("--max-examples", os.environ.get("KOL_API_EXAMPLES", "50"), "--suppress-health-check", "all"),
        # Which columns and KOLs there are is known by models and stores, not by the document: a body of the right form
        # may name none of them.
        *("--exclude-checks", "positive_data_acceptance"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    with capsys.disabled():
        print("\n" + done.stdout[-1500:])
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]


def test_names_every_path(service: Service) -> None:
    paths = service.client.get("/openapi.json").json()["paths"]
    assert set(paths) == {"/healthz", "/metrics", "/kol/score", "/forecast/predict"}
    for path in ("/kol/score", "/forecast/predict"):
        assert set(paths[path]["post"]["responses"]) >= {"200", "400", "401", "404", "413", "422", "429", "503"}
