"""What parts.py does to certificates in parts and to verdicts. Each way takes a Trial, and returns
False if it does not apply. Refused with 1: a certificate is wrong; with 2: the files do not fit."""
import re

from content import PART, TRUNK, WHOLE
from cut import elsewhere, forbidden, shifted
from damage import DAMAGE, byte_damage, cells
from prove import entry_list


def rejected(rng, trial, what, contents):
    trial.refused(what, rng.choice(("whole", "part")), contents, 1)


def harmless(rng, trial, what, contents):
    """Accepted or not: the number stays right."""
    if contents == trial.cut.files():
        return False
    apart = len(contents) < 6 and rng.random() < 0.5
    return (trial.sound_apart if apart else trial.sound)(what, contents)


def numbered(data, number, kind=None):
    return data[:9] + bytes([data[9] if kind is None else kind]) + number.to_bytes(6, "big") + data[16:]


# ---- Trees ----

def swapped(rng, trial):
    cut = trial.cut.copy()
    trees = cut.trees()[1:]
    if len(trees) < 2:
        return False
    a, b = rng.sample(trees, 2)
    a[:], b[:] = b[:], a[:]
    return harmless(rng, trial, "trees swapped", cut.files())


def missing(rng, trial):
    """Or twice, or in another part."""
    cut = trial.cut.copy()
    parts = [trees for trees in cut.parts if trees]
    if not parts:
        return False
    trees, way = rng.choice(parts), rng.choice(("missing", "twice", "moved"))
    i = rng.randrange(len(trees))
    target = trees if way == "twice" else rng.choice(cut.parts)
    if way == "moved" and target is trees:
        return False
    if way != "missing":
        target.insert(rng.randint(0, len(target)), trees[i])
    if way != "twice":
        del trees[i]
    return rejected(rng, trial, f"a tree {way}", cut.files())


def damaged(rng, trial):
    cut = trial.cut.copy()
    for _ in range(rng.choice((1, 1, 2))):
        tree = rng.choice(cut.trees())
        rng.choice(DAMAGE)(rng, tree, trial.net.units)
    return harmless(rng, trial, "tree damaged", cut.files())


def grafted(rng, trial):
    cut = trial.cut.copy()
    trees = cut.trees()[1:]
    if not trees:
        return False
    rng.choice(trees)[:] = rng.choice(cells(trial.tree()))
    return harmless(rng, trial, "another tree", cut.files())


def crossed(rng, trial):
    """The parts of another cut of the same certificate."""
    number = len(trial.cut.parts)
    other = trial.new_cut(rng, number=number)
    return harmless(rng, trial, "another trunk's parts", trial.cut.files()[:1] + other.files()[1:])


def out_of_place(rng, trial):
    """ELSEWHERE in a flat or behind a CROSS on the same cell, the parts being right."""
    which = rng.randrange(2)

    def mark(tree):
        places = forbidden(tree)[which]
        if places:
            elsewhere(*rng.choice(places), 0)
        return bool(places)

    cut = trial.new_cut(rng, mark, rng.choice((0, 0, 0.2)))
    return cut and rejected(rng, trial, ("elsewhere in a flat", "elsewhere behind a CROSS")[which],
                            cut.files())


def nested(rng, trial):
    """ELSEWHERE in a part."""
    cut = trial.new_cut(rng, number=rng.randint(1, 4), share=rng.choice((0.2, 0.5)))
    parts = [(i, tree) for i, trees in enumerate(cut.parts) for tree in trees]
    if not parts:
        return False
    own, tree = rng.choice(parts)
    free = [i for i, trees in enumerate(cut.parts) if not trees]
    if not free or rng.random() < 0.3:
        free = [len(cut.parts)]
        cut.parts.append([])
    cell, number = rng.choice(cells(tree)), rng.choice(free)
    elsewhere(cell, rng.randrange(len(cell)), number)
    cut.parts[number].append(cell[-1].tree)
    return rejected(rng, trial, "elsewhere in a part", cut.files())


