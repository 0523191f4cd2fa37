"""Counts by readers that share nothing with canvass: Python's csv and json, openpyxl, xlrd,
odfpy, and a few lines of our own for captions.

In: a path, and the dialect that somebody looked up by hand. Out: how many records stand below the
header. A missing package raises ImportError, which the caller reports as a skipped count.

A row counts where any of its cells holds something but white space.
"""
import csv
import json
import re
import warnings
import zipfile
from xml.etree import ElementTree


def delimited(path, encoding="utf-8-sig", delimiter=",", header_row=1, quote='"'):
    """Records behind the header's line, and the header."""
    csv.field_size_limit(1 << 30)
    with open(path, encoding=encoding, newline="") as f:
        for _ in range(header_row - 1):
            f.readline()
        rows = csv.reader(f, delimiter=delimiter, quotechar=quote)
        records = [r for r in rows if is_filled(r)]
    return len(records) - 1, records[0]


def json_lines(path):
    """Objects, one a line."""
    with open(path, encoding="utf-8-sig") as f:
        return sum(isinstance(json.loads(line), (dict, list)) for line in f if line.strip())


def json_items(path):
    """Objects of one array."""
    with open(path, encoding="utf-8-sig") as f:
        return sum(isinstance(item, dict) for item in json.load(f))


def sheets(path):
    """Every sheet of a workbook: its name and its rows of values, blank ones included."""
    suffix = path.suffix.lower()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if suffix in (".xlsx", ".xlsm"):
            return _openpyxl(path)
        if suffix == ".xls":
            return _xlrd(path)
        return _odf(path)


def _openpyxl(path):
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, data_only=True)
        found = {s.title: [list(r) for r in s.iter_rows(values_only=True)] for s in book.worksheets}
    except Exception:  # a damaged style or property stops openpyxl, not a reader of cells
        found = {}
    return found or _ooxml(path)


def _local(element):
    return element.tag.rsplit("}", 1)[-1]


