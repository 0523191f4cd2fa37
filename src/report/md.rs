//! The report as Markdown (GitHub flavour): the same order and numbers as the page, as tables
//! and lists.
//!
//! In: the [`View`]. Out: the bytes of `report.md`. Must not know: files, raw text, how a number
//! came about; it counts and hides nothing, it only lays out what the view holds.

use crate::report::html::methods::LIMITS;
use crate::report::html::plan::by_perspective;
use crate::report::view::{
    AccountRow, GroupView, MatrixRow, PlanTag, QuestionView, SourceView, View,
};
use crate::report::words::{
    capitalised, has_copies, interval, label, neutralised, shown, thousands, with_copies,
};

/// Columns of words stand left.
const WORDS: &str = ":--";
/// Columns of numbers stand right.
const NUMBERS: &str = "--:";

/// The report as UTF-8. Equal views give equal bytes.
pub fn render(view: &View) -> Vec<u8> {
    let mut page = Page { out: String::new(), unchecked: !view.validated };
    opening(&mut page, view);
    account(&mut page, view);
    glance(&mut page, view);
    for source in &view.sources {
        one_source(&mut page, view, source);
    }
    plan(&mut page, view);
    methods(&mut page, view);
    codebook(&mut page, view);
    neutralised(&page.out).into_bytes()
}

/// Markdown as it is written. Its methods take finished Markdown; respondents' and the study's
/// own words pass through [`escaped`] first.
struct Page {
    out: String,
    unchecked: bool,
}

impl Page {
    fn heading(&mut self, level: usize, text: &str) {
        self.block(&format!("{} {text}", "#".repeat(level)));
    }

    /// A part of the report: its heading and, where it is needed, the note on unchecked codes.
    fn section(&mut self, heading: &str) {
        self.heading(2, heading);
        if self.unchecked {
            self.block(
                "> **Not yet checked by people.** A program assigned the codes; how often it errs \
                 is not known.",
            );
        }
    }

    fn block(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push_str("\n\n");
    }

    fn list<I: IntoIterator<Item = String>>(&mut self, items: I) {
        let before = self.out.len();
        for item in items {
            self.out.push_str("- ");
            self.out.push_str(&item);
            self.out.push('\n');
        }
        if self.out.len() > before {
            self.out.push('\n');
        }
    }

    /// A table whose first column holds words and whose others are aligned as `others` says.
    fn table(
        &mut self,
        header: &[String],
        others: &str,
        rows: impl IntoIterator<Item = Vec<String>>,
    ) {
        self.row(header);
        let mut rule = vec![others.to_owned(); header.len()];
        if let Some(first) = rule.first_mut() {
            *first = WORDS.to_owned();
        }
        self.row(&rule);
        for row in rows {
            self.row(&row);
        }
        self.out.push('\n');
    }

    fn row(&mut self, cells: &[String]) {
        self.out.push_str("| ");
        self.out.push_str(&cells.join(" | "));
        self.out.push_str(" |\n");
    }
}

/// Text that Markdown shows as it is: on one line, no markup, no HTML, no link, no table cell.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                    out.push('\\');
                    out.push(c);
                }
                _ => out.push(c),
            }
        }
    }
    unlinked(&unlisted(&out))
}

/// What would start a heading, a list, a rule or a numbered item at the front of a line.
fn unlisted(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", &line[..digits], &line[digits..]),
        Some(b'#' | b'-' | b'+' | b'=') if digits == 0 => format!("\\{line}"),
        _ => line.to_owned(),
    }
}

/// Addresses that GitHub would turn into links by itself.
fn unlinked(line: &str) -> String {
    line.replace("://", "\\://").replace("www.", "www\\.").replace("WWW.", "WWW\\.")
}

/// A theme's label in a table: areas in bold, themes behind a dash.
fn row_label(view: &View, theme: usize, level: u8) -> String {
    let label = escaped(label(view, theme));
    if level == 0 { format!("**{label}**") } else { format!("– {label}") }
}

fn opening(page: &mut Page, view: &View) {
    page.heading(1, &escaped(&view.title));
    if let Some(notice) = &view.notice {
        page.block(&format!("*{}*", escaped(notice)));
    }
    if view.validated {
        page.block("The program’s codes were compared with codes that people gave.");
    } else {
        page.block(
            "> **Not yet checked by people.** A program assigned the codes in this report, from \
             the definitions and examples in the codebook. Nobody has yet checked how often it \
             errs. Counts and shares may be off, for some themes more than for others. Use this \
             report as a first reading.",
        );
    }
    if !view.warnings.is_empty() {
        page.block("**Please note**");
        page.list(view.warnings.iter().map(|warning| escaped(warning)));
    }
    page.block("**Contents**");
    let sources = view
        .sources
        .iter()
        .map(|source| format!("{} ({})", escaped(&source.name), escaped(&source.perspective)));
    let front = ["What was read", "At a glance"].map(str::to_owned);
    let back = ["For the plan", "Methods and limits", "Codebook"].map(str::to_owned);
    page.list(front.into_iter().chain(sources).chain(back));
}

