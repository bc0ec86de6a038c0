"""python -m kol_api: serves on KOL_API_HOST:KOL_API_PORT."""

import logging
import os
import sys

import uvicorn

from .app import create_app
from .settings import SettingError, read_settings


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for chatty in ("httpx", "cassandra"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    try:
        app = create_app(read_settings())
    except SettingError as error:
        print(f"kol-api: {error}", file=sys.stderr)
        return 2
    host, port = os.environ.get("KOL_API_HOST", "127.0.0.1"), int(os.environ.get("KOL_API_PORT", "8000"))
    uvicorn.run(app, host=host, port=port, access_log=False, log_level="warning", timeout_keep_alive=30)
    return 0


if __name__ == "__main__":
    sys.exit(main())
