"""Whether MLflow finds experiments, which takes PostgreSQL as well: /health answers without it."""

import os
import urllib.request

port = os.environ.get("MLFLOW_PORT", "5000")
request = urllib.request.Request(
    f"http://localhost:{port}/api/2.0/mlflow/experiments/search",
    data=b'{"max_results": 1}',
    headers={"Content-Type": "application/json"},
)
urllib.request.urlopen(request, timeout=8).read()
