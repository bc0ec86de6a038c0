"""Runs one command of the toolkit as a task, and makes its exit code the state of the task."""

import json
import os
import subprocess

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowException, AirflowFailException

# What the toolkit's exit codes mean (kol --help). All others, a crash or a kill, may pass: they are tried again.
HELD = 4
SERVICE_DOWN = 5
BEYOND_MENDING = {2: "wrong usage", 3: "bad data"}


def run_command(*command: str, held_is_an_answer: bool = False) -> tuple[int, object]:
    """
    Runs a command to its end; gives its exit code, and what it printed as JSON where it did.

    Raises AirflowFailException for what no repetition mends, AirflowException for what one may. Exit code 4, a gate that
    said no, is returned to callers who have an answer to it.
    """
    environment = {**os.environ, "AIRFLOW_CTX_TASK_ID": get_current_context()["ti"].task_id}
    print("$", *command, flush=True)
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    # Reports are long, and kept with the run.
    print(done.stderr, done.stdout[:2000], sep="\n", flush=True)
    code, name = done.returncode, " ".join(command[:3])
    if code == 0 or (code == HELD and held_is_an_answer):
        return code, _json_of(done.stdout)
    last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
    said = f"{name} ended with exit code {code}: {''.join(last)}"
    if code in BEYOND_MENDING:
        raise AirflowFailException(f"{said} ({BEYOND_MENDING[code]}: mend it, then clear the task)")
    raise AirflowException(f"{said} ({'a service is down' if code == SERVICE_DOWN else 'failed'}: tried again)")


def _json_of(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
