"""What is served right now: polled, proven, swapped as a whole, kept on disk for the day the registry is down."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import metrics
from .champion import Champion, ModelRefused, load_champion
from .registry import Registry, RegistryDown, Version

ALIASES = ("champion", "canary", "shadow")
log = logging.getLogger("kol_api")


@dataclass(frozen=True)
class Served:
    """The versions of one model at one moment. A request takes it once and stays with it."""

    champion: Champion | None = None
    canary: Champion | None = None
    shadow: Champion | None = None


@dataclass
class Refusal:
    version: str
    reason: str
    at: float


@dataclass
class Champions:
    """Needs `outputs` of every model by name."""

    registry: Registry | None
    state: Path
    outputs: Mapping[str, Sequence[str]]
    poll_seconds: float = 30.0
    served: dict[str, Served] = field(default_factory=dict)
    refused: dict[str, Refusal] = field(default_factory=dict)
    registry_error: str | None = None
    polled_at: float | None = None

    def __post_init__(self) -> None:
        self.served = {name: Served() for name in self.outputs}

    def load_kept(self) -> None:
        """Takes up what an earlier process served."""
        for name in self.outputs:
            for alias in ALIASES:
                pointer = self.state / name / f"{alias}.json"
                try:
                    kept = json.loads(pointer.read_text("utf-8"))
                    folder = self.state / name / str(kept["folder"])
                    version = Version(name, kept["version"], kept["sha256"], kept["canary_share"])
                    self._swap(alias, self._load(folder, version))
                except FileNotFoundError:
                    continue
                except (OSError, ValueError, KeyError, TypeError, ModelRefused) as error:
                    log.warning("%s@%s on disk cannot be used: %s", name, alias, error)

    async def poll_for_ever(self) -> None:
        while True:
            await self.poll()
            await asyncio.sleep(self.poll_seconds)

    async def poll(self) -> None:
        """Asks for every alias once. What cannot be had or must not be served changes nothing."""
        if self.registry is None:
            return
        error = None
        for name, alias in itertools.product(self.outputs, ALIASES):
            try:
                await self._refresh(self.registry, name, alias)
            except RegistryDown as down:
                # The others would only wait for the same.
                error = str(down)
                break
            except Exception as failure:
                log.exception("%s@%s", name, alias)
                error = repr(failure)
        self.registry_error = error
        if error is None:
            self.polled_at = time.time()
        metrics.registry_up.set(error is None)

    async def _refresh(self, registry: Registry, name: str, alias: str) -> None:
        version = await registry.version(name, alias)
        current: Champion | None = getattr(self.served[name], alias)
        if version is None:
            self.refused.pop(f"{name}@{alias}", None)
            # A champion that was taken away leaves the last one in place: somebody has to answer.
            if alias != "champion" and current is not None:
                (self.state / name / f"{alias}.json").unlink(missing_ok=True)
                self._set(name, alias, None)
            return
        wanted = (version.version, version.canary_share)
        before = self.refused.get(f"{name}@{alias}")
        if current is not None and (current.version, current.canary_share) == wanted:
            self.refused.pop(f"{name}@{alias}", None)
            return
        if before and before.version == version.version and time.time() - before.at < 20 * self.poll_seconds:
            return
        try:
            folder = await self._fetch(registry, version)
            champion = await asyncio.to_thread(self._load, folder, version)
        except ModelRefused as refusal:
            self.refused[f"{name}@{alias}"] = Refusal(version.version, str(refusal), time.time())
            metrics.refused_models.labels(name).inc()
            log.error("%s@%s version %s is refused: %s", name, alias, version.version, refusal)
            return
        self.refused.pop(f"{name}@{alias}", None)
        self._keep(alias, folder, version)
        self._swap(alias, champion)
        self._remove_unused(name)

    async def _fetch(self, registry: Registry, version: Version) -> Path:
        """A folder with the files of a version, which takes its place only when it is whole."""
        parent = self.state / version.name
        parent.mkdir(parents=True, exist_ok=True)
        folder = parent / f"version-{version.version}"
        # A version never changes, but what was fetched may have been refused: then it is fetched again.
        scratch = Path(tempfile.mkdtemp(prefix="fetch-", dir=parent))
        try:
            await registry.download(version, scratch)
            if folder.exists():
                shutil.rmtree(folder)
            os.rename(scratch, folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return folder

    def _load(self, folder: Path, version: Version) -> Champion:
        return load_champion(
            folder,
            name=version.name,
            version=version.version,
            sha256=version.sha256,
            canary_share=version.canary_share,
            outputs=self.outputs[version.name],
        )

    def _keep(self, alias: str, folder: Path, version: Version) -> None:
        pointer = folder.parent / f"{alias}.json"
        kept = {**version._asdict(), "folder": folder.name}
        with tempfile.NamedTemporaryFile("w", dir=folder.parent, delete=False, encoding="utf-8") as file:
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(pointer)

    def _swap(self, alias: str, champion: Champion) -> None:
        self._set(champion.name, alias, champion)
        log.info("%s@%s is version %s now", champion.name, alias, champion.version)

    def _set(self, name: str, alias: str, champion: Champion | None) -> None:
        # One assignment: a request sees the versions before or after it.
        self.served[name] = Served(**{**vars(self.served[name]), alias: champion})
        metrics.show_model(name, alias, champion)

    def _remove_unused(self, name: str) -> None:
        used = {f"version-{each.version}" for each in vars(self.served[name]).values() if each is not None}
        for folder in (self.state / name).glob("version-*"):
            if folder.name not in used:
                shutil.rmtree(folder, ignore_errors=True)
