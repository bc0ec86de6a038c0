"""Fits the boosters of a plan that `kol train … --engine spark` wrote: spark-submit train_gbm.py FOLDER.

FOLDER holds plan.json and rows.parquet (which row takes which part in which fit); boosters (XGBoost's JSON) and the
margins of judged rows are written beside them. Every fit is one barrier stage: each executor spills its share of the rows
to its disk, XGBoost reads them from there batch by batch into one byte a value, and all executors grow every tree together.
Of the float matrix, no process ever holds more than a batch.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark import BarrierTaskContext, StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

JUDGED, TRAINED = 2, 1


class Failure(Exception):
    """What went wrong, under a name that the toolkit knows."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def main(folder: Path) -> None:
    plan = json.loads((folder / "plan.json").read_text())
    spark = SparkSession.builder.getOrCreate()
    context = spark.sparkContext
    write(folder / "application.json", {"id": context.applicationId, "ui": context.uiWebUrl})
    await_executors(context, plan["executors"], plan["patience"])
    rows = share_out(read_rows(spark, plan, folder), plan["executors"]).persist(StorageLevel.DISK_ONLY)
    found = rows.count()
    if found != plan["nRows"]:
        raise Failure("rows", f"{found} of {plan['nRows']} rows were found by their keys in {place(plan)}")
    for number, fit in enumerate(plan["fits"]):
        context.setJobGroup(f"fit-{number}", fit["name"])
        result = rows_of_fit(rows, plan, fit).mapInArrow(
            boosting(plan, fit, context.defaultParallelism), "booster string, row long, margins array<float>, model string", barrier=True
        )
        keep(result.toArrow(), folder, number)
    spark.stop()


def await_executors(context, wanted: int, patience: float) -> None:
    """A barrier stage starts with all of its tasks or not at all."""
    until = time.monotonic() + patience
    while True:
        # The driver is in this list too.
        there = context._jsc.sc().getExecutorMemoryStatus().size() - 1
        if there >= wanted:
            return
        if time.monotonic() > until:
            conf = context.getConf()
            raise Failure(
                "resources",
                f"{context.master} gave {there} of {wanted} executors within {patience:g} s; each needs "
                f"{conf.get('spark.executor.cores')} core(s) and {conf.get('spark.executor.memory')} of the JVM plus "
                f"{conf.get('spark.executor.pyspark.memory')} of Python",
            )
        time.sleep(0.2)


def place(plan: dict) -> str:
    source = plan["source"]
    return f"{source['table']}, snapshot {source['snapshot']}" if source["kind"] == "iceberg" else source.get("path", "rows.parquet")


def read_rows(spark: SparkSession, plan: dict, folder: Path) -> DataFrame:
    """Features, label, weight and the part in every fit, one line a row."""
    parts = spark.createDataFrame(pq.read_table(folder / "rows.parquet"))
    source = plan["source"]
    if source["kind"] == "sent":
        return parts
    try:
        if source["kind"] == "iceberg":
            raw = spark.read.option("versionAsOf", source["snapshot"]).table(source["table"])
        else:
            raw = spark.read.parquet(source["path"])
        sanitize = F.udf(load_sanitizer(), "string")
        for text in plan["texts"]:
            raw = raw.withColumn(text, sanitize(F.col(text)))
        raw.createOrReplaceTempView("kol_rows")
        features = spark.sql(plan["select"])
    except Exception as error:
        first = str(error).strip().splitlines()[0]
        raise Failure("snapshot" if "snapshot" in first.lower() else "source", f"{place(plan)}: {first}") from error
    same = []
    for key in plan["keys"]:
        mine = features[key["name"]]
        if key["type"] == "timestamp":
            mine = F.unix_millis(mine.cast("timestamp"))
        same.append(mine.eqNullSafe(parts["key_" + key["name"]]))
    joined = parts.join(features, same, "inner")
    return joined.drop(*[features[key["name"]] for key in plan["keys"]])


def load_sanitizer():
    from sanitize import sanitize_text  # The API's own file, handed over by --py-files.

    return sanitize_text


def share_out(rows: DataFrame, executors: int) -> DataFrame:
    """Every row on the executor that its number says, in order: the same trees each time."""
    return rows.repartitionById(executors, (F.col("row") % executors).cast("int")).sortWithinPartitions("row")


def rows_of_fit(rows: DataFrame, plan: dict, fit: dict) -> DataFrame:
    own = fit["own"]
    features = [F.col(own.get(name, name)).cast("float").alias(name) for name in plan["features"] + list(own)]
    return rows.where(F.col(fit["part"]) > 0).select("row", F.col(fit["part"]).alias("part"), "label", "weight", *features)


