"""Registers a release in MLflow as `kol sync` does; `register` is all that would have to call it instead."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx

API = "/api/2.0/mlflow"


def register(uri: str, name: str, release: Path | dict[str, bytes], tags: dict[str, str] | None = None) -> str:
    """The new version's number."""
    files = release if isinstance(release, dict) else {file.name: file.read_bytes() for file in release.iterdir()}
    with httpx.Client(base_url=uri, timeout=60) as client:

        def post(path: str, body: dict[str, object]) -> dict[str, object]:
            response = client.post(API + path, json=body)
            if response.status_code == 400 and "RESOURCE_ALREADY_EXISTS" in response.text:
                return {}
            return response.raise_for_status().json()

        experiment = post("/experiments/create", {"name": name}).get("experiment_id")
        if experiment is None:
            found = client.get(API + "/experiments/get-by-name", params={"experiment_name": name})
            experiment = found.raise_for_status().json()["experiment"]["experiment_id"]
        run = post("/runs/create", {"experiment_id": experiment, "start_time": 1})["run"]["info"]["run_id"]
        model = post("/logged-models", {"experiment_id": experiment, "name": name, "source_run_id": run})["model"][
            "info"
        ]
        folder = model["artifact_uri"].removeprefix("mlflow-artifacts:/")
        for file, content in files.items():
            put = client.put(f"/api/2.0/mlflow-artifacts/artifacts/{folder}/{file}", content=content)
            put.raise_for_status()
        ready = {"model_id": model["model_id"], "status": "LOGGED_MODEL_READY"}
        client.patch(f"{API}/logged-models/{model['model_id']}", json=ready).raise_for_status()
        post("/registered-models/create", {"name": name})
        hashes = {f"sha256.{file}": hashlib.sha256(content).hexdigest() for file, content in files.items()}
        body = {
            "name": name,
            "source": f"models:/{model['model_id']}",
            "run_id": run,
            "model_id": model["model_id"],
            "tags": [{"key": key, "value": value} for key, value in {**hashes, **(tags or {})}.items()],
        }
        return str(post("/model-versions/create", body)["model_version"]["version"])


def set_alias(uri: str, name: str, alias: str, version: str) -> None:
    body = {"name": name, "alias": alias, "version": version}
    httpx.post(f"{uri}{API}/registered-models/alias", json=body, timeout=30).raise_for_status()


def drop_alias(uri: str, name: str, alias: str) -> None:
    httpx.request("DELETE", f"{uri}{API}/registered-models/alias", json={"name": name, "alias": alias}, timeout=30)
