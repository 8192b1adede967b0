"""CPython's side of the area `queue`: items and mebibytes per second, microseconds there and back, milliseconds."""

import functools
import multiprocessing
import subprocess
import sys
import time

US = 1e3
MS = 1e6
MILLIONS_PER_S = 1e3
PER_S = 1e9
MIB = 1024 * 1024


def put(queue, count, item=None):
    begin = time.monotonic_ns()
    for i in range(count):
        queue.put(i if item is None else item)
    return begin


def get(queue, count):
    for _ in range(count):
        queue.get()
    return time.monotonic_ns()


class Ends:
    """The producers and the consumers of one queue."""

    def __init__(self, producers, consumers, item=None):
        from peer import Partner

        queue = multiprocessing.Queue()
        self.producers = [Partner(functools.partial(put, queue, item=item)) for _ in range(producers)]
        self.consumers = [Partner(functools.partial(get, queue)) for _ in range(consumers)]

    def nanos(self, items):
        for consumer in self.consumers:
            consumer.begin(items // len(self.consumers))
        for producer in self.producers:
            producer.begin(items // len(self.producers))
        begin = min([producer.result() for producer in self.producers])
        return max([consumer.result() for consumer in self.consumers]) - begin


@functools.cache
def ends(*args):
    return Ends(*args)


def through(producers, consumers, items):
    items = int(items)
    return MILLIONS_PER_S * items / ends(int(producers), int(consumers)).nanos(items)


def large(items):
    items = int(items)
    return PER_S * items / ends(1, 1, bytes(MIB)).nanos(items)


class Echo:
    def __init__(self):
        from peer import Partner

        self.there = multiprocessing.Queue()
        self.back = multiprocessing.Queue()
        self.partner = Partner(self.echo)

    def echo(self, times):
        for _ in range(times):
            self.back.put(self.there.get())
        return times

    def micros_each(self, times):
        self.partner.begin(times)
        begin = time.monotonic_ns()
        for i in range(times):
            self.there.put(i)
            self.back.get()
        nanos = time.monotonic_ns() - begin
        self.partner.result()
        return nanos / US / times


@functools.cache
def echo():
    return Echo()


def there_and_back(times):
    return echo().micros_each(int(times))


def first_item():
    begin = time.monotonic_ns()
    queue = multiprocessing.Queue()
    queue.put(1)
    queue.get()
    return (time.monotonic_ns() - begin) / MS


def first():
    """The first queue of an interpreter of its own."""
    own = subprocess.run([sys.executable, "-B", __file__, "first"], check=True, stdout=subprocess.PIPE)
    return float(own.stdout)


def send_first(connection):
    connection.send(first_item())


def first_in_child():
    """The first queue of a child of the fork server."""
    context = multiprocessing.get_context("forkserver")
    near, far = context.Pipe()
    child = context.Process(target=send_first, args=(far,))
    child.start()
    millis = near.recv()
    child.join()
    return millis


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(first_item())
    else:
        from peer import serve

        serve([through, large, there_and_back, first, first_in_child])
