"""Hostile files, made with the standard library alone: each function writes one and returns its
path, its kind, and what it hopes for.

In: an empty folder. Out: (path, kind of source, questions). Every file is small on disk or written
in blocks, so that making it takes no memory; the caller makes each in a process of its own.
"""
import os
import random
import struct
import zipfile
import zlib

MEGA = 1 << 20
TABLE = ("comments", ["Q"])
TALK = ("interview", [])
NOTES = ("session-notes", [])

CASES = []


def case(kind, name):
    """Registers a maker: it gets a folder and returns a path."""
    def keep(make):
        CASES.append((name, kind, make))
        return make
    return keep


def blocks(path, head, block, n, tail=b""):
    with open(path, "wb") as f:
        f.write(head)
        for _ in range(n):
            f.write(block)
        f.write(tail)
    return path


def written(path, data):
    path.write_bytes(data)
    return path


# --- archives -------------------------------------------------------------------------------

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


ODF = "urn:oasis:names:tc:opendocument:xmlns:"
ODS_HEAD = (f'<office:document-content xmlns:office="{ODF}office:1.0" xmlns:table="{ODF}table:1.0" '
            f'xmlns:text="{ODF}text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
            f'<table:table table:name="S">')
ODS_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"


def ods_cell(text, repeated=1):
    return (f'<table:table-cell office:value-type="string" table:number-columns-repeated='
            f'"{repeated}"><text:p>{text}</text:p></table:table-cell>')


def ods_row(cells, repeated=1):
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


ODS_NAMES = ods_row(ods_cell("n") + ods_cell("Q"))


def ods(folder, rows, before="", manifest=None):
    path = folder / "a.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet",
                   zipfile.ZIP_STORED)
        z.writestr("META-INF/manifest.xml", manifest or f'{XML}<manifest:manifest xmlns:manifest='
                   f'"{ODF}manifest:1.0"/>')
        z.writestr("content.xml", f"{XML}{before}{ODS_HEAD}{rows}{ODS_TAIL}")
    return path


LAUGHS = ('<!DOCTYPE a [<!ENTITY l0 "ha">' + "".join(
    f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 11)) + "]>")
QUADRATIC = f'<!DOCTYPE a [<!ENTITY q "{"q" * 100_000}">]>'
EXTERNAL = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
ENTITIES = (("billion laughs", LAUGHS, "&l10;"), ("quadratic entities", QUADRATIC, "&q;" * 20_000),
            ("external entity", EXTERNAL, "&x;"))

for _name, _doctype, _use in ENTITIES:
    @case(TABLE, f"XLSX: {_name}")
    def _entity_xlsx(folder, doctype=_doctype, use=_use):
        return xlsx(folder, HEAD + f'<row r="2">{cell("A2", "1")}{cell("B2", use)}</row>', doctype)

    @case(TALK, f"DOCX: {_name}")
    def _entity_docx(folder, doctype=_doctype, use=_use):
        return archive(folder / "a.docx", docx_parts(paragraph(f"Speaker 1: {use}"), doctype))

    @case(TABLE, f"ODS: {_name}")
    def _entity_ods(folder, doctype=_doctype, use=_use):
        return ods(folder, ODS_NAMES + ods_row(ods_cell("1") + ods_cell(use)), doctype)


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


for _how, _cell in (("blank", "<table:table-cell/>"), ("filled", ods_cell("x"))):
    @case(TABLE, f"ODS: a {_how} row repeated 1,048,576 times")
    def _ods_rows(folder, content=_cell):
        return ods(folder, ODS_NAMES + ods_row(content * 2, 1_048_576) + ods_row(ods_cell("z")))

    @case(TABLE, f"ODS: a {_how} block of 1,048,576 rows and 16,384 columns")
    def _ods_block(folder, content=_cell):
        wide = content.replace('repeated="1"', 'repeated="16384"') if "repeated" in content else (
            '<table:table-cell table:number-columns-repeated="16384"/>')
        return ods(folder, ODS_NAMES + ods_row(wide, 1_048_576) + ods_row(ods_cell("z")))