def in_whole(rng, trial):
    cut = trial.new_cut(rng, number=0)
    cell = rng.choice(cells(cut.trunk))
    elsewhere(cell, rng.randrange(len(cell)), 0)
    return trial.refused("elsewhere in a whole certificate", "whole", [cut.whole()], 1)


# ---- Heads and bytes ----

def numbers(rng, trial):
    contents, number = trial.cut.files(), len(trial.cut.parts)
    if number < 1:
        return False
    i, way = rng.randint(1, number), rng.randrange(3)
    if way == 0:
        contents[i] = numbered(contents[i], number + rng.choice((0, 1, 2 ** 40)))
        return trial.refused("a part's number too large", rng.choice(("whole", "part")), contents, 1, 2)
    j = rng.randint(1, number)
    if i == j:
        return False
    contents[i] = numbered(contents[i], j - 1)
    if way == 1:
        return trial.refused("a number twice", rng.choice(("whole", "part")), contents, 2)
    contents[j] = numbered(contents[j], i - 1)
    return harmless(rng, trial, "numbers swapped", contents)


def more_parts(rng, trial):
    contents, number = trial.cut.files(), len(trial.cut.parts)
    contents[0] = numbered(contents[0], number + rng.choice((1, 2, 1 << 47)))
    trial.refused("more parts", "whole", contents, 2, says=(str(number),))
    verdict = trial.put("more parts", "part", contents, (0,))
    if verdict:
        trial.refused("more parts", "total", [verdict.encode("ascii")], 2, says=(str(number),))


def fewer_parts(rng, trial):
    contents, number = trial.cut.files(), len(trial.cut.parts)
    if number < 1:
        return False
    contents[0] = numbered(contents[0], number - 1)
    trial.refused("fewer parts", rng.choice(("whole", "part")), contents, 1, 2)
    if trial.cut.parts[-1]:
        trial.refused("fewer parts", rng.choice(("whole", "part")), contents[:-1], 1)
    else:
        trial.put("fewer parts, none lost", "whole", contents[:-1], (0,), trial.verified())


def kinds(rng, trial):
    contents, whole = trial.cut.files(), trial.whole
    i = rng.randrange(len(contents))
    kind = rng.choice([k for k in (WHOLE, TRUNK, PART) if k != contents[i][9]])
    contents[i] = numbered(contents[i], int.from_bytes(contents[i][10:16], "big"), kind)
    if (kind, len(contents)) != (WHOLE, 1):
        trial.refused("another kind", rng.choice(("whole", "part")), contents, 1, 2)
    contents[i] = numbered(contents[i], 0, rng.randrange(PART + 1, 256))
    rejected(rng, trial, "no kind", contents)
    trial.refused("whole with a number", "whole", [numbered(whole, 1 << rng.randrange(48))], 1)
    trial.refused("whole as a part", "whole", [numbered(whole, 0, PART)], 2)
    trial.put("whole as a trunk", "whole", [numbered(whole, 0, TRUNK)], (0,), trial.verified())
    trial.refused("whole as a trunk of parts", "whole", [numbered(whole, 2, TRUNK)], 2,
                  says=("0", "1"))


def kept(rng, trial):
    contents, inputs = trial.cut.files(), range(trial.net.inputs)
    other = entry_list([j for j in inputs if rng.random() < 0.5])
    if len(contents) < 2 or other == trial.kept:
        return False
    i = rng.randrange(1, len(contents))
    contents[i] = contents[i][:112] + other + contents[i][112 + len(trial.kept):]
    return rejected(rng, trial, "other inputs kept", contents)


