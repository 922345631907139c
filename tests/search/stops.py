"""Limits and signals end a run within a second of CPU time of each thread, whatever it is doing; what it
says then is true, and a checkpoint goes on to the count.

    stops.py CREASE

CPU time is that of the process (wait4), so the tests hold on a machine that is busy; ALLOWED is the
number of seconds that are allowed after a limit or signal. Without CREASE_LONG, a sample of the networks
and options, and shorter runs."""
import json
import os
import random
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile

CREASE = sys.argv[1]
ALLOWED = float(os.environ.get("ALLOWED", "1"))
LONG = bool(os.environ.get("CREASE_LONG"))
PROBLEMS = []
checks = 0


def check(good, what):
    global checks
    checks += 1
    if not good:
        PROBLEMS.append(what)
        print("FAILED:", what, file=sys.stderr)


def some(number, things):
    """All, or so many of them without CREASE_LONG."""
    return things if LONG else things[:number]


def cpu(rusage):
    return rusage.ru_utime + rusage.ru_stime


def cpu_now(process):
    with open(f"/proc/{process.pid}/stat") as stat:
        field = stat.read().rsplit(")", 1)[1].split()
    return (int(field[11]) + int(field[12])) / os.sysconf("SC_CLK_TCK")


def catches(process, number):
    with open(f"/proc/{process.pid}/status") as status:
        caught = re.search(r"SigCgt:\s*(\w+)", status.read())
    return caught and int(caught[1], 16) >> (number - 1) & 1


def ended(process):
    """Leaves it to be waited for."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def finish(process):
    """Exit status, what it printed, and its CPU time."""
    out = process.stdout.read().decode()
    err = process.stderr.read().decode()
    _, status, rusage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, out, err, cpu(rusage)


def start(arguments, stdin=subprocess.DEVNULL):
    return subprocess.Popen([CREASE, *arguments], stdin=stdin, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def regions(out):
    numbers = re.findall(r"at least (\d+)|^(\d+)$", out, re.M)
    return int(max(numbers[0])) if numbers else None


def limited(seconds, arguments, codes=(3,), threads=1):
    """The run must end by the limit on seconds."""
    words = " ".join(arguments)
    code, out, err, spent = finish(start([*arguments, f"--limit-seconds={seconds}",
                                          f"--threads={threads}"]))
    check(code in codes, f"{words}: exit status {code}: {err}")
    check(spent < threads * (seconds + ALLOWED), f"{words}: {spent:.2f} s for a limit of {seconds}")
    return out, err


def signalled(arguments, after, codes, number=signal.SIGTERM):
    """After some seconds of CPU time (or its end), and no earlier than it catches the signal if that
    must not kill it, it gets the signal; then it must end."""
    words = " ".join(arguments)
    process = start([*arguments, "--threads=1"])
    begin = time.monotonic()
    while not ended(process) and time.monotonic() < begin + 60 and (
            cpu_now(process) < after or not (-number in codes or catches(process, number))):
        time.sleep(0.01)
    before = cpu_now(process)
    os.kill(process.pid, number)
    code, out, err, spent = finish(process)
    check(code in codes, f"{words}, signal: exit status {code}: {err}")
    check(spent - before < ALLOWED, f"{words}: {spent - before:.2f} s after a signal")
    return out, err


# ---- networks ----

def write(path, widths, number, seed=1):
    source = random.Random(seed)
    layers = []
    for l, (inputs, width) in enumerate(zip(widths, widths[1:])):
        layers.append({"weight": [[number(source) for _ in range(inputs)] for _ in range(width)],
                       "bias": [number(source) for _ in range(width)],
                       "activation": "linear" if l + 2 == len(widths) else "relu"})
    with open(path, "w") as file:
        json.dump({"input": widths[0], "layers": layers}, file)
    return path


def normal(source):
    return source.gauss(0, 1)


def fraction(source):
    """With 300 digits, all of one denominator."""
    return f"{source.randrange(-10**299, 10**299)}/{10**299 + 7}"


def wild(source):
    """With 300 digits and a denominator of its own: their common one is long."""
    return f"{source.randrange(-10**299, 10**299)}/{source.randrange(10**298, 10**299)}"


def array(rows, columns, source):
    """One of NumPy (.npy) of binary32."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}"
    if not columns:
        header = header.replace(f"({rows}, 0)", f"({rows},)")
    header += " " * (63 - (len(header) + 10) % 64) + "\n"
    data = struct.pack(f"<{rows * (columns or 1)}f",
                       *(source.gauss(0, 1) for _ in range(rows * (columns or 1))))
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header.encode() + data


