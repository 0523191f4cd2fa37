//! A comparison as one self-contained page in the look of `report.html`, without a script.
//!
//! In: a [`Comparison`]. Out: bytes. Must not know: files, how a number came about.

use maud::{Markup, html};

use super::chart::chart;
use super::md::made;
use super::words::{
    self, chance, deciding_share, of_people, people_counted, points, raised, reach, share,
    share_range, title, unchecked,
};
use super::{Basis, Comparison, Row, Side, SourcePair, TablePair, Verdict};
use crate::report::words::{percent, range, shown};
use crate::report::{framed, scroll_box};

const STYLES: &str = include_str!("../report/assets/compare.css");

/// The page's bytes.
pub(super) fn render(found: &Comparison) -> Vec<u8> {
    let [then, now] = &found.waves;
    let name = format!("{}: {} and {}", title(found), then.name, now.name);
    framed(&name, STYLES, &body(found))
}

fn body(found: &Comparison) -> Markup {
    html! {
        a.skip href="#comparison" { "Skip to the comparison" }
        header.top { (opening(found)) (in_short(found)) }
        (contents(found))
        main #comparison {
            @for (index, source) in found.sources.iter().enumerate() {
                (one_source(found, source, index))
            }
            (lines("codebooks", "The codebooks", &found.codebook))
            (lines("alone", "In one wave alone", &found.alone))
            (lines("reading", "How to read the numbers", &found.notes))
            (lines("made", "How the waves were made", &made(found)))
        }
        footer.end { p { (found.program) ". From the published numbers of both waves alone." } }
    }
}

fn opening(found: &Comparison) -> Markup {
    let [then, now] = &found.waves;
    let mut notices: Vec<&String> = [&then.notice, &now.notice].into_iter().flatten().collect();
    notices.dedup();
    html! {
        p.eyebrow { "Two waves compared" }
        h1 dir="auto" { (title(found)) }
        p.lead dir="auto" { "What rose, what fell, what is new: " bdi { (then.name) } " and " bdi { (now.name) } "." }
        @for notice in notices { p.notice dir="auto" { (notice) } }
        @if let Some(said) = unchecked(found) {
            aside.banner aria-label="Not yet checked by people" { p dir="auto" { (said) } }
        }
        @if !found.warnings.is_empty() {
            div.warnings {
                p { strong { "Please note" } }
                ul { @for warning in &found.warnings { li dir="auto" { (warning) } } }
            }
        }
    }
}

/// What changed in each source, all questions together or its first.
fn in_short(found: &Comparison) -> Markup {
    html! {
        div.answer {
            h2 { "In short" }
            @for source in &found.sources {
                @if let Some(table) = source.questions.first() {
                    p dir="auto" {
                        strong { bdi { (source.name) } ". " }
                        @if source.shares {
                            @for finding in &table.findings { (finding) " " }
                        } @else {
                            (words::side_by_side(table))
                        }
                    }
                }
            }
        }
    }
}

fn contents(found: &Comparison) -> Markup {
    html! {
        nav #contents aria-labelledby="contents-heading" {
            h2 #contents-heading { "Contents" }
            ol {
                @for (index, source) in found.sources.iter().enumerate() {
                    li {
                        a href={ "#source-" (index + 1) } { bdi { (source.name) } }
                        " " span.quiet { bdi { (source.perspective) } }
                    }
                }
                @if !found.codebook.is_empty() { li { a href="#codebooks" { "The codebooks" } } }
                @if !found.alone.is_empty() { li { a href="#alone" { "In one wave alone" } } }
                li { a href="#reading" { "How to read the numbers" } }
                li { a href="#made" { "How the waves were made" } }
            }
        }
    }
}

fn section(id: &str, heading: &Markup, inside: &Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-heading" } {
            h2 id={ (id) "-heading" } { (heading) }
            (inside)
            p.back { a href="#contents" { "Back to contents" } }
        }
    }
}

fn lines(id: &str, heading: &str, lines: &[String]) -> Markup {
    if lines.is_empty() {
        return html! {};
    }
    let list = html! { ul.lines { @for line in lines { li dir="auto" { (line) } } } };
    section(id, &html! { (heading) }, &list)
}

fn one_source(found: &Comparison, source: &SourcePair, index: usize) -> Markup {
    let heading = html! {
        span.eyebrow { bdi { (source.perspective) } " · " bdi { (source.kind_label) } }
        span.source-name dir="auto" { (source.name) }
    };
    let inside = html! {
        p.lead dir="auto" { (source.base_sentence) }
        @if !source.notes.is_empty() {
            ul { @for note in &source.notes { li dir="auto" { (note) } } }
        }
        @if source.questions.is_empty() { p { "The two waves have no question in common." } }
        @for table in &source.questions {
            h3 dir="auto" { (table.name) }
            (one_table(found, source, table))
        }
        @for column in &source.groups { (groups(found, source, column)) }
    };
    section(&format!("source-{}", index + 1), &heading, &inside)
}

