"""CPython's side of the area `manager`: microseconds, operations per second, milliseconds."""

import functools
import multiprocessing
import time

from peer import Partner, serve

US = 1e3
MS = 1e6
PER_S = 1e9


@functools.cache
def manager():
    return multiprocessing.Manager()


@functools.cache
def a_dict():
    return manager().dict()


@functools.cache
def a_list():
    return manager().list()


@functools.cache
def a_lock():
    return manager().Lock()


def get_and_set(times):
    proxy = a_dict()
    begin = time.monotonic_ns()
    for i in range(int(times)):
        proxy["key"] = i
        proxy["key"]
    return (time.monotonic_ns() - begin) / US / int(times)


def client(proxy, key, times):
    begin = time.monotonic_ns()
    for i in range(times):
        proxy[key] = i
        proxy[key]
    return begin, time.monotonic_ns()


@functools.cache
def clients(count):
    return [Partner(functools.partial(client, a_dict(), f"key {number}")) for number in range(count)]


def operations(count, times):
    all = clients(int(count))
    for each in all:
        each.begin(int(times))
    spans = [each.result() for each in all]
    nanos = max(end for _, end in spans) - min(begin for begin, _ in spans)
    return PER_S * 2 * len(all) * int(times) / nanos / 1e3


def append(times):
    proxy = a_list()
    begin = time.monotonic_ns()
    for i in range(int(times)):
        proxy.append(i)
    nanos = time.monotonic_ns() - begin
    del proxy[:]
    return nanos / US / int(times)


@functools.cache
def entries(count):
    return {f"key {number}": number for number in range(count)}


def bulk(count):
    plain = entries(int(count))
    proxy = manager().dict()
    begin = time.monotonic_ns()
    proxy.update(plain)
    copy = proxy.copy()
    nanos = time.monotonic_ns() - begin
    assert len(copy) == len(plain)
    return nanos / MS


def lock(times):
    proxy = a_lock()
    begin = time.monotonic_ns()
    for _ in range(int(times)):
        proxy.acquire()
        proxy.release()
    return (time.monotonic_ns() - begin) / US / int(times)


if __name__ == "__main__":
    serve([get_and_set, operations, append, bulk, lock])
