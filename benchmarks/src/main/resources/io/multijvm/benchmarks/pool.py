"""CPython's side of the area `pool`: thousands and millions of tasks per second, microseconds, milliseconds, seconds."""

import concurrent.futures
import functools
import itertools
import math
import multiprocessing
import time

US = 1e3
MS = 1e6
S = 1e9
WORKERS = 2
MIB = 1024 * 1024
PRIMES = [
    112272535095293,
    112582705942171,
    112272535095293,
    115280095190773,
    115797848077099,
    1099726899285419,
]


def tiny(n):
    return n + 1


def back(content):
    return content


def is_prime(n):
    if n < 2:
        return False
    if n == 2:
        return True
    if n % 2 == 0:
        return False
    root = int(math.floor(math.sqrt(n)))
    for i in range(3, root + 1, 2):
        if n % i == 0:
            return False
    return True


@functools.cache
def pool():
    made = multiprocessing.Pool(WORKERS)
    made.map(tiny, range(1000))
    return made


@functools.cache
def executor():
    made = concurrent.futures.ProcessPoolExecutor(WORKERS)
    list(made.map(tiny, range(1000)))
    return made


def rate(count, begin, unit):
    return count / (time.monotonic_ns() - begin) * S / unit


def map_singly(count):
    """Thousands of tasks per second."""
    arguments = range(int(count))
    own = pool()
    begin = time.monotonic_ns()
    own.map(tiny, arguments, 1)
    return rate(len(arguments), begin, 1e3)


def map_chunked(count):
    """Millions of tasks per second."""
    arguments = range(int(count))
    own = pool()
    begin = time.monotonic_ns()
    own.map(tiny, arguments)
    return rate(len(arguments), begin, 1e6)


def apply(count):
    own = pool()
    begin = time.monotonic_ns()
    for i in range(int(count)):
        own.apply(tiny, (i,))
    return (time.monotonic_ns() - begin) / US / int(count)


def submit(count):
    """Thousands of tasks per second."""
    own = executor()
    begin = time.monotonic_ns()
    futures = [own.submit(tiny, i) for i in range(int(count))]
    for future in futures:
        future.result()
    return rate(len(futures), begin, 1e3)


def submit_singly(count):
    own = executor()
    begin = time.monotonic_ns()
    for i in range(int(count)):
        own.submit(tiny, i).result()
    return (time.monotonic_ns() - begin) / US / int(count)


def primes():
    own = executor()
    begin = time.monotonic_ns()
    answers = list(own.map(is_prime, PRIMES))
    seconds = (time.monotonic_ns() - begin) / S
    if answers != [True] * 5 + [False]:
        raise RuntimeError(f"not the right answers: {answers}")
    return seconds


def arrays(count):
    """Seconds for so many tasks that take and return a mebibyte."""
    own = pool()
    content = bytes(MIB)
    begin = time.monotonic_ns()
    for result in own.imap(back, itertools.repeat(content, int(count))):
        if len(result) != MIB:
            raise RuntimeError("not what was sent")
    return (time.monotonic_ns() - begin) / S


def first_result(method):
    """Milliseconds from before a pool is made until its first result."""
    context = multiprocessing.get_context(method)
    begin = time.monotonic_ns()
    own = context.Pool(WORKERS)
    own.apply(tiny, (1,))
    millis = (time.monotonic_ns() - begin) / MS
    own.terminate()
    own.join()
    return millis


if __name__ == "__main__":
    from peer import serve

    serve([map_singly, map_chunked, apply, submit, submit_singly, primes, arrays, first_result])