def altered(rng, trial):
    """Bytes of a file that must be rejected then."""
    contents = trial.cut.files()
    i, way = rng.randrange(len(contents)), rng.randrange(4)
    data = contents[i]
    if way == 0:
        data += rng.choice((b"\0", b"\x04", b"\x06", b"\x0c", b"\x2c",
                            data[112 + len(trial.kept):] or b"\n"))
    elif way == 1:
        data = data[:rng.randrange(len(data))]
    elif way == 2:
        at = rng.randrange(16, 80)
        data = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:]
    else:
        by, j = rng.choice((1, 1, -1, 2, 1 << 64)), rng.randrange(len(contents))
        data = shifted(data, by)
        contents[j] = shifted(contents[j], -by) if i != j else data
    contents[i] = data
    return rejected(rng, trial, ("bytes behind", "cut short", "another digest", "claims shifted")[way],
                    contents)


def bytes_damaged(rng, trial):
    contents = trial.cut.files()
    i = rng.randrange(len(contents))
    contents[i] = byte_damage(rng, contents[i], rng.choice(contents))
    return harmless(rng, trial, "bytes", contents)


# ---- Files ----

def files(rng, trial):
    contents, whole = trial.cut.files(), trial.whole
    trunk, parts = contents[0], contents[1:]
    trial.refused("a whole certificate's verdict", "part", [whole], 2)
    trial.refused("two whole certificates", "whole", [whole, whole], 2)
    trial.refused("the trunk twice", rng.choice(("whole", "part")), [trunk] + contents, 2)
    trial.refused("a certificate as a verdict", "total", [rng.choice(contents)], 2, says=("-0",))
    text = trial.verdict(contents, []).encode("ascii")
    trial.refused("a verdict as a certificate", rng.choice(("whole", "part")), [text], 1)
    if not parts:
        return
    i = rng.randrange(len(parts))
    rest = parts[:i] + parts[i + 1:]
    trial.refused("a part missing", "whole", [trunk] + rest, 2, says=(str(i),))
    trial.refused("a part twice", rng.choice(("whole", "part")), contents + [parts[i]], 2)
    trial.refused("a part first", rng.choice(("whole", "part")), [parts[i], trunk] + rest, 2)
    trial.refused("a part alone", rng.choice(("whole", "part")), [parts[i]], 2)
    trial.refused("a part of a whole certificate", "whole", [whole] + parts, 2)
    trial.refused("whole in the place of a part", "whole", [trunk, whole] + rest, 2)
    trial.refused("a verdict as a part", "whole", [trunk, text] + rest, 1)
    if rest:
        trial.refused("a part for another", "whole", [trunk, rest[0]] + rest, 2)


# ---- Verdicts ----

EDITS = (  # what is found in a line, and what is put there
    ("^crease-verdict 1$", "crease-verdict 2"), ("^crease-verdict", "crease-verdicts"),
    (r"^(network|domain) .*", r"\1 " + "0" * 64), (r"^(network|domain|trunk) ..", r"\1 "),
    (r"^(network|domain|trunk) (.*)", r"\1 0\2"), (r"^(network|domain|trunk) .", r"\1 g"),
    (r"^(parts|regions|part \d+) (\d+)", r"\1 -\2"), (r"^(parts|regions|part \d+) (\d+)", r"\1 x"),
    (r"^(parts|regions|part \d+) (\d+)", r"\1"), (r"^(parts|regions|part \d+) (\d+)", r"\1 \2 \2"),
    (r"^(parts|regions|part \d+) (\d+)", r"\1 \2/1"), ("^part ", "part -"), ("^part", "parts"),
    ("^(part|regions|network|trunk)", "x"), ("^end", "end of it"), ("^end", "end\nend"),
    ("^(.*)", r"\1\n\1"), ("^end", "end\npart 0 1"), ("^end", "end\n\0"), ("^crease", "more\ncrease"),
    # One spelling alone: "part 1 12" and "part 01 0x0c" shall not be told apart by luck.
    (r"^(parts|regions|part \d+) (\d+)", r"\1 0\2"), (r"^(parts|regions|part \d+) (\d+)", r"\1 +\2"),
    (" ", "  "), ("$", " "), ("$", "\r"), ("^", " "), ("^(.*)", r"\1\n"), ("[a-f]", lambda m: m[0].upper()),
)