def write_npz(path, widths):
    source = random.Random(2)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for l, (inputs, width) in enumerate(zip(widths, widths[1:])):
            file.writestr(f"layer{l}.weight.npy", array(width, inputs, source))
            file.writestr(f"layer{l}.bias.npy", array(width, 0, source))
    return path


# ---- tests ----

def test_wide(place):
    r32, r784 = f"{place}/r32.json", f"{place}/r784.json"
    for widths, inputs, path in (("32,16", 32, r32), ("64,64", 784, r784)):
        subprocess.run([CREASE, "make", "random", f"--inputs={inputs}", f"--widths={widths}", "--seed=1",
                        f"--output={path}"], check=True, stdout=subprocess.DEVNULL)
    wide = write(f"{place}/wide.json", [784, 256 if LONG else 48, 128, 10], normal)
    time = 1 if LONG else 0.1
    limited(time, ["count", r32, "--limit-memory=200M"])
    signalled(["count", r32], time / 2, (3, 75))
    for options in some(2, ([], ["--engine=walk"], ["--cell=lp"], ["--lp=glpk"], ["--lp=dense"],
                            ["--definition=affine"])):
        limited(time, ["count", "--box=0:1", *options, r784])
    for options in some(1, ([], ["--engine=walk"], ["--cell=lp"], ["--lp=glpk"], ["--lp=dense"],
                            ["--definition=affine"])):
        limited(1.5 * time, ["count", *options, wide])
    signalled(["count", "--box=0:1", wide], time, (3, 75))
    limited(time, ["certify", "--box=0:1", "--output", f"{place}/none", r784])
    check(not os.path.exists(f"{place}/none"), "a certificate of a count that was stopped")
    limited(time, ["compare", "--box=0:1", r784])
    limited(time, ["count", "--box=0:1", "--progress=json", r784], threads=2)
    signalled(["shard", "--jobs=4", "--output", f"{place}/jobs", r784], time / 2, (3,))
    # The facets of one region take longer than anyone waits.
    r400 = f"{place}/r400.json"
    subprocess.run([CREASE, "make", "random", "--inputs=400", "--widths=16,16", f"--output={r400}"],
                   check=True, stdout=subprocess.DEVNULL)
    signalled(["stats", "--box=0:1", r400], 0.6, (3,))
    signalled(["count", "--box=0:1", "--checkpoint", f"{place}/state", r784], time / 2, (3, 75))
    limited(time, ["count", "--box=0:1", "--resume", f"{place}/state", r784])


def test_numbers(place):
    time = 1 if LONG else 0.1
    for widths in some(1, ([40, 64, 64, 10], [784, 24, 10], [8, 32, 32, 4])):
        big = write(f"{place}/big.json", widths, fraction)
        for options in some(2, ([], ["--engine=walk"], ["--box=0:1"], ["--cell=lp", "--box=-1/3:7"])):
            limited(1.5 * time, ["count", *options, big])
    limited(time, ["count", write(f"{place}/wild.json", [8, 32, 32, 4], wild)])


