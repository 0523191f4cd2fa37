//! The filter: choose a perspective, a group or a theme, and the page shows what belongs to it.
//!
//! In: the view. Out: the form, the script that works it, and the policy that lets this script and
//! the page's styles run and nothing else. The form is hidden until the script runs: without it the
//! page shows everything. Parts of the page say what they belong to by number (`data-p`, `data-g`,
//! `data-t`), never by what people or the study wrote.
//! Must not know: how a section looks inside.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};
use sha2::{Digest, Sha256};

use crate::report::view::{SourceView, View};

/// The script.
pub const SCRIPT: &str = include_str!("../assets/report.js");

/// What a page may run and load: its own script, where it has one, and its own styles, known by
/// their hashes.
pub fn policy(script: Option<&str>, styles: &str) -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; script-src {}; style-src {}; img-src data:; base-uri 'none'; \
         form-action 'none'",
        script.map_or_else(|| "'none'".to_owned(), hash),
        hash(styles)
    )
}

/// Perspectives in order of first appearance.
pub fn perspectives(view: &View) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    for source in &view.sources {
        if !all.contains(&source.perspective.as_str()) {
            all.push(&source.perspective);
        }
    }
    all
}

/// The number of a perspective.
pub fn perspective(view: &View, name: &str) -> Option<usize> {
    perspectives(view).iter().position(|p| *p == name)
}

/// The numbers of groups: (column, value), the same in every source.
#[derive(Debug)]
pub struct Groups<'a> {
    order: Vec<(&'a str, Vec<&'a str>)>,
    numbers: BTreeMap<(&'a str, &'a str), usize>,
}

impl<'a> Groups<'a> {
    /// Those that have a column in some table.
    pub fn of(view: &'a View) -> Self {
        let mut order: Vec<(&str, Vec<&str>)> = Vec::new();
        let mut numbers = BTreeMap::new();
        for group in view.sources.iter().flat_map(|s: &SourceView| &s.groups) {
            for (value, _) in &group.values {
                let next = numbers.len();
                let key = (group.column.as_str(), value.as_str());
                if numbers.contains_key(&key) {
                    continue;
                }
                numbers.insert(key, next);
                match order.iter_mut().find(|(column, _)| *column == key.0) {
                    Some((_, values)) => values.push(key.1),
                    None => order.push((key.0, vec![key.1])),
                }
            }
        }
        Self { order, numbers }
    }

    /// The number of a value; `None` where it has no column.
    pub fn number(&self, column: &str, value: &str) -> Option<usize> {
        self.numbers.get(&(column, value)).copied()
    }
}

/// The form.
pub fn form(view: &View, groups: &Groups<'_>) -> Markup {
    let parent = |t: &crate::report::view::ThemeView| {
        t.parent.map_or_else(|| "-1".to_owned(), |p| p.to_string())
    };
    let parents: Vec<String> = view.themes.iter().map(parent).collect();
    html! {
        form #filter hidden data-parents=(parents.join(",")) aria-label="Filter the report" {
            (choice("perspective", "Perspective", &html! {
                @for (at, name) in perspectives(view).iter().enumerate() {
                    option value=(at) { (name) }
                }
            }))
            (choice("group", "Group", &html! {
                @for (column, values) in &groups.order {
                    optgroup label=(column) {
                        @for value in values {
                            option value=[groups.number(column, value)] { (value) }
                        }
                    }
                }
            }))
            (choice("theme", "Area or theme", &themes(view)))
            button type="reset" name="all" disabled { "Show everything" }
            p #filter-status role="status" {}
        }
    }
}

fn choice(name: &str, label: &str, options: &Markup) -> Markup {
    html! {
        label { span { (label) } select name=(name) autocomplete="off" { option value="" { "All" } (options) } }
    }
}

/// Areas, each followed by its themes.
fn themes(view: &View) -> Markup {
    let below = |area: usize| {
        let inside = view.themes.iter().enumerate();
        inside.filter(move |(_, t)| t.parent == Some(area))
    };
    html! {
        @for (area, theme) in view.themes.iter().enumerate().filter(|(_, t)| t.parent.is_none()) {
            option value=(area) { (theme.label) }
            @for (at, theme) in below(area) {
                option value=(at) { "\u{2003}" (theme.label) }
            }
        }
    }
}
