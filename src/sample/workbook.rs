//! The workbooks that people code in, with a column a theme.
//!
//! In: rows of redacted text and the codebook. Out: bytes of an .xlsx. Sheet 1 holds the answers
//! with drop-downs, sheet 2 what each theme means, sheet 3 what to do. Every cell is written as a
//! string or left blank: no text becomes a formula or a link. Equal rows give equal bytes.
//! Must not know: the program's codes, how rows were drawn.

use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet,
    XlsxError,
};

use super::Error;
use crate::codebook::Codebook;
use crate::coded::SHEETS;

/// One row to code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// The response's id.
    pub id: &'a str,
    /// What was asked; empty in transcripts.
    pub question: &'a str,
    /// The redacted answer.
    pub text: &'a str,
    /// Further columns, (name, what stands there), the same names in every row: whose answer it is,
    /// or, where somebody decides between coders, what each of them said.
    pub more: &'a [(String, String)],
}

/// What the workbook is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// A coder codes every row without seeing any code: the program is measured by it.
    Blind,
    /// Somebody codes as many rows as can be: the program learns from them.
    Training,
    /// Somebody decides where coders differ.
    Adjudication,
}

/// Longest text of a cell, in characters: Excel's own limit is 32,767.
const LONGEST: usize = 32_000;

/// Names of columns that a theme's label must not take.
const TAKEN: [&str; 9] =
    ["id", "question", "text", "done", "codes", "coder", "participant", "stratum", "probability"];

/// The column that says whose answer it is.
pub const PARTICIPANT: &str = "participant";

const READ_THEMES: &str = "Read the sheet `Themes` first. A theme applies when the answer says something that its definition covers; `Not` says what belongs elsewhere.";
const WRITE_ONE: &str = "Write 1 in the column of each theme that applies. An answer can have several themes, one or none. A blank cell means that the theme does not apply.";
const NO_THEME: &str =
    "Where no theme applies, write 1 in the column `done`, so that the row counts as coded.";
const AREAS: &str = "Where a theme inside an area applies, code the theme; code the area itself only where none of its themes fits.";
const NO_GUESS: &str = "Do not guess what somebody may have meant. Praise and blame of the same thing are the same theme.";
const MARKS: &str =
    "Marks such as [NAME] or [PHONE] stand for what was taken out to protect people.";
const NOTE: &str = "The column `coder's note` is for you; the program does not read it.";

/// What a coder whose codes measure the program has to know.
const BLIND: [&str; 10] = [
    "Code each answer by itself, in the order given, from the answer alone.",
    READ_THEMES,
    WRITE_ONE,
    NO_THEME,
    AREAS,
    NO_GUESS,
    "Work without the other coder and without the program's codes. Do not sort rows away, delete rows or change ids.",
    MARKS,
    NOTE,
    "The rows were drawn by a rule that gives every person a known chance. A sample that is coded only in part cannot be used.",
];

/// What somebody whose codes teach the program has to know.
const TRAINING: [&str; 9] = [
    "The program learns from these codes. It learns what you do: code like answers alike, and each answer from the answer alone.",
    READ_THEMES,
    WRITE_ONE,
    NO_THEME,
    AREAS,
    NO_GUESS,
    MARKS,
    "Rows may be left blank: the program learns from those that are coded, so every coded row helps. Do not change the columns `id` and `participant`; by the latter one person's answers are kept together when the program tests itself.",
    "These answers were chosen because they are hard to tell, not by chance: nothing may be counted from them. The column `coder's note` is for you; the program does not read it.",
];

/// What whoever decides between coders has to know.
const ADJUDICATION: [&str; 8] = [
    "These are the answers on which coders differ. Decide each of them: the program takes what you write here in place of what they wrote.",
    "The columns `coded by …` show what each coder gave, as ids of themes; an empty cell means that the coder found no theme. Decide by the sheet `Themes`, not by who said it or by how many did. You may also decide for what none of them wrote.",
    WRITE_ONE,
    NO_THEME,
    AREAS,
    "Leave the column `coder` as it is: the word there says that these rows decide. Do not delete rows or change ids.",
    MARKS,
    "A file that is decided only in part cannot be used. When it is done, it belongs beside the coders' own workbooks. The column `coder's note` is for you; the program does not read it.",
];

impl Use {
    fn instructions(self) -> &'static [&'static str] {
        match self {
            Self::Blind => &BLIND,
            Self::Training => &TRAINING,
            Self::Adjudication => &ADJUDICATION,
        }
    }
}

