#!/usr/bin/env python3
"""What hostile files cost: time, memory, and how canvass says no.

    python3 scripts/bombs.py [--canvass PROGRAM] [--only TEXT]

Standard library only; two Parquet files need pyarrow and are left out without it. In: the built
program. Each file of proof/hostile/ is made in a folder of its own (about 1 GB at most) and
given to `canvass init` and to `canvass run`, a project of a tool for qualitative analysis to
`canvass evaluate`. Out: a table in Markdown on stdout. Exit code 1 where
one takes more than 300 MB beside the file itself, which readers hold, or 2 s, panics, dies by a signal, does not end, or fails in other words
than one line of error and one of hint. Seconds and memory are those of the child alone (wait4).
Time is judged by the clock, or, where more programs want the processor than it has cores, by the
child's own processor time; the table has both. A file that is mapped counts as memory while it is
read, as everything does that the kernel holds for the process.
"""
import argparse
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from proof import hostile, looks, program as prog  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--canvass", help="the program (default: target/release/canvass)")
    parser.add_argument("--only", default="", help="only cases whose name holds this")
    parser.add_argument("--megabytes", type=float, default=300, help="most memory (300)")
    parser.add_argument("--seconds", type=float, default=2, help="longest time (2)")
    parser.add_argument("--patience", type=float, default=60, help="when to end a run (60 s)")
    args = parser.parse_args()
    program = prog.binary(args.canvass)
    commands = ["init", "run"] if prog.has_init(program) else ["run"]
    if len(commands) == 1:
        print("note: this program has no `init`", file=sys.stderr)
    base(program)
    print("| file | size | command | seconds | CPU s | MB | exit | says | verdict |")
    print("|---|--:|---|--:|--:|--:|--:|---|---|")
    n_bad = 0
    for name, kind, make in hostile.CASES:
        if args.only.lower() in name.lower():
            n_bad += one(program, args, name, kind, make, commands)
    print(f"\n{n_bad} bad.")
    return 1 if n_bad else 0


def base(program):
    """What the program takes before it reads anything: its code and libtorch, which is linked
    dynamically and is mapped, relocated and initialised at every start."""
    version = [prog.execute(program, ["--version"]) for _ in range(3)][-1]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.csv").write_text("n,Q\n1,it is dark\n2,nobody listens\n")
        study = prog.write_study(Path(folder) / "s", [prog.source("S", "comments", "../a.csv", ["Q"])])
        run = [prog.execute(program, ["run", study, "--quiet"]) for _ in range(3)][-1]
    for name, ran in (("--version", version), ("a run on two rows, tiny model", run)):
        print(f"Base: {name}: {ran.megabytes:.0f} MB, {ran.seconds:.2f} s, "
              f"CPU {ran.cpu:.2f} s.")
    print()


def one(program, args, name, kind, make, commands):
    """All commands on one file; how many were bad."""
    folder = Path(tempfile.mkdtemp(prefix="canvass-bomb-"))
    try:
        path = made(folder, make)
        if path is None:
            print(f"| {name} | | | | | | | | skipped: pyarrow is not installed |")
            return 0
        size = path.lstat().st_size
        n_bad = 0
        for command in ["evaluate"] if kind == hostile.PROJECT else commands:
            if path.name in CHANGING:
                made(folder, make)
            ran, out = execute(program, command, path, kind, folder, args.patience)
            faults = judge(ran, args, size) + (accounts(out, ran, path) if command == "run" else [])
            n_bad += bool(faults)
            say(name, size, command, ran, faults)
        return n_bad
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def made(folder, make):
    """Makes the file in a process of its own: a child's peak begins at its parent's size."""
    queue = multiprocessing.get_context("fork").SimpleQueue()

    def work():
        try:
            queue.put(str(make(folder)))
        except ImportError:
            queue.put(None)
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join()
    path = queue.get() if child.exitcode == 0 else sys.exit(f"error: {make.__name__} failed")
    return path and Path(path)


