"""
Every night: gold tables, champions of trust and success, promotion or not, scores, drift, and all of it to MLflow.

A run is named by its logical date, and so is what it trains (`--run-key`): repeated tasks find what was done. Nothing that
was written after that date is read (`--as-of`). docs/airflow.md has the settings and what to do when a task is red.
"""

import os
from datetime import datetime, timedelta, timezone

import kol_alerts
from airflow.sdk import DAG, AsyncCallback, DeadlineAlert, DeadlineReference, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException
from kol_command import HELD, run_command

KOL = os.environ.get("KOL_COMMAND", "kol")
DBT = os.environ.get("DBT_COMMAND", "dbt")
RETRY_DELAY = timedelta(seconds=float(os.environ.get("KOL_RETRY_SECONDS", "300")))


def moment() -> str:
    """The logical date, beyond which nothing is read."""
    return get_current_context()["logical_date"].astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def run_key() -> str:
    return f"kol_training/{moment()}"


def training(kind: str) -> list[str]:
    """The training of this run; said again, it tells its outcome and trains nothing."""
    config = os.environ.get(f"KOL_{kind.upper()}_CONFIG")
    return [
        *(KOL, "train", kind, "--run-key", run_key(), "--as-of", moment(), "--hold", "--json"),
        *(["--config", config] if config else []),
    ]


def rows_to_score() -> str:
    return os.environ.get("KOL_SCORE_INPUT", "batch/accounts.parquet")


with DAG(
    dag_id="kol_training",
    description="Train, judge, promote or hold, score, watch for drift",
    schedule=os.environ.get("KOL_SCHEDULE", "0 2 * * *"),
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    # The champion that a challenger is judged against must not move meanwhile.
    max_active_runs=1,
    deadline=DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(hours=float(os.environ.get("KOL_DEADLINE_HOURS", "6"))),
        callback=AsyncCallback(kol_alerts.deadline_missed),
    ),
    default_args={
        "retries": 3,
        "retry_delay": RETRY_DELAY,
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(hours=1),
        "execution_timeout": timedelta(hours=4),
        "on_failure_callback": kol_alerts.task_failed,
    },
    tags=["kol"],
) as dag:

    @task
    def build_features():
        """Builds and tests the gold tables as they were known at the logical date."""
        run_command(DBT, "build", "--vars", f"{{as_of: '{moment()}'}}")

    @task
    def train(kind: str):
        run_command(*training(kind))

    @task
    def evaluate(kind: str) -> list[dict]:
        """Asks for the gate's verdict; gives the versions that earned a promotion, or ends as skipped: held."""
        code, answer = run_command(*training(kind), "--require-promotion", held_is_an_answer=True)
        verdicts = answer if isinstance(answer, list) else [answer]
        earned = [
            {"model": verdict["model"], "run": verdict["runId"]}
            for verdict in verdicts
            if verdict["gate"]["decision"] == "promote"
        ]
        if not earned:
            raise AirflowSkipException(f"held: the gate promotes none of {len(verdicts)} (exit code {code})")
        return earned

    @task
    def promote(earned: list[dict]):
        """Makes them champions; a gate that refuses now holds them."""
        codes = [
            run_command(
                # Not by its number, which is the local store's: in MLflow it may have another one.
                *(KOL, "promote", "--model", version["model"], "--run", version["run"]),
                *("--why", f"scheduled: {run_key()}", "--json"),
                held_is_an_answer=True,
            )[0]
            for version in earned
        ]
        if all(code == HELD for code in codes):
            raise AirflowSkipException("held: the gate refused every promotion")

    @task(trigger_rule="none_failed")
    def score():
        """Scores all accounts with today's champion, whether it changed or not; the file of a date is replaced whole."""
        folder = os.environ.get("KOL_SCORE_FOLDER", "batch")
        output = os.path.join(folder, f"scores-{moment()[:10]}.parquet")
        run_command(
            *(KOL, "score", "--model", "models:/kol-trust@champion", "--input", rows_to_score()),
            *("--output", output, "--json"),
        )

    @task
    def drift():
        """Compares today's accounts with those of the training; drift is told to people, and ends as skipped."""
        code, _ = run_command(
            *(KOL, "drift", "--model", "models:/kol-trust@champion", "--input", rows_to_score(), "--json"),
            *(["--activity", os.environ["KOL_ACTIVITY"]] if os.environ.get("KOL_ACTIVITY") else []),
            held_is_an_answer=True,
        )
        if code == HELD:
            kol_alerts.tell(f"kol_training: the accounts of {moment()[:10]} drifted from the training's")
            raise AirflowSkipException("drifted: people were told")

    @task(trigger_rule="all_done", retries=12)
    def sync():
        """Sends to MLflow what it does not have yet, of this run and of nights on which it was down."""
        if not os.environ.get("MLFLOW_TRACKING_URI"):
            raise AirflowSkipException("no MLFLOW_TRACKING_URI: runs stay in the local store")
        run_command(KOL, "sync", "--json")

    features = build_features()
    scored = score()
    # Not before drift: a run is red where one of its last tasks is, and sync runs whatever failed.
    synced = sync()
    for kind in ("trust", "success"):
        trained = train.override(task_id=f"train_{kind}")(kind)
        verdict = evaluate.override(task_id=f"evaluate_{kind}")(kind)
        promoted = promote.override(task_id=f"promote_{kind}")(verdict)
        features >> trained >> verdict >> promoted >> [scored, synced]
    scored >> drift()