def _ooxml(path):
    """The sheets of an XLSX by zipfile and ElementTree alone, whatever its namespaces: text where
    there is some, else the value's own characters."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        shared = []
        for name in archive.namelist():
            if name.lower().endswith("sharedstrings.xml"):
                root = ElementTree.fromstring(archive.read(name))
                shared = ["".join(t.text or "" for t in item.iter() if _local(t) == "t")
                          for item in root if _local(item) == "si"]
        for name in sorted(n for n in archive.namelist() if re.search(r"sheet\d*\.xml$", n, re.I)):
            rows = {}
            for row in ElementTree.fromstring(archive.read(name)).iter():
                if _local(row) != "row":
                    continue
                number = int(row.get("r") or len(rows) + 1)
                rows[number] = [_value(cell, shared) for cell in row if _local(cell) == "c"]
            if rows:
                found[name] = [rows.get(n, []) for n in range(1, max(rows) + 1)]
    return found


def _value(cell, shared):
    text = "".join(t.text or "" for t in cell.iter() if _local(t) in ("v", "t"))
    return shared[int(text)] if cell.get("t") == "s" and text else text or None


def _xlrd(path):
    import io

    import xlrd

    book = xlrd.open_workbook(path, logfile=io.StringIO())
    return {s.name: [s.row_values(r) for r in range(s.nrows)] for s in book.sheets()}


def _odf(path):
    from odf.opendocument import load
    from odf.table import Table

    return {
        table.getAttribute("name"): _odf_rows(table)
        for table in load(path).spreadsheet.getElementsByType(Table)
    }


def _odf_rows(table):
    from odf.table import CoveredTableCell, TableCell, TableRow
    from odf.text import P

    rows = []
    for row in table.getElementsByType(TableRow):
        cells = []
        for cell in row.childNodes:
            if getattr(cell, "qname", None) not in (TableCell().qname, CoveredTableCell().qname):
                continue
            # Paragraphs of the cell itself: those of a comment on it stand deeper.
            own = [p for p in cell.childNodes if getattr(p, "qname", None) == P().qname]
            words = "\n".join(map(str, own))
            repeated = int(cell.getAttribute("numbercolumnsrepeated") or 1)
            cells += [words or None] * min(repeated, 64)
        repeated = int(row.getAttribute("numberrowsrepeated") or 1)
        rows += [cells] * (repeated if is_filled(cells) else min(repeated, 1 << 12))
    return rows


def is_filled(row):
    """Whether anything stands in a row."""
    return any(v is not None and str(v).strip() for v in row)


def header_of(rows):
    """The first row that names something, counted from 1, and a name in it that is text and
    stands there once; None where there is none."""
    for number, row in enumerate(rows, 1):
        if is_filled(row):
            names = [" ".join(v.split()) for v in row if isinstance(v, str) and v.strip()]
            once = [n for n in names if names.count(n) == 1]
            return number, once[0] if once else None
    return 0, None


def filled_below(rows, header_row):
    """Rows below the header that hold something."""
    return sum(map(is_filled, rows[header_row:]))


TIMING = re.compile(r"^\s*(?:\d+:)?\d+:\d+[.,]\d+\s*-->\s*(?:\d+:)?\d+:\d+[.,]\d+")
SBV = re.compile(r"^\s*\d+:\d+:\d+\.\d+\s*,\s*\d+:\d+:\d+\.\d+\s*$")
ALMOST = re.compile(r"-->|^\s*\d+:\d\S*,\d+:\d\S*\s*$")
VOICE = re.compile(r"<v(?:\.\S+)?\s+([^>]+)>")


def cues(path):
    """Cues of a caption file: (well-formed ones with words, their speakers or None, lines that
    look like a timing, whether well-formed or not)."""
    text = path.read_text(encoding="utf-8-sig", errors="replace").replace("\r\n", "\n")
    timing = SBV if path.suffix == ".sbv" else TIMING
    speakers, n_almost = [], 0
    for block in re.split(r"\n[ \t]*\n", text.strip("\n")):
        lines = block.split("\n")
        if lines[0].split(" ")[0] in ("NOTE", "STYLE", "REGION"):
            continue
        n_almost += sum(bool(ALMOST.search(line)) for line in lines)
        at = next((i for i, line in enumerate(lines) if timing.match(line)), None)
        if at is None:
            continue
        words = "\n".join(lines[at + 1:])
        if words.strip():
            voice = VOICE.search(words)
            speakers.append(voice.group(1).strip() if voice else None)
    return len(speakers), speakers, n_almost


def labelled(path, out):
    """Writes the captions with speakers: each cue with words by another than the one before.
    Returns how many cues that are."""
    text = path.read_text(encoding="utf-8-sig", errors="replace").replace("\r\n", "\n")
    timing = SBV if path.suffix == ".sbv" else TIMING
    blocks, n = re.split(r"\n[ \t]*\n", text.strip("\n")), 0
    for number, block in enumerate(blocks):
        lines = block.split("\n")
        at = next((i for i, line in enumerate(lines) if timing.match(line)), None)
        if at is None or lines[0].split(" ")[0] in ("NOTE", "STYLE", "REGION"):
            continue
        words = [line.lstrip("- ") for line in lines[at + 1:]]
        if "".join(words).strip():
            words[0] = f"Speaker {n % 2 + 1}: {words[0]}"
            n += 1
        blocks[number] = "\n".join(lines[:at + 1] + words)
    out.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    return n


def records(path):
    """Cues with words, and blocks of words that have no timing: what a reader must give account
    of where each cue is somebody else's."""
    text = path.read_text(encoding="utf-8-sig").strip("\n")
    timing = SBV if path.suffix == ".sbv" else TIMING
    n_orphans = 0
    for number, block in enumerate(re.split(r"\n[ \t]*\n", text)):
        lines = block.split("\n")
        other = lines[0].split(" ")[0] in ("NOTE", "STYLE", "REGION")
        other |= number == 0 and lines[0].startswith("WEBVTT")
        n_orphans += bool(block.strip()) and not other and not any(map(timing.match, lines))
    return cues(path)[0] + n_orphans


def webvtt_cues(path):
    """The same by webvtt-py; None where it refuses the file."""
    import webvtt

    read = {".vtt": webvtt.read, ".srt": webvtt.from_srt, ".sbv": webvtt.from_sbv}[path.suffix]
    try:
        return len([c for c in read(path) if c.text.strip()])
    except Exception:
        return None


def turns(speakers):
    """Runs of one speaker."""
    return sum(a != b for a, b in zip(speakers, [object(), *speakers]))
