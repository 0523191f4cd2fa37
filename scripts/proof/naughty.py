"""Hostile strings in every place where a file or a study can hold a string.

In: a list of strings. Out: cases: a study each, with how many rows it must have; and the verdict
on a run. What must hold: every row accounted for; no cell of a table starts a formula; the page
parses into what the program writes; Markdown has no HTML; the terminal gets no control character.
"""
import collections
import csv
import json
import os
import re

from . import looks, program as prog

CODED = "It is too dark at the bus stop, and nobody listens when we talk, {} they said."
EVERYTHING = '[privacy]\nmin_cell = 1\nquotes = "all"\n'

Case = collections.namedtuple("Case", "name study rows init_of must_run")


def cases(strings, folder, init):
    """All cases, written below the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    strings = [s for s in strings if isinstance(s, str)]
    for make in (answers_csv, quoted_csv, answers_xlsx, answers_json, turns_txt, notes_txt,
                 values_csv, columns_csv, file_names, themes, words_of_the_study):
        for case in make(strings, folder / make.__name__):
            yield case
            if init and case.init_of:
                yield case._replace(name=case.name + ", by init", study=None)
    yield from wrong_columns(strings, folder / "wrong")


def _table(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows([header, *rows])
    return path


def _study(path, kind="comments", questions=("Q",), head="", tail=EVERYTHING, **more):
    spec = prog.source("S", kind, path, questions, **more)
    return prog.write_study(path.parent / "study", [spec], head, tail)


def answers_csv(strings, folder):
    """Each string is an answer."""
    path = _table(folder / "a.csv", ["Id", "Q"], [[f"r{i}", s] for i, s in enumerate(strings)])
    yield Case("answers, CSV", _study(path, id="Id"), len(strings), path, True)


def quoted_csv(strings, folder):
    """Each string stands inside an answer that is coded and quoted."""
    rows = [[f"r{i}", CODED.format(s)] for i, s in enumerate(strings)]
    path = _table(folder / "a.csv", ["Id", "Q"], rows)
    yield Case("inside coded answers, CSV", _study(path, id="Id"), len(rows), path, True)


def answers_xlsx(strings, folder):
    """The same in a workbook, as far as XML can hold them."""
    try:
        import openpyxl
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    except ImportError:
        return
    folder.mkdir(parents=True)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Id", "Q"])
    for number, text in enumerate(strings, 2):
        text = ILLEGAL_CHARACTERS_RE.sub("", re.sub("[\ud800-\udfff\ufffe\uffff]", "", text))
        sheet.cell(number, 1, f"r{number}")
        cell = sheet.cell(number, 2)
        cell.value = text
        cell.data_type = "s"
    path = folder / "a.xlsx"
    book.save(path)
    yield Case("answers, XLSX", _study(path, id="Id"), len(strings), path, True)


def answers_json(strings, folder):
    """The same as JSON Lines."""
    folder.mkdir(parents=True)
    path = folder / "a.jsonl"
    with open(path, "w", encoding="utf-8") as f:
        for i, text in enumerate(strings):
            f.write(json.dumps({"Id": f"r{i}", "Q": text}) + "\n")
    yield Case("answers, JSON Lines", _study(path, id="Id"), len(strings), path, False)


def one_line(text):
    """As it can stand in one line of a text file."""
    return " ".join("".join(" " if c in "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029" else c
                            for c in text).split(" "))


def turns_txt(strings, folder):
    """Each string is a turn, by two speakers in turn."""
    folder.mkdir(parents=True)
    said = [one_line(s) for s in strings if one_line(s).strip()]
    path = folder / "a.txt"
    lines = [f"Speaker {i % 2 + 1}: I mean {s}\n" for i, s in enumerate(said)]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    yield Case("turns, TXT", _study(path, "interview", ()), len(said), path, True)


def notes_txt(strings, folder):
    """Each string is a statement of session notes."""
    folder.mkdir(parents=True)
    said = [one_line(s) for s in strings if one_line(s).strip()]
    path = folder / "a.txt"
    path.write_text("".join(f"- so {s}\n" for s in said), encoding="utf-8", newline="\n")
    yield Case("statements, TXT", _study(path, "session-notes", ()), len(said), None, True)


def values_csv(strings, folder):
    """Each string is an id, a participant and a value of a group."""
    rows = [[s, s, s, "It is too dark at the bus stop."] for s in strings]
    path = _table(folder / "a.csv", ["Id", "Who", "G", "Q"], rows)
    study = _study(path, id="Id", participant="Who", groups=["G"])
    yield Case("ids, participants, groups", study, len(rows), None, True)


def columns_csv(strings, folder):
    """Each string is a column's name, and the column holds answers."""
    names, seen = [], set()
    for text in strings:
        plain = " ".join(text.lstrip("\ufeff").split())
        if plain and plain not in seen and plain != "Id":
            seen.add(plain)
            names.append(text)
    said = "It is too dark at the bus stop."
    path = _table(folder / "a.csv", ["Id", *names], [["r1", *[said] * len(names)]])
    study = _study(path, questions=names, id="Id")
    yield Case("columns", study, len(names), path, True)


