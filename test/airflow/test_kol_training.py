"""Runs the real DAG with the real commands for three dates; every task fails once, and every training is kept once."""

import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = Path(tempfile.mkdtemp(prefix="kol-airflow-"))
FAULTS, CALLS, LAKEHOUSE = FOLDER / "faults", FOLDER / "calls", FOLDER / "lakehouse"
NODE = ["node", str(REPOSITORY / "dist/cli/main.js")]
DATES = [datetime(2026, month, 1, tzinfo=timezone.utc) for month in (8, 9, 10)]


def prepare() -> None:
    """A small lakehouse, settings that train in seconds, and an Airflow of its own; before Airflow is imported."""
    for folder in (FAULTS, FOLDER / "bin", FOLDER / "batch"):
        folder.mkdir()
    for name in ("kol", "dbt"):
        shutil.copy(Path(__file__).parent / "kol", FOLDER / "bin" / name)
    (FOLDER / "trust.yaml").write_text("folds: 2\n")
    (FOLDER / "success.yaml").write_text("folds: 2\nforecast: { metrics: [views], backtests: 2, maxRows: 4000 }\n")
    for name in [name for name in os.environ if name.startswith(("TRINO_", "MLFLOW_", "AWS_", "AIRFLOW_", "KOL_"))]:
        del os.environ[name]
    os.environ.update(
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
        DBT_PROJECT_DIR=str(REPOSITORY / "infra/dbt"),
        DBT_PROFILES_DIR=str(REPOSITORY / "infra/dbt"),
        DBT_TARGET_PATH=str(FOLDER / "dbt"),
        DBT_LOG_PATH=str(FOLDER / "dbt/logs"),
        AIRFLOW_HOME=str(FOLDER / "airflow"),
        AIRFLOW__CORE__DAGS_FOLDER=str(REPOSITORY / "infra/airflow/dags"),
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__LOGGING__LOGGING_LEVEL="ERROR",
    )
    subprocess.run([*NODE, "sample", "--lakehouse", str(LAKEHOUSE), "--kols", "120"], check=True, stderr=subprocess.DEVNULL)
    # Some accounts are enough; every 10th.
    subprocess.run(
        ["node", str(Path(__file__).parent / "fewer-accounts.js"), str(LAKEHOUSE), str(FOLDER / "accounts.parquet")],
        check=True,
        cwd=REPOSITORY,
    )
    subprocess.run([Path(sys.executable).with_name("airflow"), "db", "migrate"], check=True, capture_output=True)
    sys.path.insert(0, str(REPOSITORY / "infra/airflow/dags"))


prepare()
import kol_alerts  # noqa: E402
from kol_training import dag  # noqa: E402


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
    return str(done.state), states, calls


def kept() -> dict[str, list[str]]:
    """Run keys of the finished runs, by experiment."""
    listed = json.loads(subprocess.run([*NODE, "runs", "--json"], capture_output=True, text=True, check=True).stdout)
    keys: dict[str, list[str]] = {}
    for one in listed:
        if one["status"] == "finished":
            keys.setdefault(one["experiment"], []).append(one["tags"]["run_key"])
    return {name: sorted(of) for name, of in keys.items()}


EXPERIMENTS = ("kol-trust", "kol-success", "kol-forecast-views")
ALL = [f"kol_training/{date:%Y-%m-%dT%H:%M:%SZ}" for date in DATES]


