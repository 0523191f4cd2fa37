#!/usr/bin/env python3
"""Speed and memory, side by side with what a Python user would take.

In: the built program and, where it lies beside the checkout, ../shared/data/nhs_fft/coded.csv
(else the sample study's survey); `CANVASS_BENCH_PYTHON` may name a Python with
sentence-transformers. Out: tables on stdout. Standard library only.

1. Encoding: the same texts, the same weights, the same number of threads, in turn, each a process
   of its own; opening the model is excluded on both sides. Quote the ratios, not the rates:
   machines differ, and so does one machine from minute to minute.
2. A whole run on 100,000 rows (the texts repeated): wall time, peak memory, time by stage.
"""
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NHS = ROOT.parent / "shared" / "data" / "nhs_fft" / "coded.csv"
SURVEY = ROOT / "samples" / "community-safety" / "survey.csv"
ROUNDS = 3

OTHER = """
import json, sys, time
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[2], device="cpu")
texts = open(sys.argv[1], encoding="utf-8").read().split("\\n")[:-1]
model.encode(texts[:64])
start = time.perf_counter()
model.encode(texts)
print(json.dumps({"texts_per_second": len(texts) / (time.perf_counter() - start)}))
"""


def texts():
    if NHS.exists():
        with open(NHS, encoding="utf-8", newline="") as f:
            found = [row["text"] for row in csv.DictReader(f)]
    else:
        with open(SURVEY, encoding="utf-8", newline="") as f:
            next(f)
            found = [row[q] for row in csv.DictReader(f) for q in ("Q1", "Q2")]
    return [" ".join(t.split()) for t in found]


def last_json(command, **kwargs):
    done = subprocess.run(command, capture_output=True, text=True, **kwargs)
    if done.returncode:
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])


def encoding(folder, lines):
    file = folder / "texts.txt"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    ours = ["cargo", "bench", "--locked", "--quiet", "--bench", "encode", "--", str(file)]
    python = os.environ.get("CANVASS_BENCH_PYTHON", sys.executable)
    weights = os.environ.get("CANVASS_BENCH_MODEL", "sentence-transformers/all-MiniLM-L6-v2")
    script = folder / "other.py"
    script.write_text(OTHER, "utf-8")
    rates = {"canvass": [], "canvass, f32": [], "sentence-transformers, default": []}
    for _ in range(ROUNDS):
        rates["canvass"].append(last_json(ours + ["2", "auto"], cwd=ROOT))
        rates["sentence-transformers, default"].append(last_json([python, str(script), str(file), weights]))
        rates["canvass, f32"].append(last_json(ours + ["2", "f32"], cwd=ROOT))
    print(f"{len(lines)} texts, 2 threads, {ROUNDS} rounds in turn, texts a second (median)")
    print("| engine | texts/s | ratio, round by round |\n|---|---|---|")
    base = rates["sentence-transformers, default"]
    for name, rounds in rates.items():
        if None in rounds:
            print(f"| {name} | not available here | |")
            continue
        each = [r["texts_per_second"] for r in rounds]
        ratio = ""
        if None not in base:
            ratio = ", ".join(f"{a / b['texts_per_second']:.2f}" for a, b in zip(each, base))
        print(f"| {name} | {statistics.median(each):.0f} | {ratio} |")


def whole_run(folder, lines, rows=100_000):
    with open(folder / "rows.csv", "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(["id", "text"])
        out.writerows((f"p{i}", lines[i % len(lines)]) for i in range(rows))
    book = ROOT / "samples" / "community-safety" / "codebook.toml"
    (folder / "study.toml").write_text(
        f'[study]\ntitle = "bench"\ncodebook = {json.dumps(str(book))}\n[[source]]\nname = "rows"\n'
        'kind = "survey"\nperspective = "all"\npath = "rows.csv"\nid = "id"\n'
        '[[source.question]]\ncolumn = "text"\n', "utf-8")
    start = time.perf_counter()
    done = subprocess.run([ROOT / "target/release/canvass", "run", folder, "--timings", "--fresh"],
                          capture_output=True, text=True)
    wall = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\n{rows} rows: {wall:.1f} s wall; largest process of this benchmark {peak:.0f} MiB")
    print(done.stderr.strip())


def main():
    lines = texts()
    with tempfile.TemporaryDirectory() as tmp:
        whole_run(Path(tmp), lines)
        encoding(Path(tmp), lines)


if __name__ == "__main__":
    main()
