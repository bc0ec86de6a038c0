"""One run of the DAG in a process of its own, for a date; prints the states of run and tasks as JSON in its last line."""

import json
import sys
from datetime import datetime

from kol_training import dag

# As in test_kol_training.py.
dag.deadline = None
done = dag.test(logical_date=datetime.fromisoformat(sys.argv[1]))
states = {ti.task_id: str(ti.state) for ti in done.get_task_instances()}
print(json.dumps({"state": str(done.state), "states": states}), flush=True)
