"""What must hold of every run, whatever it read: streams, ledger, rejects, tables, page.

Each function returns a list of faults in words; an empty list means that all is well.
"""
import base64
import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

STATES = {
    "coded", "no-theme", "undecided", "no-content", "unsupported-language", "duplicate",
    "moderator", "rejected",
}
# C0 (tab and line feed apart), DEL and C1; bidirectional embeddings, overrides, isolates, marks.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# One character at the front that a spreadsheet may take for the start of a formula.
FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
PANIC = re.compile(r"panicked at|the program stumbled|RUST_BACKTRACE|stack backtrace|"
                   r"stack overflow|memory allocation of|Traceback \(most recent")
KEYS = ("source", "file", "line", "offset", "length", "reason", "bytes", "complete")


def streams(ran):
    """Exit code, lines of stderr, nothing that moves a terminal."""
    faults = []
    if ran.code is None:
        return [f"ended by the time limit after {ran.seconds:.0f} s"]
    if ran.code < 0:
        faults.append(f"ended by signal {-ran.code}")
    elif ran.code not in (0, 1, 2, 3):
        faults.append(f"exit code {ran.code}")
    if PANIC.search(ran.err):
        faults.append("a panic or an abort on stderr")
    both = ran.out + "\n" + ran.err
    if CONTROL.search(both):
        faults.append("control characters on the terminal")
    if BIDI.search(both):
        faults.append("bidirectional controls on the terminal")
    if ran.code in (1, 2):
        words = [line.split(" ", 1)[0] for line in ran.lines()]
        if words != ["error:", "hint:"]:
            faults.append("not one line of error and one of hint: " + " ".join(words)[:80])
        if any(len(line) > 600 for line in ran.lines()):
            faults.append("a line of error longer than 600 characters")
    return faults


def table(path):
    """The records of a CSV output, by column name."""
    with open(path, encoding="utf-8", newline="") as f:
        csv.field_size_limit(1 << 30)
        return list(csv.DictReader(f))


def ledger(out):
    """Rows of ledger.csv by state; the states are the known ones and every place is a number."""
    rows, faults, states = table(Path(out) / "ledger.csv"), [], {}
    for row in rows:
        state = row.get("state")
        states[state] = states.get(state, 0) + 1
        if not (row.get("row") or "").isdigit():
            faults.append(f"ledger.csv: `{row.get('row')}` is no place")
    if set(states) - STATES:
        faults.append(f"ledger.csv: unknown states {sorted(set(states) - STATES)}")
    ids = [row["response"] for row in rows]
    if len(set(ids)) != len(ids):
        faults.append("ledger.csv: a response's id stands twice")
    return rows, states, sorted(set(faults))


def agrees(said, rows, states):
    """What the program says of itself (`--json`) against the ledger, counted here."""
    faults = []
    if said.get("responses") != len(rows):
        faults.append(f"{said.get('responses')} responses said, {len(rows)} in ledger.csv")
    if sum(states.values()) != len(rows):
        faults.append("the states do not add up to the ledger")
    told = {state: n for state, n in said.get("states", {}).items() if n}
    if told != states:
        faults.append(f"states said {told}, in ledger.csv {states}")
    return faults


def rejects(out, rows, inputs):
    """Every rejected record of the ledger has its line in rejects.jsonl, and the bytes kept there
    are those of the file at that place. `inputs` maps a file as shown to its path."""
    wanted = {(r["file"], r["row"]) for r in rows if r["state"] == "rejected"}
    path = Path(out) / "rejects.jsonl"
    if not path.exists():
        return [f"{len(wanted)} rejected records and no rejects.jsonl"] if wanted else []
    faults, found = [], set()
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            record = json.loads(line)
        except ValueError:
            faults.append(f"rejects.jsonl, line {number}: no JSON")
            continue
        missing = [key for key in KEYS if key not in record]
        if missing:
            faults.append(f"rejects.jsonl, line {number}: without {', '.join(missing)}")
            continue
        found.add((record["file"], str(record["line"])))
        faults += _same_bytes(number, record, inputs)
    lost, extra = wanted - found, found - wanted
    if lost:
        faults.append(f"rejects.jsonl lacks {len(lost)} rejected records, such as {min(lost)}")
    if extra:
        faults.append(f"rejects.jsonl has {len(extra)} records that the ledger does not reject")
    return faults


def _same_bytes(number, record, inputs):
    place = f"rejects.jsonl, line {number}"
    try:
        kept = base64.b64decode(record["bytes"] or "", validate=True)
    except ValueError:
        return [f"{place}: bytes are no base64"]
    path = inputs.get(record["file"])
    if path is None:
        return [f"{place}: names a file that is no input"]
    if record["offset"] is None:
        return []  # a cell of a workbook has no offset of its own
    with open(path, "rb") as f:
        f.seek(record["offset"])
        there = f.read(len(kept))
    faults = [] if kept == there else [f"{place}: the bytes are not those of the file"]
    if record["complete"] != (record["length"] == len(kept)) or record["length"] < len(kept):
        faults.append(f"{place}: keeps {len(kept)} of {record['length']} bytes and says otherwise")
    if not kept and record["length"]:
        faults.append(f"{place}: keeps nothing of {record['length']} bytes")
    return faults