def test_deep(place):
    deep = write(f"{place}/deep.json", [1] + 800 * [1] + [1], fraction)
    for options in some(1, (["--engine=walk"], [], ["--box=0:1"])):
        limited(0.2 if LONG else 0.1, ["count", *options, deep], codes=(0, 3))
    thick = write(f"{place}/thick.json", [2] + 60 * [8] + [1], fraction)
    for options in some(1, ([], ["--box=0:1"], ["--engine=walk"])):
        limited(1 if LONG else 0.1, ["count", *options, thick])


def test_reading(place):
    large = write(f"{place}/large.json", [784, 512 if LONG else 200, 256, 10], normal)
    packed = write_npz(f"{place}/large.npz", [784, 2048 if LONG else 600, 512, 10])
    for path in (large, packed):
        if os.path.exists(f"{place}/new"):
            os.remove(f"{place}/new")
        for options in (["--json"], ["--quiet"], []):
            out, err = limited(0.05, ["count", *options, path])
            check("stopped at the time limit" in err + out, f"{path}: {err}")
            check(regions(out) in (0, None), f"{path}: {out}")
            check("--json" not in options or not json.loads(out)["complete"], f"{path}: {out}")
        signalled(["count", path], 0.1, (3, -signal.SIGTERM))
        signalled(["count", "--checkpoint", f"{place}/new", path], 0.05, (3, 75))
    limited(5, ["count", "--limit-memory=30M", large])
    process = start(["count", "--limit-seconds=0.3", "/dev/stdin"], stdin=subprocess.PIPE)
    process.stdin.write(b'{"input": 2, "layers": [')
    process.stdin.flush()
    code, _, err, _ = finish(process)
    check(code == 3 and "before anything" in err, f"a pipe that gives no more: {code}, {err}")


def test_totals(place):
    """Stopped at many moments, then taken up again."""
    net, total = ("data/diabetes-10-12-8-1.json", 412051) if LONG else ("data/wine-13-10-10-3.json", 98130)
    state = f"{place}/again"
    source = random.Random(3)
    for k in range(24 if LONG else 3):
        options = [["--engine=walk", "--limit-regions=20000"], [], ["--cell=lp"]][k % 3]
        wait = source.uniform(0, 0.3)
        if k % 2:
            out, _ = signalled(["count", *options, "--checkpoint", state, net], wait, (0, 3, 75))
        else:
            out, _ = limited(wait + 1e-3, ["count", *options, "--checkpoint", state, net], codes=(0, 3))
        found = regions(out)
        check(found is None or found <= total, f"{found} regions of {total}")
        if os.path.exists(state) and k % 3:
            code, out, err, _ = finish(start(["count", "-q", "--resume", state, net]))
            check(code == 0 and int(out) == total, f"taken up again: {code}, {out}, {err}")
        if os.path.exists(state):
            os.remove(state)


def test_regions(place):
    """A limit that is the count is no reason to stop; a lower one stops within a cell of it."""
    for net, box, total in (("data/iris-4-16-16-3.json", "-1:1", 3208), ("data/moons-2-16-16-2.json", None, 648)):
        for engine in ("split", "walk"):
            for threads in some(1, (3, 1)):
                base = ["count", "-q", f"--engine={engine}", f"--threads={threads}", net] + \
                    ([f"--box={box}"] if box else [])
                for limit in some(3, (100, total - 1, total, total + 1, 1)):
                    code, out, err, _ = finish(start([*base, f"--limit-regions={limit}"]))
                    check(code == (0 if int(out) == total else 3), f"{base}, {limit}: {code}, {err}")
                    most = limit + 64 * threads
                    check(min(limit, total) <= int(out) <= min(most, total), f"{base}, {limit}: {out}")


def main():
    with tempfile.TemporaryDirectory() as place:
        for test in (test_regions, test_totals, test_reading, test_deep, test_numbers, test_wide):
            test(place)
    print(f"stops.py: {checks} checks, {len(PROBLEMS)} failed")
    return bool(PROBLEMS)


sys.exit(main())