class KolTraining(unittest.TestCase):
    def assert_kept(self, dates: int) -> None:
        self.assertEqual(kept(), {name: ALL[:dates] for name in EXPERIMENTS})

    def assert_green(self, states: dict[str, str]) -> None:
        green = {"success", "skipped"}
        self.assertEqual({task: state for task, state in states.items() if state not in green}, {})

    def test_1_first_date_first_commands_fail_once_and_are_tried_again(self):
        state, states, calls = run(
            DATES[0], build_features="before 1", train_trust="after 5", train_success="before 5", score="before 5"
        )
        self.assert_green(states)
        self.assertEqual(state, "success")
        for task in ("build_features", "train_trust", "train_success", "score"):
            self.assertEqual((states[task], calls[task]), ("success", 2), task)
        self.assertEqual(states["promote_trust"], "success")
        self.assert_kept(1)
        self.assertTrue((FOLDER / "batch/scores-2026-08-01.parquet").exists())

    def test_2_second_date_answers_are_lost_after_the_work_was_done(self):
        state, states, calls = run(
            DATES[1], train_success="after 5", evaluate_trust="before 5", evaluate_success="after 137", score="after 1"
        )
        self.assertEqual(state, "success")
        self.assert_green(states)
        for task in ("train_success", "evaluate_trust", "evaluate_success", "score"):
            self.assertEqual(calls[task], 2, task)
        self.assert_kept(2)

    def test_3_third_date_again_and_again_is_kept_once(self):
        for _ in range(2):
            state, states, _ = run(DATES[2])
            self.assertEqual(state, "success")
            self.assert_green(states)
            self.assert_kept(3)

    def test_4_a_gate_that_says_no_is_green_and_the_champion_scores_on(self):
        champion = json.loads((sorted((FOLDER / "store/models/kol-trust/aliases").iterdir())[-1]).read_text())
        # Said again, the first date's training earned its promotion; now the gate refuses it.
        state, states, calls = run(DATES[0], promote_trust="before 4")
        self.assertEqual((state, states["promote_trust"], states["score"]), ("success", "skipped", "success"))
        self.assertEqual(calls["promote_trust"], 1)
        now = json.loads((sorted((FOLDER / "store/models/kol-trust/aliases").iterdir())[-1]).read_text())
        self.assertEqual(now, champion)

    def test_5_a_promotion_whose_answer_was_lost_is_made_once(self):
        state, states, calls = run(DATES[0], promote_success="after 5")
        self.assertEqual((state, states["promote_success"]), ("success", "success"))
        self.assertGreaterEqual(calls["promote_success"], 2)
        self.assert_kept(3)

    def test_6_wrong_usage_and_bad_data_are_red_at_once_and_nothing_runs_behind_them(self):
        for code, task in ((2, "train_trust"), (3, "train_success")):
            state, states, calls = run(DATES[1], **{task: f"before {code}"})
            self.assertEqual((state, states[task], calls[task]), ("failed", "failed", 1))
            self.assertEqual((states["score"], calls["score"]), ("upstream_failed", 0))
        self.assert_kept(3)

    def test_7_drift_tells_people_and_is_green(self):
        state, states, calls = run(DATES[1], drift="before 4")
        self.assertEqual((state, states["drift"], calls["drift"]), ("success", "skipped", 1))
        state, states, calls = run(DATES[1], drift="before 5")
        self.assertEqual((state, calls["drift"]), ("success", 2))

    def test_8_an_mlflow_that_is_down_is_tried_again(self):
        os.environ["MLFLOW_TRACKING_URI"] = os.environ.get("TEST_MLFLOW", "http://127.0.0.1:9")
        try:
            state, states, calls = run(DATES[1], sync="before 5")
            self.assertGreaterEqual(calls["sync"], 2)
        finally:
            del os.environ["MLFLOW_TRACKING_URI"]

    def test_9_a_missed_deadline_and_a_failed_task_reach_the_webhook(self):
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
            run(DATES[1], train_trust="before 3")
        finally:
            server.shutdown()
            del os.environ["KOL_ALERT_WEBHOOK"]
        self.assertEqual(told[0], "kol_training: run late missed its deadline")
        self.assertIn("task train_trust of manual__2026-09-01", told[1])
        self.assertIn("ended with exit code 3", told[1])
        (deadline,) = dag.deadline if isinstance(dag.deadline, list) else [dag.deadline]
        self.assertEqual(deadline.callback.path, "kol_alerts.deadline_missed")


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
    shutil.rmtree(FOLDER, ignore_errors=True)
    os._exit(0 if result.wasSuccessful() else 1)