fn account(page: &mut Page, view: &View) {
    let account = &view.account;
    let total = &account.total;
    page.section("What was read");
    page.block(&format!(
        "Rows and turns read: **{}**, from {} {}. They hold **{}** {}: one for each row and \
         question of a table, one for each turn of a transcript. Each response has exactly one \
         state, so the states add up to what was read.",
        thousands(total.rows),
        thousands(total.files),
        if total.files == 1 { "file" } else { "files" },
        thousands(total.responses),
        if total.responses == 1 { "response" } else { "responses" },
    ));
    let mut header = vec!["Source".to_owned(), "Files".to_owned(), "Rows and turns".to_owned()];
    header.extend(account.states.iter().map(|state| escaped(&state.label)));
    header.push("All responses".to_owned());
    let rows = account.rows.iter().chain(std::iter::once(total)).map(account_row);
    page.table(&header, NUMBERS, rows);
    page.block("What each state means:");
    page.list(
        account
            .states
            .iter()
            .map(|state| format!("**{}**: {}", escaped(&state.label), escaped(&state.meaning))),
    );
    if !account.languages.is_empty() {
        page.block(&format!(
            "**Languages set aside.** These answers were read and counted but not coded: {}.",
            listed(&account.languages)
        ));
    }
    if account.redactions.is_empty() {
        page.block("**Redaction.** The redaction rules found nothing to replace.");
    } else {
        page.block(&format!(
            "**Redaction.** Before anything else, these were taken out of the text and replaced \
             by a mark: {}.",
            listed(&account.redactions)
        ));
    }
}

fn account_row(row: &AccountRow) -> Vec<String> {
    let mut cells = vec![escaped(&row.name), thousands(row.files), thousands(row.rows)];
    cells.extend(row.states.iter().map(|&count| thousands(count)));
    cells.push(thousands(row.responses));
    cells
}

fn listed(items: &[(String, u64)]) -> String {
    let items: Vec<String> = items
        .iter()
        .map(|(name, count)| format!("{} ({})", escaped(name), thousands(*count)))
        .collect();
    items.join(", ")
}

fn glance(page: &mut Page, view: &View) {
    let matrix = &view.matrix;
    page.section("At a glance");
    page.list(matrix.findings.iter().map(|finding| escaped(finding)));
    if matrix.rows.is_empty() || matrix.columns.is_empty() {
        page.block("No theme of the codebook was raised in the answers that could be coded.");
        return;
    }
    page.block(
        "One column for each source; sources are never added together. A dash means that nobody \
         raised it.",
    );
    let mut header = vec!["Area or theme".to_owned()];
    header.extend(
        matrix
            .columns
            .iter()
            .map(|column| format!("{}: {}", escaped(&column.perspective), escaped(&column.source))),
    );
    page.table(&header, NUMBERS, matrix.rows.iter().map(|row| matrix_row(view, row)));
}

fn matrix_row(view: &View, row: &MatrixRow) -> Vec<String> {
    let mut cells = vec![row_label(view, row.theme, row.level)];
    cells.extend(row.cells.iter().map(|cell| escaped(&cell.text)));
    cells
}

fn one_source(page: &mut Page, view: &View, source: &SourceView) {
    page.section(&escaped(&source.name));
    page.block(&format!("{} · {}", escaped(&source.perspective), escaped(&source.kind_label)));
    page.block(&escaped(&source.base_sentence));
    page.list(source.findings.iter().map(|finding| escaped(finding)));
    for question in &source.questions {
        one_question(page, view, source, question);
    }
    for group in &source.groups {
        one_group(page, view, source, group);
    }
}

fn one_question(page: &mut Page, view: &View, source: &SourceView, question: &QuestionView) {
    page.heading(3, &escaped(&question.text));
    page.block(&base(source, question));
    if question.rows.is_empty() {
        page.block("No area or theme of the codebook was raised in answers that could be coded.");
    } else {
        question_table(page, view, source, question);
    }
    if question.rows.iter().any(|row| !row.quotes.is_empty()) {
        page.heading(4, "In their own words");
        for row in question.rows.iter().filter(|row| !row.quotes.is_empty()) {
            page.block(&format!("**{}**", escaped(label(view, row.theme))));
            for quote in &row.quotes {
                page.block(&format!("> {}", escaped(&quote.text)));
                // Two block quotes in a row would run together.
                page.block("<!-- -->");
            }
        }
    }
    if !question.unraised.is_empty() {
        let labels: Vec<String> = question.unraised.iter().map(|label| escaped(label)).collect();
        page.block(&format!("Themes that nobody raised here: {}.", labels.join("; ")));
    }
}

