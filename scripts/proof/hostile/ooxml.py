"""Archives with a workbook (XLSX) or a document (DOCX): sparse, endless, nested, overlapping,
lying, pointing outside."""
import random
import struct
import zipfile
import zlib

from .base import MEGA, TABLE, TALK, case, written

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
XML = '<?xml version="1.0" encoding="UTF-8"?>'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = (f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
         f'ContentType="application/xml"/></Types>')


def relations(*pairs):
    each = "".join(f'<Relationship Id="rId{i}" Type="{R}/{kind}" Target="{target}"/>'
                   for i, (kind, target) in enumerate(pairs, 1))
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'


def book_parts(sheet, shared=None):
    """The parts of a workbook of one sheet; a part may be a list of (block, repeats)."""
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{XML}<workbook {NS} xmlns:r="{R}"><sheets>'
                           f'<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")),
        "xl/worksheets/sheet1.xml": sheet,
    }
    if shared is not None:
        parts["xl/sharedStrings.xml"] = shared
    return parts


def cell(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEAD = f'<row r="1">{cell("A1", "n")}{cell("B1", "Q")}</row>'


def sheet(rows, before=""):
    return f"{XML}{before}<worksheet {NS}><sheetData>{rows}</sheetData></worksheet>"


def archive(path, parts, how=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", how) as z:
        for name, content in parts.items():
            # The time of the archive's parts is fixed, so that a bomb is the same on each day.
            info = zipfile.ZipInfo(name)
            info.compress_type = how
            with z.open(info, "w", force_zip64=False) as f:
                pieces = content if isinstance(content, list) else [(content, 1)]
                for piece, repeats in pieces:
                    data = piece if isinstance(piece, bytes) else piece.encode()
                    for _ in range(repeats):
                        f.write(data)
    return path


def xlsx(folder, rows, before="", shared=None):
    return archive(folder / "a.xlsx", book_parts(sheet(rows, before), shared))


def docx_parts(body, before=""):
    inside = body if isinstance(body, list) else [(body, 1)]
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": [(f"{XML}{before}<w:document {W}><w:body>", 1), *inside,
                              ("</w:body></w:document>", 1)],
    }


def paragraph(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


@case(TABLE, "XLSX: A1 and XFD1048576")
def sparse(folder):
    return xlsx(folder, HEAD + f'<row r="1048576">{cell("XFD1048576", "x")}</row>')


@case(TABLE, "XLSX: A1 and CV1000000")
def sparse_narrow(folder):
    return xlsx(folder, HEAD + f'<row r="1000000">{cell("CV1000000", "x")}</row>')


@case(TABLE, "XLSX: a cell beyond Excel's last")
def beyond(folder):
    return xlsx(folder, HEAD + f'<row r="4294967295">{cell("ZZZZZZ4294967295", "x")}</row>')


@case(TABLE, "XLSX: inline string of 400 MB")
def long_string(folder):
    start = sheet(HEAD).removesuffix("</sheetData></worksheet>")
    content = [(start + '<row r="2"><c r="B2" t="inlineStr"><is><t>', 1), (b"a" * MEGA, 400),
               ("</t></is></c></row></sheetData></worksheet>", 1)]
    return archive(folder / "a.xlsx", book_parts(content))


@case(TABLE, "XLSX: shared string of 150 MB, used 100,000 times")
def shared_string(folder):
    rows = [(sheet(HEAD).removesuffix("</sheetData></worksheet>"), 1)]
    # Numbers keep the part below the limit on compression: the strings are to be reached.
    block = "".join(f'<row><c><v>{i * 7919 % 100_003}</v></c><c t="s"><v>0</v></c></row>'
                    for i in range(10_000))
    rows += [(block, 10), ("</sheetData></worksheet>", 1)]
    shared = [(f'{XML}<sst {NS} count="4294967295" uniqueCount="4294967295"><si><t>', 1),
              (random.Random(1).randbytes(MEGA).hex().encode(), 75), ("</t></si></sst>", 1)]
    return archive(folder / "a.xlsx", book_parts(rows, shared))


@case(TABLE, "XLSX: 3,000,000 elements nested, not compressed")
def deep_sheet(folder):
    start = sheet(HEAD).removesuffix("</sheetData></worksheet>")
    content = [(start, 1), ("<a>", 3_000_000), ("</a>", 3_000_000), ("</sheetData></worksheet>", 1)]
    return archive(folder / "a.xlsx", book_parts(content), zipfile.ZIP_STORED)


@case(TABLE, "XLSX: a part of 2 GB in 2 MB")
def huge_part(folder):
    parts = book_parts(sheet(HEAD + f'<row r="2">{cell("B2", "x")}</row>'))
    return archive(folder / "a.xlsx", {**parts, "xl/media/zero.xml": [(bytes(MEGA), 2047)]})


@case(TABLE, "XLSX: 100,000 entries")
def many_entries(folder):
    parts = book_parts(sheet(HEAD))
    parts.update({f"xl/x{i}.xml": "" for i in range(100_000)})
    return archive(folder / "a.xlsx", parts)


@case(TABLE, "XLSX: an archive in an archive in an archive")
def nested(folder):
    inner = archive(folder / "inner.zip", {"z": [(bytes(MEGA), 100)]}).read_bytes()
    for _ in range(3):
        inner = archive(folder / "inner.zip", {f"{i}.xlsx": inner for i in range(10)}).read_bytes()
    (folder / "inner.zip").unlink()
    return written(folder / "a.xlsx", inner)


@case(TABLE, "XLSX: central directory that lies (100 bytes; it is 500 MB)")
def lying(folder):
    start = sheet(HEAD).removesuffix("</sheetData></worksheet>")
    content = [(start, 1), (b" " * MEGA, 500), ("</sheetData></worksheet>", 1)]
    path = archive(folder / "a.xlsx", book_parts(content))
    with zipfile.ZipFile(path) as z:
        info = z.getinfo("xl/worksheets/sheet1.xml")
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, info.header_offset + 22, 100)
    at = data.rfind(b"xl/worksheets/sheet1.xml") - 46
    struct.pack_into("<I", data, at + 24, 100)
    return written(path, bytes(data))


