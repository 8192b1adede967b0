"""CPython's side of the area `start`: milliseconds and mebibytes."""

import multiprocessing
import subprocess
import sys
import time

MS = 1e6


def stamp(file):
    now = time.monotonic_ns()
    with open(file, "w") as out:
        out.write(str(now))


def nothing():
    pass


def wait_for_end(connection):
    connection.send_bytes(b"ready")
    try:
        connection.recv_bytes()
    except EOFError:
        pass


def process(method, target, *args):
    return multiprocessing.get_context(method).Process(target=target, args=args)


def end(child):
    child.join()
    if child.exitcode != 0:
        raise RuntimeError(f"exit code of a child: {child.exitcode}")


def first_instruction(method, file):
    child = process(method, stamp, file)
    begin = time.monotonic_ns()
    child.start()
    end(child)
    with open(file) as stamped:
        return (int(stamped.read()) - begin) / MS


STATE = []


def first_with_state(size, file):
    STATE.append(b"\1" * int(size))
    try:
        return first_instruction("fork", file)
    finally:
        STATE.clear()


def start_and_join(method):
    child = process(method, nothing)
    begin = time.monotonic_ns()
    child.start()
    end(child)
    return (time.monotonic_ns() - begin) / MS


def at_once(method, count):
    children = [process(method, nothing) for _ in range(int(count))]
    begin = time.monotonic_ns()
    for child in children:
        child.start()
    for child in children:
        end(child)
    return (time.monotonic_ns() - begin) / MS


def first_in_fresh(method, file):
    """The first start of an interpreter of its own: nothing is warm, also no forkserver."""
    own = subprocess.run([sys.executable, "-B", __file__, method, file], check=True, stdout=subprocess.PIPE)
    return float(own.stdout)


def memory(method):
    """PSS of a child that waits."""
    near, far = multiprocessing.Pipe()
    child = process(method, wait_for_end, far)
    child.start()
    far.close()
    try:
        near.recv_bytes()
        with open(f"/proc/{child.pid}/smaps_rollup") as rollup:
            kib = next(line.split()[1] for line in rollup if line.startswith("Pss:"))
    finally:
        near.close()
        end(child)
    return int(kib) / 1024


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(first_instruction(*sys.argv[1:]))
    else:
        from peer import serve

        serve([first_instruction, first_with_state, start_and_join, at_once, first_in_fresh, memory])