@case(TABLE, "ODS: 4,294,967,295 repeats in 1,000 rows")
def ods_overflow(folder):
    wide = ods_cell("x", 4_294_967_295)
    return ods(folder, ODS_NAMES + ods_row(wide, 4_294_967_295) * 1_000)


@case(TABLE, "ODS: encrypted")
def ods_encrypted(folder):
    entry = (f'<manifest:manifest xmlns:manifest="{ODF}manifest:1.0"><manifest:file-entry '
             'manifest:full-path="content.xml" manifest:media-type="text/xml"><manifest:encryption-'
             'data manifest:checksum-type="SHA1/1K" manifest:checksum="AA=="/></manifest:file-entry>'
             "</manifest:manifest>")
    path = ods(folder, "", manifest=XML + entry)
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        z.writestr("META-INF/manifest.xml", XML + entry)
        z.writestr("content.xml", random.Random(2).randbytes(5_000))
    return path


# --- compound files -------------------------------------------------------------------------

def compound(streams, fat_patch=None):
    """A compound file (OLE2) with the given streams in its root."""
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    streams = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    counts = [-(-len(d) // 512) for d in streams.values()]
    n_dir = -(-(len(streams) + 1) // 4)
    n_fat = 1
    while n_fat * 128 < n_fat + n_dir + sum(counts):
        n_fat += 1
    fat = [fat_mark] * n_fat + [n_fat + i + 1 for i in range(n_dir)]
    fat[-1] = end
    starts = []
    for n in counts:
        starts.append(len(fat))
        fat += [len(fat) + i + 1 for i in range(n)]
        fat[-1] = end
    if fat_patch:
        fat_patch(fat, starts)
    fat += [free] * (n_fat * 128 - len(fat))

    def entry(name, kind, child, start, size, right=free):
        raw = name.encode("utf-16-le") + b"\0\0"
        return (raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, free, right, child)
                + bytes(36) + struct.pack("<IQ", start, size))
    directory = entry("Root Entry", 5, 1, end, 0)
    names = sorted(streams, key=lambda n: (len(n), n))
    for i, name in enumerate(names, 1):
        at = list(streams).index(name)
        right = i + 1 if i < len(names) else free
        directory += entry(name, 2, free, starts[at], len(streams[name]), right)
    directory = directory.ljust(n_dir * 512, b"\0")
    header = (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, n_fat, n_fat, 0, 4096, end, 0, end, 0)
        + struct.pack("<109I", *[*range(n_fat), *[free] * (109 - n_fat)]))
    body = b"".join(d.ljust(n * 512, b"\0") for d, n in zip(streams.values(), counts))
    return header + struct.pack(f"<{len(fat)}I", *fat) + directory + body


def record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def biff(cells, extra=b""):
    """A BIFF8 workbook of one sheet with labels at (row, column)."""
    def label(row, column, text):
        return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text.encode())
    bof = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    name = struct.pack("<HBB", 0, 1, 0) + b"S"
    at = len(bof) + len(extra) + 4 + 4 + len(name) + 4
    head = bof + extra + record(0x0085, struct.pack("<I", at) + name) + record(0x000A, b"")
    body = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    body += b"".join(label(*c) for c in cells) + record(0x000A, b"")
    return head + body


PLAIN = [(0, 0, "n"), (0, 1, "Q"), (1, 0, "1"), (1, 1, "here")]


@case(TABLE, "XLS: two cells, the last at row and column 65,535")
def xls_far(folder):
    return written(folder / "a.xls", compound({"Workbook": biff([*PLAIN, (65535, 65535, "x")])}))


@case(TABLE, "XLS: 4,294,967,295 shared strings declared")
def xls_strings(folder):
    table = record(0x00FC, struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF) + b"\x01\0\0a")
    return written(folder / "a.xls", compound({"Workbook": biff(PLAIN, table)}))


@case(TABLE, "XLS: a chain of sectors that runs in a circle")
def xls_circle(folder):
    def circle(fat, starts):
        fat[starts[0] + 3] = starts[0]
    return written(folder / "a.xls", compound({"Workbook": biff(PLAIN)}, circle))


