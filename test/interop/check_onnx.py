"""Checks exported graphs with the ONNX checker and the Python ONNX Runtime.

usage: python check_onnx.py DIRECTORY

DIRECTORY holds <name>.onnx, <name>.inputs.json and <name>.outputs.json: columns of values by name, row after row where
a row has several, numbers that JSON cannot write as "NaN", "Infinity" and "-Infinity". Every graph is run on all rows at once (more than
1,000 in batches of 100: texts are padded to the longest of a batch), on the first row alone, and with two threads;
differences are absolute up to 1 and relative above.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

LIMIT = 1e-5


def read_columns(path):
    return json.loads(path.read_text(encoding="utf-8"))


def shape_of(value):
    first, *width = value.shape
    assert first == "N" and all(isinstance(n, int) for n in width), f"{value.name} has shape {value.shape}"
    return (-1, *width)


def feeds_of(session, columns):
    feeds = {}
    for value in session.get_inputs():
        cells = columns[value.name]
        if value.type == "tensor(string)":
            column = np.array(cells, dtype=object)
        elif value.type == "tensor(int64)":
            column = np.array(cells, dtype=np.int64)
        else:
            assert value.type == "tensor(float)", f"input {value.name} has type {value.type}"
            column = np.array([float(v) for v in cells], dtype=np.float32)
        feeds[value.name] = column.reshape(shape_of(value))
    return feeds


def open_session(path, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def largest_difference(actual, expected):
    """Infinity where only one side is a number."""
    if actual.shape != expected.shape:
        raise AssertionError(f"{actual.shape[0]} rows, expected {expected.shape[0]}")
    same = (actual == expected) | (np.isnan(actual) & np.isnan(expected))
    with np.errstate(invalid="ignore"):
        difference = np.abs(actual - expected) / np.maximum(1, np.abs(expected))
    difference = np.where(same, 0, np.where(np.isnan(difference), np.inf, difference))
    return float(difference.max(initial=0))


def batches(n_rows):
    if n_rows <= 1000:
        return [slice(None)]
    return [slice(start, start + 100) for start in range(0, n_rows, 100)]


def check(path):
    model = onnx.load(str(path))
    onnx.checker.check_model(model, full_check=True)
    columns = read_columns(path.with_suffix(".inputs.json"))
    expected = {
        name: np.array([float(v) for v in values])
        for name, values in read_columns(path.with_suffix(".outputs.json")).items()
    }
    worst = 0.0
    for threads in (1, 2):
        session = open_session(path, threads)
        names = [value.name for value in session.get_outputs()]
        assert set(names) == set(expected), f"outputs {names}, expected {sorted(expected)}"
        wanted = {value.name: expected[value.name].reshape(shape_of(value)) for value in session.get_outputs()}
        feeds = feeds_of(session, columns)
        for rows in (*batches(len(next(iter(feeds.values())))), slice(0, 1)):
            batch = {name: values[rows] for name, values in feeds.items()}
            for name, actual in zip(names, session.run(None, batch)):
                assert actual.dtype == np.float32, f"output {name} is {actual.dtype}"
                worst = max(worst, largest_difference(actual.astype(np.float64), wanted[name][rows]))
    assert worst <= LIMIT, f"largest difference {worst:.3g}, at most {LIMIT:g} is allowed"
    n_rows = len(next(iter(wanted.values())))
    return f"{len(model.graph.node)} nodes, {n_rows} rows, {len(names)} outputs, largest difference {worst:.3g}"


def main(directory):
    print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}")
    paths = sorted(Path(directory).glob("*.onnx"))
    failures = 0
    for path in paths:
        try:
            print(f"ok    {path.name}: {check(path)}")
        except Exception as error:  # every file gets its line
            failures += 1
            print(f"FAIL  {path.name}: {type(error).__name__}: {error}")
    if not paths:
        print(f"no .onnx files in {directory}")
    return 1 if failures or not paths else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
