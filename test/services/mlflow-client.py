"""What MLflow's own client sees of a synced training, and what the champion answers in plain Python; JSON on stdout."""

import json
import logging
import sys

import mlflow
import mlflow.onnx
import mlflow.pyfunc
import numpy as np
import onnxruntime
import pandas as pd

logging.disable(logging.WARNING)
name, rows_file = sys.argv[1:3]
client = mlflow.MlflowClient()
experiment = client.get_experiment_by_name(name)
runs = client.search_runs([experiment.experiment_id])


def run_of(run):
    return {
        "status": run.info.status,
        "params": run.data.params,
        "metrics": run.data.metrics,
        "datasets": [
            {"name": i.dataset.name, "source": json.loads(i.dataset.source), "context": i.tags[0].value}
            for i in run.inputs.dataset_inputs
        ],
        "models": len(run.outputs.model_outputs),
        "artifacts": {f.path: f.file_size for f in client.list_artifacts(run.info.run_id)},
        "history": len(client.get_metric_history(run.info.run_id, "random_hold_out/roc_auc")),
    }


uri = f"models:/{name}@champion"
frame = pd.DataFrame(json.load(open(rows_file))).astype("float64")
pyfunc = mlflow.pyfunc.load_model(uri)
by_pyfunc = pyfunc.predict(frame)
graph = mlflow.onnx.load_model(uri)
session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
feeds = {i.name: frame[i.name].to_numpy(np.float32) for i in session.get_inputs()}
names = [o.name for o in session.get_outputs()]
by_onnx = dict(zip(names, session.run(names, feeds)))
version = client.get_model_version_by_alias(name, "champion")
print(
    json.dumps(
        {
            "runs": [run_of(run) for run in runs],
            "version": {"number": version.version, "status": version.status, "tags": version.tags},
            "description": version.description,
            "example": list(pyfunc.input_example.columns),
            "signature": [c.name for c in pyfunc.metadata.signature.inputs],
            "pyfunc": {key: np.asarray(value, dtype=float).tolist() for key, value in by_pyfunc.items()},
            "onnx": {key: value.astype(float).tolist() for key, value in by_onnx.items()},
        }
    )
)
