#!/usr/bin/env python3
"""Whether canvass reads what real files hold and loses nothing: its counts against other readers'.

    python3 -m venv .venv
    .venv/bin/pip install openpyxl xlrd odfpy webvtt-py html5lib markdown-it-py
    .venv/bin/python scripts/check_intake.py DATA [--canvass PROGRAM] [--naughty blns.json]

In: a folder of real data (tables, workbooks, captions; the list below says what is in them) and
the built program. Every file goes through `canvass init` and `canvass run`, and, where the list
below names a column of answers, through `canvass run` on a study written by hand. Out: a table in
Markdown on stdout. Exit code 1 where a count disagrees, a file is neither accounted for nor
refused in one clear line with a hint, or an output holds what it must not; 0 otherwise. Counts
whose package is not installed are skipped, and said so.

`--naughty` takes a list of hostile strings as JSON (default: tests/data/naughty.json; the npm
package big-list-of-naughty-strings has a longer one, blns.json): see proof/naughty.py.
"""
import argparse
import collections
import json
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from proof import counts, looks, naughty, program as prog  # noqa: E402

TABLES = (".csv", ".tsv", ".jsonl")
BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
CAPTIONS = (".vtt", ".srt", ".sbv")

Dialect = collections.namedtuple("Dialect", "encoding delimiter header_rows id question")


def comma(question, id=None):
    return Dialect("utf-8-sig", ",", 1, id, question)


# What each table is, looked up by eye: dialect, rows of the header, columns.
DIALECTS = {
    "anes2008_3/codebook.csv": comma("definition", "id"),
    "anes2008_3/test.csv": comma("text", "id"),
    "anes2008_3/train.csv": comma("text", "id"),
    "anes2008_4/codebook.csv": comma("definition", "id"),
    "anes2008_4/test.csv": comma("text", "id"),
    "anes2008_4/train.csv": comma("text", "id"),
    "consultation/gambling_XS/inputs/question_part_1/responses.jsonl": comma("response"),
    "consultation/gambling_XS/inputs/question_part_2/responses.jsonl": comma("response"),
    "exports/StarWars.csv": Dialect("cp1252", ",", 2, "RespondentID", "Which character shot first?"),
    "nhs_fft/codebook.csv": comma("label", "id"),
    "nhs_fft/coded.csv": comma("text", "id"),
    "polis/bowling_green.csv": comma("comment-body", "comment-id"),
    "polis/london_youth_policing.csv": comma("comment-body", "comment-id"),
    "presidio/pii.csv": comma("text", "id"),
    "presidio/pii.jsonl": comma("text"),
    "spanish_survey/Datos.csv": comma("FINAL", "REGISTRO"),
    "worker_survey/codebook.csv": comma("Definition"),
    "worker_survey/final_manual_coding_NO_Q13.csv": comma("Text", "PID"),
}
for language in ("eng_Latn", "spa_Latn", "pol_Latn", "zho_Hans", "zho_Hant"):
    for part in ("train", "dev"):
        name = f"sib200/{language}/{part}.tsv"
        DIALECTS[name] = Dialect("utf-8", "\t", 1, "index_id", "text")

Row = collections.namedtuple("Row", "file way found accepted rejected independent verdict bad")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", nargs="?", type=Path, help="a folder of real data")
    parser.add_argument("--canvass", help="the program (default: target/release/canvass)")
    parser.add_argument("--naughty", type=Path, default=prog.ROOT / "tests/data/naughty.json",
                        help="a list of hostile strings as JSON")
    parser.add_argument("--only", default="", help="only files whose path holds this")
    args = parser.parse_args()
    program = prog.binary(args.canvass)
    init = prog.has_init(program)
    if not init:
        print("note: this program has no `init`; studies are written by hand", file=sys.stderr)
    n_bad = 0
    with tempfile.TemporaryDirectory(prefix="canvass-intake-") as folder:
        work = Path(folder)
        if args.data and args.data.is_dir():
            n_bad += real(program, args, work, init)
        elif args.data:
            print(f"skipped: {args.data} is not here", file=sys.stderr)
        if not args.only or args.only == "naughty":
            n_bad += strings(program, args.naughty, work, init)
    return 1 if n_bad else 0


def real(program, args, work, init):
    """Every file of the folder; prints the table as it grows."""
    print("| file | way | rows | accepted | rejected | independent | verdict |")
    print("|---|---|--:|--:|---|---|---|")
    files = list(offered(args.data, work))
    rows, n_bad = 0, 0
    for number, (name, path) in enumerate(files):
        if args.only not in name:
            continue
        for row in one_file(program, name, path, work / str(number), init):
            rows, n_bad = rows + 1, n_bad + row.bad
            cells = [str(c).replace("|", "\\|") for c in row[:-1]]
            print("| " + " | ".join(cells) + " |", flush=True)
    print(f"\n{rows} rows of the table, {n_bad} of them bad.\n")
    return n_bad


