"""Files of check.py: the bytes of certificates, and verdicts on parts (src/check/FORMAT.md)."""
import collections
import itertools
import re
import subprocess

WHOLE, TRUNK, PART = range(3)


class Reject(Exception):
    """The file proves nothing. total: the proven number, if only the claim is wrong; file: which
    of the files it is."""

    def __init__(self, offset, reason, total=None):
        super().__init__(f"byte {offset}: {reason}")
        self.offset, self.reason, self.total, self.file = offset, reason, total, 0


class Unfit(ValueError):
    """The files do not belong together, or a verdict is none."""


def load(path, binary):
    with open(path, "rb") as file:
        data = file.read()
    if not binary:
        return data.decode("utf-8")
    if data[:4] != b"\x28\xb5\x2f\xfd":  # the mark of a zstd frame
        return data
    done = subprocess.run(["zstd", "-dcq"], input=data, capture_output=True, check=False)
    if done.returncode:
        raise Reject(len(data), "not whole zstd frames")
    return done.stdout


def demand_all(number, given):
    """Names some of the parts that are missing; there may be very many."""
    missing = list(itertools.islice((i for i in range(number) if i not in given), 5))
    if missing:
        raise Unfit("missing: part " + ", ".join(map(str, missing[:4])) + ", ..." * (len(missing) > 4))


# ---- Certificates ----

class Reader:
    """kind, number, claim and kept are from the head; shown: the regions found so far."""

    def __init__(self, data):
        self.data, self.pos, self.shown = data, 0, 0

    def varint(self, longest=9):  # 9 bytes hold 63 bits
        start, value, shift = self.pos, 0, 0
        while True:
            if self.pos >= len(self.data):
                raise Reject(len(self.data), "the file ends within a number")
            if self.pos - start >= longest:
                raise Reject(start, "a number is too long")
            byte = self.data[self.pos]
            self.pos += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                if byte == 0 and shift > 7:
                    raise Reject(start, "a number ends with a zero byte")
                return value

    def signed(self):
        z = self.varint(1 << 22)
        return -(z + 1) // 2 if z % 2 else z // 2

    def increasing(self, count, bound, what, divide=1):
        """count entries below bound, increasing; with divide 2, each with a bit below it."""
        entries, bits = [], []
        for _ in range(count):
            at, value = self.pos, self.varint()
            entry = value // divide + (entries[-1] + 1 if entries else 0)
            if entry >= bound:
                raise Reject(at, f"no {what} {entry}")
            entries.append(entry)
            bits.append(value % divide)
        return list(zip(entries, bits)) if divide > 1 else entries

    def head(self, net, domain):
        data = self.data
        if data[:9] not in (b"creasect\1", b"creasect\2"):
            raise Reject(0, "no certificate of version 1 or 2")
        if len(data) < 112:
            raise Reject(len(data), "the file ends within its head")
        self.version, self.kind, self.number = data[8], data[9], int.from_bytes(data[10:16], "big")
        if self.kind > PART:
            raise Reject(9, f"no kind {self.kind} of certificates")
        if self.kind != WHOLE and self.version > 1:
            raise Reject(8, "parts of version 2")
        if self.kind == WHOLE and self.number:
            raise Reject(10, "a whole certificate with parts")
        if data[16:48] != net.digest:
            raise Reject(16, "for another network")
        if data[48:80] != domain.digest:
            raise Reject(48, "for another domain")
        self.claim = int.from_bytes(data[80:112], "big")
        self.pos = 112
        self.kept = self.increasing(self.varint(), net.inputs, "input")


# ---- Verdicts ----

NUMBER, HEX = "(0|[1-9][0-9]*)", "([0-9a-f]{64})"
HEAD = ("crease-verdict 1", f"network {HEX}", f"domain {HEX}", f"trunk {HEX}", f"parts {NUMBER}",
        f"regions {NUMBER}")


class Verdict(collections.namedtuple("Verdict", "network domain trunk number regions parts")):
    """Digests in hexadecimal; number of all parts; parts: number of one -> its regions."""

    def __str__(self):
        return (f"crease-verdict 1\nnetwork {self.network}\ndomain {self.domain}\ntrunk {self.trunk}\n"
                f"parts {self.number}\nregions {self.regions}\n"
                + "".join(f"part {i} {self.parts[i]}\n" for i in sorted(self.parts)) + "end\n")


def verdicts(name, data):
    """(place, verdict) of all in a file. They are strict, so that what was cut, joined or edited
    by mistake is seldom one."""
    lines = data.decode("latin-1").split("\n")
    if len(lines) == 1 and not lines[0]:
        raise Unfit(f"{name}: no verdict")
    if lines.pop():
        raise Unfit(f"{name}:{len(lines) + 1}: the line does not end")
    i = 0

    def take(pattern):
        nonlocal i
        found = re.fullmatch(pattern, lines[i]) if i < len(lines) else None
        if found:
            i += 1
        return found and found.groups()

    while i < len(lines):
        place, values = f"{name}:{i + 1}", []
        for pattern in HEAD:
            found = take(pattern)
            if found is None:
                raise Unfit(f"{name}:{i + 1}: no \"{pattern.split()[0]}\" line of a verdict")
            values += found
        verdict, last = Verdict(*values[:3], int(values[3]), int(values[4]), {}), -1
        for part, regions in iter(lambda: take(f"part {NUMBER} {NUMBER}"), None):
            if not last < int(part) < verdict.number:
                raise Unfit(f"{name}:{i}: part {part} after {last}, of {verdict.number}")
            last = int(part)
            verdict.parts[last] = int(regions)
        if take("end") is None:
            raise Unfit(f"{name}:{i + 1}: neither a part nor the end of a verdict")
        yield place, verdict


def add_up(net, domain, files):
    """The total, from verdicts in files (name, bytes)."""
    whole, seen, first = None, {}, ""
    for place, verdict in (found for file in files for found in verdicts(*file)):
        if verdict.network != net.digest.hex():
            raise Unfit(f"{place}: on another network")
        if verdict.domain != domain.digest.hex():
            raise Unfit(f"{place}: on another domain")
        whole, first = whole or verdict, first or place
        if verdict[:5] != whole[:5]:
            raise Unfit(f"{place}: on another trunk than {first}" if verdict.trunk != whole.trunk
                        else f"{place}: contradicts {first}")
        for i, regions in verdict.parts.items():
            before = seen.setdefault(i, (regions, place))
            if before[0] != regions:
                raise Unfit(f"{place}: part {i} has {regions} regions, in {before[1]} {before[0]}")
    demand_all(whole.number, seen)
    return whole.regions + sum(regions for regions, _ in seen.values())
