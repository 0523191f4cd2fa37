#!/usr/bin/env python3
"""Crash test, the long form of tests/suite/resume.rs. `make crash`, or see --help.

1. A run over many rows is killed (SIGKILL) at a random point of its processor time, or at several
   one after the other, and started again. After each kill the output folder must be the one of an
   earlier run or the new one, byte for byte; after the last run it must be that of a run that
   nobody disturbed. Time redone a kill = processor seconds of (killed + last - undisturbed) /
   undisturbed / kills.
2. Every file of the store, and what a killed run can leave beside the outputs, is cut, flipped
   and emptied; the next run must write the same bytes.
3. A full disk: a small tmpfs (needs root; skipped with a message elsewhere).

In: the binary, a model, answers (shared/data beside the checkout, else the sample's survey).
Out: a summary on stdout, one line a trial in --log (number, kills, processor seconds of the killed
runs and of the last, texts it used again, part redone a kill, and so far: mixtures, different
outputs, leftovers); exit code 1 if anything differs.
Python's standard library alone.
"""
import argparse
import csv
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / ".." / "shared" / "data" / "nhs_fft" / "coded.csv"
SAMPLE = ROOT / "samples" / "community-safety"
FILLER = ("really", "often", "perhaps", "honestly", "again", "still", "mostly", "today", "here",
          "sometimes", "also", "always", "never", "maybe", "usually", "quite")
TICK = os.sysconf("SC_CLK_TCK")


