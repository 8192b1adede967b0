"""Answers requests, one line each: a function's name and its arguments, separated by tabs."""

import platform
import sys


def serve(functions):
    by_name = {function.__name__: function for function in functions}
    print(platform.python_implementation(), platform.python_version(), flush=True)
    for line in sys.stdin:
        name, *arguments = line.rstrip("\n").split("\t")
        print(by_name[name](*arguments), flush=True)
