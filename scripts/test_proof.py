"""Tests of scripts/proof: each check finds what it is there for. `python3 -B scripts/test_proof.py`."""
import base64
import contextlib
import csv
import io
import json
import os
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from proof import counts, hostile, looks, program as prog  # noqa: E402
import check_intake  # noqa: E402
import fuzz  # noqa: E402

PAGE = ('<!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="default-src '
        "'none'\"><title>t</title></head><body>{}</body></html>")


def ran(code=0, err="", out=""):
    return prog.Ran(code, out, err, b"", 0.1, 0.1, 1.0)


class Hostile(unittest.TestCase):
    def test_no_module_hides_a_name_of_another(self):
        import importlib
        import pkgutil
        seen = {}
        for module in pkgutil.iter_modules(hostile.__path__):
            held = vars(importlib.import_module(f"proof.hostile.{module.name}"))
            for name, value in held.items():
                if not name.startswith("_"):
                    self.assertIs(seen.setdefault(name, value), value, f"{module.name}.{name}")


class Streams(unittest.TestCase):
    def test_one_line_of_error_and_one_of_hint_pass(self):
        self.assertEqual(looks.streams(ran(2, "error: a\nhint: b\n")), [])
        self.assertEqual(looks.streams(ran(0, "read 3 rows\nwarning: x\n")), [])

    def test_everything_else_is_found(self):
        for bad in (ran(2, "error: a\n"), ran(1, "error: a\nerror: b\nhint: c\n"), ran(-11), ran(None),
                    ran(101, "x"), ran(1, "error: the program stumbled at x:1\nhint: y\n"),
                    ran(0, "a\x1b[31m"), ran(0, "", "a\u202eb"), ran(2, "error: \x9b\nhint: a\n")):
            self.assertNotEqual(looks.streams(bad), [], bad)


