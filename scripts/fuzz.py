#!/usr/bin/env python3
"""Fuzzes the readers: each target of fuzz/ for some seconds, from seeds made here.

    cargo install cargo-fuzz          # once; it needs a nightly toolchain
    python3 scripts/fuzz.py [TARGET…] [--seconds 600] [--jobs 2]
    python3 scripts/fuzz.py [TARGET…] --coverage

Standard library only. In: samples/ and a few small files built here; nobody else's data. Out: a
table in Markdown; inputs that end a target lie in fuzz/artifacts/TARGET, what was learnt in
fuzz/corpus/TARGET, which the next call goes on from. Exit code 1 where a target ended.
`cov` and `ft` are libFuzzer's: code edges reached, and edges with how often. All targets are
built before the first one runs, so that the sources may change meanwhile. `--seconds` are those
of the clock; the table has the processor's too, which are fewer where the machine is shared.

`--coverage` runs the corpus through builds with LLVM's coverage and prints the share of lines that
each source file of the readers has covered. It needs llvm-profdata and llvm-cov of the version
that `rustc +nightly -vV` names: `rustup component add llvm-tools`, or the system's, in a folder
given by --llvm.
"""
import argparse
import concurrent.futures
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from proof import hostile  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
FUZZ = ROOT / "fuzz"
SAMPLES = ROOT / "samples" / "community-safety"
CUT = b"\n~~~~\n"
DICTIONARIES = {
    "csv": "csv", "encoding": "csv", "jsonl": "json", "xlsx": "sheet", "ods": "sheet",
    "docx": "document", "captions": "captions", "transcript": "talk", "notes": "talk",
    "text": "talk", "codebook": "toml", "study": "toml", "pdf": "pdf",
    "project": "project",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("targets", nargs="*", help="targets (default: all)")
    parser.add_argument("--seconds", type=int, default=600, help="seconds a target (600)")
    parser.add_argument("--jobs", type=int, default=1, help="targets at a time (1)")
    parser.add_argument("--built", action="store_true", help="run the programs of the last call")
    parser.add_argument("--sanitizer", default="address", choices=["address", "none"],
                        help="none is about twice as fast, and a build of its own (address)")
    parser.add_argument("--coverage", action="store_true", help="report lines, fuzz nothing")
    parser.add_argument("--llvm", type=Path, help="folder of llvm-profdata and llvm-cov")
    args = parser.parse_args()
    text = (FUZZ / "Cargo.toml").read_text()
    known = re.findall(r'\[\[bin\]\]\nname = "(\w+)"', text)
    targets = args.targets or known
    if set(targets) - set(known):
        parser.error(f"targets: {', '.join(known)}")
    if subprocess.run(["cargo", "+nightly", "fuzz", "--version"], capture_output=True).returncode:
        sys.exit("error: no cargo-fuzz, or no nightly toolchain\n"
                 "hint: `rustup toolchain install nightly`, then `cargo install cargo-fuzz`")
    # The versions that ship are those that are tested.
    shutil.copy(ROOT / "Cargo.lock", FUZZ / "Cargo.lock")
    for target in targets:
        sow(target)
    if args.coverage:
        return sum(coverage(target, args.llvm) for target in targets) and 1
    programs = FUZZ / "target" / "programs"
    if not args.built:
        build(targets, args.sanitizer, programs)
    print("| target | runs | runs a CPU second | CPU s | cov | ft | corpus | ends |")
    print("|---|--:|--:|--:|--:|--:|--:|---|", flush=True)
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        each = [pool.submit(fuzz, t, programs / t, args.seconds) for t in targets]
        return sum([job.result() for job in each]) and 1


def build(targets, sanitizer, programs):
    """Builds the targets and copies their programs out of the way of later builds."""
    for target in targets:
        done = subprocess.run(["cargo", "+nightly", "fuzz", "build", "-s", sanitizer, target],
                              cwd=ROOT, capture_output=True, text=True, errors="replace")
        if done.returncode:
            sys.exit(f"error: {target} does not build\n{done.stderr[-3000:]}")
    made = Path(os.environ.get("CARGO_TARGET_DIR", FUZZ / "target"))
    programs.mkdir(parents=True, exist_ok=True)
    for target in targets:
        shutil.copy(made / host() / "release" / target, programs / target)


def host():
    """The machine as rustc names it."""
    said = subprocess.run(["rustc", "+nightly", "-vV"], capture_output=True, text=True, check=True)
    return re.search(r"host: (\S+)", said.stdout).group(1)


def fuzz(target, program, seconds):
    """Runs one target; 1 where it ended before its time."""
    artifacts = FUZZ / "artifacts" / target
    artifacts.mkdir(parents=True, exist_ok=True)
    options = ["-max_len=65536", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
               f"-max_total_time={seconds}", f"-artifact_prefix={artifacts}/"]
    if target in DICTIONARIES:
        options.append(f"-dict={FUZZ / 'dict' / DICTIONARIES[target]}.dict")
    with open(artifacts / "last.log", "w+b") as log:
        child = subprocess.Popen([program, *options, FUZZ / "corpus" / target], cwd=ROOT,
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        said = log.read().decode("utf-8", "replace")
    last = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)/", said)
    cov, ft, corpus = last[-1] if last else ("", "", "")
    stat = dict(re.findall(r"stat::(\w+):\s+(\d+)", said))
    runs, cpu = int(stat.get("number_of_executed_units", 0)), usage.ru_utime + usage.ru_stime
    held = [os.path.basename(h) for h in re.findall(r"Test unit written to (\S+)", said)]
    ends = "" if child.returncode == 0 else " ".join([law(said), *held])
    print(f"| {target} | {runs} | {runs / max(cpu, 1):.0f} | {cpu:.0f} | {cov} | {ft} | {corpus} | "
          f"{ends} |", flush=True)
    return int(child.returncode != 0)


def law(said):
    """Why a target ended, in its own words."""
    found = re.findall(r"panicked at .*?\n(.*)|ERROR: libFuzzer: (.*)|ERROR: (AddressSan.*)", said)
    return " ".join(filter(None, found[0]))[:120] if found else "ended"


def coverage(target, llvm):
    """Lines of the library that the corpus reaches, by file."""
    command = ["cargo", "+nightly", "fuzz", "coverage", target]
    command += ["--llvm-path", str(llvm)] if llvm else []
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace")
    if done.returncode:
        print(f"{target}: no coverage\n{done.stderr[-2000:]}")
        return 1
    build = Path(os.environ.get("CARGO_TARGET_DIR", FUZZ / "target"))
    found = [p for p in (build / host() / "coverage" / host() / "release" / target,
                         FUZZ / "target" / host() / "coverage" / host() / "release" / target,
                         ROOT / "target" / host() / "coverage" / host() / "release" / target)
             if p.exists()]
    profile = FUZZ / "coverage" / target / "coverage.profdata"
    tool = str(llvm / "llvm-cov") if llvm else "llvm-cov"
    said = subprocess.run([tool, "export", "-summary-only", f"-instr-profile={profile}", found[0]],
                          capture_output=True, text=True, check=True)
    print(f"\n{target}:\n")
    for file in json.loads(said.stdout)["data"][0]["files"]:
        lines = file["summary"]["lines"]
        if str(ROOT / "src") in file["filename"] and lines["covered"]:
            name = Path(file["filename"]).relative_to(ROOT)
            print(f"  {lines['percent']:5.1f} % of {lines['count']:4} lines  {name}")
    return 0


def sow(target):
    """Writes the seeds of a target, each under a name of its own."""
    folder = FUZZ / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[target]()):
        path = folder / f"seed-{number:02}"
        if not path.exists():
            path.write_bytes(seed[:60_000])


