"""PDF: streams that inflate, trees and forms that run in a circle."""
import zlib

from .base import MEGA, TALK, case, written


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
