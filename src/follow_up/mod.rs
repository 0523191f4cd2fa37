//! Leaf: answers that somebody should follow up: self-harm, threats, abuse of somebody, a complaint
//! about an officer that can be looked into.
//!
//! In: a redacted text. Out: the rules that fire and where. The rules are lists of patterns beside
//! this file, one list a language; every language's list is tried on every answer. They know words,
//! not meaning: they miss what is said in other words, misspelt or in another language, and find
//! what only sounds like it. Whoever relies on them alone will miss people.
//! Must not know: who spoke, themes, what becomes of the find.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// A rule that fired, and where in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// Its name: `self-harm`, `threat`, `abuse` or `complaint`.
    pub rule: &'static str,
    /// Bytes of the text.
    pub bytes: Range<usize>,
}

/// Everything that fires, by place, then by rule; of one rule at one place once.
pub fn find(text: &str) -> Vec<Find> {
    let mut found: Vec<Find> = Vec::new();
    for at in RULES.any.matches(text) {
        let (rule, pattern) = &RULES.each[at];
        let all = pattern.find_iter(text).map(|m| Find { rule, bytes: m.range() });
        found.extend(all);
    }
    found.sort_by(|a, b| {
        (a.bytes.start, a.rule, a.bytes.end).cmp(&(b.bytes.start, b.rule, b.bytes.end))
    });
    found.dedup_by(|b, a| a.rule == b.rule && b.bytes.start < a.bytes.end);
    found
}

/// Whether anything fires.
pub fn is_flagged(text: &str) -> bool {
    RULES.any.is_match(text)
}

struct Rules {
    any: RegexSet,
    each: Vec<(&'static str, Regex)>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let lines = [include_str!("en.txt"), include_str!("es.txt")].into_iter().flat_map(str::lines);
    let rules = lines.filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t'));
    let rules: Vec<(&str, &str)> = rules.collect();
    let compiled = |&(rule, pattern): &(&'static str, &str)| {
        let built = RegexBuilder::new(pattern).case_insensitive(true).build();
        built.ok().map(|regex| (rule, regex))
    };
    let each: Vec<(&str, Regex)> = rules.iter().filter_map(compiled).collect();
    let patterns = each.iter().map(|(_, regex)| regex.as_str());
    let any = RegexSetBuilder::new(patterns).case_insensitive(true).build();
    Rules { any: any.unwrap_or_default(), each }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_lists_is_a_pattern() {
        let lists = [include_str!("en.txt"), include_str!("es.txt")];
        let n = lists.iter().flat_map(|l| l.lines()).filter(|l| !l.starts_with('#')).count();
        assert_eq!((RULES.each.len(), RULES.any.len()), (n, n));
    }

    #[test]
    fn the_examples_are_found_and_the_harmless_ones_are_not() {
        let lines = include_str!("examples.txt").lines().filter(|l| !l.starts_with('#'));
        for (rule, text) in lines.map(|l| l.split_once('\t').unwrap()) {
            let found: Vec<&str> = find(text).iter().map(|f| f.rule).collect();
            match rule {
                "-" => assert!(found.is_empty(), "{found:?}: {text}"),
                _ => assert!(found.contains(&rule), "{found:?}, not {rule}: {text}"),
            }
            assert_eq!(is_flagged(text), !found.is_empty());
        }
    }

    #[test]
    fn a_find_knows_its_place_and_stands_once() {
        let text = "Fine. I want to die. Suicide, suicide.";
        let found = find(text);
        let words: Vec<&str> = found.iter().map(|f| &text[f.bytes.clone()]).collect();
        assert_eq!(words, ["I want to die", "Suicide", "suicide"]);
    }
}
