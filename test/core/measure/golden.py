"""Prints golden.json: the measures as SciPy, NumPy, scikit-learn and mpmath compute them.

    python3 -m venv /tmp/golden
    /tmp/golden/bin/pip install numpy scipy scikit-learn mpmath
    /tmp/golden/bin/python test/core/measure/golden.py > test/core/measure/golden.json
    npx biome format --write test/core/measure/golden.json

Nothing here is a port of src/core/measure: every value comes from a library's own function, from
NumPy's plain formula on two-dimensional arrays, or from mpmath with 200 digits where float64 formulas
lose some. Non-finite numbers are spelled 'NaN', 'Infinity' and '-Infinity'.
"""

import json
import platform

import mpmath
import numpy as np
import scipy
import sklearn
from scipy.special import entr, expit, kl_div, log_expit, log_softmax, logsumexp, rel_entr, softmax, xlog1py, xlogy
from scipy.stats import entropy
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss

INF, NAN = np.inf, np.nan
IGNORED = -100

mpmath.mp.dps = 200
np.seterr(all="ignore")


def plain(value):
    """A value as strict JSON can hold it."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, (str, bool)) or value is None:
        return value
    value = float(value)
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return int(value) if value.is_integer() and abs(value) < 1e9 else value


calls = []


def call(fn, expected, *args):
    """One call of one function, and what it must return."""
    calls.append({"fn": fn, "args": plain(args), "expected": plain(expected)})


def exact_rel_entr(x, y):
    return mpmath.mpf(x) * mpmath.log(mpmath.mpf(x) / mpmath.mpf(y))


EDGES = [0.0, 5e-324, 1e-300, 1e-10, 0.3, 0.5, 1.0, 1.5, 1e300, INF, -0.5, NAN]
PAIRS = [(x, y) for x in [0.0, 1e-300, 0.25, 0.5, 1.0, 1e300, -0.5, NAN] for y in [0.0, 1e-300, 0.5, 0.7, 1e300, -0.5, NAN]]

for x in EDGES:
    call("entr", entr(x), x)
    call("surprise", -np.log(x) + 0.0, x)
for x, y in PAIRS:
    call("xlogy", xlogy(x, y), x, y)
    # SciPy's kl_div(1e-300, 1e300) is -inf, for the ratio underflows: inside the domain mpmath is the judge.
    inside = x > 0 and y > 0
    call("relEntr", exact_rel_entr(x, y) if inside else rel_entr(x, y), x, y)
    call("klDiv", exact_rel_entr(x, y) - mpmath.mpf(x) + mpmath.mpf(y) if inside else kl_div(x, y), x, y)

# Nearly equal, and with a ratio that over- or underflows.
for x, y in [(0.9456657713430001, 0.9456657713430094), (0.5, 0.5 + 2**-52), (1 - 2**-53, 1.0), (4.0, 2.22e-308),
             (1e-200, 1e200), (2.22e-308, 1e15), (1e200, 1e-200), (0.3, 0.15000000000000002), (0.2, 0.4)]:
    call("relEntr", exact_rel_entr(x, y), x, y)

for z in [0.0, 1e-20, -1e-20, 0.5, -0.5, 2.0, 10.0, -10.0, 20.0, -20.0, 36.0, 40.0, -40.0, 700.0, -700.0, 1e9, -1e9, INF, -INF, NAN]:
    call("sigmoid", expit(z), z)
    call("softplus", -log_expit(-z) + 0.0, z)
    if np.isfinite(z) and abs(z) <= 40:
        p = 1 / (1 + mpmath.exp(-mpmath.mpf(z)))
        for y in [0.0, 1.0]:
            call("binaryCrossEntropyGradient", p - y, y, z)
            call("squaredErrorGradient", 2 * (p - y) * p * (1 - p), y, z)
            call("binaryCrossEntropyOfLogitNats", -(mpmath.log(p) if y else mpmath.log(1 - p)), y, z)
for x in [0.0, -1e-20, -1e-10, -0.1, -0.5, -0.6931471805599453, -0.7, -2.0, -30.0, -800.0, -INF, 1.0, NAN]:
    call("logOneMinusExp", mpmath.log(1 - mpmath.exp(mpmath.mpf(x))) if -700 < x < 0 else np.log1p(-np.exp(x)) + 0.0, x)

for y, p in [(1, 0.9), (0, 0.9), (0.3, 0.3), (1, 1.0), (0, 0.0), (1, 0.0), (0, 1.0), (0.5, 0.0), (0, 1e-20), (1, NAN), (0, NAN)]:
    call("binaryCrossEntropyNats", -(xlogy(y, p) + xlog1py(1 - y, -p)) + 0.0, y, p)

for logits in [[0.0], [1.0, 2.0, 3.0], [1000.0, 1.0], [-1000.0, -1001.0], [1e6, 1e6 + 1, 1e6 - 1], [0.0, -INF], [-INF, -INF],
               [0.0, INF], [INF, INF], [0.0, NAN], [3.5] * 7]:
    call("logSumExp", logsumexp(logits), logits)
for logits in [[1000.0, 1.0], [0.0, 1.0, 2.0, 3.0], [100.0, 101.0, 102.0, 103.0], [-100.0, 100.0, -100.0, -100.0], [0.0, -INF, 1.0]]:
    exact = [mpmath.mpf(z) for z in logits]
    lse = mpmath.log(mpmath.fsum(mpmath.exp(z) for z in exact))
    call("logSoftmax", [z - lse for z in exact], logits)

for probs in [[1.0], [0.5, 0.5], [1.0, 0.0], [0.2, 0.3, 0.5], [1 / 16] * 16, [1e-300, 1.0], [0.5, NAN], [-0.1, 1.1]]:
    # scipy.stats.entropy normalises, so it speaks only for what is a distribution.
    call("entropyNats", entropy(probs) if np.isclose(np.sum(probs), 1) and np.min(probs) >= 0 else np.sum(entr(probs)), probs)
for p, q in [([0.1, 0.6, 0.3], [0.2, 0.3, 0.5]), ([0.2, 0.3, 0.5], [0.1, 0.6, 0.3]), ([0.5, 0.5], [0.5, 0.5]), ([1.0, 0.0], [0.5, 0.5]),
             ([0.5, 0.5], [1.0, 0.0]), ([1.0, 0.0], [0.0, 1.0])]:
    call("klNats", entropy(p, q), p, q)
for t, z in [([0.0, 1.0, 0.0], [2.0, -1.0, 0.5]), ([0.1, 0.2, 0.7], [1000.0, 1001.0, 999.0])]:
    call("softmaxCrossEntropyGradient", softmax(z) - t, t, z)
# softmax(z) - 1 is 0 here; the true value is -exp(-40) / (1 + exp(-40)).
tail = mpmath.exp(-40) / (1 + mpmath.exp(-40))
call("softmaxCrossEntropyGradient", [-tail, tail], [1.0, 0.0], [40.0, 0.0])


batches = []


def calibration_error(confidence, hits):
    """scikit-learn's bins, weighted by how many rows are in each."""
    if np.isnan(confidence).any():
        return NAN
    accuracy, mean_confidence = calibration_curve(hits, confidence, n_bins=15)
    bins = np.searchsorted(np.linspace(0, 1, 16)[1:-1], confidence)
    counts = np.bincount(bins)
    return np.sum(counts[counts > 0] * np.abs(accuracy - mean_confidence)) / len(hits)