class Outputs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.out = Path(self.folder.name)

    def write(self, name, text):
        (self.out / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def table(self, *rows):
        with open(self.out / "ledger.csv", "w", newline="") as f:
            csv.writer(f).writerows([["source", "file", "row", "response", "state", "reason"], *rows])

    def test_a_ledger_with_an_unknown_state_or_a_second_id_is_found(self):
        self.table(["s", "a.csv", "2", "r1", "coded", ""], ["s", "a.csv", "3", "r2", "rejected", "x"])
        rows, states, faults = looks.ledger(self.out)
        self.assertEqual((len(rows), states, faults), (2, {"coded": 1, "rejected": 1}, []))
        self.assertEqual(looks.agrees({"responses": 2, "states": states}, rows, states), [])
        self.assertTrue(looks.agrees({"responses": 3, "states": states}, rows, states))
        self.table(["s", "a.csv", "2", "r1", "coded", ""], ["s", "a.csv", "x", "r1", "lost", ""])
        self.assertEqual(len(looks.ledger(self.out)[2]), 3)

    def test_a_rejected_record_must_be_kept_byte_for_byte(self):
        self.write("a.csv", b"n,Q\n1,a,b\n")
        self.table(["s", "a.csv", "2", "r1", "rejected", "3 fields"])
        rows, inputs = looks.ledger(self.out)[0], {"a.csv": self.out / "a.csv"}
        self.assertTrue(looks.rejects(self.out, rows, inputs), "no list at all")
        good = {"source": "s", "file": "a.csv", "line": 2, "offset": 4, "length": 5, "reason": "x",
                "bytes": base64.b64encode(b"1,a,b").decode(), "complete": True}
        self.write("rejects.jsonl", json.dumps(good) + "\n")
        self.assertEqual(looks.rejects(self.out, rows, inputs), [])
        for change in ({"offset": 5}, {"line": 3}, {"bytes": "MSxhLGM="}, {"length": 2},
                       {"bytes": ""}, {"bytes": "%"}, {"file": "b.csv"}, {"length": 9},
                       {"complete": False}):
            self.write("rejects.jsonl", json.dumps({**good, **change}) + "\n")
            self.assertTrue(looks.rejects(self.out, rows, inputs), change)
        self.write("rejects.jsonl", "{\n")
        self.assertTrue(looks.rejects(self.out, rows, inputs))

    def test_a_cell_that_starts_a_formula_is_found(self):
        self.write("a.csv", "x\n'=1\n")
        self.assertEqual(looks.cells(self.out), [])
        for start in "=+-@\t\r":
            self.write("a.csv", f'x,y\na,"{start}1"\n')
            self.assertTrue(looks.cells(self.out), start)

    def test_what_somebody_planted_in_the_page_is_found(self):
        self.write("report.html", PAGE.format('<p title="a"><a href="#b">&lt;script&gt;</a></p>'))
        self.assertEqual(looks.page(self.out), [])
        for bad in ("<script>1</script>", "<img src=x>", "<p onclick=x>", '<a href="javascript:x">a</a>',
                    "<!-- x -->", "<iframe></iframe>", "a\u202eb", "a\x1bb", "<p style='x:url(y)'>"):
            self.write("report.html", PAGE.format(bad))
            self.assertTrue(looks.page(self.out), bad)
        self.write("report.html", "<!DOCTYPE html><title>t</title><p>no policy</p>")
        self.assertTrue(looks.page(self.out))

    def test_markup_in_markdown_is_found(self):
        self.write("report.md", "# a\n\n> \\[b\\](c) &lt;i&gt; http\\://d\n\n<!-- -->\n\n| 1 <2 |\n")
        self.assertEqual(looks.markdown(self.out), [])
        for bad in ("<b>", "[a](b)", "![a](b)", "http://a.b", "<!-- x -->", "</p>", "a\u2066b"):
            self.write("report.md", f"a\n\nb {bad}\n")
            self.assertTrue(looks.markdown(self.out), bad)


class Counts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)

    def file(self, name, text):
        (self.path / name).write_bytes(text.encode())
        return self.path / name

    def test_records_are_counted_as_they_stand(self):
        table = self.file("a.csv", 'a,b\r\n1,"x\r\ny"\r\n,\r\n\r\n2,z\r\n')
        self.assertEqual(counts.delimited(table), (2, ["a", "b"]))
        self.assertEqual(counts.json_lines(self.file("a.jsonl", '{"a":1}\n\n[2]\n')), 2)
        self.assertEqual(counts.json_items(self.file("a.json", '[{"a":1},\n{"a":[{}]}]')), 2)

    def test_cues_runs_of_speakers_and_broken_timings_are_counted(self):
        text = ("WEBVTT\n\nNOTE 00:01.000 --> 00:02.000\n\n1\n00:01.000 --> 00:02.000\n<v A>x\n\n"
                "00:02.000 --> 00:03.000\n<v A>y\n\n00:0x.000 --> 00:03.000\nz\n\n"
                "00:03.000 --> 00:04.000\n<v B>z\n\n00:03.000 --> 00:04.000\n")
        n, speakers, timings = counts.cues(self.file("a.vtt", text))
        self.assertEqual((n, counts.turns(speakers), timings), (3, 2, 5))
        sbv = self.file("a.sbv", "0:00:01.000,0:00:02.000\nx\n\n0:00:0y.000,0:00:03.000\ny\n")
        self.assertEqual(counts.cues(sbv)[::2], (1, 2))

    def test_words_without_a_timing_are_strays_and_a_line_of_blanks_is_none(self):
        text = "WEBVTT\n\n   \n\n \n00:01.000 --> 00:02.000\nA: x\n\nstray\n\nNOTE y\n"
        self.assertEqual(counts.records(self.file("a.vtt", text)), 2)

    def test_a_workbook_is_counted_without_any_package(self):
        book = hostile.xlsx(self.path, hostile.HEAD + f'<row r="4">{hostile.cell("B4", "x")}</row>')
        rows = next(iter(counts._ooxml(book).values()))
        self.assertEqual(counts.header_of(rows), (1, "n"))
        self.assertEqual(counts.filled_below(rows, 1), 1)