fn base(source: &SourceView, question: &QuestionView) -> String {
    let mut text = format!(
        "{} with something that could be coded: **{}**.",
        escaped(&capitalised(&source.unit)),
        shown(question.base)
    );
    if counts_files(source) {
        text.push_str(&format!(
            " {} with something that could be coded: **{}**.",
            escaped(&capitalised(&source.file_unit)),
            thousands(question.file_base)
        ));
    }
    if question.copies > 0 {
        text.push_str(&format!(
            " Answers set aside as copies of a campaign text: **{}**.",
            thousands(question.copies)
        ));
    }
    text
}

fn counts_files(source: &SourceView) -> bool {
    !source.shares && !source.file_unit.is_empty()
}

fn question_table(page: &mut Page, view: &View, source: &SourceView, question: &QuestionView) {
    let (files, copies) = (counts_files(source), has_copies(question));
    let mut header = vec!["Area or theme".to_owned()];
    if source.shares {
        header.push("Share (95 % interval)".to_owned());
    }
    if files {
        let base = thousands(question.file_base);
        header.push(format!("Raised in, of {base} {}", escaped(&source.file_unit)));
    }
    header.push(escaped(&capitalised(&source.unit)));
    if copies {
        header.push("With the copies".to_owned());
    }
    let rows = question.rows.iter().map(|row| {
        let mut cells = vec![row_label(view, row.theme, row.level)];
        if source.shares {
            cells.push(row.share.as_ref().map_or("not shown".to_owned(), interval));
        }
        if files {
            cells.push(thousands(row.files));
        }
        cells.push(shown(row.participants));
        if copies {
            cells.push(escaped(&with_copies(row)));
        }
        cells
    });
    page.table(&header, NUMBERS, rows);
}

fn one_group(page: &mut Page, view: &View, source: &SourceView, group: &GroupView) {
    page.heading(3, &format!("By {}", escaped(&group.column)));
    if group.values.is_empty() {
        page.block("No value of this column has enough people behind it to be shown.");
    } else {
        let unit = escaped(&source.unit);
        page.block(&format!(
            "All questions together. In brackets: how many {unit} stand behind the column."
        ));
    }
    if group.too_small > 0 {
        let n = thousands(group.too_small as u64);
        page.block(&format!("Values left out because too few people stand behind them: {n}."));
    }
    if group.values.is_empty() || group.rows.is_empty() {
        return;
    }
    let mut header = vec!["Area or theme".to_owned()];
    header.extend(
        group.values.iter().map(|(value, base)| format!("{} ({})", escaped(value), shown(*base))),
    );
    let rows = group.rows.iter().map(|row| {
        let mut cells = vec![row_label(view, row.theme, row.level)];
        cells.extend(
            row.cells
                .iter()
                .map(|(count, share)| share.as_ref().map_or_else(|| shown(*count), interval)),
        );
        cells
    });
    page.table(&header, NUMBERS, rows);
}

fn plan(page: &mut Page, view: &View) {
    page.section("For the plan");
    if view.plans.iter().all(|plan| plan.tags.is_empty()) {
        page.block("There are no tagged themes to list.");
        return;
    }
    page.block(
        "What people raised, sorted by the part of the plan it bears on. The last four columns \
         are empty: they are for you to fill in. The tags come from the codebook. That a theme \
         stands here says that people raised it, not what should be done about it.",
    );
    for plan in &view.plans {
        page.heading(3, &escaped(&plan.group));
        for tag in &plan.tags {
            plan_table(page, view, tag);
        }
    }
}

fn plan_table(page: &mut Page, view: &View, tag: &PlanTag) {
    page.heading(4, &escaped(&tag.label));
    if tag.rows.is_empty() {
        page.block("Nobody raised a theme with this tag.");
        return;
    }
    let header = ["Theme", "Evidence by perspective", "Owner", "Action", "Measure", "Date"];
    let rows = tag.rows.iter().map(|row| {
        let evidence: Vec<String> = by_perspective(&view.matrix.columns, &row.cells)
            .into_iter()
            .map(|(perspective, cells)| {
                let cells: Vec<String> = cells
                    .into_iter()
                    .map(|(column, cell)| {
                        format!("{} ({})", escaped(&cell.text), escaped(&column.source))
                    })
                    .collect();
                format!("**{}**: {}", escaped(perspective), cells.join(", "))
            })
            .collect();
        let mut cells = vec![escaped(label(view, row.theme)), evidence.join("<br>")];
        cells.resize(header.len(), String::new());
        cells
    });
    page.table(&header.map(str::to_owned), WORDS, rows);
}