fn groups(found: &Comparison, source: &SourcePair, column: &super::ColumnPair) -> Markup {
    html! {
        h3 { "By " bdi { (column.column) } }
        p.base {
            "All questions together, for each group that both reports show. Differences are tested "
            "together over all groups here. On paper stand the groups that were opened."
        }
        @for table in &column.values {
            details.one {
                summary {
                    bdi { (table.name) } " "
                    span.quiet { (shown(table.base[0])) " and " (shown(table.base[1])) " " (source.unit) }
                }
                (one_table(found, source, table))
            }
        }
    }
}

fn one_table(found: &Comparison, source: &SourcePair, table: &TablePair) -> Markup {
    let (clear, others) = (table.clear(), table.others());
    html! {
        @if !table.findings.is_empty() {
            ul.findings { @for finding in &table.findings { li dir="auto" { (finding) } } }
        }
        @if let Some(remainder) = &table.remainder { p.base { (remainder) } }
        @if table.rows.is_empty() { p { "Nobody raised an area or theme of the codebook." } }
        @if source.shares { (chart(found, table)) }
        @if !clear.is_empty() {
            (rows(found, source, table, ("Clear changes", clear)))
        }
        @if !others.is_empty() && source.shares {
            details {
                summary { "Areas and themes without a clear change, or not shown (" (others.len()) ")" }
                (rows(found, source, table, ("Without a clear change, or not shown", others)))
            }
        } @else if !others.is_empty() {
            (rows(found, source, table, ("Side by side", others)))
        }
    }
}

fn rows(
    found: &Comparison,
    source: &SourcePair,
    table: &TablePair,
    (caption, rows): (&str, &[Row]),
) -> Markup {
    let [then, now] = &found.waves;
    let inside = html! {
        table.cards.waves {
            caption { (caption) }
            thead {
                tr {
                    th scope="col" { "Area or theme" }
                    th.n scope="col" { bdi { (then.name) } }
                    th.n scope="col" { bdi { (now.name) } }
                    @if source.shares { th.n scope="col" { "Points" } }
                    th scope="col" { "Verdict" }
                }
            }
            tbody {
                @for row in rows {
                    tr.clear[row.clear].area[row.area.is_none()] {
                        th scope="row" dir="auto" {
                            (row.label)
                            @if let Some(area) = &row.area { " " span.in { (area) } }
                        }
                        (side(source, table, row, (0, &then.name)))
                        (side(source, table, row, (1, &now.name)))
                        @if source.shares { (difference(row)) }
                        (verdict(row))
                    }
                }
            }
        }
    };
    scroll_box("Table: two waves", &inside)
}

fn side(source: &SourcePair, table: &TablePair, row: &Row, (at, name): (usize, &str)) -> Markup {
    let side: Option<&Side> = [&row.then, &row.now][at].as_ref();
    let base = table.base[at];
    let closed = side.is_some_and(|side| !side.people.is_open());
    let (first, second) = match source.shares {
        true => (deciding_share(row, side), share_lines(row, side, base)),
        false => {
            let people = side.map(|side| people_counted(side, base, &source.unit));
            let first = raised((side, base), table.file_base[at], &source.file_unit);
            (first, people.into_iter().collect())
        }
    };
    html! {
        td.n.protected[closed && source.shares] {
            span.name { bdi { (name) } }
            span { (first) @for line in &second { " " span.of { (line) } } }
        }
    }
}

/// What stands below a share: its interval, the people behind it.
fn share_lines(row: &Row, side: Option<&Side>, base: crate::report::view::Shown) -> Vec<String> {
    let Some(side) = side else { return Vec::new() };
    let mut lines = Vec::new();
    match (row.decided_by, side.corrected) {
        (Some(Basis::Corrected), Some(corrected)) => {
            lines.push(format!("corrected ({})", range(&corrected)));
            lines.push(format!("counted {}", share(Some(side))));
        }
        (_, Some(corrected)) => {
            lines.extend(share_range(Some(side)).map(|range| format!("({range})")));
            lines.push(format!("corrected {}", percent(corrected.value)));
        }
        (_, None) => lines.extend(share_range(Some(side)).map(|range| format!("({range})"))),
    }
    if side.people.is_open() {
        lines.push(of_people(Some(side), base));
    }
    lines
}

fn difference(row: &Row) -> Markup {
    let raw = row.difference.filter(|_| row.decided_by == Some(Basis::Corrected));
    html! {
        td.n {
            span.name { "Points" }
            span {
                @match row.deciding() {
                    Some(d) => { (points(d.value)) " " span.of { "(" (reach(&d)) ")" } },
                    None => { "–" },
                }
                @if let Some(raw) = raw { " " span.of { "as counted " (points(raw.value)) } }
                @if words::is_corrected_once(row) { " " span.of { "as counted" } }
                @if let Some(p) = row.p_adjusted { " " span.of { "p " (chance(p)) ", adjusted" } }
            }
        }
    }
}

fn verdict(row: &Row) -> Markup {
    let mark = match row.verdict {
        Verdict::Rose => "▲",
        Verdict::Fell => "▼",
        Verdict::New => "＋",
        Verdict::Gone => "×",
        _ => "",
    };
    html! {
        td.said {
            span.name { "Verdict" }
            span {
                @if !mark.is_empty() { span.mark aria-hidden="true" { (mark) } " " }
                (row.said)
                @if row.redefined { " " span.of { "defined otherwise" } }
            }
        }
    }
}
