#!/usr/bin/env python3
"""How well `canvass train` learns from coded answers, on answers that it has not seen.

In: the built program and, beside the checkout in ../shared/data, coded answers: an NHS survey
(five grouped folds) and two election-study questions (their own training and test files). Out: a
table in Markdown on stdout and in tests/bench/training.md, whose rows are written as they are
measured: `--only TEXT` measures the rows whose name holds TEXT and leaves the others as they stand.
`--folds N` runs the first N of the five folds and writes no file. `--canvass PROGRAM` and
`--threads N` say what runs. Standard library only.

Measures, over themes with at least five training rows: micro-F1, macro-F1, samples-F1 (two empty
sets of codes agree), and the expected calibration error over all themes and answers in ten bins.
Macro-F1 of the election-study questions is over those of the themes that occur in the test file.
"""
import argparse
import csv
import hashlib
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
TABLE = ROOT / "tests" / "bench" / "training.md"
FOLDS = 5


def read(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, rows[0].keys())
        out.writeheader()
        out.writerows(rows)


def codes(row):
    return set(filter(None, row["codes"].split(";")))


def fold(text):
    """Equal words are in one fold."""
    words = " ".join(re.findall(r"\w+", text.lower()))
    return int(hashlib.sha256(words.encode()).hexdigest()[:8], 16) % FOLDS


def program(*arguments):
    done = subprocess.run([CANVASS, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def learn(codebook, train, test, method, context):
    """Trains on some rows and codes others; returns (gold, machine, probabilities) a row, the
    themes with five training rows, and the seconds that training took."""
    with tempfile.TemporaryDirectory() as tmp:
        tmp = Path(tmp)
        # A theme without a definition is defined by its label.
        themes = [dict(t, definition=t["definition"] or t["label"]) for t in read(codebook)]
        write(tmp / "codebook.csv", themes)
        write(tmp / "train.csv", train)
        write(tmp / "test.csv", test)
        asked = ["--context", context] if context else []
        start = time.monotonic()
        told = program("train", tmp / "train.csv", "--codebook", tmp / "codebook.csv", "--out",
                       tmp / "model", "--method", method, "--threads", THREADS, "--quiet", "--json", *asked)
        seconds = time.monotonic() - start
        program("classify", tmp / "test.csv", "--model", tmp / "model", "--codebook",
                tmp / "codebook.csv", "--out", tmp / "codes.csv", "--quiet")
        learned = [t["id"] for t in json.loads(told)["themes"] if t["positives"] >= 5]
        rows = []
        for gold, machine in zip(test, read(tmp / "codes.csv")):
            p = {t: machine[f"p:{t}"] for t in learned}
            rows.append((codes(gold), codes(machine), {t: float(x) for t, x in p.items() if x}))
        return rows, learned, seconds


def measures(rows, themes, macro):
    keep = set(themes)
    rows = [(gold & keep, machine & keep, p) for gold, machine, p in rows]
    hits = {t: sum(t in g and t in m for g, m, _ in rows) for t in themes}
    both = {t: sum((t in g) + (t in m) for g, m, _ in rows) for t in themes}
    f1 = lambda t: 2 * hits[t] / both[t] if both[t] else 0.0
    sample = lambda g, m: 1.0 if not g | m else 2 * len(g & m) / (len(g) + len(m))
    bins = [[0.0, 0.0] for _ in range(10)]
    n = 0
    for gold, _, p in rows:
        for theme, x in p.items():
            place = bins[min(int(x * 10), 9)]
            place[0] += x
            place[1] += theme in gold
            n += 1
    return (2 * sum(hits.values()) / max(1, sum(both.values())),
            sum(map(f1, macro)) / len(macro),
            sum(sample(g, m) for g, m, _ in rows) / len(rows),
            sum(abs(a - b) for a, b in bins) / max(1, n))


def nhs(method, context, folds):
    folder = DATA / "nhs_fft"
    rows = read(folder / "coded.csv")
    numbers = [fold(row["text"]) for row in rows]
    everything, slowest, themes = [], 0.0, None
    for k in range(folds):
        train = [r for r, n in zip(rows, numbers) if n != k]
        test = [r for r, n in zip(rows, numbers) if n == k]
        found, learned, seconds = learn(folder / "codebook.csv", train, test, method, context)
        everything += found
        slowest = max(slowest, seconds)
        print(f"fold {k}: {seconds:.0f} s", file=sys.stderr, flush=True)
        themes = learned if themes is None else [t for t in themes if t in learned]
    return len(everything), measures(everything, themes, themes), slowest


def election(question, method, n=None):
    folder = DATA / f"anes2008_{question}"
    train, test = read(folder / "train.csv"), read(folder / "test.csv")
    if n:
        random.Random(0).shuffle(train)
        train = train[:n]
    rows, themes, seconds = learn(folder / "codebook.csv", train, test, method, None)
    macro = [t for t in themes if any(t in gold for gold, _, _ in rows)]
    return len(rows), measures(rows, themes, macro), seconds


HEAD = ("| coded answers | n | micro-F1 | macro-F1 | samples-F1 | calibration error | seconds |",
        "|---|---|---|---|---|---|---|")


def write_table(names, lines):
    """The table as it stands, with the lines that were measured now, in the jobs' order."""
    old = TABLE.read_text("utf-8").splitlines() if TABLE.exists() else []
    kept = {line.split(" | ")[0].lstrip("| "): line for line in old[len(HEAD):]}
    kept.update(lines)
    rows = [kept[name] for name in names if name in kept]
    TABLE.write_text("\n".join([*HEAD, *rows]) + "\n", "utf-8")


def main():
    global CANVASS, THREADS
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="")
    parser.add_argument("--folds", type=int, default=FOLDS)
    parser.add_argument("--canvass", default=str(ROOT / "target" / "release" / "canvass"))
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    CANVASS, THREADS = options.canvass, options.threads
    if not Path(CANVASS).exists():
        sys.exit(f"error: {CANVASS} is not built\nhint: run `make build`")
    if not DATA.is_dir():
        print(f"skipped: {DATA} is not here, so training is not measured", file=sys.stderr)
        return
    jobs = [
        ("NHS answers, `head`", lambda: nhs("head", "question", options.folds)),
        ("NHS answers, `finetune`", lambda: nhs("finetune", "question", options.folds)),
        ("election study, question 3, `head`", lambda: election(3, "head")),
        ("election study, question 3, `finetune`", lambda: election(3, "finetune")),
        ("election study, question 4, `head`", lambda: election(4, "head")),
        ("election study, question 4, `finetune`", lambda: election(4, "finetune")),
        ("election study, question 4, 300 coded answers, `auto`", lambda: election(4, "auto", 300)),
    ]
    lines = {}
    for name, job in jobs:
        if options.only in name:
            n, found, seconds = job()
            lines[name] = (f"| {name} | {n} | " + " | ".join(f"{x:.3f}" for x in found)
                           + f" | {seconds:.0f} |")
            print(lines[name], file=sys.stderr, flush=True)
            if options.folds == FOLDS:
                write_table([name for name, _ in jobs], lines)
    print("\n".join([*HEAD, *lines.values()]))


if __name__ == "__main__":
    main()