def lines(path, n=40):
    return b"".join(path.read_bytes().splitlines(keepends=True)[:n])


def tables():
    """Rows below the header that the target writes, one seed a separator."""
    text = b'1,north,"It is dark, and ""cold"".",b\n2,,"a\nb",\n3,south,,\n\n,,,\n4,x,y\n5,a,b,c,d\n'
    yield b"\x00" + text
    for first, sign in ((1, b";"), (2, b"\t"), (3, b"|"), (4, b";"), (5, b",")):
        yield bytes([first]) + text.replace(b",", sign).replace(b"\n", b"\r\n")
    yield b"\x06" + lines(SAMPLES / "survey.csv")
    yield b"\x06n,g,Q,R\n" + text.decode().replace("dark", "düster").encode("utf-16")
    yield b'\x001,x,"never closed\n2,y,a,b\n'
    yield b"\x001,x,caf\xe9 \x93so\x94,b\n"


def sheets():
    filled = hostile.sheet(
        '<row r="1">' + "".join(hostile.cell(f"{c}1", n) for c, n in zip("ABCD", "ngQR")) + "</row>"
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>0</v></c><c r="C2" t="b"><v>1</v></c>'
        '<c r="D2" s="1"><v>44000.5</v></c></row><row r="4"><c t="e"><v>#N/A</v></c>'
        '<c t="str"><f>1+1</f><v>x</v></c></row>').encode()
    strings = b'<sst><si><t xml:space="preserve"> a </t></si><si><r><t>b</t></r></si></sst>'
    styles = (b'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>'
              b'<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>')
    yield b"\x01" + filled
    yield b"\x01" + CUT.join([filled, strings, styles])
    with tempfile.TemporaryDirectory() as folder:
        book = hostile.xlsx(Path(folder), hostile.HEAD + '<row r="2"><c r="B2"><v>1</v></c></row>')
        yield b"\x00" + book.read_bytes()
    yield b"\x00" + (SAMPLES / "partners-written.xlsx").read_bytes()


