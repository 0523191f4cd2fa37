"""Runs canvass as a user would, and measures it.

In: arguments. Out: a `Ran`: exit code, both streams, seconds, peak memory. The child gets an
environment of its own and never more than `limit` seconds.
"""
from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "models" / "tiny"
KEPT = ("HOME", "XDG_CACHE_HOME", "CANVASS_CACHE")

CODEBOOK = """[codebook]
title = "Anything"

[[theme]]
id = "safety"
label = "Safety"
definition = "Whether people feel safe."
examples = ["I do not feel safe at night.", "It is too dark at the bus stop."]

[[theme]]
id = "trust"
label = "Trust"
definition = "Whether people trust those who serve them."
examples = ["Nobody listens when we talk.", "They explain what they do."]
"""

# The lines that a study of ours adds below its sources.
TAIL = f"""
[encoder]
model = "{TINY}"
"""


@dataclasses.dataclass
class Ran:
    """What one run did. `code` is negative where a signal ended it, None where time did."""

    code: int | None
    out: str
    err: str
    raw: bytes
    seconds: float
    cpu: float
    megabytes: float

    def lines(self):
        return [line for line in self.err.split("\n") if line]

    def errors(self):
        return [line for line in self.lines() if line.startswith("error:")]


def binary(given=None):
    """The program: what was given, CANVASS_BIN, or the checkout's own."""
    path = Path(given or os.environ.get("CANVASS_BIN") or ROOT / "target" / "release" / "canvass")
    if not path.exists():
        raise SystemExit(f"error: no program at {path}\nhint: `make build`, or --canvass PATH")
    return path.resolve()


def execute(program, arguments, limit=120, meanwhile=None):
    """Runs the program in the checkout. `meanwhile(pid)` runs beside it, in a thread."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        child = subprocess.Popen(
            [program, *map(os.fspath, arguments)],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
            start_new_session=True,
        )
        late = threading.Event()
        timer = threading.Timer(limit, _end, (child.pid, late))
        timer.start()
        if meanwhile:
            threading.Thread(target=meanwhile, args=(child.pid,), daemon=True).start()
        # wait4 gives the child's own peak, which RUSAGE_CHILDREN (the largest so far) does not.
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        raw_out, raw_err = out.read(1 << 20), err.read(1 << 20)
    code = None if late.is_set() else child.returncode
    return Ran(
        code=code,
        out=raw_out.decode("utf-8", "replace"),
        err=raw_err.decode("utf-8", "replace"),
        raw=raw_out + raw_err,
        seconds=seconds,
        cpu=usage.ru_utime + usage.ru_stime,
        megabytes=usage.ru_maxrss / 1024,
    )


def _end(pid, late):
    late.set()
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def has_init(program):
    """Whether the program can look at files by itself."""
    return execute(program, ["init", "--help"]).code == 0


def toml_string(text):
    """A TOML basic string."""
    def one(c):
        if c in '"\\':
            return "\\" + c
        return c if c.isprintable() else f"\\U{ord(c):08X}"
    return '"' + "".join(map(one, text)) + '"'


def source(name, kind, path, questions=(), **more):
    """One [[source]] of a study.toml; `more` are further keys (strings, lists, numbers)."""
    def value(v):
        if isinstance(v, (list, tuple)):
            return "[" + ", ".join(map(toml_string, v)) + "]"
        return str(v) if isinstance(v, int) else toml_string(v)
    keys = {"name": name, "kind": kind, "perspective": "Anybody", "path": os.fspath(path), **more}
    lines = ["[[source]]", *(f"{k} = {value(v)}" for k, v in keys.items() if v is not None)]
    for column in questions:
        lines += ["[[source.question]]", f"column = {toml_string(column)}"]
    return "\n".join(lines) + "\n"


def write_study(folder, sources, head="", tail=""):
    """A study by hand, with the tiny model; returns its folder."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    text = f'[study]\ntitle = "A check"\ncodebook = "codebook.toml"\nthreshold = 0.05\n{head}\n'
    (folder / "study.toml").write_text(text + "\n".join(sources) + TAIL + tail, encoding="utf-8")
    return folder


def complete_study(folder):
    """Makes a study that `init` wrote run on the tiny model, whatever it left to the user.

    Returns what study.toml says, parsed. The text of init's own file stays as it is, apart from
    a codebook and an encoder where it names none.
    """
    import tomllib

    path = Path(folder) / "study.toml"
    text = path.read_text(encoding="utf-8")
    study = tomllib.loads(text)
    book = Path(folder) / study["study"].get("codebook", "codebook.toml")
    if not book.exists():
        book.write_text(CODEBOOK, encoding="utf-8")
    if "encoder" not in study:
        path.write_text(text + TAIL, encoding="utf-8")
    return study
