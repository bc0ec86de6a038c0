"""Schemathesis sends what the OpenAPI document allows, and what it does not."""

import os

import pytest
import schemathesis
from conftest import HEADERS, Service
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS


@pytest.fixture
def document(service: Service) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{service.url}/openapi.json")


schema = schemathesis.pytest.from_fixture("document")
# Which columns and KOLs there are is known by the models and stores, not by the document: a body of the right form
# may name none of them.
EXCLUDED = [check for check in CHECKS.get_all() if check.__name__ in ("positive_data_acceptance",)]


@schema.parametrize()
@settings(
    max_examples=int(os.environ.get("KOL_API_EXAMPLES", "60")),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_document(case: schemathesis.Case) -> None:
    case.call_and_validate(headers=HEADERS, excluded_checks=EXCLUDED)


def test_names_every_path(service: Service) -> None:
    paths = service.client.get("/openapi.json").json()["paths"]
    assert set(paths) == {"/healthz", "/metrics", "/kol/score", "/forecast/predict"}
    for path in ("/kol/score", "/forecast/predict"):
        assert set(paths[path]["post"]["responses"]) >= {"200", "400", "401", "404", "413", "422", "429", "503"}