@case(TABLE, "XLSX: parts that are files of the machine")
def outside(folder):
    parts = book_parts(sheet(HEAD))
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("worksheet", "../../../../../../etc/passwd"), ("sharedStrings", "file:///etc/passwd"))
    return archive(folder / "a.xlsx", {
        **parts, "../../../../../../etc/passwd": sheet(HEAD), "/etc/passwd": sheet(HEAD),
        "..\\..\\canvass-escaped": "x"})


def local_header(name, crc, packed, size):
    return struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0x21, crc, packed, size,
                       len(name), 0) + name


@case(TABLE, "XLSX: 300 overlapping entries of 5 MB, each quoting the next header")
def overlapping(folder, n=300, kernel=5 * MEGA):
    """Each file is a stored block that holds the header of the next one, and then the next one's
    data: all entries share one kernel."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(bytes(kernel)) + packer.flush()
    names = [b"xl/workbook.xml", b"xl/worksheets/sheet1.xml"]
    names += [b"xl/worksheets/s%d.xml" % i for i in range(n - 2)]
    # From the last to the first: crc of what the file inflates to, without holding it.
    zeros, crc, size = bytes(MEGA), 0, kernel
    for _ in range(kernel // MEGA):
        crc = zlib.crc32(zeros, crc)
    tail_crcs, headers, packed, heads = [], [], len(data), []
    for name in reversed(names):
        header = local_header(name, crc, packed, size)
        headers.append((header, crc, packed, size))
        heads.append(header)
        crc = 0
        for quoted in reversed(heads):
            crc = zlib.crc32(quoted, crc)
        for _ in range(kernel // MEGA):
            crc = zlib.crc32(zeros, crc)
        packed, size = packed + 5 + len(header), size + len(header)
    body, central, offset = b"", b"", 0
    for index, (name, (header, crc, packed, size)) in enumerate(zip(names, reversed(headers))):
        central += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0x21, crc, packed,
                               size, len(name), 0, 0, 0, 0, 0, offset) + name
        body += header
        offset += len(header)
        if index + 1 < n:
            following = len(headers[n - 2 - index][0])
            body += struct.pack("<BHH", 0, following, following ^ 0xFFFF)
            offset += 5
    body += data
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, n, n, len(central), len(body), 0)
    return written(folder / "a.xlsx", body + central + end)


@case(TALK, "DOCX: a run of 400 MB")
def long_run(folder):
    body = [("<w:p><w:r><w:t>Speaker 1: ", 1), (b"a" * MEGA, 400), ("</w:t></w:r></w:p>", 1)]
    return archive(folder / "a.docx", docx_parts(body))


@case(TALK, "DOCX: 1,000,000 nested tables, not compressed")
def nested_tables(folder):
    body = [("<w:tbl><w:tr><w:tc>", 1_000_000), (paragraph("Speaker 1: here"), 1),
            ("</w:tc></w:tr></w:tbl>", 1_000_000)]
    return archive(folder / "a.docx", docx_parts(body), zipfile.ZIP_STORED)


@case(TALK, "DOCX: 3,000,000 empty paragraphs, not compressed")
def empty_paragraphs(folder):
    body = [("<w:p/>", 3_000_000), (paragraph("Speaker 1: here"), 1)]
    return archive(folder / "a.docx", docx_parts(body), zipfile.ZIP_STORED)
