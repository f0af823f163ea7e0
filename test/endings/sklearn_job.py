"""Trains a scikit-learn MLP that prints its loss at each iteration until it no longer improves."""
import time

import numpy as np
from sklearn.neural_network import MLPClassifier

rng = np.random.default_rng(0)
x = rng.normal(size=(200, 4))
y = (x.sum(axis=1) > 0).astype(int)
model = MLPClassifier(hidden_layer_sizes=(8,), max_iter=400, tol=0.01, n_iter_no_change=5, verbose=True, random_state=0)
model.fit(x, y)
# A notebook would keep its log open after that.
time.sleep(3600)
