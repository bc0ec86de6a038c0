"""
Runs the real DAG with the real commands for three dates, against a real MLflow that is started for it: every task fails
once, MLflow is away for a while, two runs of one date meet, and all is kept once.
"""

import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = Path(tempfile.mkdtemp(prefix="kol-airflow-"))
FAULTS, CALLS, LAKEHOUSE = FOLDER / "faults", FOLDER / "calls", FOLDER / "lakehouse"
NODE = ["node", str(REPOSITORY / "dist/cli/main.js")]
SERVICES = ["node", str(REPOSITORY / "infra/services/main.js")]
DATES = [datetime(2026, month, 1, tzinfo=timezone.utc) for month in (8, 9, 10)]


def prepare() -> str:
    """A small lakehouse, settings that train in seconds, MLflow and Airflow; before Airflow is imported. MLflow's address."""
    stack = {
        # Never one that runs: champions of others would stand in its registry.
        "KOL_SERVICES_DIR": str(FOLDER / "services"),
        "KOL_PORT_OFFSET": os.environ.get("KOL_PORT_OFFSET") or "25700",
    } | {name: os.environ[name] for name in ("KOL_CACHE",) if name in os.environ}
    for folder in (FAULTS, FOLDER / "bin", FOLDER / "batch"):
        folder.mkdir()
    for name in ("kol", "dbt"):
        shutil.copy(Path(__file__).parent / "kol", FOLDER / "bin" / name)
    (FOLDER / "trust.yaml").write_text("folds: 2\n")
    (FOLDER / "success.yaml").write_text("folds: 2\nforecast: { metrics: [views], backtests: 2, maxRows: 4000 }\n")
    for name in [name for name in os.environ if name.startswith(("TRINO_", "MLFLOW_", "AWS_", "AIRFLOW_", "KOL_"))]:
        del os.environ[name]
    os.environ.update(
        stack,
        PATH=f"{FOLDER / 'bin'}:{os.environ['PATH']}",
        REPOSITORY=str(REPOSITORY),
        REAL_DBT=os.environ["DBT"],
        FAULTS=str(FAULTS),
        CALLS=str(CALLS),
        KOL_LAKEHOUSE=str(LAKEHOUSE),
        KOL_STORE=str(FOLDER / "store"),
        KOL_SCORE_FOLDER=str(FOLDER / "batch"),
        KOL_SCORE_INPUT=str(FOLDER / "accounts.parquet"),
        KOL_TRUST_CONFIG=str(FOLDER / "trust.yaml"),
        KOL_SUCCESS_CONFIG=str(FOLDER / "success.yaml"),
        KOL_RETRY_SECONDS="1",
        # An outage of seconds must reach the scheduler.
        MLFLOW_HTTP_REQUEST_MAX_RETRIES="1",
        DBT_PROJECT_DIR=str(REPOSITORY / "infra/dbt"),
        DBT_PROFILES_DIR=str(REPOSITORY / "infra/dbt"),
        DBT_TARGET_PATH=str(FOLDER / "dbt"),
        DBT_LOG_PATH=str(FOLDER / "dbt/logs"),
        AIRFLOW_HOME=str(FOLDER / "airflow"),
        AIRFLOW__CORE__DAGS_FOLDER=str(REPOSITORY / "infra/airflow/dags"),
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{FOLDER}/airflow/airflow.db",
        AIRFLOW__LOGGING__LOGGING_LEVEL="ERROR",
    )
    # Into a file: the servers outlive this call and would keep a pipe open.
    with open(FOLDER / "services.log", "w") as log:
        up = subprocess.Popen([*SERVICES, "up", "mlflow"], stdout=log, stderr=log)
    subprocess.run([*NODE, "sample", "--lakehouse", str(LAKEHOUSE), "--kols", "80"], check=True, stderr=subprocess.DEVNULL)
    # Some accounts are enough; every 30th.
    subprocess.run(
        ["node", str(Path(__file__).parent / "fewer-accounts.js"), str(LAKEHOUSE), str(FOLDER / "accounts.parquet")],
        check=True,
        cwd=REPOSITORY,
    )
    subprocess.run([Path(sys.executable).with_name("airflow"), "db", "migrate"], check=True, capture_output=True)
    sys.path.insert(0, str(REPOSITORY / "infra/airflow/dags"))
    if up.wait() != 0:
        sys.exit((FOLDER / "services.log").read_text())
    (address,) = (
        line.split("'")[1]
        for line in (Path(stack["KOL_SERVICES_DIR"]) / "env").read_text().splitlines()
        if line.startswith("export MLFLOW_TRACKING_URI=")
    )
    return address


MLFLOW = prepare()
import kol_alerts  # noqa: E402
from kol_training import dag  # noqa: E402

# What dag.test hands on at the end of a green run is the alert itself, where Airflow 3.3.2 looks for its id in the
# database; a scheduler reads the DAG from there. Test 7 looks at the deadline.
deadline, dag.deadline = dag.deadline, None