fn methods(page: &mut Page, view: &View) {
    let methods = &view.methods;
    page.section("Methods and limits");
    page.list([
        format!("**How answers were coded**: {}", escaped(&methods.classifier)),
        format!("**Codebook**: {}", escaped(&methods.codebook)),
        format!("**Quotes**: {}", escaped(&methods.quotes)),
        format!("**Smallest count of people shown**: {}", methods.min_cell),
        format!("**Engine**: {}", escaped(&methods.engine)),
        format!("**Program**: {}", escaped(&methods.program)),
    ]);
    page.heading(3, "What the numbers mean, and what they do not");
    let limits = LIMITS.iter().map(|limit| escaped(limit));
    page.list(methods.notes.iter().map(|note| escaped(note)).chain(limits));
}

fn codebook(page: &mut Page, view: &View) {
    page.section("Codebook");
    if view.themes.is_empty() {
        page.block("The codebook holds no theme.");
        return;
    }
    page.list(view.themes.iter().map(|theme| {
        let tags: Vec<String> = theme.tags.iter().map(|tag| escaped(tag)).collect();
        let mut line = format!("**{}**: {}", escaped(&theme.label), escaped(&theme.definition));
        if !tags.is_empty() {
            line.push_str(&format!(" *{}*", tags.join(", ")));
        }
        if theme.parent.is_some() { format!("– {line}") } else { line }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::html::fixture;
    use crate::report::view::{QuoteView, Shown};

    fn text(view: &View) -> String {
        String::from_utf8(render(view)).unwrap()
    }

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(
            escaped("<b> & `c` | *d* _e_ [f](g)"),
            "&lt;b&gt; &amp; \\`c\\` \\| \\*d\\* \\_e\\_ \\[f\\](g)"
        );
        assert_eq!(escaped("# not a heading"), "\\# not a heading");
        assert_eq!(escaped("- no list\n- at all"), "\\- no list - at all");
        assert_eq!(escaped("12. no list"), "12\\. no list");
        assert_eq!(escaped("see http://a.b or www.c.d"), "see http\\://a.b or www\\.c.d");
        assert_eq!(escaped("4 of 5"), "4 of 5");
    }

    #[test]
    fn every_row_of_a_table_has_the_columns_of_its_header() {
        let mut view = fixture::view();
        view.themes[0].label = "a | b \n c".to_owned();
        view.sources[1].groups[0].values[0].0 = "x|y".to_owned();
        let text = text(&view);
        assert!(text.contains("x\\|y"));
        let bars = |line: &str| line.replace("\\|", "").matches('|').count();
        let mut width = None;
        for line in text.lines() {
            if line.starts_with('|') {
                let expected = *width.get_or_insert(bars(line));
                assert_eq!(bars(line), expected, "{line}");
            } else {
                width = None;
            }
        }
    }

    #[test]
    fn no_markup_of_respondents_and_no_bidirectional_control_comes_through() {
        let mut view = fixture::view();
        view.sources[1].questions[1].rows[0].quotes = vec![QuoteView {
            id: "r1#1".to_owned(),
            text: "<script>x</script>\n\n# \u{202e}Heading".to_owned(),
        }];
        let text = text(&view);
        assert!(text.contains("> &lt;script&gt;x&lt;/script&gt; # Heading"));
        assert!(!text.contains("<script"));
        assert!(!text.contains('\u{202e}'));
    }

    #[test]
    fn a_protected_count_shows_no_number_and_no_share() {
        let mut view = fixture::view();
        let row = &mut view.sources[1].questions[0].rows[0];
        row.participants = Shown::FewerThan(11);
        row.share = None;
        let name = escaped(label(&view, view.sources[1].questions[0].rows[0].theme));
        assert!(text(&view).contains(&format!("| **{name}** | not shown | fewer than 11 |")));
    }

    #[test]
    fn an_unchecked_report_says_so_in_every_section() {
        let mut view = fixture::view();
        let sections = view.sources.len() + 6;
        assert_eq!(text(&view).matches("**Not yet checked by people.**").count(), sections);
        view.validated = true;
        assert!(!text(&view).contains("Not yet checked"));
    }
}
