#!/usr/bin/env python3
"""rules.py DIR [CHECK]: the rules of src/check/FORMAT.md one by one, on certificates by hand.

Every case says what a checker must find: the number of regions, or None if it must reject. Puts
the cases to check.py and to the program CHECK, without CREASE_LONG every third and those
that are hostile or of leading bits; DIR is for scratch."""
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
import cases
import cases_alike
import cases_domain
import cases_maxout
import cases_meet
import cases_stale
from check import Reject, check
from domain import options, parse_domain
from net import Net
from prove import entry_list

ALWAYS = ("hostile", "leading bits")
STEP = 1 if os.environ.get("CREASE_LONG") else 16


def head(net, domain, regions, kept, version=1):
    return b"creasect" + bytes([version]) + bytes(7) + net.digest + domain.digest \
        + regions.to_bytes(32, "big") + entry_list(kept)


def files():
    """(name, network, box, bytes, what a checker must find)"""
    every = [(1, case) for case in cases.CASES + cases_maxout.CASES + cases_domain.CASES
             + cases_stale.CASES + cases_meet.CASES]
    every += [(2, case) for case in cases_alike.CASES + cases_meet.MERGED]
    for version, (name, network_of, box, kept, tree, regions) in every:
        net = Net(json.dumps(network_of))
        # What is wrong must be found in the tree, whatever the claim.
        for claim in [regions] if regions else range(1, 9, 8 if STEP > 1 else 1):
            start = head(net, parse_domain(box, net.inputs), claim, kept, version)
            yield name, network_of, box, start + tree, regions
    hostile = [(1, case) for case in cases_stale.HOSTILE + cases_meet.HOSTILE]
    hostile += [(2, case) for case in cases_alike.HOSTILE + cases_meet.HOSTILE_MERGED]
    for version, (name, network_of, box, kept, tree, claim) in hostile:
        net = Net(json.dumps(network_of))
        start = head(net, parse_domain(box, net.inputs), claim, kept, version)
        yield "hostile: " + name, network_of, box, start + tree, None
    net = Net(json.dumps(cases.TWO))
    good = head(net, parse_domain(None, 1), 3, [0]) + cases.split(0, cases.RIGHT, cases.TWO_LEFT)
    yield "whole", cases.TWO, None, good, 3
    for length in range(0, len(good), STEP):
        yield f"cut to {length} bytes", cases.TWO, None, good[:length], None
    for offset in range(0, 80, STEP):  # not the lowest bit, which makes a trunk of no parts of it
        changed = good[:offset] + bytes([good[offset] ^ 4]) + good[offset + 1:]
        yield f"head, byte {offset}", cases.TWO, None, changed, None
    for claim in (0, 2, 4, 3 << 8, 3 << 64, 3 | 1 << 64, 3 | 1 << 255):
        yield f"claim {claim}", cases.TWO, None, good[:80] + claim.to_bytes(32, "big") + good[112:], None
    yield "another network", cases.EQUAL, None, good, None
    yield "a box", cases.TWO, "-9:9", good, None
    yield "a padded list", cases.TWO, None, good[:112] + b"\x81\0" + good[113:], None


def main():
    folder, program = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    paths = [os.path.join(folder, name) for name in ("rule.json", "rule.cert")]
    failures = number = 0
    for name, network_of, box, data, regions in files():
        number += 1
        net = Net(json.dumps(network_of))
        reason = ""
        try:
            found = check(net, parse_domain(box, net.inputs), data)
        except Reject as problem:
            found, reason = problem.total if name[:5] != "claim" else None, str(problem)
        if os.environ.get("VERBOSE"):
            print(f"{name}: {found} {reason}")
        if found != regions:
            failures += 1
            print(f"FAILED: {name}: check.py: {found} {reason}, expected {regions}",
                  file=sys.stderr)
        if not program or STEP > 1 and number % 3 and name.split(":")[0] not in ALWAYS:
            continue
        with open(paths[0], "w", encoding="ascii") as file:
            json.dump(network_of, file)
        with open(paths[1], "wb") as file:
            file.write(data)
        python = [sys.executable, "-S"] if program.endswith(".py") else []
        done = subprocess.run(python + [program] + options(box, folder) + paths, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        wanted = (0, f"VERIFIED {regions} regions\n") if regions else (1, "")
        if (done.returncode, done.stdout.decode(errors="replace")) != wanted:
            failures += 1
            print(f"FAILED: {name}: {program}: code {done.returncode}, {done.stdout!r}, "
                  f"{done.stderr!r}, expected {regions}\n    {data.hex()[:1000]}", file=sys.stderr)
    print(f"{number} rules, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
