"""CPython's side of the area `memory`: what locks take."""

import functools
import multiprocessing
import os
import subprocess
import sys
import time

US = 1e3
KIB_PER_PAGE = os.sysconf("SC_PAGESIZE") / 1024
TICKS_PER_MS = os.sysconf("SC_CLK_TCK") / 1e3


def descriptors():
    return len(os.listdir("/proc/self/fd"))


def taken(what, count):
    """What that many locks take altogether."""
    before = descriptors()
    locks = [multiprocessing.Lock() for _ in range(count)]
    with open("/proc/self/maps") as maps:
        mapped = [line for line in maps if "/dev/shm/sem." in line]
    return {
        "memory": len(mapped) * KIB_PER_PAGE,  # each is a page of its own file
        "files": sum("(deleted)" not in line for line in mapped),
        "mappings": len(mapped),
        "descriptors": descriptors() - before,
        "locks": len(locks),
    }[what]


def many_locks(what, count):
    """Taken in an interpreter of its own."""
    own = subprocess.run([sys.executable, "-B", __file__, what, count], check=True, stdout=subprocess.PIPE)
    return float(own.stdout)


def creation(count):
    count = int(count)
    locks = [None] * count
    begin = time.monotonic_ns()
    for i in range(count):
        locks[i] = multiprocessing.Lock()
    return (time.monotonic_ns() - begin) / US / count


class Waiters:
    def __init__(self, count):
        self.lock = multiprocessing.Lock()
        self.partners = [Partner(self.wait) for _ in range(count)]

    def wait(self):
        self.lock.acquire()
        self.lock.release()

    def processor_millis(self, settle, window):
        with self.lock:
            for partner in self.partners:
                partner.begin()
            time.sleep(settle)
            before = self.processor_time()
            time.sleep(window)
            used = self.processor_time() - before
        for partner in self.partners:
            partner.result()
        return used

    def processor_time(self):
        ticks = 0
        for partner in self.partners:
            with open(f"/proc/{partner.child.pid}/stat") as stat:
                fields = stat.read().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS_PER_MS


@functools.cache
def waiters(count):
    return Waiters(count)


def waiting(count, settle, window):
    return waiters(int(count)).processor_millis(int(settle) / 1e3, int(window) / 1e3)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(taken(sys.argv[1], int(sys.argv[2])))
    else:
        from peer import Partner, serve

        serve([many_locks, creation, waiting])