def cells(out):
    """No cell of any table starts a formula, wherever it stands."""
    faults = []
    for path in sorted(Path(out).glob("*.csv")):
        with open(path, encoding="utf-8", newline="") as f:
            for number, record in enumerate(csv.reader(f), 1):
                for cell in record:
                    if cell.startswith(FORMULA):
                        faults.append(f"{path.name}, record {number}: a cell begins with {cell[0]!r}")
    return faults[:5]


ELEMENTS = set(
    "html head meta title style body a header p h1 h2 h3 h4 aside nav ol ul li main section div "
    "table caption thead tbody tr th td span strong em bdi figure figcaption svg g rect line text "
    "path circle dl dt dd blockquote details summary footer br small code colgroup col tspan desc "
    "article h5 h6 b i abbr sup sub hr q cite tfoot polygon polyline".split()
)
POLICY = "default-src 'none'"


class Page(HTMLParser):
    """The elements and attributes that a browser would find."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.faults, self.policy, self.text_before_policy = [], False, False

    def handle_starttag(self, tag, attributes):
        place = f"report.html:{self.getpos()[0]}"
        if tag not in ELEMENTS:
            self.faults.append(f"{place}: <{tag[:20]}>")
        for name, value in attributes:
            value = value or ""
            if name.startswith("on") or name in ("src", "srcset", "srcdoc", "action", "data"):
                self.faults.append(f"{place}: attribute {name[:20]}")
            if name in ("href", "xlink:href") and not value.startswith("#"):
                self.faults.append(f"{place}: a link out of the page")
            if name == "style" and ("url(" in value or "expression" in value):
                self.faults.append(f"{place}: a style that loads")
        if tag == "meta" and dict(attributes).get("http-equiv") == "Content-Security-Policy":
            self.policy = POLICY in (dict(attributes).get("content") or "")
        if tag == "meta" and (dict(attributes).get("http-equiv") or "").lower() == "refresh":
            self.faults.append(f"{place}: a refresh")

    def handle_comment(self, data):
        self.faults.append(f"report.html:{self.getpos()[0]}: a comment")


def page(out):
    """The page holds what the program writes and nothing that anybody planted."""
    path = Path(out) / "report.html"
    if not path.exists():
        return []
    text, found = path.read_text(encoding="utf-8"), Page()
    found.feed(text)
    found.close()
    if not found.policy:
        found.faults.append("report.html: no content-security policy")
    if CONTROL.search(text) or BIDI.search(text):
        found.faults.append("report.html: control characters")
    return found.faults[:5] + _html5lib(text)


def _html5lib(text):
    """The same by a parser of the HTML standard, where it is installed: parse errors and names."""
    try:
        import html5lib
    except ImportError:
        return []
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parse(text)
    faults = [f"report.html:{at[0]}: {code} (html5lib)" for at, code, _ in parser.errors]
    for element in tree.iter():
        tag = element.tag.split("}")[-1] if isinstance(element.tag, str) else "comment"
        if tag not in ELEMENTS:
            faults.append(f"report.html: <{tag[:20]}> (html5lib)")
        for name, value in element.attrib.items():
            name = name.split("}")[-1] if isinstance(name, str) else name[-1]
            if name.startswith("on") or name == "src" or "javascript:" in value.lower():
                faults.append(f"report.html: attribute {name[:20]} (html5lib)")
    return faults[:5]


# What would be markup in Markdown, unless a backslash stands before it.
RAW = re.compile(r"<[A-Za-z!/?]")
LINK = re.compile(r"(?<!\\)\]\(|(?<!\\)\]\[|(?<![\\\w])(?:https?|ftp)://|(?<!\\)!\[")
OURS = "<!-- -->"


def markdown(out):
    """Markdown holds no raw HTML, no link and no picture."""
    path = Path(out) / "report.md"
    if not path.exists():
        return []
    faults = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line == OURS:
            continue
        if RAW.search(line):
            faults.append(f"report.md:{number}: raw HTML")
        if LINK.search(line):
            faults.append(f"report.md:{number}: a link")
        if CONTROL.search(line) or BIDI.search(line):
            faults.append(f"report.md:{number}: control characters")
    return faults[:5] + _rendered(path)


def _rendered(path):
    """The same by a Markdown renderer, where one is installed: what it makes of the words."""
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        return []
    faults = []
    tokens = MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8"))
    for token in tokens:
        for inner in [token, *(token.children or [])]:
            if inner.type in ("html_inline", "html_block") and inner.content.strip() != OURS:
                faults.append(f"report.md:{(token.map or [0])[0] + 1}: HTML (markdown-it)")
            if inner.type in ("link_open", "image"):
                faults.append(f"report.md:{(token.map or [0])[0] + 1}: a link (markdown-it)")
    return faults[:5]


def outputs(out):
    """Every check on the files of an output folder that needs nothing else."""
    return cells(out) + page(out) + markdown(out) + _json(out)


def _json(out):
    faults = []
    for path in sorted(Path(out).glob("*.json")):
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except ValueError as e:
            faults.append(f"{path.name}: {e}")
    return faults
