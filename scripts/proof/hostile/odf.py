"""OpenDocument spreadsheets: rows and cells that claim to repeat, an encrypted one."""
import random
import zipfile

from .base import TABLE, case
from .ooxml import XML

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
