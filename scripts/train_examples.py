#!/usr/bin/python3
"""Trains the example networks of data/ with scikit-learn.

    train_examples.py [--output DIR] [NAME...]

Data: scikit-learn's bundled sets, nothing is downloaded.  Inputs are
standardised with the mean and deviation of the training part; the network
takes standardised inputs.  Seeds are fixed: the same library versions on the
same kind of machine write the same files.  Debian: python3-sklearn.
"""

import argparse
import json
import os
import pathlib
import warnings

# The order of sums depends on the number of threads.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402
import sklearn  # noqa: E402
from sklearn import datasets  # noqa: E402
from sklearn.exceptions import ConvergenceWarning  # noqa: E402
from sklearn.metrics import r2_score  # noqa: E402
from sklearn.model_selection import train_test_split  # noqa: E402
from sklearn.neural_network import MLPClassifier, MLPRegressor  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

from network_file import network_text  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
SEED = 1
TEST_SHARE = 0.25


def bundled(load):
    return lambda: load(return_X_y=True)


# name: (data set in words, its loader)
EXAMPLES = {
    "moons-2-16-16-2": (
        "make_moons (1000 points, noise 0.2)",
        lambda: datasets.make_moons(n_samples=1000, noise=0.2, random_state=SEED),
    ),
    "iris-4-16-16-3": ("load_iris", bundled(datasets.load_iris)),
    "diabetes-10-12-8-1": ("load_diabetes", bundled(datasets.load_diabetes)),
    "wine-13-10-10-3": ("load_wine", bundled(datasets.load_wine)),
    "breast-cancer-30-8-8-2": ("load_breast_cancer", bundled(datasets.load_breast_cancer)),
    "digits-64-10-8-10": ("load_digits", bundled(datasets.load_digits)),
}


def relu_network(model):
    """The layers (weight rows, bias) of a fitted model, rounded to binary32."""
    return [
        (weight.T.astype(np.float32), bias.astype(np.float32))
        for weight, bias in zip(model.coefs_, model.intercepts_)
    ]


def evaluate(layers, inputs):
    values = inputs
    for number, (weight, bias) in enumerate(layers, 1):
        values = values @ weight.T.astype(np.float64) + bias
        if number < len(layers):
            values = np.maximum(values, 0)
    return values


def train(name):
    words, load = EXAMPLES[name]
    sizes = [int(part) for part in name.split("-") if part.isdigit()]
    settings = {
        "hidden_layer_sizes": tuple(sizes[1:-1]),
        "activation": "relu",
        "solver": "adam",
        "learning_rate_init": 0.01,
        "max_iter": 300,
        "random_state": SEED,
    }
    x, y = load()
    classes = sizes[-1] > 1
    x, x_test, y, y_test = train_test_split(
        x, y, test_size=TEST_SHARE, random_state=SEED, stratify=y if classes else None
    )
    scaler = StandardScaler().fit(x)
    x, x_test = scaler.transform(x), scaler.transform(x_test)
    if not classes:
        target = StandardScaler().fit(y[:, None])
        # Few, noisy points: stop early on a part of the training data.
        model = MLPRegressor(early_stopping=True, **settings)
        model.fit(x, target.transform(y[:, None]).ravel())
    elif sizes[-1] == 2:
        # With plain labels MLPClassifier has one output for two classes; given
        # one column for each class it trains one logit each.
        model = MLPClassifier(**settings).fit(x, np.eye(2, dtype=int)[y])
    else:
        model = MLPClassifier(**settings).fit(x, y)

    layers = relu_network(model)
    assert [weight.shape[0] for weight, _ in layers] == sizes[1:] and x.shape[1] == sizes[0]
    output = evaluate(layers, x_test)
    if classes:
        score = "test accuracy %.4f" % np.mean(output.argmax(axis=1) == y_test)
        meaning = "one logit per class"
    else:
        score = "test R^2 %.4f" % r2_score(y_test, target.inverse_transform(output).ravel())
        meaning = "the standardised target"
    comment = (
        "Trained on scikit-learn %s %s, seed %d: %d training and %d test points, standardised "
        "inputs, output %s, weights rounded to binary32; %s."
        % (sklearn.__version__, words, SEED, len(x), len(x_test), meaning, score)
    )
    return network_text(layers, comment), score, layers


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "data")
    parser.add_argument("name", nargs="*", help="which to train (default: all)")
    options = parser.parse_args()
    for name in options.name:
        if name not in EXAMPLES:
            parser.error("no example %r; there are: %s" % (name, ", ".join(EXAMPLES)))
    warnings.simplefilter("ignore", ConvergenceWarning)
    for name in options.name or EXAMPLES:
        text, score, layers = train(name)
        net = json.loads(text)
        for part, (weight, bias) in zip(net["layers"], layers):
            assert np.array_equal(np.array(part["weight"]), weight.astype(np.float64))
            assert np.array_equal(np.array(part["bias"]), bias.astype(np.float64))
        (options.output / (name + ".json")).write_text(text)
        print("%-24s %s" % (name, score))


if __name__ == "__main__":
    main()
