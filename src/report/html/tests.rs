//! Tests of the whole page.

use super::fixture;
use super::render;
use crate::report::view::{Shown, View};

fn page(view: &View) -> String {
    String::from_utf8(render(view)).unwrap()
}

const HOSTILE: &str = "<script>alert(1)</script> \"quoted\" & 'so' \u{202e}turned\u{2066}";
const ESCAPED: &str = "&lt;script&gt;alert(1)&lt;/script&gt; &quot;quoted&quot; &amp; 'so' turned";

#[test]
fn hostile_text_is_escaped_wherever_it_stands() {
    let mut view = fixture::view();
    view.title = HOSTILE.to_owned();
    view.notice = Some(HOSTILE.to_owned());
    view.themes[0].label = HOSTILE.to_owned();
    view.themes[1].definition = HOSTILE.to_owned();
    view.warnings.push(HOSTILE.to_owned());
    view.sources[0].name = HOSTILE.to_owned();
    view.sources[1].questions[1].text = HOSTILE.to_owned();
    view.sources[1].questions[1].rows[0].quotes =
        vec![crate::report::view::QuoteView { id: "r1#1".to_owned(), text: HOSTILE.to_owned() }];
    view.sources[1].groups[0].values[0].0 = HOSTILE.to_owned();
    view.matrix.columns[0].source = HOSTILE.to_owned();
    view.plans[0].tags[0].label = HOSTILE.to_owned();
    view.methods.notes.push(HOSTILE.to_owned());
    view.account.languages.push((HOSTILE.to_owned(), crate::report::view::Shown::Exactly(3)));
    let page = page(&view);
    assert_eq!(page.matches("<script").count(), 1, "the page's own");
    assert!(!page.contains(['\u{202e}', '\u{2066}']));
    assert!(page.matches(ESCAPED).count() >= 13);
}

#[test]
fn respondent_text_stands_in_no_attribute() {
    let mut view = fixture::view();
    let marker = "MARKERQUOTE";
    for question in view.sources.iter_mut().flat_map(|source| &mut source.questions) {
        for quote in question.rows.iter_mut().flat_map(|row| &mut row.quotes) {
            quote.text = marker.to_owned();
        }
    }
    view.sources[1].groups[0].values[0].0 = marker.to_owned();
    let page = page(&view);
    let in_text = page.matches(">MARKERQUOTE<").count();
    assert!(in_text > 0);
    assert_eq!(in_text, page.matches(marker).count());
}

#[test]
fn the_page_reaches_for_nothing_outside_itself() {
    let page = page(&fixture::view()).to_lowercase();
    for reach in [
        "http:",
        "https:",
        "<script ",
        "<link",
        "<img",
        "<iframe",
        "@import",
        "url(",
        "fetch(",
        "import(",
        "xmlhttp",
        "websocket",
        "eval(",
        "innerhtml",
        " style=",
        " onclick",
    ] {
        assert!(!page.contains(reach), "{reach}");
    }
    let links = page.matches("href=\"").count();
    assert!(links > 0);
    assert_eq!(links, page.matches("href=\"#").count());
}

#[test]
fn the_policy_lets_the_pages_own_script_and_styles_run_and_nothing_else() {
    use base64::Engine;
    use sha2::Digest;
    for checked in [false, true] {
        let view = View { validated: checked, ..fixture::view() };
        let page = page(&view);
        let policy = page.split("content=\"default-src").nth(1).unwrap().split('"').next().unwrap();
        assert!(policy.starts_with(" 'none'; script-src 'sha256-") && !policy.contains("unsafe"));
        for tag in ["style", "script"] {
            let inside = page.split(&format!("<{tag}>")).nth(1).unwrap();
            let inside = inside.split(&format!("</{tag}>")).next().unwrap();
            let hash = sha2::Sha256::digest(inside);
            let hash = base64::engine::general_purpose::STANDARD.encode(hash);
            assert!(policy.contains(&format!("{tag}-src 'sha256-{hash}'")), "{tag}: {policy}");
        }
    }
}