def file_names(strings, folder):
    """Each string is a file's name, as far as the file system can hold it."""
    talks = folder / "talks"
    talks.mkdir(parents=True)
    for text in strings:
        try:
            # A leading dot or tilde hides a file from patterns, by design.
            (talks / f"n{text}.txt").write_text("Speaker 1: It is dark.\n", encoding="utf-8")
        except (OSError, ValueError):
            continue
    n = len(os.listdir(talks))
    spec = prog.source("S", "interview", "../talks/*.txt")
    study = prog.write_study(folder / "study", [spec], tail=EVERYTHING)
    yield Case("names of files", study, n, None, True)


def themes(strings, folder):
    """Each string is a theme's label, definition and example."""
    path = _table(folder / "a.csv", ["Id", "Q"], [["r1", "It is too dark at the bus stop."]] * 20)
    study = _study(path, id="Id")
    book, seen = ['[codebook]\ntitle = "Anything"\n'], set()
    for number, text in enumerate(strings):
        label = " ".join(text.split())
        if not label or len(label) > 200 or label in seen:
            continue
        seen.add(label)
        quoted = prog.toml_string(label)
        book.append(f'[[theme]]\nid = "t{number}"\nlabel = {quoted}\ndefinition = {quoted}\n'
                    f"examples = [{prog.toml_string(label + ' It is dark')}]\n")
    (study / "codebook.toml").write_text("\n".join(book), encoding="utf-8")
    yield Case("themes", study, 20, None, False)


def words_of_the_study(strings, folder):
    """The strings are titles, notices, names of sources, perspectives, questions."""
    said = [" ".join(s.split()) for s in strings if s.strip()]
    path = _table(folder / "a.csv", ["Id", "Q"], [[f"r{i}", CODED.format(i)] for i in range(12)])
    sources, seen = [], set()
    for text in said[:400]:
        if text in seen or len(text) > 200:
            continue
        seen.add(text)
        text = prog.toml_string(text)
        sources.append(
            f'[[source]]\nname = {text}\nkind = "survey"\nperspective = {text}\n'
            f"path = {prog.toml_string(str(path))}\n"
            f'id = "Id"\n[[source.question]]\ncolumn = "Q"\ntext = {text}\n'
        )
    notice = f"notice = {prog.toml_string(' '.join(said)[:20000])}"
    study = prog.write_study(folder / "study", sources, notice, EVERYTHING)
    yield Case("sources, perspectives, questions", study, 12 * len(sources), None, False)


def wrong_columns(strings, folder):
    """Strings that move a terminal, as names that a message of error repeats."""
    risky = [s for s in strings if looks.CONTROL.search(s) or looks.BIDI.search(s) or "\n" in s]
    for number, text in enumerate(risky + strings[:200:20]):
        path = _table(folder / str(number) / "a.csv", [text or "x", "Q"], [["1", "a"]])
        yield Case(f"a missing column {number}", _study(path, id="I" + text), None, None, False)


def check(program, case):
    """Runs a case; the cells of its line: name, rows, independent, states, verdict."""
    study = case.study
    if study is None:  # by init
        study = case.init_of.parent / "by-init"
        looked = prog.execute(program, ["init", case.init_of, "--out", study])
        faults = looks.streams(looked)
        if looked.code != 0 or faults:
            return _refused(case, looked, faults)
        prog.complete_study(study)
    ran = prog.execute(program, ["run", study, "--json"])
    faults = looks.streams(ran)
    if ran.code != 0:
        return _refused(case, ran, faults)
    said = json.loads(ran.out)
    rows, states, more = looks.ledger(study / "out")
    faults += more + looks.agrees(said, rows, states) + looks.outputs(study / "out")
    n = len(rows) if case.study else said["rows"]
    if n != case.rows and not (case.study is None and case.name.startswith("columns")):
        faults.append("the counts disagree")
    told = ", ".join(f"{v} {k}" for k, v in sorted(states.items()))
    verdict = "FAILS: " + "; ".join(faults) if faults else "ok"
    return case.name, n, case.rows, told, verdict


def _refused(case, ran, faults):
    errors = ran.errors()
    if case.must_run and case.study:
        faults = [*faults, "refused"]
    words = looks.CONTROL.sub("?", looks.BIDI.sub("?", errors[0] if errors else ran.err[:80]))
    verdict = f"FAILS: {'; '.join(faults)}: {words[:160]}" if faults else f"refused: {words[:160]}"
    return case.name, "", case.rows or "", "", verdict