def both_classes(column):
    return np.hstack([1 - column, column])


def probabilities(kind, values):
    """[n, classes] probabilities and their logarithms; one column becomes two classes."""
    one_column = values.shape[1] == 1
    if kind == "logits":
        logits = np.hstack([np.zeros_like(values), values]) if one_column else values
        return softmax(logits, axis=1), log_softmax(logits, axis=1)
    probs = values if kind == "probs" else np.exp(values)
    if one_column:
        return both_classes(probs), np.hstack([np.log1p(-probs), np.log(probs)])
    return probs, np.log(probs) if kind == "probs" else values


def batch(name, kind, values, labels, epsilon=1e-10):
    """One batch, and the means that must be measured."""
    values, labels = np.asarray(values, float), np.asarray(labels, float)
    hard = labels.ndim == 1
    batches.append({
        "name": name, "kind": kind, "n": values.shape[0], "k": values.shape[1], "epsilon": epsilon,
        "values": plain(values.ravel()), "labels": "hard" if hard else "soft", "targets": plain(labels.ravel()),
    })

    given = labels != IGNORED if hard else np.full(len(labels), True)
    q, log_q = probabilities(kind, values[given])
    labels = labels[given]
    classes = q.shape[1]
    truth = np.eye(classes)[labels.astype(int)] if hard else both_classes(labels) if classes != labels.shape[1] else labels

    # xlogy(t, q) row by row, but with the logarithm that does not underflow.
    summands = np.where(truth == 0, np.where(np.isnan(q), NAN, 0), truth * log_q)
    loss = -np.sum(summands, axis=1)
    spread = np.mean(np.sum(entr(q), axis=1))
    hits = (np.argmax(q, axis=1) == np.argmax(truth, axis=1)) & ~np.isnan(q).any(axis=1)
    confidence = np.max(q, axis=1)
    expected = {
        "crossEntropy": np.mean(loss),
        "crossEntropyClipped": np.mean(-np.sum(xlogy(truth, np.clip(q, epsilon, 1 - epsilon)), axis=1)),
        "entropy": spread,
        "entropyBits": spread / np.log(2),
        "entropyShare": spread / np.log(classes),
        "klDivergence": np.mean(loss - np.sum(entr(truth), axis=1)),
        "squaredError": np.mean(np.sum((q - truth) ** 2, axis=1)),
        "perplexity": np.exp(np.mean(loss)),
        "accuracy": np.mean(hits),
        "crossEntropyBits": np.mean(loss) / np.log(2),
        "klReverse": np.mean(np.sum(rel_entr(q, truth), axis=1)),
        "mutualInformation": np.sum(entr(np.mean(q, axis=0))) - spread,
        "confidence": np.mean(confidence),
        "calibrationError": calibration_error(confidence, hits),
        "chanceLevel": np.log(classes),
        "labelEntropy": entropy(np.mean(truth, axis=0)),
    }
    # log_loss clips at 2**-52, so scikit-learn is the judge only where that changes nothing.
    if hard and np.min(q, initial=0) > 1e-15:
        index = labels.astype(int)
        expected["crossEntropy"] = log_loss(index, q, labels=range(classes))
        expected["squaredError"] = brier_score_loss(index, q, labels=range(classes), scale_by_half=False)
        expected["accuracy"] = accuracy_score(index, np.argmax(q, axis=1))
    batches[-1]["expected"] = {key: plain(value) for key, value in expected.items()}