@case(TABLE, "XLSX: encrypted (EncryptedPackage)")
def encrypted(folder):
    noise = random.Random(3).randbytes(8_000)
    streams = {"EncryptionInfo": b"\4\0\4\0\x40\0\0\0<encryption/>", "EncryptedPackage": noise}
    return written(folder / "a.xlsx", compound(streams))


# --- PDF ------------------------------------------------------------------------------------

def pdf(path, objects):
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    xref = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    xref += b"".join(b"%010d 00000 n \n" % p for p in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return written(path, out + xref + end % (len(objects) + 1, len(out)))


def deflated(block, n):
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(block) for _ in range(n)) + packer.flush()


def pdf_page(content, filters=b"/FlateDecode"):
    return [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d/Filter%s>>stream\n" % (len(content), filters) + content + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]


@case(TALK, "PDF: a stream of 1 GB in 1 MB")
def pdf_stream(folder):
    return pdf(folder / "a.pdf", pdf_page(deflated(b"(a) Tj " * 150_000, 1_024)))


@case(TALK, "PDF: deflated twice, 1 GB in 10 KB")
def pdf_twice(folder):
    content = zlib.compress(deflated(b" " * MEGA, 1_024), 9)
    return pdf(folder / "a.pdf", pdf_page(content, b"[/FlateDecode/FlateDecode]"))


@case(TALK, "PDF: a page tree that runs in a circle")
def pdf_circle(folder):
    return pdf(folder / "a.pdf", [b"<</Type/Catalog/Pages 2 0 R>>",
                                  b"<</Type/Pages/Kids[2 0 R 2 0 R 3 0 R]/Count 9999999>>",
                                  b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>"])


@case(TALK, "PDF: 1,000,000 arrays nested")
def pdf_deep(folder):
    deep = b"[" * 1_000_000 + b"]" * 1_000_000
    return pdf(folder / "a.pdf", [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids" + deep
                                  + b"/Count 1>>"])


@case(TALK, "PDF: a form that draws itself")
def pdf_form(folder):
    objects = pdf_page(b"/X Do " * 40, b"[]")
    objects[2] = objects[2].replace(b"/Font", b"/XObject<</X 6 0 R>>/Font")
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>/Length 240>>"
    return pdf(folder / "a.pdf", [*objects, form + b"stream\n" + b"/X Do " * 40 + b"\nendstream"])


# --- delimited text -------------------------------------------------------------------------

@case(TABLE, "CSV: a line of 1 GB, one character")
def long_line(folder):
    return blocks(folder / "a.csv", b"n,Q\n1,", b"a" * (8 * MEGA), 128)


@case(TABLE, "CSV: 300 MB of quotes")
def quotes(folder):
    return blocks(folder / "a.csv", b"n,Q\n", b'"' * (4 * MEGA), 75)


@case(TABLE, "CSV: 300 MB behind a quote that never closes")
def open_quote(folder):
    return blocks(folder / "a.csv", b'n,Q\n1,"', b"word, word\n" * 100_000, 273)


@case(TABLE, "CSV: a cell of 200 MB")
def long_cell(folder):
    return blocks(folder / "a.csv", b'n,Q\n1,"', b"word " * 200_000, 200, b'"\n2,here\n')


@case(TABLE, "CSV: 1,000,000 columns")
def many_columns(folder):
    names = b",".join(b"c%d" % i for i in range(1_000_000))
    return written(folder / "a.csv", b"n,Q," + names + b"\n1,a," + b"," * 999_999 + b"\n")


@case(TABLE, "CSV: 20,000,000 rows of one character")
def many_rows(folder):
    return blocks(folder / "a.csv", b"n,Q\n", b",a\n" * 1_000_000, 20)


@case(TABLE, "CSV: 50 MB of NUL bytes")
def nuls(folder):
    return blocks(folder / "a.csv", b"n,Q\n1,", bytes(MEGA), 50)


@case(TABLE, "CSV: 50 MB of CR")
def all_cr(folder):
    return blocks(folder / "a.csv", b"", b"\r" * MEGA, 50)


@case(TABLE, "CSV: 50,000,000 delimiters of 1 row")
def delimiters(folder):
    return blocks(folder / "a.csv", b"n,Q\n", b"," * MEGA, 50)


@case(TABLE, "CSV: bytes that are no UTF-8")
def no_utf8(folder):
    return blocks(folder / "a.csv", b"n,Q\n", b'1,"\xff\xfe\x80\xc0\xaf caf\xe9"\n', 1_000)


@case(TABLE, "CSV: UTF-16 with half a character and lone surrogates")
def no_utf16(folder):
    text = "n,Q\n1,here\n".encode("utf-16") + b"\x00\xd8\x00\xd8a\x00\n\x00" * 999 + b"x"
    return written(folder / "a.csv", text)


@case(TABLE, "CSV: UTF-32")
def utf32(folder):
    return written(folder / "a.csv", ("n,Q\n" + "1,here\n" * 1_000).encode("utf-32"))


@case(TABLE, "CSV: EBCDIC")
def ebcdic(folder):
    return written(folder / "a.csv", ("n,Q\n" + "1,it is dark\n" * 1_000).encode("cp500"))


@case(TABLE, "CSV: 100 MB of noise")
def noise(folder):
    return blocks(folder / "a.csv", b"", random.Random(4).randbytes(MEGA), 100)


# --- JSON and Parquet -----------------------------------------------------------------------

@case(TABLE, "JSON Lines: 1,000,000 arrays nested")
def deep_json(folder):
    deep = b'{"n":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b',"Q":"here"}\n'
    return written(folder / "a.jsonl", b'{"n":1,"Q":"here"}\n' + deep)


@case(TABLE, "JSON Lines: 1,000,000 objects nested, never closed")
def deep_objects(folder):
    return blocks(folder / "a.jsonl", b'{"n":1,"Q":"here"}\n', b'{"Q":' * 1_000_000, 1)


@case(TABLE, "JSON Lines: a string of 300 MB")
def long_json(folder):
    head = b'{"n":1,"Q":"here"}\n{"n":2,"Q":"'
    return blocks(folder / "a.jsonl", head, b"a" * MEGA, 300, b'"}\n')


@case(TABLE, "JSON Lines: an object of 2,000,000 keys")
def many_keys(folder):
    keys = b",".join(b'"k%d":1' % i for i in range(2_000_000))
    return written(folder / "a.jsonl", b'{"n":1,"Q":"here"}\n{"n":2,"Q":"x",' + keys + b"}\n")


@case(TABLE, "JSON Lines: numbers, surrogates, NUL and repeated keys")
def odd_json(folder):
    lines = [b'{"n":1,"Q":"here"}', b'{"n":1e999,"Q":1e999}', b'{"n":2,"Q":"\\ud800 \\u0000"}',
             b'{"n":3,"Q":"a","Q":"b"}', b'{"n":4,"Q":NaN}', b'[1,2]', b'"x"', b"null", b"{",
             b'{"n":5,"Q":"\xff"}', b'{"n":' + b"9" * 100_000 + b',"Q":"x"}']
    return written(folder / "a.jsonl", b"\n".join(lines))


@case(TABLE, "Parquet: a footer longer than the file")
def parquet_footer(folder):
    return written(folder / "a.parquet", b"PAR1" + bytes(100) + b"\xff\xff\xff\x7fPAR1")


@case(TABLE, "Parquet: 2,147,483,647 columns declared in 30 bytes")
def parquet_list(folder):
    # Thrift, compact: version 1, then a list of structs with a length of its own.
    footer = b"\x15\x02\x19\xfc\xff\xff\xff\xff\x07" + bytes(12)
    return written(folder / "a.parquet", b"PAR1" + footer + struct.pack("<I", len(footer)) + b"PAR1")


@case(TABLE, "Parquet: sizes of a real file set to their largest (pyarrow)")
def parquet_patched(folder):
    import pyarrow
    import pyarrow.parquet

    path = folder / "a.parquet"
    table = pyarrow.table({"n": [str(i) for i in range(1_000)], "Q": ["it is dark"] * 1_000})
    pyarrow.parquet.write_table(table, path, compression="snappy")
    data = bytearray(path.read_bytes())
    # Page headers begin behind the mark: a page's type, its sizes inflated and packed.
    at = data.index(b"\x15", 4)
    data[at + 2:at + 4] = b"\x15\xfe"
    data[at + 4:at + 8] = b"\xff\xff\xff\x0f"
    return written(path, bytes(data))


@case(TABLE, "Parquet: 20,000,000 equal rows in a few KB (pyarrow)")
def parquet_rows(folder):
    import pyarrow
    import pyarrow.parquet

    n = 20_000_000
    indices = pyarrow.array(memoryview(bytes(n)).cast("b"), pyarrow.int8())
    column = pyarrow.DictionaryArray.from_arrays(indices, ["it is dark"])
    path = folder / "a.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"n": column, "Q": column}), path)
    return path


# --- talk -----------------------------------------------------------------------------------

@case(TALK, "WebVTT: 1,000,000 cues")
def many_cues(folder):
    cue = b"".join(b"00:%02d:%02d.000 --> 00:%02d:%02d.900\n<v P%d>It is dark here\n\n"
                   % (i // 60 % 60, i % 60, i // 60 % 60, i % 60, i % 2) for i in range(10_000))
    return blocks(folder / "a.vtt", b"WEBVTT\n\n", cue, 100)


@case(TALK, "SubRip: 1,000,000 cues")
def many_srt(folder):
    cue = b"".join(b"%d\n00:%02d:%02d,000 --> 00:%02d:%02d,900\nP%d: It is dark here\n\n"
                   % (i, i // 60 % 60, i % 60, i // 60 % 60, i % 60, i % 2) for i in range(10_000))
    return blocks(folder / "a.srt", b"", cue, 100)


@case(TALK, "TXT: a turn of 200 MB")
def long_turn(folder):
    return blocks(folder / "a.txt", b"Speaker 1: ", b"word " * 200_000, 200)


@case(TALK, "TXT: 1,000,000 speakers")
def many_speakers(folder):
    lines = "".join(f"P{i:06}: it is dark\nP{i:06}: yes\n" for i in range(500_000))
    return written(folder / "a.txt", lines.encode())


@case(TALK, "TXT: 100 MB of blank lines")
def blank_lines(folder):
    return blocks(folder / "a.txt", b"Speaker 1: a\n", b"\n" * MEGA, 100, b"Speaker 2: b\n")


@case(TALK, "TXT: one line of 2,000,000 combining marks and bidirectional controls")
def marks(folder):
    text = "Speaker 1: a" + "\u0301" * 1_000_000 + "\u202e" * 1_000_000 + "\nSpeaker 2: b\n"
    return written(folder / "a.txt", text.encode())


# --- the file system ------------------------------------------------------------------------

@case(TABLE, "a FIFO nobody writes to")
def fifo(folder):
    os.mkfifo(folder / "a.csv")
    return folder / "a.csv"


@case(TABLE, "a symbolic link to /dev/zero")
def dev_zero(folder):
    (folder / "a.csv").symlink_to("/dev/zero")
    return folder / "a.csv"


@case(TABLE, "a symbolic link to itself")
def loop(folder):
    (folder / "a.csv").symlink_to(folder / "a.csv")
    return folder / "a.csv"


@case(TABLE, "a folder named a.csv")
def directory(folder):
    (folder / "a.csv").mkdir()
    return folder / "a.csv"


@case(TABLE, "a path with line feed, ESC and a bidirectional override")
def odd_name(folder):
    return written(folder / "a\n\x1b[31m\u202etxt\u2066.csv", b"n,Q\n1,it is dark\n")


@case(TABLE, "the same, empty")
def odd_name_empty(folder):
    return written(folder / "b\n\x1b]0;x\x07\u202e.csv", b"")


# Rows of the file that shrinks; most of it stands in a column that nobody wants.
SHRINKS = 600


@case(TABLE, "a file that shrinks while it is read")
def shrinking(folder):
    row = b"1,it is dark at the bus stop," + b"x" * 200_000 + b"\n"
    return blocks(folder / "shrinks.csv", b"n,Q,x\n", row, SHRINKS)


@case(TABLE, "a file that grows while it is read")
def growing(folder):
    return blocks(folder / "grows.csv", b"n,Q\n", b"1,it is dark at the bus stop\n" * 1_000, 10)
