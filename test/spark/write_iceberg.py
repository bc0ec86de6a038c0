"""Two snapshots of an Iceberg table from a Parquet file: the rows, then twice the numbers. Prints both ids; --expire: only the newest is kept."""

import sys

from pyspark.sql import SparkSession

parquet, table, *flags = sys.argv[1:]
spark = SparkSession.builder.getOrCreate()
rows = spark.read.parquet(parquet)
rows.writeTo(table).using("iceberg").createOrReplace()
rows.selectExpr("kol_id", "as_of", "bio", "posts * 2 AS posts", "followers * 2 AS followers").writeTo(table).overwritePartitions()
ids = [row.snapshot_id for row in spark.sql(f"SELECT snapshot_id FROM {table}.snapshots ORDER BY committed_at").collect()]
if flags:
    catalog, name = table.split(".", 1)
    spark.sql(f"CALL {catalog}.system.expire_snapshots(table => '{name}', older_than => TIMESTAMP '2100-01-01 00:00:00', retain_last => 1)")
print("ids", *ids)