def boosting(plan: dict, fit: dict, _: int):
    """What each executor does in the barrier stage of a fit."""
    names = plan["features"] + list(fit["own"])

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import xgboost

        class Spilled(xgboost.DataIter):
            """Batches from disk, as often as XGBoost asks."""

            def __init__(self, files: list[str]) -> None:
                super().__init__(release_data=True)
                self.files, self.at = files, 0

            def reset(self) -> None:
                self.at = 0

            def next(self, input_data) -> bool:
                if self.at == len(self.files):
                    return False
                values = np.load(self.files[self.at])
                self.at += 1
                input_data(data=values[:, 2:], label=values[:, 0], weight=values[:, 1], feature_names=names)
                return True

        with tempfile.TemporaryDirectory(prefix="kol-fit-") as folder:
            trained, judged = spill(batches, names, folder)
            threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
            with communicator() as rank:
                matrix = xgboost.QuantileDMatrix(Spilled(trained), max_bin=plan["maxBins"], nthread=threads)
                for booster in plan["boosters"]:
                    seed = fit["seeds"][booster["name"]]
                    parameters = {**booster["parameters"], "max_bin": plan["maxBins"], "seed": seed, "nthread": threads}
                    model = xgboost.train(parameters, matrix, booster["rounds"])
                    for file in judged:
                        values = np.load(file)
                        rows = np.load(file.replace("judged", "rows"))
                        margins = model.inplace_predict(values[:, 2:], predict_type="margin").reshape(len(rows), -1)
                        yield record(booster["name"], rows, margins, None)
                    if rank == 0:
                        yield record(booster["name"], [None], [None], model.save_raw("json").decode())

    return run


def spill(batches: Iterator[pa.RecordBatch], names: list[str], folder: str) -> tuple[list[str], list[str]]:
    """Files of rows to train on and of rows to judge: label, weight, features as float32."""
    trained, judged = [], []
    for number, batch in enumerate(batches):
        columns = ["label", "weight", *names]
        # A missing value becomes NaN on the way to NumPy.
        values = np.empty((batch.num_rows, len(columns)), np.float32)
        for j, name in enumerate(columns):
            values[:, j] = batch.column(name).to_numpy(zero_copy_only=False)
        part = batch.column("part").to_numpy(zero_copy_only=False)
        for code, kind, files in ((TRAINED, "trained", trained), (JUDGED, "judged", judged)):
            if (part == code).any():
                files.append(f"{folder}/{kind}-{number}.npy")
                np.save(files[-1], values[part == code])
        if (part == JUDGED).any():
            np.save(f"{folder}/rows-{number}.npy", batch.column("row").to_numpy()[part == JUDGED])
    return trained, judged


def communicator():
    """XGBoost's ring of all tasks of this stage; the first task's process keeps the tracker."""
    from contextlib import contextmanager

    from xgboost import collective
    from xgboost.tracker import RabitTracker

    @contextmanager
    def joined():
        context = BarrierTaskContext.get()
        rank = context.partitionId()
        workers = len(context.getTaskInfos())
        said, tracker = "", None
        if rank == 0:
            host = context.getTaskInfos()[0].address.split(":")[0]
            tracker = RabitTracker(n_workers=workers, host_ip=host, sortby="task")
            tracker.start()
            said = json.dumps(tracker.worker_args())
        settings = json.loads(context.allGather(said)[0])
        with collective.CommunicatorContext(**settings, dmlc_task_id=f"{rank:06d}"):
            yield rank
        if tracker is not None:
            tracker.wait_for()

    return joined()


def record(booster: str, rows, margins, model: str | None) -> pa.RecordBatch:
    count = len(rows)
    return pa.RecordBatch.from_arrays(
        [
            pa.array([booster] * count, pa.string()),
            pa.array(rows, pa.int64()),
            pa.array(list(margins), pa.list_(pa.float32())),
            pa.array([model] * count, pa.string()),
        ],
        ["booster", "row", "margins", "model"],
    )


def keep(result: pa.Table, folder: Path, number: int) -> None:
    """Boosters as `<fit>.<booster>.json`; margins as float32 in the order of the rows, `[rows][margins]`, beside them."""
    names = np.array(result["booster"].to_pylist())
    models = result["model"].to_pylist()
    rows = result["row"].to_numpy(zero_copy_only=False)
    for name in dict.fromkeys(names):
        (at,) = [i for i in np.flatnonzero(names == name) if models[i] is not None]
        (folder / f"{number}.{name}.json").write_text(models[at])
        judged = np.flatnonzero((names == name) & ~np.isnan(rows))
        ordered = judged[np.argsort(rows[judged], kind="stable")]
        margins = result["margins"].take(pa.array(ordered)).combine_chunks()
        flat = margins.flatten() if len(ordered) > 0 else pa.array([], pa.float32())
        flat.to_numpy(zero_copy_only=False).astype("<f4").tofile(folder / f"{number}.{name}.f32")


def write(path: Path, value: dict) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(value))
    temporary.rename(path)


def named(error: Exception) -> Failure:
    """What an exception of Spark comes down to."""
    if isinstance(error, Failure):
        return error
    text = str(error)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    short = next((line for line in reversed(lines) if "Error" in line or "Exception" in line), lines[0] if lines else repr(error))
    if any(sign in text for sign in ("MemoryError", "bad_alloc", "OutOfMemoryError", "Cannot allocate memory", "ArrowMemoryError")):
        return Failure("memory", short)
    if any(sign in text for sign in ("ExecutorLostFailure", "Python worker exited unexpectedly", "executor lost")):
        return Failure("lost", short)
    return Failure("failed", short)


if __name__ == "__main__":
    place_of_work = Path(sys.argv[1])
    try:
        main(place_of_work)
    except Exception as error:
        failure = named(error)
        write(place_of_work / "failure.json", {"code": failure.code, "message": str(failure)})
        raise
