"""NumPy's side of bench/measure/measure.mjs: makes the data, or measures it in the plainest float64 way.

    numpy_side.py make FOLDER ROWS COLUMNS FILES
    numpy_side.py npz|orjson|json FOLDER WARM_UP_PASSES PASSES

The second form prints the processor seconds of each batch and the means of the last one, as JSON.
"""

import json
import pathlib
import sys
import time

import numpy as np

EPSILON = 1e-10


def make(folder, rows, columns, count):
    random = np.random.default_rng(7)
    for i in range(count):
        logits = random.normal(0, 2, (rows, columns)).astype(np.float32)
        logits -= logits.max(axis=1, keepdims=True)
        probs = np.exp(logits)
        probs /= probs.sum(axis=1, keepdims=True)
        labels = np.where(random.random(rows) < 0.4, probs.argmax(axis=1), random.integers(0, columns, rows))
        np.savez(folder / f"step_{i}.npz", probs=probs, labels=labels)
        record = {"step": i, "probs": probs[: rows // 4].tolist(), "labels": labels[: rows // 4].tolist()}
        (folder / f"step_{i}.jsonl").write_text(json.dumps(record) + "\n")


def read_npz(path):
    with np.load(path) as arrays:
        return arrays["probs"].astype(np.float64), arrays["labels"]


def read_json(loads):
    def read(path):
        record = loads(path.read_bytes())
        return np.array(record["probs"]), np.array(record["labels"])

    return read


def measure(probs, labels):
    logs = np.log(np.clip(probs, EPSILON, 1 - EPSILON))
    cross_entropy = -logs[np.arange(len(labels)), labels].mean()
    entropy = -(probs * logs).sum(axis=1).mean()
    accuracy = (probs.argmax(axis=1) == labels).mean()
    return [float(cross_entropy), float(entropy), float(accuracy)]


def main(what, folder, *sizes):
    folder = pathlib.Path(folder)
    if what == "make":
        make(folder, *map(int, sizes))
        return
    if what == "orjson":
        import orjson

        read = read_json(orjson.loads)
    else:
        read = read_npz if what == "npz" else read_json(json.loads)
    paths = sorted(folder.glob("*.npz" if what == "npz" else "*.jsonl"))
    seconds, means = [], []
    warm_up, passes = map(int, sizes)
    for path in paths * (warm_up + passes):
        before = time.process_time()
        means = measure(*read(path))
        seconds.append(time.process_time() - before)
    print(json.dumps({"seconds": seconds[warm_up * len(paths) :], "means": means, "numpy": np.__version__}))


main(*sys.argv[1:])