def execute(program, command, path, kind, folder, patience):
    meanwhile = CHANGING.get(path.name)
    beside = (lambda pid: meanwhile(path, pid)) if meanwhile else None
    if command == "init":
        out = folder / "by-init"
        return prog.execute(program, ["init", path, "--out", out], patience, beside), out
    if command == "evaluate":
        book, other = folder / "book.csv", folder / "other.csv"
        book.write_text("id,label,definition\na,Dark,It is dark.\nb,Heard,Somebody listens.\n")
        other.write_text("id,codes\nT#1,a\n")
        arguments = ["evaluate", path, other, "--codebook", book, "--json"]
        return prog.execute(program, arguments, patience, beside), folder
    study = prog.write_study(folder / "study", [prog.source("S", kind[0], path, kind[1])])
    return prog.execute(program, ["run", study, "--json"], patience, beside), study / "out"


def alive_with(path, pid):
    """Waits until the program has opened the file; False where it ended before."""
    wanted = os.path.realpath(path)
    while True:
        try:
            for fd in os.listdir(f"/proc/{pid}/fd"):
                if os.path.realpath(f"/proc/{pid}/fd/{fd}") == wanted:
                    return True
            with open(f"/proc/{pid}/stat", "rb") as f:
                if f.read().rsplit(b")", 1)[1].split()[0] == b"Z":
                    return False
        except OSError:
            return False


def shrink(path, pid):
    """Cuts the file to half as soon as it is open."""
    if alive_with(path, pid):
        os.truncate(path, path.stat().st_size // 2)


def grow(path, pid):
    """Adds lines as soon as the file is open, up to 1 GB."""
    block = b"1,it is dark at the bus stop\n" * 20_000
    with open(path, "ab") as f:
        for _ in range(1_700 if alive_with(path, pid) else 0):
            if not os.path.exists(f"/proc/{pid}"):
                return
            f.write(block)


# What is done to a file while it is read.
CHANGING = {"shrinks.csv": shrink, "grows.csv": grow}


def judge(ran, args, size):
    faults = looks.streams(ran)
    if ran.megabytes - size / 1e6 > args.megabytes:
        faults.append(f"{ran.megabytes:.0f} MB")
    busy = os.getloadavg()[0] > os.cpu_count()
    seconds = min(ran.seconds, ran.cpu) if busy else ran.seconds
    if seconds > args.seconds and ran.code is not None:
        faults.append(f"{seconds:.1f} s")
    return faults


def accounts(out, ran, path):
    """Where a hostile file was read after all: the ledger adds up, and nothing came in from
    outside of the file."""
    if ran.code != 0:
        return []
    if "root:x:" in "".join(p.read_text("utf-8", "replace") for p in out.iterdir()
                            if p.stat().st_size < 1 << 24):
        return ["holds a file of the machine"]
    said = json.loads(ran.out)
    if path.name == "shrinks.csv" and said["rows"] != hostile.SHRINKS:
        return [f"{said['rows']} rows of a file that had {hostile.SHRINKS}, and nothing said"]
    with open(out / "ledger.csv", "rb") as f:
        n = sum(1 for _ in f) - 1
    # Line feeds in ids or paths make more lines than rows, never fewer.
    return [] if n >= said["responses"] else [f"{said['responses']} responses, {n} in the ledger"]


def say(name, size, command, ran, faults):
    first = next(iter(ran.lines()), "")
    words = looks.CONTROL.sub("?", looks.BIDI.sub("?", first)).replace("|", "\\|")[:140]
    code = "time" if ran.code is None else ran.code
    verdict = "FAILS: " + "; ".join(faults) if faults else "ok"
    print(f"| {name} | {human(size)} | {command} | {ran.seconds:.2f} | {ran.cpu:.2f} | "
          f"{ran.megabytes:.0f} | {code} | {words} | {verdict} |", flush=True)


def human(size):
    for unit in ("B", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


if __name__ == "__main__":
    sys.exit(main())
