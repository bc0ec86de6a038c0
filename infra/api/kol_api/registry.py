"""MLflow's registry over REST: which version an alias names, and the files of that version."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import httpx

_API = "/api/2.0/mlflow"
FILES = ("model.json", "model.onnx", "contract.jsonl")


class RegistryDown(Exception):
    """The registry gives no answer that can be used."""


class Version(NamedTuple):
    name: str
    version: str
    sha256: str | None
    """Of model.onnx, where the registry knows it."""
    canary_share: float


class Registry:
    def __init__(self, uri: str, user: str | None = None, password: str | None = None) -> None:
        auth = httpx.BasicAuth(user, password or "") if user else None
        self._client = httpx.AsyncClient(base_url=uri, auth=auth, timeout=httpx.Timeout(20, connect=3))

    async def version(self, name: str, alias: str) -> Version | None:
        """The version that an alias names; None where there is no such model or alias. Raises RegistryDown."""
        response = await self._get(f"{_API}/registered-models/alias", {"name": name, "alias": alias})
        # MLflow answers 404 for a model and 400 for an alias that it does not know.
        if response.status_code in (400, 404):
            code = _error_code(response)
            if code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                return None
        if response.status_code != 200:
            raise RegistryDown(f"answers {response.status_code}: {response.text[:120]}")
        try:
            found = response.json()["model_version"]
            tags = {tag["key"]: tag["value"] for tag in found.get("tags", [])}
            share = float(tags.get("kol.canary_share", "0"))
            return Version(name, str(found["version"]), tags.get("sha256.model.onnx"), min(max(share, 0), 1))
        except (ValueError, KeyError, TypeError) as error:
            raise RegistryDown(f"answers something else: {error!r}") from error

    async def download(self, version: Version, folder: Path) -> None:
        """Fetches the files of a version through the server, wherever it keeps them. Raises RegistryDown."""
        for file in FILES:
            query = {"name": version.name, "version": version.version, "path": file}
            try:
                async with self._client.stream("GET", "/model-versions/get-artifact", params=query) as response:
                    # Releases from before there were golden batches have none.
                    if file == "contract.jsonl" and response.status_code in (404, 500):
                        continue
                    if response.status_code != 200:
                        raise RegistryDown(f"answers {response.status_code} for {file}")
                    with (folder / file).open("wb") as target:
                        async for chunk in response.aiter_bytes(2**16):
                            target.write(chunk)
            except httpx.HTTPError as error:
                raise RegistryDown(f"{file}: {error!r}") from error

    async def close(self) -> None:
        await self._client.aclose()

    async def _get(self, path: str, query: dict[str, str]) -> httpx.Response:
        try:
            return await self._client.get(path, params=query, timeout=5)
        except httpx.HTTPError as error:
            raise RegistryDown(repr(error)) from error


def _error_code(response: httpx.Response) -> str | None:
    try:
        return str(response.json()["error_code"])
    except (ValueError, KeyError, TypeError):
        return None
