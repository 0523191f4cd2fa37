//! Areas that the same people raise, as a chart and as a table.
//!
//! In: the pairs of one source. Out: a part of its section: for each pair the share among those who
//! raised the first area beside that among everybody else, each with its interval, and every number
//! in words. Must not know: how the pairs were chosen.

use maud::{Markup, html};

use super::chart::{Scale, axis};
use super::page::scroll_box;
use crate::report::together::{HEADING, NUMBERS, PAIR, reading};
use crate::report::view::{ShareView, SourceView, TogetherRow, TogetherView, View};
use crate::report::words::change::change;
use crate::report::words::{interval, interval_in_words, label, percent, thousands};

/// The part, where the source has pairs.
pub fn part(view: &View, source: &SourceView) -> Markup {
    let Some(pairs) = &source.together else { return html! {} };
    html! {
        article.general {
            h3 { (HEADING) }
            p.base { (reading(source, pairs)) }
            (chart(view, source, pairs))
            details {
                summary { "The same in numbers (" (pairs.rows.len()) ")" }
                (scroll_box("Table: areas raised by the same people", &table(view, pairs)))
            }
        }
    }
}

fn chart(view: &View, source: &SourceView, pairs: &TogetherView) -> Markup {
    let high = pairs.rows.iter().map(|r| r.among.high.max(r.others.high));
    let scale = Scale::up_to(high.fold(0.0, f64::max));
    html! {
        figure.chart.pairs {
            figcaption {
                "Filled dots: of the " (source.unit) " who raised the area in bold, the share who also \
                raised the other one. Open dots: of everybody else, the share who raised that other \
                one. Lines are 95 % intervals."
            }
            table {
                caption.vh { "Shares with and without the other area, as drawn" }
                thead {
                    tr {
                        th scope="col" { span.vh { (PAIR[0]) " the first, share who also raised the second" } }
                        td.plot { (axis(&scale)) }
                        th.n scope="col" { "Of them, of others" }
                    }
                }
                tbody {
                    @for row in &pairs.rows {
                        tr {
                            th scope="row" dir="auto" {
                                strong { bdi { (label(view, row.first)) } }
                                span.of { "also: " bdi { (label(view, row.second)) } }
                            }
                            td.plot { (dots(row, &scale)) }
                            td.n { (percent(row.among.value)) span.of { "others " (percent(row.others.value)) } }
                        }
                    }
                }
            }
        }
    }
}

fn dots(row: &TogetherRow, scale: &Scale) -> Markup {
    let line = |share: &ShareView, y: &str, filled: bool| {
        html! {
            line.whisker x1=(scale.at(share.low)) x2=(scale.at(share.high)) y1=(y) y2=(y) {}
            circle.dot.filled[filled] cx=(scale.at(share.value)) cy=(y) r="5" {}
        }
    };
    html! {
        svg aria-hidden="true" width="100%" height="100%" {
            title {
                (interval_in_words(&row.among)) "; of the others " (interval_in_words(&row.others))
            }
            (scale.grid())
            (line(&row.others, "70%", false))
            (line(&row.among, "30%", true))
        }
    }
}

fn table(view: &View, pairs: &TogetherView) -> Markup {
    html! {
        table.pair-numbers {
            caption.vh { "Areas raised by the same people" }
            thead {
                tr {
                    @for head in PAIR { th scope="col" { (head) } }
                    @for head in NUMBERS { th.n scope="col" { (head) } }
                }
            }
            tbody {
                @for row in &pairs.rows {
                    tr {
                        th scope="row" dir="auto" { (label(view, row.first)) }
                        td dir="auto" { (label(view, row.second)) }
                        td.n { (thousands(row.both)) }
                        td.n { (interval(&row.among)) }
                        td.n { (interval(&row.others)) }
                        td.n { (change(&row.difference)) }
                        td.n { (interval(&row.reverse)) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn every_number_of_the_drawing_stands_in_words_too() {
        let view = fixture::view();
        let source = &view.sources[1];
        let page = part(&view, source).into_string();
        assert_eq!(page.matches("<svg").count(), 1 + source.together.as_ref().unwrap().rows.len());
        for row in &source.together.as_ref().unwrap().rows {
            for share in [&row.among, &row.others, &row.reverse] {
                assert!(page.contains(&format!(">{}<", interval(share))), "{share:?}");
            }
            assert!(page.contains(&change(&row.difference)));
            assert!(page.contains(label(&view, row.second)));
        }
    }

    #[test]
    fn a_source_without_pairs_has_no_such_part() {
        let mut view = fixture::view();
        view.sources[1].together = None;
        assert_eq!(part(&view, &view.sources[1]).into_string(), "");
    }
}