def old_sheets():
    names = [(0, c, n) for c, n in enumerate("ngQR")]
    plain = hostile.biff([*names, (1, 0, "1"), (1, 2, "it is dark"), (2, 3, "yes")])
    number = hostile.record(0x0203, struct.pack("<HHHd", 3, 2, 0, 1.5))
    strings = hostile.record(0x00FC, struct.pack("<II", 1, 1) + b"\x01\0\0a")
    end = hostile.record(0x000A, b"")
    yield b"\x01" + plain
    yield b"\x01" + plain.removesuffix(end) + number + end
    yield b"\x01" + hostile.biff(names, strings)
    yield b"\x00" + hostile.compound({"Workbook": plain})


def open_sheets():
    def row(*cells):
        return hostile.ods_row("".join(map(hostile.ods_cell, cells)))
    body = row(*"ngQR") + row("1", "x", "it is dark", "") + hostile.ods_row(
        hostile.ods_cell("2", 3), 2)
    content = (hostile.XML + hostile.ODS_HEAD + body + hostile.ODS_TAIL).encode()
    yield b"\x01" + content
    yield b"\x01" + content + CUT + b"<manifest:manifest/>"
    with tempfile.TemporaryDirectory() as folder:
        yield b"\x00" + hostile.ods(Path(folder), body).read_bytes()


def objects():
    yield b'{"n":1,"g":"x","Q":"It is dark.","R":null}\n{"n":"2","Q":"caf\\u00e9 \\ud83d\\ude00"}\n'
    yield b'\xef\xbb\xbf{"n":1,"Q":{"a":["b",1.5e3,true]},"R":[]}\r\n\n{"Q":"x"}\nnull\n[1]\n{"n":\n'
    yield b'[{"n":1,"Q":"a"},{"n":2,"Q":"b"}]'


def columns():
    yield b"PAR1" + b"\x15\x02\x19\x1c\x48\x04root\x15\x02\x00\x16\x02\x19\x0c\x00" + struct.pack(
        "<I", 20) + b"PAR1"
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        return
    table = pyarrow.table({"n": ["1", "2"], "g": ["x", None], "Q": ["dark", "é"], "R": [1.5, None]})
    with tempfile.TemporaryDirectory() as folder:
        for how in ("none", "snappy", "gzip", "zstd"):
            path = Path(folder) / how
            pyarrow.parquet.write_table(table, path, compression=how, store_schema=False)
            yield path.read_bytes()


def documents():
    import zipfile

    path = SAMPLES / "focus-groups" / "northfield-oldtown.docx"
    with zipfile.ZipFile(path) as z:
        text = z.read("word/document.xml").decode()
        middle = text.find("</w:p>", 6_000) + len("</w:p>")
        yield b"\x01" + (text[:middle] + "</w:body></w:document>").encode()
    said = "".join(hostile.paragraph(t) for t in ("Moderator: So?", "Ana: It is dark.", "- a", "b"))
    table = ("<w:tbl><w:tr><w:tc>" + hostile.paragraph("Ana") + "</w:tc><w:tc>"
             + hostile.paragraph("Dark.") + "</w:tc></w:tr></w:tbl>")
    edits = ('<w:p><w:ins><w:r><w:t>Ben: in</w:t></w:r></w:ins><w:del><w:r><w:delText>out</w:delText>'
             "</w:r></w:del><w:r><w:tab/><w:br/><w:t>on</w:t></w:r></w:p>")
    for body in (said, said + table, said + edits):
        whole = f"{hostile.XML}<w:document {hostile.W}><w:body>{body}</w:body></w:document>"
        yield b"\x01" + whole.encode()
    yield b"\x00" + path.read_bytes()


def talks():
    for path in sorted((SAMPLES / "interviews").glob("*.txt"))[:3]:
        yield lines(path, 12)
    yield b"Moderator: So?\nAna: It is dark.\n\nBen (00:12): yes\nand cold\n[laughs]\n**Ana:** no\n"
    yield "主持人：好。\nAna：太暗了。\nQ: a\nA: b\n".encode()


