"""Runs SELECTs over a Parquet file as `kol_rows`, each to a Parquet file of its own: select_features.py FOLDER."""

import json
import sys
from pathlib import Path

import pyarrow.parquet as pq
from pyspark.sql import SparkSession

folder = Path(sys.argv[1])
spark = SparkSession.builder.getOrCreate()
spark.read.parquet(str(folder / "raw.parquet")).createOrReplaceTempView("kol_rows")
for number, select in enumerate(json.loads((folder / "selects.json").read_text())):
    pq.write_table(spark.sql(select).toArrow(), folder / f"result-{number}.parquet")
