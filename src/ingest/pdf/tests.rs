//! PDF files, sound and hostile. All people are invented.

use super::*;

/// The process that takes the text out, when the parent starts this test binary as it.
#[test]
fn is_the_process() {
    if std::env::var_os("CANVASS_TEST_PDF_PROCESS").is_some() {
        child::serve(&mut std::io::stdin().lock(), &mut std::io::stdout().lock()).unwrap();
    }
}

/// A file of these objects; the first is the catalog.
pub(crate) fn pdf_of(objects: &[String]) -> Vec<u8> {
    let mut out = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (object, number) in objects.iter().zip(1..) {
        offsets.push(out.len());
        out.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let (xref, size) = (out.len(), objects.len() + 1);
    out.push_str(&format!("xref\n0 {size}\n0000000000 65535 f \n"));
    for offset in offsets {
        out.push_str(&format!("{offset:010} 00000 n \n"));
    }
    out.push_str(&format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n"));
    out.into_bytes()
}

/// Pages of lines, twelve points apart; an empty line is a gap.
pub(crate) fn pdf(pages: &[&[&str]]) -> Vec<u8> {
    let kids: String = (0..pages.len()).map(|n| format!("{} 0 R ", 4 + 2 * n)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".into(),
    ];
    for (page, n) in pages.iter().zip(0..) {
        objects.push(format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> >> >>", 5 + 2 * n));
        let mut text = String::from("BT /F1 10 Tf 72 720 Td ");
        for line in *page {
            text.push_str(&format!("({line}) Tj 0 -12 Td "));
        }
        text.push_str("ET");
        objects.push(format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()));
    }
    pdf_of(&objects)
}

#[test]
fn lines_become_paragraphs_with_their_pages() {
    let first = [
        "Session North",
        "",
        "Resident 1: There should be a light at the corner of the street where the",
        "bus stops, because after dark nobody can see who is waiting there.",
        "Resident 2: The same for me.",
        "1",
    ];
    let second = ["Session North", "", "and for my neighbours.", "2"];
    let third = ["Session North", "", "Resident 1: Thank you.", "3"];
    let document =
        read("t.pdf", &pdf(&[&first, &second, &third, &[]]), |l| l.contains(':')).unwrap();
    let expected = [
        (
            1,
            "Resident 1: There should be a light at the corner of the street where the bus stops, because after dark nobody can see who is waiting there.",
        ),
        (1, "Resident 2: The same for me."),
        (2, "and for my neighbours."),
        (3, "Resident 1: Thank you."),
    ];
    assert_eq!(document.paragraphs, expected.map(|(page, text)| (page, text.to_string())));
    assert!(document.warnings[0].contains("1 of 4 pages hold no text"), "{:?}", document.warnings);
    assert!(document.warnings[1].contains("6 running heads"), "{:?}", document.warnings);
}

#[test]
fn what_holds_no_text_or_is_broken_is_answered_in_one_line() {
    let opens = |_: &str| false;
    assert!(matches!(read("s.pdf", &pdf(&[&[], &[]]), opens), Err(Error::Scan { .. })));
    assert!(matches!(read("s.pdf", b"plain text", opens), Err(Error::Pdf { .. })));
    let loops = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 /Parent 2 0 R >>".into(),
        "<< /Type /Pages /Kids [2 0 R] /Parent 3 0 R /Count 1 >>".into(),
    ];
    for bytes in [b"%PDF-1.7\n\x01\x02".to_vec(), pdf_of(&loops), pdf_of(&[])] {
        let error = read("s.pdf", &bytes, opens).unwrap_err();
        assert!(!error.to_string().contains('\n') && error.hint().is_some(), "{error}");
    }
}