/// The workbook's bytes.
///
/// # Errors
/// More columns or rows than a sheet holds.
pub fn workbook(rows: &[Row<'_>], codebook: &Codebook, purpose: Use) -> Result<Vec<u8>, Error> {
    build(rows, codebook, purpose).map_err(|e| Error::Workbook { why: e.to_string() })
}

/// What the themes' columns are called: by label where no other has it, else by id.
pub fn headings(codebook: &Codebook) -> Vec<String> {
    let same = |a: &str, b: &str| a.trim().eq_ignore_ascii_case(b.trim());
    let themes = &codebook.themes;
    let heading = |theme: &crate::codebook::Theme| {
        let once = themes.iter().filter(|t| same(&t.label, &theme.label)).count() == 1;
        let other = themes.iter().any(|t| t.id != theme.id && same(&t.id, &theme.label));
        let taken = TAKEN.iter().any(|name| same(name, &theme.label));
        let plain = theme.label.split_whitespace().collect::<Vec<_>>().join(" ");
        if once && !other && !taken { plain } else { theme.id.clone() }
    };
    themes.iter().map(heading).collect()
}

fn build(rows: &[Row<'_>], codebook: &Codebook, purpose: Use) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // A fixed moment: the clock is no part of the content.
    let moment = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&moment));
    coding_sheet(book.add_worksheet().set_name(SHEETS[0])?, rows, codebook, purpose)?;
    themes_sheet(book.add_worksheet().set_name("Themes")?, codebook)?;
    let sheet = book.add_worksheet().set_name("Instructions")?;
    sheet.set_column_width(0, 110)?;
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (row, line) in (0u32..).zip(purpose.instructions()) {
        sheet.write_string_with_format(row, 0, *line, &wrap)?;
    }
    book.save_to_buffer()
}

fn coding_sheet(
    sheet: &mut Worksheet,
    rows: &[Row<'_>],
    codebook: &Codebook,
    purpose: Use,
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let upright = Format::new().set_bold().set_rotation(60).set_align(FormatAlign::Bottom);
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut head: Vec<String> = ["id", "question", "text"].map(str::to_owned).to_vec();
    let more = rows.first().map_or(&[][..], |r| r.more);
    head.extend(more.iter().map(|(column, _)| column.clone()));
    let first_theme = head.len();
    head.extend(headings(codebook));
    let after = head.len();
    head.extend(["done", "coder's note"].map(str::to_owned));
    for (column, name) in (0u16..).zip(&head) {
        let theme = (first_theme..after).contains(&usize::from(column));
        sheet.write_string_with_format(0, column, name, if theme { &upright } else { &bold })?;
        sheet.set_column_width(column, if theme { 5 } else { 14 })?;
    }
    sheet.set_column_width(1, 30)?;
    sheet.set_column_width(2, 70)?;
    sheet.set_row_height(0, 150)?;
    sheet.set_freeze_panes(1, 3)?;
    for (number, row) in (1u32..).zip(rows) {
        for (column, text) in [(0, row.id), (1, row.question), (2, row.text)] {
            sheet.write_string_with_format(number, column, cut(text), &wrap)?;
        }
        for (column, (_, text)) in (3u16..).zip(row.more) {
            sheet.write_string_with_format(number, column, cut(text), &wrap)?;
        }
    }
    let last = u32::try_from(rows.len()).unwrap_or(u32::MAX).max(1);
    let choice = DataValidation::new()
        .allow_list_strings(&["1", "0"])?
        .set_error_title("1 or 0")?
        .set_error_message(
            "Write 1 where the theme applies; leave the cell blank where it does not.",
        )?;
    let (from, to) = (first_theme as u16, after as u16);
    sheet.add_data_validation(1, from, last, to, &choice)?;
    if purpose == Use::Adjudication {
        sheet.set_name(SHEETS[1])?;
    }
    Ok(())
}

fn themes_sheet(sheet: &mut Worksheet, codebook: &Codebook) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let head = ["Theme", "Column", "Area", "Definition", "Includes", "Not", "Examples"];
    for ((column, name), width) in (0u16..).zip(head).zip([28, 28, 24, 60, 40, 40, 50]) {
        sheet.write_string_with_format(0, column, name, &bold)?;
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 1)?;
    for ((number, theme), heading) in (1u32..).zip(&codebook.themes).zip(headings(codebook)) {
        let area = theme.parent.map_or("", |p| codebook.themes[p].label.as_str());
        let lists = [&theme.include, &theme.exclude, &theme.examples].map(|list| list.join("\n"));
        let [include, exclude, examples] = &lists;
        let (id, definition) = (theme.id.as_str(), theme.definition.as_str());
        let cells = [id, &heading, area, definition, include, exclude, examples];
        for (column, text) in (0u16..).zip(cells) {
            sheet.write_string_with_format(number, column, cut(text), &wrap)?;
        }
    }
    Ok(())
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} […]", &text[..end]),
        None => text.to_owned(),
    }
}