def answers(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        rows = list(csv.reader(f))
    header = next(i for i, row in enumerate(rows) if {"text", "Q1"} & set(row))
    column = rows[header].index("text" if "text" in rows[header] else "Q1")
    return [row[column] for row in rows[header + 1:] if len(row) > column and row[column].strip()]


def write_rows(folder, texts, rows, distinct):
    """Tiles the answers: from the second round on each sentence gets a few words of its own, until
    there are so many `distinct` answers; then they repeat."""
    draw, told = random.Random(1), []
    for i in range(min(rows, distinct)):
        text = texts[i % len(texts)]
        if i >= len(texts):
            pieces = text.split(". ")
            for n, piece in enumerate(pieces):
                words = piece.split(" ")
                for _ in range(3):
                    words.insert(draw.randrange(len(words) + 1), draw.choice(FILLER))
                pieces[n] = " ".join(words)
            text = ". ".join(pieces)
        told.append(text)
    with open(folder / "rows.csv", "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(["id", "text"])
        out.writerows([f"p{i}", told[i % len(told)]] for i in range(rows))


def write_study(folder, model, title="Crash test"):
    book = SAMPLE / "codebook.toml"
    encoder = f"[encoder]\nmodel = {json.dumps(str(model))}\n" if model else ""
    (folder / "study.toml").write_text(
        f"[study]\ntitle = {json.dumps(title)}\ncodebook = {json.dumps(str(book))}\n"
        '[[source]]\nname = "rows"\nkind = "survey"\nperspective = "all"\npath = "rows.csv"\n'
        f'id = "id"\n[[source.question]]\ncolumn = "text"\n{encoder}', "utf-8")


def read(folder):
    if not folder.is_dir():
        return {}
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.is_file()}


def cpu_now(pid):
    """Processor seconds of a running process, its threads included."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / TICK


class Program:
    def __init__(self, binary, threads):
        self.binary, self.threads = binary, threads

    def start(self, folder, *more):
        command = [self.binary, "run", folder, "--threads", str(self.threads), "--json", "--quiet"]
        return subprocess.Popen([*command, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, folder, *more):
        """Runs to the end. Returns processor seconds, exit code, what was said."""
        return self.end(self.start(folder, *more))

    @staticmethod
    def end(child):
        said = child.stdout.read(), child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        child.stdout.close()
        child.stderr.close()
        return usage.ru_utime + usage.ru_stime, child.returncode, said

    def kill_at(self, folder, seconds):
        """Kills a run when it has used so much processor time. Returns what it used."""
        child = self.start(folder)
        while True:
            used = cpu_now(child.pid)
            state = Path(f"/proc/{child.pid}/stat")
            if used is None or used >= seconds or not state.exists() or " Z " in state.read_text():
                break
            time.sleep(0.002)
        child.kill()
        return self.end(child)


def fail(message):
    print(f"crash: {message}")
    sys.exit(1)


def clear(folder, old):
    """The folder as it stood before: an earlier run's outputs, nothing kept."""
    shutil.rmtree(folder / ".canvass", ignore_errors=True)
    shutil.rmtree(folder / "out", ignore_errors=True)
    (folder / "out").mkdir()
    for name, data in old.items():
        (folder / "out" / name).write_bytes(data)


def leftovers(folder):
    names = [p.name for p in folder.iterdir()] + [p.name for p in (folder / "out").iterdir()]
    names += [p.name for p in (folder / ".canvass").iterdir() if p.name.startswith("unfinished-")]
    return [n for n in names if n.startswith(".canvass-") or n.startswith("unfinished-")]


def kills(program, folder, options, log):
    write_study(folder, options.model, "An earlier run")
    program.run(folder)
    old = read(folder / "out")
    write_study(folder, options.model)
    whole, cpu = [], []
    for _ in range(3):
        clear(folder, old)
        used, code, said = program.run(folder)
        if code:
            fail(said[1].decode())
        cpu.append(used)
        whole.append(read(folder / "out"))
    if any(w != whole[0] for w in whole):
        fail("two undisturbed runs differ")
    new, undisturbed = whole[0], statistics.median(cpu)
    again, _, said = program.run(folder)
    kept = json.loads(said[0])
    print(f"{options.rows} rows, {kept['encoded']} distinct texts; undisturbed "
          f"{undisturbed:.2f} s of processor time (of {min(cpu):.2f} to {max(cpu):.2f}); "
          f"with everything kept {again:.2f} s")
    draw = random.Random(options.seed)
    redone, n_kills, n_trials, mixed, different, left = [], 0, 0, 0, 0, 0
    while n_kills < options.kills:
        clear(folder, old)
        used, killed = 0.0, 0
        for _ in range(min(options.each, options.kills - n_kills)):
            at = draw.uniform(0, 2 * undisturbed / (options.each + 1))
            spent, code, _ = program.kill_at(folder, at)
            used += spent
            if code == 0:  # it was done before
                break
            killed += 1
            found = read(folder / "out")
            found = {n: d for n, d in found.items() if d or not n.startswith(".canvass-probe-")}
            mixed += found not in (old, new)
        resumed, code, said = program.run(folder)
        reused = json.loads(said[0])["reused"] if code == 0 else -1
        different += code != 0 or read(folder / "out") != new
        left += bool(leftovers(folder))
        n_trials, n_kills = n_trials + 1, n_kills + killed
        if not killed:
            continue
        part = (used + resumed - undisturbed) / undisturbed / killed
        redone += [part] * killed
        print(f"{n_trials}\t{killed}\t{used:.2f}\t{resumed:.2f}\t{reused}\t{part:.4f}\t"
              f"{mixed}\t{different}\t{left}", file=log, flush=True)
    if redone:
        ordered = sorted(redone)
        print(f"{n_kills} kills in {n_trials} trials: {mixed} mixtures, {different} different "
              f"outputs, {left} with leftovers; time redone a kill: median "
              f"{100 * statistics.median(ordered):.1f} %, 90th percentile "
              f"{100 * ordered[int(len(ordered) * 0.9)]:.1f} %, of which reading, "
              f"preparing and reporting again at most {100 * again / undisturbed:.1f} %")
    if mixed or different or left:
        fail("see above")
    return old, new


def damage(program, folder, old, new, log):
    """Cuts, flips, empties, renames; a run after each must write the same bytes."""
    draw = random.Random(2)

    def cut(data):
        return data[:draw.randrange(len(data) or 1)]

    def flip(data):
        at = draw.randrange(len(data) or 1)
        return data[:at] + bytes([data[at] ^ (1 << draw.randrange(8))]) + data[at + 1:]

    kinds = {"cut": cut, "flipped": flip, "emptied": lambda data: b"", "grown": lambda d: d + b"x",
             "random": lambda d: draw.randbytes(len(d))}
    for name, change in kinds.items():
        blocks = sorted((folder / ".canvass").glob("*"))
        for path in blocks:
            path.write_bytes(change(path.read_bytes() or b"\0"))
        # What a run that is killed while it publishes can leave, damaged likewise.
        staging = folder / ".canvass-new-crash1"
        (staging / "new").mkdir(parents=True)
        names = {"folder": "out", "outputs": list(new)}
        (staging / "ours").write_bytes(change(json.dumps(names).encode()))
        for output, data in new.items():
            (staging / "new" / output).write_bytes(change(data))
        (folder / ".canvass" / "unfinished-crash1.tmp").write_bytes(draw.randbytes(1000))
        _, code, said = program.run(folder)
        if code or read(folder / "out") != new:
            fail(f"another output after every file was {name}: {said[1].decode()}")
        print(f"{len(blocks)} files {name}: the same outputs", file=log, flush=True)
        shutil.rmtree(staging, ignore_errors=True)
    print(f"every file of the store and of a leftover {', '.join(kinds)}: the same outputs")


def full_disk(program, options, texts):
    mount = Path(tempfile.mkdtemp(prefix="canvass-full-"))
    done = []
    try:
        for room in (0, 100, 300, 600, 800, 900, 1000, 1100, 1200, 1400, 3200):
            size = 600 + room
            command = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(mount)]
            if subprocess.run(command, capture_output=True).returncode:
                print("skipped: a full disk (no tmpfs can be mounted; that takes root)")
                return
            try:
                write_rows(mount, texts, 2000, 2000)
                write_study(mount, ROOT / "models" / "tiny")
                used = shutil.disk_usage(mount).used // 1024
                # Fill up so that `room` KiB are left.
                (mount / "filler").write_bytes(b"\0" * max(0, (size - used - room)) * 1024)
                (mount / "out").mkdir()
                _, code, said = program.run(mount)
                out = read(mount / "out")
                if code == 0 and "manifest.json" not in out:
                    fail("a full disk: success without a manifest")
                if code != 0 and out:
                    fail(f"a full disk: {sorted(out)} after a failure")
                done.append((room, code, len(json.loads(said[0])["notes"]) if code == 0 else 0))
                if code and b"no space left" not in said[1]:
                    fail(f"a full disk: {said[1].decode()}")
            finally:
                subprocess.run(["umount", str(mount)], check=True)
    finally:
        mount.rmdir()
    told = ", ".join(f"{room} KiB: exit {code}, {notes} note" for room, code, notes in done)
    print(f"room left on the disk: {told}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=ROOT / "target" / "release" / "canvass", type=Path)
    parser.add_argument("--kills", default=200, type=int)
    parser.add_argument("--each", default=1, type=int,
                        help="kills in a row before a run may end; more of them take less time")
    parser.add_argument("--rows", default=20_000, type=int)
    parser.add_argument("--distinct", type=int,
                        help="how many of the answers differ, which decides how long a run takes; "
                             "it has to be many times what starting the program takes [all]")
    parser.add_argument("--model", help="a model's folder or name [default: the program's own]")
    parser.add_argument("--threads", default=2, type=int)
    parser.add_argument("--seed", default=1, type=int)
    parser.add_argument("--log", default="-", help="where the line of each trial goes")
    options = parser.parse_args()
    if options.model and Path(options.model).is_dir():
        options.model = Path(options.model).resolve()
    log = sys.stdout if options.log == "-" else open(options.log, "w", encoding="utf-8")
    source = DATA if DATA.is_file() else SAMPLE / "survey.csv"
    texts = answers(source)
    program = Program(options.binary, options.threads)
    with tempfile.TemporaryDirectory(prefix="canvass-crash-") as folder:
        folder = Path(folder)
        write_rows(folder, texts, options.rows, options.distinct or options.rows)
        old, new = kills(program, folder, options, log)
        damage(program, folder, old, new, log)
    full_disk(program, options, texts)
    print("crash: all outputs as they should be")


if __name__ == "__main__":
    main()