def edited(rng, trial):
    """A verdict on all parts, with a line that is not as it was."""
    contents, number = trial.cut.files(), len(trial.cut.parts)
    lines = trial.verdict(contents, range(number)).split("\n")[:-1]
    i, way = rng.randrange(len(lines)), rng.randrange(5)
    said, end, says = "a verdict's line edited", "\n", ("-0",)
    if way == 0:
        said, line = "a verdict's line dropped", lines.pop(i)
        says = (line.split()[1],) if line[:5] == "part " else says
    elif way == 1 and number:
        by = rng.choice((-1, 1))
        said, lines[4] = "another number of parts", f"parts {number + by}"
        says = (str(number),) if by > 0 else says
    elif way == 2:
        said, end = "a verdict cut short", ""
        text = "\n".join(lines)
        lines = [text[:rng.randrange(len(text) + 1)]]
    elif way == 3 and number > 1:
        said, i = "a verdict's parts in disorder", rng.randrange(6, len(lines) - 2)
        lines[i], lines[i + 1] = lines[i + 1], lines[i]
    else:
        changed = [re.sub(*edit, lines[i], count=1) for edit in EDITS]
        lines[i] = rng.choice([line for line in changed if line != lines[i]])
    return trial.refused(said, "total", [("\n".join(lines) + end).encode("latin-1")], 2, says=says)


def verdict_pairs(rng, trial):
    """Verdicts that agree, contradict one another, or are on different trunks."""
    contents = trial.cut.files()
    number = len(contents) - 1
    every = trial.verdict(contents, range(number))
    some = [i for i in range(number) if rng.random() < 0.7]
    second = trial.verdict(contents, some)

    def both(texts):
        texts = [text.encode("ascii") for text in rng.sample(texts, 2)]
        return texts if rng.random() < 0.5 else [b"".join(texts)]

    trial.put("the same verdicts", "total", both([every, second]), (0,), trial.verified())
    lines = second.split("\n")
    i = rng.randrange(5, len(lines) - 2)  # the trunk's regions or a part's
    said, regions = lines[i].rsplit(" ", 1)
    lines[i] = f"{said} {int(regions) + rng.choice((1, 2, 1 << 70))}"
    trial.refused("verdicts that differ", "total", both([every, "\n".join(lines)]), 2)
    for digest in ("network", "domain", "trunk"):
        other = re.sub(f"{digest} .*", f"{digest} {rng.randbytes(32).hex()}", second)
        trial.refused("verdicts of other digests", "total", both([every, other]), 2)
        if digest != "trunk":
            trial.refused("verdicts of other digests", "total", both([other, other]), 2, says=("-0",))
    other = re.sub("parts .*", f"parts {number + 1}", second)
    trial.refused("verdicts of other numbers", "total", both([every, other]), 2)
    cut = trial.new_cut(rng).files()
    other = trial.verdict(cut, [i for i in range(len(cut) - 1) if rng.random() < 0.7])
    if cut[0] != contents[0]:
        trial.refused("verdicts on two trunks", "total", both([every, other]), 2)
        trial.refused("verdicts on two trunks", "total", both([second, other]), 2)
    open_end = every[:-len("end\n")]
    for text in (open_end, open_end + second):
        trial.refused("a verdict without its end", "total", [text.encode("ascii")], 2, says=("-0",))
    if len(some) < number:
        gone = min(set(range(number)) - set(some))
        trial.refused("verdicts without a part", "total", both([second, second]), 2, says=(str(gone),))


# ---- All ----

WAYS = (swapped, missing, damaged, damaged, damaged, grafted, crossed, out_of_place, out_of_place,
        nested, in_whole, numbers, more_parts, fewer_parts, kinds, kept, altered, altered, altered,
        bytes_damaged, bytes_damaged, files, edited, edited, edited, verdict_pairs)


def attack(rng, trial):
    """One that applies."""
    while rng.choice(WAYS)(rng, trial) is False:
        pass
