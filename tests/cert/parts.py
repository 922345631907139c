#!/usr/bin/env python3
"""parts.py DIR LIST NUMBER [CHECK]: certificates in parts and verdicts, good, damaged and mixed up.

LIST has lines "NAME BOX REGIONS DIGEST" of the networks DIR/NAME.json, BOX "-" for R^n. For each
a certificate of prove.py is cut into a trunk and parts, which check.py must accept at once and
part by part, with the same number; NUMBER / 10 times something is done to them that must be refused
or may not change the number. CHECK, the other checker, gets the same command lines and must say the
same. Before this, the cases of cases_parts.py. SEED says which."""
import collections
import contextlib
import hashlib
import io
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import check
import hostile
from cases_parts import CASES
from check import Checker, Reject
from content import PART, TRUNK
from cut import Cut, head
from damage import Parser
from domain import options, parse_domain
from mutate import Noting
from net import Net
from prove import STYLES, entry_list, prove

WAYS = {"whole": [], "part": ["--part"], "total": ["--total"]}


# ---- The checkers ----

def in_process(arguments):
    """check.py's code, stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = check.main(arguments)
        except SystemExit as stop:
            code = stop.code
    return code, out.getvalue(), err.getvalue()


def started(program, arguments):
    python = [sys.executable, "-S"] if program.endswith(".py") else []
    done = subprocess.run([*python, program, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


class Trial:
    """Puts files about one network and domain to the checkers. net, domain: for the library; box:
    the domain as a word; regions: the right number; whole: a certificate; cut: it, in parts."""

    def __init__(self, name, path, box, folder, program):
        self.name, self.path, self.box, self.folder, self.program = name, path, box, folder, program
        with open(path, encoding="ascii") as file:
            self.net = Net(file.read())
        self.domain = parse_domain(box, self.net.inputs)
        self.digests = self.net.digest + self.domain.digest
        self.failures, self.tally, self.written = [], collections.Counter(), {}

    def tree(self):
        """Of the certificate, anew."""
        return Parser(self.whole, self.counts, 112 + len(self.kept)).cell(self.inputs)

    def new_cut(self, rng, mark=None, share=None, number=None):
        """The certificate in parts. mark puts nodes ELSEWHERE 0 into the tree first, or is False."""
        tree = self.tree()
        if mark and not mark(tree):
            return False
        if number is None:
            number = rng.choice((1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 20) + (0,) * (mark is None))
        if share is None:
            share = rng.choice((0.1, 0.3, 0.6))
        return Cut(rng, self.digests, self.kept, tree, number, share)

    def fail(self, what, contents):
        self.failures.append(f"{self.name} {self.box}: {what}"
                             + "".join(f"\n    {data[:300].hex()}" for data in contents))

    def write(self, contents):
        """The paths; what is there from the last time stays, as files cost more than checks."""
        paths = [os.path.join(self.folder, f"{os.getpid()}-{i}") for i in range(len(contents))]
        for path, data in zip(paths, contents):
            if self.written.get(path) != data:
                self.written[path] = data
                with open(path, "wb") as file:
                    file.write(data)
        return paths

    def put(self, what, way, contents, codes, text=None, says=()):
        """Demands one of the codes, and the text if it is 0; then of a message that it says this.
        Returns what check.py prints, None if it refuses."""
        paths = self.write(contents)
        arguments = WAYS[way] + options(self.box, self.folder) + [self.path] + paths
        code, out, err = in_process(list(arguments))
        answers = [("check.py", code, out, err)]
        if self.program:
            answers.append((self.program, *started(self.program, arguments)))
            self.tally["other checker"] += 1
        for who, *answer in answers:
            if answer[0] not in codes or (answer[0] == 0) != (code == 0):
                wrong = "the code"
            elif answer[0] == 0:
                wrong = answer[1] != (out if text is None else text) and "what it prints"
            else:
                wrong = (answer[1] or not answer[2]) and "what it prints" or not all(
                    word in answer[2] for word in says) and f"no word of {says}"
                if answer[0] == 1 and not any(letter.isdigit() for letter in answer[2]):
                    wrong = "no offset"
            if wrong:
                self.fail(f"{what}, {way}: {who}: {wrong}: {answer}, expected {codes} {text}",
                          contents)
        self.tally[what, code == 0] += 1
        return out if code == 0 else None

    def verified(self):
        return f"VERIFIED {self.regions} regions\n"

    def refused(self, what, way, contents, *codes, says=()):
        self.put(what, way, contents, codes, says=says)

    def sound(self, what, contents):
        """Whatever is accepted must give the right number."""
        contents = self.mended(contents)
        self.put(what, "whole", contents, (0, 1, 2), self.verified())

    def sound_apart(self, what, contents):
        """The same part by part."""
        trunk, *parts = self.mended(contents)
        found = [self.put(what, "part", [trunk, part], (0, 1, 2)) for part in parts]
        if parts and None not in found:
            verdicts = [text.encode("ascii") for text in found]
            self.put(what, "total", verdicts, (0, 2), self.verified())

    def mended(self, contents):
        """With the claims that the trees show."""
        contents = list(contents)
        for _ in contents:
            try:
                Checker(self.net, self.domain, contents[0], contents[1:]).run()
                break
            except Reject as problem:
                if problem.total is None:
                    break
                data = contents[problem.file]
                contents[problem.file] = data[:80] + problem.total.to_bytes(32, "big") + data[112:]
            except ValueError:
                break
        return contents

    def verdict(self, contents, numbers):
        """The text that is due for these parts."""
        claims = [int.from_bytes(data[80:112], "big") for data in contents]
        lines = ["crease-verdict 1", f"network {self.digests[:32].hex()}",
                 f"domain {self.digests[32:].hex()}",
                 f"trunk {hashlib.sha256(contents[0]).hexdigest()}", f"parts {len(contents) - 1}",
                 f"regions {claims[0]}"]
        lines += [f"part {i} {claims[i + 1]}" for i in sorted(numbers)] + ["end", ""]
        return "\n".join(lines)


# ---- Good ones ----

def framed(rng, data):
    if not shutil.which("zstd") or rng.random() < 0.9:
        return data
    return subprocess.run(["zstd", "-cq"], input=data, stdout=subprocess.PIPE, check=True).stdout


def honest(rng, trial):
    """All parts at once, in any order, then in groups, some parts more than once."""
    contents = trial.cut.files()
    parts = rng.sample(contents[1:], len(contents) - 1)
    trial.put("whole", "whole", [trial.whole], (0,), trial.verified())
    trial.put("at once", "whole", [framed(rng, data) for data in [contents[0]] + parts], (0,),
              trial.verified())
    groups = [[] for _ in range(rng.randint(1, 3))]
    for number in range(len(parts)):
        rng.choice(groups).append(number)
        if rng.random() < 0.2:
            rng.choice([group for group in groups if number not in group] or [[]]).append(number)
    verdicts = []
    for group in groups:
        rng.shuffle(group)
        chosen = [contents[0]] + [contents[i + 1] for i in group]
        trial.put("some parts", "part", [framed(rng, data) for data in chosen], (0,),
                  trial.verdict(contents, group))
        verdicts.append(trial.verdict(contents, group).encode("ascii"))
    rng.shuffle(verdicts)
    i = rng.randint(0, len(verdicts) - 1)
    for several in (verdicts, [b"".join(verdicts[:i + 1])] + verdicts[i + 1:]):
        trial.put("verdicts", "total", several, (0,), trial.verified())


# ---- Everything ----

def rule(case, folder, program):
    """A case by hand."""
    name, network, box, kept, (claim, tree), parts, good = case
    path = os.path.join(folder, f"{os.getpid()}.json")
    with open(path, "w", encoding="ascii") as file:
        json.dump(network, file)
    trial = Trial(name, path, box, folder, program)
    contents = [head(TRUNK, len(parts), trial.digests, claim) + entry_list(kept) + tree]
    for i, (number, trees) in enumerate(parts):
        contents.append(head(PART, i, trial.digests, number) + entry_list(kept) + trees)
    trial.regions = claim + sum(number for number, _ in parts)
    trial.put(name, "whole", contents, (0,) if good else (1,), trial.verified())
    trial.put(name, "part", contents, (0,) if good else (1,),
              trial.verdict(contents, range(len(parts))))
    return trial


def network_case(case, folder, program, number_of):
    """A network of LIST."""
    name, path, box, regions = case
    rng = random.Random(f"{name} {box}" + os.environ.get("SEED", ""))
    trial = Trial(name, path, box, folder, program)
    trial.regions, style = regions, rng.choice(STYLES)
    found, trial.whole = prove(trial.net, trial.domain, style, rng.choice(("least", "all")), regions)
    if found != regions:
        trial.fail(f"prove.py {style}: {found} instead of {regions}", [trial.whole])
        return trial
    checker = Noting(trial.net, trial.domain, trial.whole)
    checker.run()
    trial.counts, trial.inputs = checker.counts, len(checker.kept)
    trial.kept = entry_list(checker.kept)
    trial.cut = trial.new_cut(rng)
    honest(rng, trial)
    for _ in range(number_of):
        hostile.attack(rng, trial)
    return trial


def work(job):
    kind, *rest = job
    trial = (rule if kind == "rule" else network_case)(*rest)
    return trial.failures, trial.tally


def main():
    folder, listing, number_of = sys.argv[1], sys.argv[2], int(sys.argv[3])
    program = sys.argv[4] if len(sys.argv) > 4 else None
    tally, failures = collections.Counter(), []
    with tempfile.TemporaryDirectory() as scratch, multiprocessing.Pool(os.cpu_count()) as pool:
        jobs = [("rule", case, scratch, program) for case in CASES]
        with open(listing, encoding="ascii") as file:
            for line in file:
                name, box, regions, _ = line.split()
                case = name, os.path.join(folder, name + ".json"), box, int(regions)
                jobs.append(("network", case, scratch, program, number_of // 10))
        for failed, counted in pool.imap_unordered(work, jobs):
            failures += failed
            tally += counted
    for failure in failures[:10]:
        print("FAILED:", failure[:4000], file=sys.stderr)
    counts = {key: n for key, n in tally.items() if isinstance(key, tuple)}
    print(f"certificates in parts: {sum(counts.values())} command lines, accepted "
          f"{sum(n for (_, good), n in counts.items() if good)}; "
          f"other checker {tally['other checker']}; {len(failures)} failures")
    if os.environ.get("VERBOSE"):
        for what in sorted({what for what, _ in counts}):
            print(f"    {what}: {counts.get((what, True), 0)} accepted, "
                  f"{counts.get((what, False), 0)} refused")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