class Table(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.work = Path(self.folder.name)
        self.path = self.work / "a.csv"
        self.path.write_text("n,Q\n1,a\n")

    def row(self, expected, done):
        study = prog.write_study(self.work / "s", [prog.source("S", "survey", self.path, ["Q"])])
        (study / "out").mkdir(exist_ok=True)
        with open(study / "out" / "ledger.csv", "w", newline="") as f:
            csv.writer(f).writerows([["source", "file", "row", "response", "state", "reason"],
                                     ["S", "a.csv", "2", "r", "coded", ""]])
        with mock.patch.object(prog, "execute", lambda *a, **k: done):
            return check_intake.run("canvass", "a.csv", "by hand", study, expected, self.path)

    def test_a_count_that_disagrees_is_bad(self):
        said = json.dumps({"rows": 1, "responses": 1, "states": {"coded": 1, "rejected": 0}})
        self.assertEqual(self.row({"csv": 1}, ran(0, "", said)).verdict, "ok")
        self.assertTrue(self.row({"csv": 2}, ran(0, "", said)).bad)
        self.assertEqual(self.row({"csv": None}, ran(0, "", said)).verdict, "not counted")

    def test_a_clear_refusal_is_none_and_an_unclear_one_is(self):
        self.assertFalse(self.row({"csv": 1}, ran(2, "error: a\nhint: b\n")).bad)
        self.assertTrue(self.row({"csv": 1}, ran(2, "error: a\n")).bad)


    def test_what_init_left_out_is_told_by_its_reason(self):
        out = "not used as sources\n  a b.csv: a table without a\n      column of text\n    hint: c\n"
        done = ran(2, "error: nothing\nhint: b\n", out)
        self.assertEqual(check_intake.refused("a", "init", done, []).verdict,
                         "refused: a table without a column of text")
        self.assertEqual(check_intake.refused("a", "by hand", done, []).verdict, "refused: nothing")


class Material(unittest.TestCase):
    def test_overlapping_entries_share_their_bytes_and_inflate(self):
        with tempfile.TemporaryDirectory() as folder:
            path = hostile.overlapping(Path(folder), n=4, kernel=hostile.MEGA)
            with zipfile.ZipFile(path) as z, contextlib.redirect_stderr(io.StringIO()):
                self.assertEqual(len(z.infolist()), 4)
                self.assertLess(path.stat().st_size, 4_000)
                last = z.infolist()[-1]
                # Python itself refuses the others since it learnt of the trick.
                self.assertEqual(z.read(last), bytes(hostile.MEGA))
                self.assertGreater(sum(i.file_size for i in z.infolist()), 4 * hostile.MEGA)

    def test_every_target_has_seeds(self):
        text = (fuzz.FUZZ / "Cargo.toml").read_text()
        for target in fuzz.SEEDS:
            self.assertIn(f'name = "{target}"', text)
            self.assertTrue((fuzz.FUZZ / "targets" / f"{target}.rs").exists(), target)
            self.assertTrue(any(fuzz.SEEDS[target]()), target)
        self.assertEqual(text.count("[[bin]]"), len(fuzz.SEEDS))

    def test_the_strings_hold_what_they_are_for(self):
        strings = json.loads((prog.ROOT / "tests/data/naughty.json").read_text())
        self.assertTrue(any(looks.CONTROL.search(s) for s in strings))
        self.assertTrue(any(looks.BIDI.search(s) for s in strings))
        self.assertTrue(all(any(s.startswith(c) for s in strings) for c in "=+-@\t\r＝"))

    def test_toml_strings_come_back(self):
        try:
            import tomllib
        except ImportError:
            self.skipTest("Python older than 3.11")
        for text in json.loads((prog.ROOT / "tests/data/naughty.json").read_text()):
            self.assertEqual(tomllib.loads(f"a = {prog.toml_string(text)}")["a"], text)


if __name__ == "__main__":
    unittest.main()