random = np.random.default_rng(20240229)
some_logits = np.round(random.normal(0, 3, (7, 5)), 4)
some_probs = random.dirichlet(np.ones(4), 6)
some_targets = random.dirichlet(np.ones(4), 6)
some_column = np.round(random.uniform(0.01, 0.99, (8, 1)), 6)
some_bits = [1, 0, 0, 1, 1, 1, 0, 0]

batch("probabilities and classes", "probs", some_probs, [0, 1, 2, 3, 0, 1])
batch("probabilities and distributions", "probs", some_probs, some_targets)
batch("a truth equal to the guess", "probs", some_probs, some_probs)
batch("log-probabilities and classes", "log_probs", np.log(some_probs), [3, 2, 1, 0, 3, 2])
batch("log-probabilities and distributions", "log_probs", np.log(some_probs), some_targets)
batch("logits and classes", "logits", some_logits, [0, 1, 2, 3, 4, 0, 1])
batch("logits and distributions", "logits", some_logits, random.dirichlet(np.ones(5), 7))
batch("logits far from 0", "logits", some_logits + 4096, [0, 1, 2, 3, 4, 0, 1])
batch("one column of probabilities", "probs", some_column, some_bits)
batch("one column of log-probabilities", "log_probs", np.log(some_column), some_bits)
batch("one column of logits", "logits", np.round(random.normal(0, 4, (8, 1)), 4), some_bits)
batch("one column and soft truth", "probs", some_column, np.round(random.uniform(0, 1, (8, 1)), 3))
batch("one column of logits and soft truth", "logits", np.round(random.normal(0, 4, (8, 1)), 4), np.round(random.uniform(0, 1, (8, 1)), 3))
batch("scikit-learn's docstring of brier_score_loss", "probs", [[0.1], [0.9], [0.8], [0.3]], [0, 1, 1, 0])
batch("scikit-learn's three-class test of log_loss", "probs", [[0.2, 0.7, 0.1], [0.6, 0.2, 0.2], [0.6, 0.1, 0.3]], [1, 0, 2])
batch("ignored rows", "probs", some_probs, [0, IGNORED, 2, IGNORED, 0, 1])
batch("uniform guesses", "probs", np.full((3, 8), 0.125), [0, 3, 7])
batch("impossible truth", "probs", [[1, 0, 0], [0.25, 0.5, 0.25]], [1, 1])
batch("impossible truth in a distribution", "probs", [[1, 0, 0], [0.25, 0.5, 0.25]], [[0.9, 0.1, 0], [0, 1, 0]])
batch("sure and right", "probs", [[1, 0, 0], [0, 0, 1]], [0, 2])
batch("one column, sure and right", "probs", [[1], [0]], [1, 0])
batch("one column, sure and wrong", "probs", [[0], [1], [0.5]], [1, 0, 1])
batch("one column, sure and wrong by logit", "logits", [[-800], [800], [0]], [1, 0, 1])
batch("softmax underflows", "logits", [[0, 800, -800], [1000, 1, 0]], [2, 1])
batch("masked logits", "logits", [[0, 1, -INF], [2, -INF, 1]], [0, 2])
batch("log-probabilities that underflow", "log_probs", [[0, -800], [-1000, 0]], [1, 0])
batch("a coarse clip", "probs", [[0.05, 0.95], [0.99, 0.01], [0.4, 0.6]], [0, 0, 1], epsilon=0.1)
batch("the clip of Keras", "probs", [[1, 0], [0, 1], [0.3, 0.7]], [1, 1, 0], epsilon=1e-7)
batch("a NaN row", "probs", [[0.5, NAN, 0.5], [0.2, 0.3, 0.5]], [0, 2])
batch("a NaN logit", "logits", [[0.5, NAN, 0.5], [0.2, 0.3, 0.5]], [0, 2])

versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__, "mpmath": mpmath.__version__}
print(json.dumps({"source": "golden.py", "versions": versions, "calls": calls, "batches": batches}, allow_nan=False))
