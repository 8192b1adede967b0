"""CPython's side of the area `sync`: nanoseconds and microseconds for one operation."""

import functools
import multiprocessing
import time

from peer import Partner, serve

US = 1e3
UNTIL_BOTH_ARE_THERE = 20_000_000
BETWEEN_LOOKS = 64
FALLING_ASLEEP = 0.002


def nanos_each(operations, obj):
    begin = time.monotonic_ns()
    for _ in range(operations):
        obj.acquire()
        obj.release()
    return (time.monotonic_ns() - begin) / operations


def lock(operations, obj=multiprocessing.Lock()):
    return nanos_each(int(operations), obj)


def rlock(operations, obj=multiprocessing.RLock()):
    return nanos_each(int(operations), obj)


def semaphore(operations, obj=multiprocessing.Semaphore()):
    return nanos_each(int(operations), obj)


def increment(operations, v=multiprocessing.Value("i", 0)):
    operations = int(operations)
    begin = time.monotonic_ns()
    for _ in range(operations):
        with v.get_lock():
            v.value += 1
    return (time.monotonic_ns() - begin) / operations


class Contest:
    def __init__(self):
        self.lock = multiprocessing.Lock()
        self.partners = [Partner(self.operations) for _ in range(2)]
        self.share_of_loser = 0

    def operations(self, begin, window):
        obj = self.lock
        end = begin + window
        while time.monotonic_ns() < begin:
            pass
        count = 0
        while time.monotonic_ns() < end:
            for _ in range(BETWEEN_LOOKS):
                obj.acquire()
                obj.release()
            count += BETWEEN_LOOKS
        return count

    def nanos_each(self, window):
        counts = [0, 0]
        while sum(counts) == 0:  # on a busy machine both may come too late
            begin = time.monotonic_ns() + UNTIL_BOTH_ARE_THERE
            for partner in self.partners:
                partner.begin(begin, window)
            counts = [partner.result() for partner in self.partners]
        self.share_of_loser = 100 * min(counts) / sum(counts)
        return window / sum(counts)


class EventWaiter:
    def __init__(self):
        self.event = multiprocessing.Event()
        self.partner = Partner(self.wait)

    def wait(self):
        self.event.wait()
        return time.monotonic_ns()

    def to_waiter(self, times):
        nanos = 0
        for _ in range(times):
            self.partner.begin()
            time.sleep(FALLING_ASLEEP)
            begin = time.monotonic_ns()
            self.event.set()
            nanos += self.partner.result() - begin
            self.event.clear()
        return nanos / US / times


class Cycle:
    def __init__(self):
        self.barrier = multiprocessing.Barrier(2)
        self.partner = Partner(self.wait)

    def wait(self, times):
        for _ in range(times):
            self.barrier.wait()

    def micros_each(self, times):
        self.partner.begin(times + 1)
        self.barrier.wait()  # both are there
        begin = time.monotonic_ns()
        self.wait(times)
        nanos = time.monotonic_ns() - begin
        self.partner.result()
        return nanos / US / times


@functools.cache
def the(kind):
    """The one object of that kind, with its children, made when it is first needed."""
    return kind()


def contend(milliseconds):
    return the(Contest).nanos_each(int(milliseconds) * 1_000_000)


def share_of_loser():
    return the(Contest).share_of_loser


def event_to_waiter(times):
    return the(EventWaiter).to_waiter(int(times))


def barrier_cycle(times):
    return the(Cycle).micros_each(int(times))


if __name__ == "__main__":
    serve([lock, rlock, semaphore, increment, contend, share_of_loser, event_to_waiter, barrier_cycle])
