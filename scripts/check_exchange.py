#!/usr/bin/env python3
"""Validate exchange files against the schemas that REFI publishes, and look into their texts.

    check_exchange.py --schemas DIR FILE.qdpx FILE.qdc ...

DIR holds the published schemas (`Project*.xsd`, `Codebook*.xsd`); they are not part of this
project. Needs lxml (`pip install lxml`); without it, or without the schemas, the check is skipped
with a line that says so. Beyond the schema: every text is there and has LF line ends, every
selection lies in its text, every reference leads somewhere, every GUID stands once.
"""
import argparse
import sys
import zipfile
from pathlib import Path

PROJECT = "{urn:QDA-XML:project:1.0}"


def schema(folder, name):
    """The schema of that name in a folder, or nothing."""
    from lxml import etree
    found = sorted(Path(folder).glob(f"{name}*.xsd"))
    return etree.XMLSchema(etree.parse(str(found[0]))) if found else None


def parsed(data):
    """A document; entities are not resolved and nothing is fetched."""
    from lxml import etree
    safe = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(data, safe)


def invalid(root, xsd):
    """What the schema says against a document."""
    if xsd is None:
        return ["skipped: its schema is not in the folder"]
    xsd.validate(root)
    return [f"line {e.line}: {e.message}" for e in xsd.error_log]


def references(root):
    """GUIDs that stand twice, references without a target."""
    guids = [e.get("guid") for e in root.iter() if e.get("guid") and not e.tag.endswith("MemberCode")]
    known, faults = set(guids), []
    if len(known) != len(guids):
        faults.append(f"{len(guids) - len(known)} GUIDs stand twice")
    for e in root.iter():
        for key in ("targetGUID", "creatingUser"):
            if e.get(key) and e.get(key) not in known:
                faults.append(f"{e.tag}: nothing has the GUID {e.get(key)}")
    return faults


def texts(root, archive):
    """Texts that are missing or hold CR, selections that leave their text."""
    faults = []
    for source in root.iter(PROJECT + "TextSource"):
        name = source.get("plainTextPath", "").replace("internal://", "sources/")
        if name not in archive.namelist():
            faults.append(f"{name} is missing")
            continue
        text = archive.read(name).decode("utf-8")
        if "\r" in text:
            faults.append(f"{name} holds CR")
        for selection in source.iter(PROJECT + "PlainTextSelection"):
            start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
            if not 0 <= start < end <= len(text):
                faults.append(f"{name}: selection {start} to {end} of {len(text)}")
    return faults


def check(path, schemas):
    """The faults of one file."""
    if path.suffix == ".qdc":
        root = parsed(path.read_bytes())
        return invalid(root, schema(schemas, "Codebook")) + references(root)
    with zipfile.ZipFile(path) as archive:
        root = parsed(archive.read("project.qde"))
        return invalid(root, schema(schemas, "Project")) + references(root) + texts(root, archive)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--schemas", required=True, help="folder with the published schemas")
    arguments.add_argument("files", nargs="+", type=Path)
    given = arguments.parse_args()
    try:
        import lxml  # noqa: F401
    except ImportError:
        print("skipped: this check needs lxml (pip install lxml)")
        return 0
    failed = False
    for path in given.files:
        faults = check(path, given.schemas)
        skipped = [f for f in faults if f.startswith("skipped")]
        failed |= len(faults) > len(skipped)
        print(f"{path.name}: {'; '.join(faults[:10]) if faults else 'valid'}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
