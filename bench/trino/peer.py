"""Trino's Python client over one statement: rows as lists, looked at once.

    python bench/trino/peer.py '{"host": ..., "port": ..., "user": ..., "sql": ..., "headers": {...}}'
"""
import json
import resource
import sys
import time

import trino

job = json.loads(sys.argv[1])
if job.get("versions"):
    print(json.dumps({"trino (PyPI)": trino.__version__}))
    sys.exit()
connection = trino.dbapi.connect(
    host=job["host"], port=job["port"], user=job["user"], catalog="iceberg", http_headers=job["headers"]
)
began = time.perf_counter()
cursor = connection.cursor()
cursor.execute(job["sql"])
rows, total = 0, 0.0
while batch := cursor.fetchmany(16_384):
    rows += len(batch)
    for row in batch:
        total += sum(row[:20])
seconds = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "rows": rows, "sum": total, "seconds": seconds,
    "cpuSeconds": used.ru_utime + used.ru_stime, "peakMiB": used.ru_maxrss / 1024,
}))
