"""Tells people: in the log, and to KOL_ALERT_WEBHOOK where that names an address that takes JSON."""

import asyncio
import json
import logging
import os
import urllib.request

log = logging.getLogger(__name__)


def tell(text: str) -> None:
    """Sends one alert. A webhook that does not answer is no reason to fail."""
    log.warning("ALERT: %s", text)
    address = os.environ.get("KOL_ALERT_WEBHOOK")
    if not address:
        return
    request = urllib.request.Request(
        address, json.dumps({"text": text}).encode(), {"Content-Type": "application/json"}
    )
    try:
        urllib.request.urlopen(request, timeout=10).close()
    except OSError as error:
        log.warning("the alert did not reach KOL_ALERT_WEBHOOK: %s", error)


def task_failed(context) -> None:
    """For tasks that have no try left."""
    ti = context["ti"]
    tell(f"{ti.dag_id}: task {ti.task_id} of {context['run_id']} failed: {context.get('exception')}")


async def deadline_missed(context=None, **_) -> None:
    """For runs that are not done in time; awaited by the triggerer."""
    run = (context or {}).get("dag_run") or {}
    name = run.get("dag_run_id") if isinstance(run, dict) else getattr(run, "run_id", None)
    await asyncio.to_thread(tell, f"kol_training: run {name} missed its deadline")
