"""Tests of scripts/check_exchange.py: each fault of an exchange file is found."""
import importlib.util
import tempfile
import unittest
import zipfile
from pathlib import Path

import check_exchange

PROJECT = """<Project xmlns="urn:QDA-XML:project:1.0" name="p"><Users><User guid="u"/></Users><Sources>
<TextSource guid="{guid}" plainTextPath="internal://{text}.txt"><PlainTextSelection guid="s"
startPosition="{start}" endPosition="{end}" creatingUser="{user}"/></TextSource></Sources></Project>"""
GOOD = {"guid": "t", "text": "t", "start": 0, "end": 3, "user": "u"}


@unittest.skipUnless(importlib.util.find_spec("lxml"), "needs lxml")
class Exchange(unittest.TestCase):
    def faults(self, content="a😀b", **changed):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "p.qdpx"
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("project.qde", PROJECT.format(**{**GOOD, **changed}))
                archive.writestr("sources/t.txt", content)
            return [f for f in check_exchange.check(path, folder) if not f.startswith("skipped")]

    def test_a_sound_project_passes(self):
        self.assertEqual(self.faults(), [])

    def test_each_fault_is_found(self):
        for changed, word in [
            ({"guid": "u"}, "twice"), ({"text": "x"}, "missing"), ({"end": 4}, "selection"),
            ({"start": 3}, "selection"), ({"user": "x"}, "nothing has"), ({"text": "t", "end": 3}, None),
        ]:
            found = self.faults(**changed)
            self.assertEqual(bool(found), word is not None, changed)
            self.assertTrue(word is None or word in found[0], found)
        self.assertIn("CR", self.faults(content="a\r\nb")[0])


if __name__ == "__main__":
    unittest.main()