def offered(data, work):
    """Every file that somebody may offer, by the name in the tables above."""
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data).as_posix()
        if path.is_file() and path.suffix.lower() in (*TABLES, *BOOKS, *CAPTIONS, ".json"):
            yield name, path
        if path.is_file() and path.suffix.lower() in CAPTIONS:
            yield from with_speakers(name, path, work)
    sentences = data / "presidio" / "pii.json"
    if sentences.exists():
        yield from as_tables(json.loads(sentences.read_text(encoding="utf-8")), work)


def with_speakers(name, path, work):
    """Captions that are whole, with a speaker at each cue: most real ones name nobody, and a
    conversation without speakers is refused. Damaged ones stay as they are."""
    n_cues, _, n_timings = counts.cues(path)
    if n_cues > 1 and n_cues == n_timings:
        out = work / "labelled" / name
        out.parent.mkdir(parents=True, exist_ok=True)
        counts.labelled(path, out)
        yield f"{name} (with speakers)", out


def as_tables(sentences, work):
    """The sentences as a table of comments and as JSON Lines."""
    import csv

    texts = [s["text"] for s in sentences]
    with open(work / "pii.csv", "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows([["id", "text"], *([f"s{i}", t] for i, t in enumerate(texts))])
    with open(work / "pii.jsonl", "w", encoding="utf-8") as f:
        f.writelines(json.dumps({"id": f"s{i}", "text": t}) + "\n" for i, t in enumerate(texts))
    yield "presidio/pii.csv", work / "pii.csv"
    yield "presidio/pii.jsonl", work / "pii.jsonl"


def one_file(program, name, path, work, init):
    """The rows of the table for one file: by init, and by hand where a column is known."""
    if init:
        yield by_init(program, name, path, work / "init")
    spec, expected = by_hand(name, path)
    if spec:
        study = prog.write_study(work / "hand", [spec])
        yield run(program, name, "by hand", study, expected, path)
    elif not init:
        yield Row(name, "by hand", "", "", "", expected, "skipped", False)


def by_init(program, name, path, folder):
    looked = prog.execute(program, ["init", path, "--out", folder])
    faults = looks.streams(looked)
    if looked.code != 0:
        return refused(name, "init", looked, faults)
    if not (folder / "study.toml").exists():
        return Row(name, "init", "", "", "", "", "FAILS: init wrote no study.toml", True)
    study = prog.complete_study(folder)
    row = run(program, name, "init", folder, expected_by_init(name, path, study), path)
    if faults:
        row = row._replace(verdict="FAILS: " + "; ".join(faults), bad=True)
    return row


def refused(name, way, ran, faults):
    if faults:
        return Row(name, way, "", "", "", "", "FAILS: " + "; ".join(faults), True)
    # What init left out and why stands on stdout, laid out in lines; the error names no file.
    left_out = " ".join(" ".join(ran.out.splitlines()[1:]).split())
    why = left_out.split(": ", 1)[-1] if way == "init" else ""
    why = why.split(" hint: ")[0] or ran.errors()[0].split(":", 1)[1].strip()
    return Row(name, way, "", "", "", "", f"refused: {why[:160]}", False)


def by_hand(name, path):
    """A source for the file, and what other readers count in it; (None, why) without one."""
    suffix = path.suffix.lower()
    if name in DIALECTS:
        d = DIALECTS[name]
        n = counted(name, path)
        return prog.source("S", "comments", path, [d.question], id=d.id), n
    if suffix in BOOKS:
        return book_by_hand(path)
    if suffix in CAPTIONS:
        return prog.source("S", "interview", path), caption_counts(name, path)
    return None, "no column of answers"


def counted(name, path):
    d = DIALECTS[name]
    if path.suffix == ".jsonl":
        return {"json": counts.json_lines(path)}
    return {"csv": counts.delimited(path, d.encoding, d.delimiter)[0] - (d.header_rows - 1)}


def book_by_hand(path):
    """The first sheet whose first filled row names a column, once."""
    try:
        sheets = counts.sheets(path)
    except ImportError as e:
        return None, f"skipped: {e.name} is not installed"
    except Exception as e:  # the other reader gives up: canvass has to say something clear
        sheets = {None: [["?"]]}
        return prog.source("S", "comments", path, ["?"]), {type(e).__name__: -1}
    for title, rows in sheets.items():
        number, column = counts.header_of(rows)
        n = counts.filled_below(rows, number)
        if column and n and not str(title).endswith(".xml"):
            spec = prog.source("S", "comments", path, [column], sheet=title, header_row=number)
            return spec, {reader_of(path): n}
    return None, "no sheet with a header and a row"


def reader_of(path):
    return {".xls": "xlrd", ".ods": "odfpy"}.get(path.suffix.lower(), "openpyxl")


def caption_counts(name, path):
    """The counts that fit: cues one by one, runs of one speaker, or every timing with the broken.
    With a speaker at each cue only one fits: cues, and words that have none."""
    if name.endswith("(with speakers)"):
        return {"cues and strays": counts.records(path)}
    n_cues, speakers, n_timings = counts.cues(path)
    fits = {"cues": n_cues, "turns": counts.turns(speakers), "timings": n_timings}
    try:
        fits["webvtt-py"] = counts.webvtt_cues(path)
    except ImportError:
        pass
    return {k: v for k, v in fits.items() if v}


def expected_by_init(name, path, study):
    """What other readers count, given the sheet and the header that init chose."""
    suffix, first = path.suffix.lower(), (study.get("source") or [{}])[0]
    header_row = first.get("header_row", 1)
    if name in DIALECTS:
        return counted(name, path)
    if suffix in (".csv", ".tsv"):
        return {"csv": counts.delimited(path, header_row=header_row)[0]}
    if suffix == ".jsonl":
        return {"json": counts.json_lines(path)}
    if suffix == ".json":
        return {"json": counts.json_items(path)}
    if suffix in CAPTIONS:
        return caption_counts(name, path)
    if suffix in BOOKS:
        return book_by_init(path, study)
    return {}


def book_by_init(path, study):
    try:
        sheets = counts.sheets(path)
    except ImportError as e:
        return {f"{e.name} is not installed": None}
    except Exception as e:
        return {type(e).__name__: -1}
    n = 0
    for source in study["source"]:
        rows = sheets.get(source.get("sheet") or next(iter(sheets)), [])
        n += counts.filled_below(rows, source.get("header_row", 1))
    return {reader_of(path): n}


def run(program, name, way, study, expected, path):
    """Runs a study and compares what it says with the ledger and with the other readers."""
    ran = prog.execute(program, ["run", study, "--json", "--quiet"])
    faults = looks.streams(ran)
    if ran.code != 0:
        return refused(name, way, ran, faults)
    out = study / "out"
    said = json.loads(ran.out)
    rows, states, more = looks.ledger(out)
    faults += more + looks.agrees(said, rows, states) + looks.outputs(out)
    faults += looks.rejects(out, rows, Shown(study, path))
    n_questions = len(rows) / said["rows"] if said["rows"] else 1
    found, n_rejected = said["rows"], states.get("rejected", 0) / n_questions
    if n_questions != int(n_questions) or n_rejected != int(n_rejected):
        faults.append("the responses are no multiple of the rows")
    known = {k: v for k, v in expected.items() if v is not None}
    if known and found not in known.values():
        faults.append("the counts disagree")
    return Row(
        name, way, found, int(found - n_rejected), reasons(rows, n_rejected),
        ", ".join(f"{k} {v}" for k, v in expected.items()) or "none",
        "FAILS: " + "; ".join(faults) if faults else "ok" if known else "not counted",
        bool(faults),
    )


def reasons(rows, n):
    if not n:
        return "0"
    why = collections.Counter(r["reason"] for r in rows if r["state"] == "rejected")
    return f"{int(n)}: " + ", ".join(f"{r} ({k})" for r, k in why.most_common(3))


class Shown(dict):
    """Inputs by the path that the outputs show."""

    def __init__(self, study, path):
        super().__init__()
        self.study, self.path = study, path

    def get(self, shown, default=None):
        if Path(shown).name == self.path.name:
            return self.path
        path = self.study / shown
        return path if path.exists() else default


def strings(program, path, work, init):
    """The hostile strings, everywhere that a string can stand."""
    if not path.exists():
        print(f"skipped: {path} is not here", file=sys.stderr)
        return 0
    listed = json.loads(path.read_text(encoding="utf-8"))
    print(f"{len(listed)} hostile strings of {path.name}:\n")
    print("| where they stand | rows | independent | states | verdict |")
    print("|---|--:|--:|---|---|")
    n_bad = 0
    for case in naughty.cases(listed, work / "naughty", init):
        line = naughty.check(program, case)
        n_bad += line[-1] != "ok" and not line[-1].startswith("refused")
        print("| " + " | ".join(str(c).replace("|", "\\|") for c in line) + " |", flush=True)
    return n_bad


if __name__ == "__main__":
    sys.exit(main())
