"""What others take for the same work: one of the functions below, by its name, with what it is given.

    peers.py WORK [...]

Each prints one object of JSON. `seconds` in it is the processor time of a part; else that of the whole process counts.
"""

import importlib.util
import json
import platform
import re
import sqlite3
import sys
import time

TEXT = re.compile(r"step=(\d+) loss=(\S+) lr=(\S+) grad_norm=(\S+)")


def about(*modules):
    """Which Python this is, and which of these it has."""
    installed = [name for name in modules if importlib.util.find_spec(name) is not None]
    return {"python": platform.python_version(), "installed": installed}


def json_lines(path):
    loads, lines = json.loads, 0
    with open(path) as file:
        for line in file:
            loads(line)
            lines += 1
    return {"lines": lines}


def orjson_lines(path):
    from orjson import loads

    lines = 0
    with open(path, "rb") as file:
        for line in file:
            loads(line)
            lines += 1
    return {"lines": lines}


def duckdb_lines(path):
    import duckdb

    rows = duckdb.sql(f"SELECT count(*), sum(loss) FROM read_json('{path}', format = 'newline_delimited')").fetchone()
    return {"lines": rows[0]}


def polars_lines(path):
    import polars

    return {"lines": polars.read_ndjson(path).height}


def re_lines(path):
    search, lines = TEXT.search, 0
    with open(path) as file:
        for line in file:
            found = search(line)
            if found:
                step, loss, rate, norm = found.groups()
                int(step), float(loss), float(rate), float(norm)
                lines += 1
    return {"lines": lines}


def numpy_csv(path):
    import numpy

    return {"lines": len(numpy.loadtxt(path, delimiter=",", skiprows=1))}


def json_document(path):
    with open(path) as file:
        return {"lines": len(json.load(file)["log_history"])}


def executemany(path, database, batch):
    """Stores the values of JSON lines. What is timed is the storing alone: the samples are made outside of it."""
    db = sqlite3.connect(database)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("CREATE TABLE samples (series INTEGER, ordinal INTEGER, step INTEGER, value REAL)")
    seconds, stored, waiting = 0.0, 0, []

    def store():
        nonlocal seconds, stored
        before = time.process_time()
        db.executemany("INSERT INTO samples VALUES (?, ?, ?, ?)", waiting)
        db.commit()
        seconds += time.process_time() - before
        stored += len(waiting)
        waiting.clear()

    with open(path) as file:
        for ordinal, line in enumerate(file):
            record = json.loads(line)
            step = record["step"]
            values = [value for name, value in record.items() if name not in ("step", "epoch", "timestamp")]
            for series, value in enumerate(values):
                waiting.append((series, ordinal, step, value))
                if len(waiting) == int(batch):
                    store()
    store()
    return {"seconds": seconds, "samples": stored}


WORKS = (
    about,
    json_lines,
    orjson_lines,
    duckdb_lines,
    polars_lines,
    re_lines,
    numpy_csv,
    json_document,
    executemany,
)

if __name__ == "__main__":
    work = {each.__name__: each for each in WORKS}[sys.argv[1]]
    print(json.dumps(work(*sys.argv[2:])))