#[test]
fn the_sentences_behind_a_theme_stand_below_its_row_and_links_lead_there() {
    let view = fixture::view();
    let all = &view.sources[1].questions[0];
    let row = all.rows.iter().find(|r| !r.quotes.is_empty() && !r.further.is_empty()).unwrap();
    let page = page(&view);
    let id = format!("{}-said-{}", all.anchor, row.theme);
    let fold = page.split(&format!("<details id=\"{id}\">")).nth(1).unwrap();
    let fold = fold.split("</details>").next().unwrap();
    let n = row.quotes.len() + row.further.len();
    assert_eq!(fold.matches("<blockquote").count(), n);
    assert!(fold.contains("codings.csv lists every place"), "{fold}");
    assert!(page.matches(&format!("href=\"#{id}\"")).count() >= 2, "chart and matrix");
}

#[test]
fn the_filter_names_every_perspective_group_and_theme_once() {
    let view = fixture::view();
    let page = page(&view);
    let form = page.split("<form").nth(1).unwrap().split("</form>").next().unwrap();
    assert!(form.starts_with(" id=\"filter\" hidden"), "it works by the script alone");
    let mut groups = std::collections::BTreeSet::new();
    for group in view.sources.iter().flat_map(|s| &s.groups) {
        groups.extend(group.values.iter().map(|(v, _)| (&group.column, v)));
    }
    assert_eq!(form.matches("<option").count(), 3 + 4 + groups.len() + view.themes.len());
    let number = |name: &str, n: usize| page.contains(&format!(" data-{name}=\"{n}\""));
    assert!((0..4).all(|n| number("p", n)) && (0..groups.len()).all(|n| number("g", n)));
}

#[test]
fn every_link_has_its_target() {
    let page = page(&fixture::view());
    for part in page.split("href=\"#").skip(1) {
        let anchor = part.split('"').next().unwrap();
        assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
}

#[test]
fn ids_stand_once() {
    let page = page(&fixture::view());
    let mut ids: Vec<&str> =
        page.split(" id=\"").skip(1).filter_map(|part| part.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn a_protected_count_shows_no_number_and_no_share() {
    let mut view = fixture::view();
    let source = &mut view.sources[1];
    source.groups.clear();
    source.questions.truncate(1);
    let question = &mut source.questions[0];
    question.rows.truncate(1);
    question.rows[0].participants = Shown::FewerThan(11);
    question.rows[0].share = None;
    let row = super::question::part(&view, &view.sources[1], &view.sources[1].questions[0]);
    let row = row.into_string();
    assert!(row.contains("fewer than 11"));
    assert!(row.contains("not shown"));
    assert!(!row.contains("<circle"));
    assert!(!row.contains("\u{a0}%"));
}

#[test]
fn transcripts_show_no_percentage_of_people() {
    let view = fixture::view();
    let source = &view.sources[3];
    let part = super::question::part(&view, source, &source.questions[0]).into_string();
    assert!(!part.contains("\u{a0}%"));
    assert!(part.contains(" of 15"));
}

#[test]
fn an_unchecked_report_says_so_in_every_section() {
    let mut view = fixture::view();
    let sections = view.sources.len() + 5;
    assert_eq!(page(&view).matches("class=\"unchecked\"").count(), sections);
    view.validated = true;
    view.measured = Some(fixture::measured());
    assert!(!page(&view).contains("Not yet checked by people"));
}

#[test]
fn a_checked_report_shows_the_errors_first_and_corrected_shares_beside_the_raw_ones() {
    let mut view = fixture::view();
    assert!(!page(&view).contains("Corrected for errors"));
    view.validated = true;
    view.measured = Some(fixture::measured());
    fixture::correct(&mut view);
    let page = page(&view);
    let (head, body) = page.split_once("<main").unwrap();
    assert!(head.contains("micro-F1 of 0.70"), "the first page says it");
    assert!(body.contains("Corrected for errors") && body.contains("12\u{a0}% (9–17)"));
    assert!(body.contains("too few to correct"));
    assert!(body.contains("North &lt;b&gt;") && body.contains("pasted into a publication"));
}

#[test]
fn an_empty_study_still_gives_a_page() {
    let mut view = fixture::view();
    view.sources.clear();
    view.themes.clear();
    view.plans.clear();
    view.matrix.columns.clear();
    view.matrix.rows.clear();
    view.account.rows.clear();
    let page = page(&view);
    assert!(page.contains("No theme of the codebook was raised"));
    assert!(page.contains("No theme of the codebook has a tag"));
}

#[test]
fn equal_views_give_equal_bytes() {
    assert_eq!(render(&fixture::view()), render(&fixture::view()));
}
