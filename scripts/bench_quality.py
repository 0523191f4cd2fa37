#!/usr/bin/env python3
"""Cold-start quality: how well a codebook alone codes answers that have reference codes.

In: the built program (target/release/canvass), the sample study's gold.csv, and, where they lie
beside the checkout in ../shared/data, two election-study questions (test files) and the NHS
answers. Out: a table in Markdown on stdout and in tests/bench/quality.md. Standard library only.

Measures, over themes with at least one hand code in the file: micro-F1, macro-F1, samples-F1 (mean
over answers; an answer without hand or machine codes counts as right), and top-1 hit (the theme
with the highest margin is among the hand codes; from a second run with threshold 0, over answers
with a hand code).
"""
import csv
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
BINARY = ROOT / "target" / "release" / "canvass"


def read(path, skip=0):
    with open(path, encoding="utf-8", newline="") as f:
        for _ in range(skip):
            next(f)
        return list(csv.DictReader(f))


def toml_string(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def run(folder, study, threshold):
    """Runs a study; returns {response id: {theme: margin}} and the ledger's rows."""
    line = "" if threshold is None else f"threshold = {threshold}\n"
    (folder / "study.toml").write_text(study.replace("#THRESHOLD\n", line), "utf-8")
    done = subprocess.run([BINARY, "run", folder, "--quiet"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    codes = {}
    for row in read(folder / "out" / "codings.csv"):
        mine = codes.setdefault(row["response"], {})
        mine[row["theme"]] = max(float(row["score"]), mine.get(row["theme"], -9.0))
    return codes, read(folder / "out" / "ledger.csv")


def measures(gold, machine, ranked):
    """The four measures from {id: set}, {id: set} and {id: {theme: margin}}."""
    themes = sorted(set().union(*gold.values()))
    tp = fp = fn = 0
    f1s = []
    for theme in themes:
        a = sum(theme in gold[i] and theme in machine[i] for i in gold)
        b = sum(theme not in gold[i] and theme in machine[i] for i in gold)
        c = sum(theme in gold[i] and theme not in machine[i] for i in gold)
        tp, fp, fn = tp + a, fp + b, fn + c
        f1s.append(2 * a / (2 * a + b + c) if a else 0.0)
    # codes of themes that no reference has are false all the same
    fp += sum(len(machine[i] - set(themes)) for i in gold)
    def sample(i):
        both = len(gold[i]) + len(machine[i])
        return 1.0 if both == 0 else 2 * len(gold[i] & machine[i]) / both
    coded = [i for i in gold if gold[i]]
    best = lambda i: max(ranked.get(i, {"": 0.0}).items(), key=lambda x: x[1])[0]
    return (2 * tp / max(1, 2 * tp + fp + fn), sum(f1s) / len(f1s),
            sum(map(sample, gold)) / len(gold), sum(best(i) in gold[i] for i in coded) / len(coded))


def evaluate(study, gold, folder):
    codes, ledger = run(folder, study, None)
    ranked, _ = run(folder, study, 0.0)
    machine = {i: set(codes.get(i, {})) for i in gold}
    known = {row["response"] for row in ledger}
    missing = set(gold) - known
    if missing:
        sys.exit(f"ledger lacks {sorted(missing)[:3]}")
    return measures(gold, machine, ranked)


def coded_table(name, table, codebook, id_column, text_column):
    """A study from a coded table and a codebook.csv; an empty definition becomes the label."""
    rows = read(table)
    with tempfile.TemporaryDirectory() as tmp:
        folder = Path(tmp)
        with open(folder / "codebook.csv", "w", encoding="utf-8", newline="") as f:
            out = csv.writer(f)
            out.writerow(["id", "label", "definition"])
            for theme in read(codebook):
                out.writerow([theme["id"], theme["label"], theme["definition"] or theme["label"]])
        study = (f'[study]\ntitle = "{name}"\ncodebook = "codebook.csv"\n#THRESHOLD\n[[source]]\n'
                 f'name = "answers"\nkind = "survey"\nperspective = "all"\npath = "rows.csv"\n'
                 f'id = "row"\n[[source.question]]\ncolumn = "text"\n')
        with open(folder / "rows.csv", "w", encoding="utf-8", newline="") as f:
            out = csv.writer(f)
            out.writerow(["row", "text"])
            for n, row in enumerate(rows):
                out.writerow([f"r{n}", row[text_column]])
        gold = {f"r{n}:text": set(filter(None, row["codes"].split(";"))) for n, row in enumerate(rows)}
        return len(rows), evaluate(study, gold, folder)


def sample_study(keep):
    """The sample's answers with reference codes; `keep` chooses by the answer's place in gold.csv."""
    base = ROOT / "samples" / "community-safety"
    rows = [r for n, r in enumerate(read(base / "gold.csv")) if keep(n)]
    gold = {r["id"]: set(filter(None, r["codes"].split(";"))) for r in rows}
    with tempfile.TemporaryDirectory() as tmp:
        folder = Path(tmp)
        study = (f'[study]\ntitle = "gold"\ncodebook = {toml_string(str(base / "codebook.toml"))}\n#THRESHOLD\n'
                 f'[[source]]\nname = "survey"\nkind = "survey"\nperspective = "all"\npath = "survey.csv"\n'
                 f'header_row = 2\nid = "ResponseId"\n[[source.question]]\ncolumn = "Q1"\n'
                 f'[[source.question]]\ncolumn = "Q2"\n')
        (folder / "survey.csv").write_bytes((base / "survey.csv").read_bytes())
        return len(rows), evaluate(study, gold, folder)


def main():
    if not BINARY.exists():
        sys.exit(f"error: {BINARY} is not built\nhint: run `make build`")
    results = [
        ("sample study, half on which the threshold was chosen", *sample_study(lambda n: n % 2 == 0)),
        ("sample study, other half", *sample_study(lambda n: n % 2 == 1)),
        ("sample study, all answers with reference codes", *sample_study(lambda n: True)),
    ]
    for name, folder, table in [
        ("election study, question 3, test file, definitions only", "anes2008_3", "test.csv"),
        ("election study, question 4, test file, definitions only", "anes2008_4", "test.csv"),
        ("NHS answers, theme names only", "nhs_fft", "coded.csv"),
    ]:
        if (DATA / folder).is_dir():
            results.append((name, *coded_table(name, DATA / folder / table, DATA / folder / "codebook.csv", "id", "text")))
        else:
            print(f"skipped: {DATA / folder} is not here", file=sys.stderr)
    lines = ["| answers | n | micro-F1 | macro-F1 | samples-F1 | top-1 hit |", "|---|---|---|---|---|---|"]
    lines += [f"| {name} | {n} | " + " | ".join(f"{x:.3f}" for x in m) + " |" for name, n, m in results]
    table = "\n".join(lines) + "\n"
    (ROOT / "tests" / "bench" / "quality.md").write_text(table, "utf-8")
    print(table, end="")


if __name__ == "__main__":
    main()
