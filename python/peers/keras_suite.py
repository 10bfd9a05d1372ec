"""Linnet beside Keras, in Keras's environment with the package on PYTHONPATH."""

import argparse
import importlib
import sys
import warnings

import keras_both  # noqa: F401  (before TensorFlow: quiet, on the CPU)
from compare import Suite
from keras_explained import EXPLAINED

warnings.simplefilter("ignore")
PARTS = ("layers", "pieces", "optimizers", "models")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {PARTS} (default: all)")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    failures = 0
    for part in arguments.parts or PARTS:
        suite = Suite(f"Keras, {part}", [e for e in EXPLAINED if e.part == part])
        importlib.import_module(f"keras_{part}").run(suite)
        failures += suite.report(arguments.verbose)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
