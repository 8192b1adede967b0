"""CPython's side of the area `pipe`: nanoseconds for each message."""

import functools
import multiprocessing
import time

from peer import Partner, serve


class Echo:
    def __init__(self):
        self.near, self.far = multiprocessing.Pipe()
        self.partner = Partner(self.give_back)
        self.far.close()

    def give_back(self, times):
        for _ in range(times):
            self.far.send_bytes(self.far.recv_bytes())

    def nanos_each(self, size, times):
        message = bytes(size)
        self.partner.begin(times)
        begin = time.monotonic_ns()
        for _ in range(times):
            self.near.send_bytes(message)
            self.near.recv_bytes()
        nanos = time.monotonic_ns() - begin
        self.partner.result()
        return nanos / times


class Sink:
    def __init__(self):
        self.far, self.near = multiprocessing.Pipe(False)
        self.partner = Partner(self.take)
        self.far.close()

    def take(self, times):
        for _ in range(times):
            self.far.recv_bytes()

    def nanos_each(self, size, times):
        message = bytes(size)
        self.partner.begin(times)
        begin = time.monotonic_ns()
        for _ in range(times):
            self.near.send_bytes(message)
        self.partner.result()
        return (time.monotonic_ns() - begin) / times


@functools.cache
def the(kind):
    """The one object of that kind, with its child, made when it is first needed."""
    return kind()


def there_and_back(size, times):
    return the(Echo).nanos_each(int(size), int(times))


def one_way(size, times):
    return the(Sink).nanos_each(int(size), int(times))


if __name__ == "__main__":
    serve([there_and_back, one_way])