def captions():
    text = lines(SAMPLES / "focus-groups" / "night-watch.vtt")
    yield b"\x00" + text
    yield (b"\x00WEBVTT\n\nNOTE x\n\n1\n00:01.000 --> 00:02.000 align:start\n<v Ana>It is <i>dark</i>"
           b"\nhere &amp; cold</v>\n\n00:03.000 --> 00:04.000\nBen: yes\n")
    yield b"\x011\n00:00:01,000 --> 00:00:02,000\nAna: It is dark.\n\n2\n00:00:03,000 --> 00:00:04,000\n- yes\n"
    yield b"\x020:00:00.378,0:00:11.378\nAna: It is dark.\n\n0:00:11.378,0:00:12.305\nBen: yes[br]no\n"


def papers():
    with tempfile.TemporaryDirectory() as folder:
        text = b"BT /F 9 Tf 9 9 Td (Speaker 1: It is dark.) Tj T* [(Speaker) -250 (2: yes)] TJ ET"
        plain = hostile.pdf_page(text, b"[]")
        yield hostile.pdf(Path(folder) / "a.pdf", plain).read_bytes()
        packed = hostile.pdf_page(hostile.deflated(text, 1))
        yield hostile.pdf(Path(folder) / "b.pdf", packed).read_bytes()


def notes():
    for path in sorted((SAMPLES / "sessions").glob("*.txt"))[:3]:
        yield lines(path, 14)
    yield "Title\n\n- It is dark.\n  and cold\n• b\n1. c\n2) d\n\nHeading\n– e\n".encode()


def codebooks():
    yield b"\x00" + lines(SAMPLES / "codebook.toml", 60)
    yield b"\x01id,label,definition,include,exclude,examples,parent,tags\na,A,\"x\",,,e|f,,\nb,B,y,,,,a,t\n"
    yield (
        b'\x02<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>'
        b'<Code guid="a" name="A &amp; b" isCodable="true"><Description>x\nInclude: y\nId: a</Description>'
        b'<Code guid="b" name="B" isCodable="true"/></Code></Codes>'
        b'<Sets><Set guid="c" name="t"><MemberCode guid="b"/></Set></Sets></CodeBook>'
    )


def projects():
    for origin, place in (("QualCoder", 'plainTextPath="internal://0.txt"'), ("NVivo", "")):
        inside = "" if place else "<PlainTextContent>It is dark.\r\nNobody came.</PlainTextContent>"
        qde = hostile.project(
            f'<TextSource guid="s" name="T" {place}>{inside}<PlainTextSelection guid="p" '
            'name="Response A1" startPosition="0" endPosition="11"><Coding guid="c" creatingUser="u">'
            '<CodeRef targetGUID="k"/></Coding></PlainTextSelection><Coding creatingUser="v">'
            '<CodeRef targetGUID="m"/></Coding></TextSource><PDFSource guid="q" name="x"/>', origin)
        yield b"\x01" + CUT.join([qde.encode(), "It is dark.\nNobody “came”.\n".encode()])
    with tempfile.TemporaryDirectory() as folder:
        yield b"\x00" + hostile.qdpx(Path(folder), [(qde, 1)]).read_bytes()


def studies():
    yield (SAMPLES / "study.toml").read_bytes()
    yield b'[study]\ntitle = "T"\ncodebok = "c"\n'


def encodings():
    yield "1,x,señal,b\n2,,太暗,\n".encode()
    yield "Ana: señal\nBen: 太暗\n".encode("utf-16")
    yield "Ana: señal “so”\nBen: no\n".encode("cp1252")
    yield random.Random(5).randbytes(64)


def words():
    yield ("Call me at 555-867-5309 or a.b@c.org, I'm John Smith. 12 Main St. Officer Díaz, badge "
           "1234; plate ABC-123… came late.nobody called! https://a.b/c 太暗了。").encode()
    yield lines(SAMPLES / "interviews" / "legal-aid-lawyer.txt", 6)


SEEDS = {
    "csv": tables, "xlsx": sheets, "xls": old_sheets, "ods": open_sheets, "jsonl": objects,
    "parquet": columns, "docx": documents, "transcript": talks, "captions": captions,
    "pdf": papers, "notes": notes, "codebook": codebooks, "study": studies, "encoding": encodings,
    "text": words, "project": projects,
}

if __name__ == "__main__":
    sys.exit(main())
