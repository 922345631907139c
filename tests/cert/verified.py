#!/usr/bin/env python3
"""verified.py [--part | --total] [--box=... | --domain=FILE] NET FILE...: crease-verify with the command
line of crease-check, which answers for it what is not verified yet. CREASE_VERIFY and CREASE_CHECK name the
programs; the file VERIFIED_LOG gets a line for each certificate that crease-verify decided."""
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from domain import parse_domain, read_domain
from net import Net


def verify(ways, domain, net, files):
    """The status and what is printed."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("net", "domain")]
        for path, text in zip(paths, (net.text, domain.text)):
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
        done = subprocess.run([os.environ["CREASE_VERIFY"], *ways, paths[0], *files,
                               "--domain-text", paths[1]], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def main():
    options = [word for word in sys.argv[1:] if word[:2] == "--"]
    path, *files = sys.argv[1 + len(options):]
    with open(path, encoding="ascii") as file:
        net = Net(file.read())
    ways = [word for word in options if word in ("--part", "--total")]
    kind, _, value = "".join(word for word in options if word not in ways).partition("=")
    domain = read_domain(value, net.inputs) if kind == "--domain" \
        else parse_domain(value or None, net.inputs)
    code, said, error = verify(ways, domain, net, files)
    if "not verified yet" in error:
        return subprocess.run([os.environ["CREASE_CHECK"], *sys.argv[1:]],
                              stdin=subprocess.DEVNULL, check=False).returncode
    with open(os.environ["VERIFIED_LOG"], "a", encoding="ascii") as log:
        log.write(said or error)
    if code == 0:
        print(said[:said.index(" (theorem")] if " (theorem" in said else said.rstrip("\n"))
    sys.stderr.write(error)
    return code


if __name__ == "__main__":
    sys.exit(main())
