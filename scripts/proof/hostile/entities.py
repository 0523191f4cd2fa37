"""Entities that grow or that name a file of the machine, in each format made of XML."""

from .base import TABLE, TALK, case
from .odf import ODS_NAMES, ods, ods_cell, ods_row
from .ooxml import HEAD, archive, cell, docx_parts, paragraph, xlsx

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
