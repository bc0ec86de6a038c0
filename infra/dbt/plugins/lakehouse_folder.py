"""Lets dbt-duckdb put a finished table into the lakehouse folder, whole or not at all."""

import os
from pathlib import Path

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError


class Plugin(BasePlugin):
    def initialize(self, plugin_config):
        folder = Path(plugin_config["folder"])
        if not folder.is_absolute() or not (folder / "kol_silver").is_dir():
            raise DbtRuntimeError(
                f"KOL_LAKEHOUSE={folder} must be the whole path of a lakehouse folder with kol_silver in it; "
                "kol sample --lakehouse <folder> writes one"
            )
        (folder / ".dbt").mkdir(exist_ok=True)
        Path(self.creds.path).absolute().parent.mkdir(parents=True, exist_ok=True)

    def store(self, target_config):
        """Renames the staged file into place: whoever reads meanwhile sees the old file or the new one."""
        staged, place = target_config.config["staged"], Path(target_config.location.path)
        place.parent.mkdir(parents=True, exist_ok=True)
        others = sorted(file.name for file in place.parent.glob("*.parquet") if file.name != place.name)
        if others:
            raise DbtRuntimeError(
                f"{place.parent} holds {', '.join(others)} besides {place.name}, so that the table would have "
                "the rows of all; move them out of the folder"
            )
        with open(staged, "rb") as file:
            os.fsync(file.fileno())
        os.replace(staged, place)