# Tasks that were made to fail, over all tests.
failed: set[str] = set()


def run(date: datetime, **faults: str):
    """One run of the DAG; states of its tasks, and how often each command was called."""
    for task, fault in faults.items():
        (FAULTS / task).write_text(f"{fault}\n")
    CALLS.write_text("")
    done = dag.test(logical_date=date)
    states = {ti.task_id: str(ti.state) for ti in done.get_task_instances()}
    calls = Counter(line.split()[0] for line in CALLS.read_text().splitlines())
    unused = [path.name for path in FAULTS.iterdir()]
    for path in FAULTS.iterdir():
        path.unlink()
    assert not unused, f"faults never met: {unused}"
    failed.update(faults)
    return str(done.state), states, calls


def kol(*args: str):
    """What a command says as JSON."""
    done = subprocess.run([*NODE, *args, "--json"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def mlflow(path: str, **body):
    request = urllib.request.Request(
        f"{MLFLOW}/api/2.0/mlflow/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


EXPERIMENTS = ("kol-trust", "kol-success", "kol-forecast-views")
ALL = [f"kol_training/{date:%Y-%m-%dT%H:%M:%SZ}" for date in DATES]


def kept() -> dict[str, list[str]]:
    """Run keys of the finished runs, by experiment."""
    keys: dict[str, list[str]] = {}
    for one in kol("runs"):
        if one["status"] == "finished":
            keys.setdefault(one["experiment"], []).append(one["tags"]["run_key"])
    return {name: sorted(of) for name, of in keys.items()}


def in_mlflow() -> dict[str, list[str]]:
    """The same of MLflow's runs, whatever their state, as far as they are of this store."""
    keys: dict[str, list[str]] = {}
    ids = {run["key"] for run in kol("runs")}
    for name in EXPERIMENTS:
        found = mlflow("experiments/search", max_results=1, filter=f"name = '{name}'").get("experiments", [])
        for one in found:
            runs = mlflow("runs/search", experiment_ids=[one["experiment_id"]], max_results=1000).get("runs", [])
            tags = [{tag["key"]: tag["value"] for tag in run["data"]["tags"]} for run in runs]
            keys[name] = sorted(of["run_key"] for of in tags if of.get("kol.run_key") in ids)
    return keys


class KolTraining(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        os.environ["MLFLOW_TRACKING_URI"] = MLFLOW

    def assert_kept(self, dates: int) -> None:
        self.assertEqual(kept(), {name: ALL[:dates] for name in EXPERIMENTS})

    def assert_in_mlflow(self, dates: int) -> None:
        self.assertEqual(in_mlflow(), {name: ALL[:dates] for name in EXPERIMENTS})

    def assert_green(self, states: dict[str, str]) -> None:
        green = {"success", "skipped"}
        self.assertEqual({task: state for task, state in states.items() if state not in green}, {})

    def test_1_first_date_without_mlflow_first_commands_fail_once_and_are_tried_again(self):
        del os.environ["MLFLOW_TRACKING_URI"]
        state, states, calls = run(
            DATES[0], build_features="before 1", train_trust="after 5", train_success="before 5", score="before 5"
        )
        self.assert_green(states)
        self.assertEqual(state, "success")
        for task in ("build_features", "train_trust", "train_success", "score"):
            self.assertEqual((states[task], calls[task]), ("success", 2), task)
        self.assertEqual((states["promote_trust"], states["sync"]), ("success", "skipped"))
        self.assert_kept(1)
        self.assertTrue((FOLDER / "batch/scores-2026-08-01.parquet").exists())

    def test_2_wrong_usage_and_bad_data_are_red_at_once_and_sync_sends_the_past_once_mlflow_is_back(self):
        state, states, calls = run(
            DATES[0], train_trust="before 2", train_success="before 3", sync="outage 5"
        )
        self.assertEqual(state, "failed")
        for task in ("train_trust", "train_success"):
            self.assertEqual((states[task], calls[task]), ("failed", 1))
        self.assertEqual((states["score"], calls["score"]), ("upstream_failed", 0))
        self.assertEqual((states["sync"], calls["sync"]), ("success", 2))
        self.assert_kept(1)
        self.assert_in_mlflow(1)

    def test_3_second_date_mlflow_goes_away_and_answers_are_lost_after_the_work_was_done(self):
        state, states, calls = run(
            DATES[1],
            train_trust="outage 5",
            train_success="after 5",
            evaluate_trust="before 5",
            evaluate_success="after 137",
            score="after 1",
        )
        self.assert_green(states)
        self.assertEqual(state, "success")
        for task in ("train_trust", "train_success", "evaluate_trust", "evaluate_success", "score"):
            self.assertEqual(calls[task], 2, task)
        self.assert_kept(2)
        self.assert_in_mlflow(2)

    def test_4_third_date_run_twice_at_once_is_kept_once(self):
        CALLS.write_text("")
        # Two Airflows that know nothing of each other, on one store: within one, max_active_runs forbids it.
        shutil.copytree(FOLDER / "airflow", FOLDER / "another")
        script = [sys.executable, str(Path(__file__).parent / "run_dag.py"), DATES[2].isoformat()]
        running = [
            subprocess.Popen(
                script,
                env={
                    **os.environ,
                    "PYTHONPATH": str(REPOSITORY / "infra/airflow/dags"),
                    "KOL_RETRY_SECONDS": "10",
                    "AIRFLOW_HOME": str(home),
                    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
                },
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for home in (FOLDER / "airflow", FOLDER / "another")
        ]
        said: list[tuple[str, str]] = [("", "")] * 2
        threads = [
            threading.Thread(target=lambda i=i, one=one: said.__setitem__(i, one.communicate()))
            for i, one in enumerate(running)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for one, (out, err) in zip(running, said, strict=True):
            self.assertEqual(one.returncode, 0, err[-3000:])
            outcome = json.loads(out.strip().splitlines()[-1])
            self.assertEqual(outcome["state"], "success", out[-5000:])
            self.assert_green(outcome["states"])
        calls = Counter(line.split()[0] for line in CALLS.read_text().splitlines())
        # They did meet: some task of one was refused and tried again.
        self.assertGreater(max(calls["build_features"], calls["train_trust"], calls["train_success"]), 2)
        self.assert_kept(3)
        self.assert_in_mlflow(3)

    def test_5_a_gate_that_says_no_is_green_and_the_champion_scores_on(self):
        champion = mlflow_champion("kol-trust")
        # Said again, the third date's training tells its verdict of then; now the gate refuses it.
        state, states, calls = run(DATES[0], promote_trust="before 4", promote_success="after 5")
        self.assertEqual((state, states["promote_trust"], states["score"]), ("success", "skipped", "success"))
        self.assertEqual(calls["promote_trust"], 1)
        self.assertEqual(mlflow_champion("kol-trust"), champion)
        # A promotion whose answer was lost is made once.
        self.assertEqual(states["promote_success"], "success")
        self.assertGreaterEqual(calls["promote_success"], 2)
        self.assert_kept(3)

    def test_6_drift_tells_people_and_is_green(self):
        state, states, calls = run(DATES[1], drift="before 4")
        self.assertEqual((state, states["drift"], calls["drift"]), ("success", "skipped", 1))

    def test_7_a_missed_deadline_and_a_failed_task_reach_the_webhook(self):
        told: list[str] = []

        class Webhook(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Webhook)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        os.environ["KOL_ALERT_WEBHOOK"] = f"http://127.0.0.1:{server.server_port}"
        try:
            import asyncio

            asyncio.run(kol_alerts.deadline_missed(context={"dag_run": {"dag_run_id": "late"}}))
            run(DATES[1], build_features="before 3")
        finally:
            server.shutdown()
            del os.environ["KOL_ALERT_WEBHOOK"]
        self.assertEqual(told[0], "kol_training: run late missed its deadline")
        self.assertIn("task build_features of manual__2026-09-01", told[1])
        self.assertIn("ended with exit code 3", told[1])
        (alert,) = deadline if isinstance(deadline, list) else [deadline]
        self.assertEqual(alert.callback.path, "kol_alerts.deadline_missed")

    def test_8_every_task_was_made_to_fail_and_store_and_mlflow_agree(self):
        self.assertEqual(failed, set(dag.task_ids))
        self.assert_kept(3)
        self.assert_in_mlflow(3)
        for model in EXPERIMENTS:
            found = mlflow("model-versions/search", filter=f"name = '{model}'", max_results=100)["model_versions"]
            self.assertEqual(len({version["run_id"] for version in found}), len(found), model)


def mlflow_champion(model: str) -> str:
    """Number of the version that serves."""
    with urllib.request.urlopen(
        f"{MLFLOW}/api/2.0/mlflow/registered-models/alias?name={model}&alias=champion", timeout=60
    ) as answer:
        return json.load(answer)["model_version"]["version"]


if __name__ == "__main__":
    # Airflow and the tasks talk a lot: into a file, of which the end is shown where a test fails.
    log = FOLDER / "log"
    terminal = os.fdopen(os.dup(2), "w", buffering=1)
    with open(log, "w") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    result = unittest.TextTestRunner(stream=terminal, verbosity=2).run(
        unittest.defaultTestLoader.loadTestsFromTestCase(KolTraining)
    )
    if not result.wasSuccessful():
        terminal.writelines(log.read_text(errors="replace").splitlines(keepends=True)[-200:])
    subprocess.run([*SERVICES, "reset"], check=False)
    shutil.rmtree(FOLDER, ignore_errors=True)
    os._exit(0 if result.wasSuccessful() else 1)
