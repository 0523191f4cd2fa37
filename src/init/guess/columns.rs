//! What one column is for, seen alone.
//!
//! In: its name and its [`Traits`]. Out: a [`Role`] and the reason, in words that quote no cell.
//! Must not know: the other columns, files.
//!
//! The order of the rules is the order of harm: what could identify somebody is set aside before
//! anything is taken for an answer or a group.

use super::Role;
use super::heading::Heading;
use super::shape::Shape;
use super::traits::Traits;

/// Share of the filled cells from which a shape speaks for the column.
const MOST: f64 = 0.5;
/// Groups that a breakdown can show.
const MAX_GROUPS: usize = 30;

/// Decides, or leaves the column to the next rule.
type Rule = fn(&Heading, &Traits) -> Option<(Role, String)>;

/// The role of a column and why.
pub(super) fn role(heading: &Heading, traits: &Traits) -> (Role, String) {
    const RULES: [Rule; 9] = [empty, identifying, tool, codes, answers, weight, group, id, closed];
    RULES.iter().find_map(|rule| rule(heading, traits)).unwrap_or_else(|| {
        let why = format!(
            "{} different short entries in {} rows: no running words, no classes",
            traits.distinct, traits.filled
        );
        (Role::Other, why)
    })
}

fn said<T: Into<String>>(role: Role, why: T) -> Option<(Role, String)> {
    Some((role, why.into()))
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn empty(_: &Heading, t: &Traits) -> Option<(Role, String)> {
    (t.filled == 0).then(|| (Role::Empty, "no row has a value".into()))
}

/// Whatever says who or where somebody is.
fn identifying(h: &Heading, t: &Traits) -> Option<(Role, String)> {
    let prose = t.prose >= MOST && t.words >= 4.0;
    let by_shape = [
        (Shape::Email, Role::Personal, "e-mail addresses"),
        (Shape::Ip, Role::Personal, "addresses of machines"),
        (Shape::Phone, Role::Personal, "numbers that look like telephones"),
        (Shape::Address, Role::Personal, "postal addresses"),
        (Shape::Coordinate, Role::Personal, "coordinates"),
        (Shape::Url, Role::Metadata, "web addresses"),
        (Shape::Date, Role::Metadata, "dates or times"),
    ];
    let plain_id = h.is_id() && t.is_unique() && t.numbers.is_some() && t.unbroken == 1.0;
    for (shape, role, what) in by_shape {
        let share = t.share(shape);
        // An id column may look like telephones: it is numbered, not dialled.
        let numbered = plain_id && matches!(shape, Shape::Phone);
        if share >= MOST && !numbered {
            return said(role, format!("{} of its cells are {what}", percent(share)));
        }
    }
    let reachable: f64 = [Shape::Email, Shape::Ip, Shape::Phone, Shape::Address, Shape::Url]
        .iter()
        .map(|s| t.share(*s))
        .sum();
    if reachable >= MOST {
        return said(Role::Personal, "most cells are ways to reach somebody");
    }
    if h.is_place() && t.numbers.is_some() {
        return said(Role::Personal, "named and filled like coordinates");
    }
    let named_group = h.is_group() && t.distinct <= MAX_GROUPS && t.variety() < 0.5;
    if h.is_personal() && !prose && !(named_group && t.given < 0.2) {
        return said(Role::Personal, "its name says that it identifies a person");
    }
    if t.given >= MOST && !prose {
        return said(Role::Personal, "most cells hold a given name");
    }
    let names = t.share(Shape::Name);
    if names >= 0.8 && t.variety() >= 0.8 && t.filled >= 3 && !h.is_group() && t.words >= 1.5 {
        return said(Role::Personal, "nearly every cell is a name of its own");
    }
    None
}

/// What survey tools add by themselves.
fn tool(h: &Heading, t: &Traits) -> Option<(Role, String)> {
    let prose = t.prose >= MOST;
    if h.is_status() && t.previews > 0 {
        let n = t.previews;
        return said(Role::Metadata, format!("marks {n} rows as previews, tests or spam"));
    }
    if h.is_language() && !prose {
        return None;
    }
    if h.is_meta() && !prose {
        return said(Role::Metadata, "a column that survey tools add");
    }
    if h.is_date() && !prose && t.numbers.is_some() && !h.is_group() {
        return said(Role::Metadata, "named and filled like a time");
    }
    (t.distinct == 1 && t.filled > 1 && !prose)
        .then(|| (Role::Closed, "the same value wherever it is filled".into()))
}

/// Codes of a coded table.
fn codes(h: &Heading, t: &Traits) -> Option<(Role, String)> {
    if h.is_codes() && t.id_lists && t.prose < 0.2 {
        return said(Role::Codes, "theme ids that somebody gave");
    }
    if h.is_codes() && t.prose < 0.3 && t.variety() < 0.9 {
        return said(Role::Codes, "named like codes, with values that repeat");
    }
    if h.is_asked_in_rows() && t.variety() < 0.5 && t.distinct <= 200 {
        return said(Role::Asked, "names the question that a row answers");
    }
    (t.ticks && t.distinct <= 2).then(|| (Role::Ticks, "ticks: 0 and 1, yes and no, or x".into()))
}

/// Free text.
fn answers(h: &Heading, t: &Traits) -> Option<(Role, String)> {
    let repeats = t.distinct <= MAX_GROUPS && t.variety() < 0.4 && t.filled >= 8;
    if t.options || repeats && t.longest <= 200 {
        return None;
    }
    let open = t.prose >= 0.5
        || (t.prose >= 0.25 && t.words >= 3.0)
        || (h.asks() && t.prose >= 0.15 && t.words >= 2.2)
        || (t.sentences >= 0.6 && t.words >= 8.0);
    let varied = t.variety() >= 0.5 || (t.distinct >= 40 && t.variety() >= 0.2);
    if !open || !varied {
        return None;
    }
    let measured = format!(
        "{:.1} words a cell, {} different, {} running text",
        t.words,
        percent(t.variety()),
        percent(t.prose)
    );
    let few = t.filled <= 5 && t.rows >= 30;
    let few_others = h.is_other() && (t.filled < 30 || t.filled * 4 < t.rows || t.words < 5.0);
    if few || few_others {
        let what = if h.is_other() { "free text beside a closed question" } else { "free text" };
        return said(
            Role::MaybeQuestion,
            format!("{what}, but {} of {} rows have any", t.filled, t.rows),
        );
    }
    said(Role::Question, measured)
}

fn weight(h: &Heading, t: &Traits) -> Option<(Role, String)> {
    let (mean, least, _) = t.numbers?;
    let like = h.is_weight() && least >= 0.0 && (0.4..=2.5).contains(&mean);
    like.then(|| match t.rows - t.filled {
        0 => (Role::Weight, format!("named like a weight; positive, {mean:.2} on average")),
        empty => {
            (Role::Number, format!("named like a weight, but {empty} of {} rows have none", t.rows))
        }
    })
}

/// A short closed answer by which people can be told apart.
fn group(h: &Heading, t: &Traits) -> Option<(Role, String)> {
    let language = h.is_language();
    if !(h.is_group() || language) || h.is_id() || t.options || t.prose >= 0.4 || t.longest > 100 {
        return None;
    }
    if t.distinct < 2 {
        return said(Role::Closed, "one value only: no groups to compare");
    }
    if t.scale >= MOST {
        return None;
    }
    if t.distinct > MAX_GROUPS {
        let numbers = t.numbers.is_some();
        let remedy = if numbers { "; put them into classes to compare them" } else { "" };
        return said(
            Role::Other,
            format!("{} different values, more than {MAX_GROUPS}{remedy}", t.distinct),
        );
    }
    if t.numbers.is_some() && !t.whole {
        return said(Role::Number, "numbers with fractions");
    }
    if !has_people(t) {
        return said(
            Role::MaybeGroup,
            format!("{} values for {} rows: too few people in each", t.distinct, t.filled),
        );
    }
    said(
        Role::Group,
        format!(
            "{} short values, {} rows in the smallest",
            t.distinct,
            t.counts.last().unwrap_or(&0)
        ),
    )
}

/// At least two groups of three and more, and four rows a group on average.
fn has_people(t: &Traits) -> bool {
    t.counts.iter().filter(|n| **n >= 3).count() >= 2 && t.filled >= 4 * t.distinct
}

fn id(h: &Heading, t: &Traits) -> Option<(Role, String)> {
    let short = t.longest <= 80 && t.words <= 8.0 && t.prose < 0.1;
    if !short || !h.is_id() {
        return None;
    }
    if t.is_unique() {
        let role = if h.is_person() { Role::PersonId } else { Role::RowId };
        return said(role, "named like an id; a value of its own in each row");
    }
    if h.is_person() && !h.is_foreign_id() && t.filled * 10 >= t.rows * 9 && t.distinct >= 2 {
        let each = t.filled as f64 / t.distinct as f64;
        return said(
            Role::Participant,
            format!("named like a person's id; {each:.1} rows a person"),
        );
    }
    if t.variety() >= 0.95 && t.filled * 10 >= t.rows * 9 {
        return said(Role::RowId, "named like an id; nearly every row has a value of its own");
    }
    said(Role::Other, "named like an id, but neither of rows nor of people")
}

/// Closed answers and numbers.
fn closed(h: &Heading, t: &Traits) -> Option<(Role, String)> {
    if t.is_unique() && t.filled >= 3 && t.unbroken == 1.0 && t.whole_or_text() && t.prose == 0.0 {
        return said(Role::LikeId, "a short value of its own in each row");
    }
    if t.options {
        return said(Role::Closed, "lists of the same few options");
    }
    if t.numbers.is_some() {
        return said(Role::Number, format!("numbers, {} different", t.distinct));
    }
    if t.distinct > MAX_GROUPS || t.variety() >= 0.5 {
        if h.asks() && t.share(Shape::Name) < MOST && t.words >= 1.3 && t.distinct >= 5 {
            return said(
                Role::MaybeQuestion,
                format!("{:.1} words a cell: very short answers, or names", t.words),
            );
        }
        return None;
    }
    if t.scale >= MOST || t.yes_no >= MOST {
        return said(Role::Closed, format!("{} values of a rating or of yes and no", t.distinct));
    }
    if has_people(t) && t.longest <= 60 && h.is_short() {
        return said(
            Role::MaybeGroup,
            format!("{} short values; not a usual group by its name", t.distinct),
        );
    }
    said(Role::Closed, format!("{} values that repeat", t.distinct))
}

impl Traits {
    fn whole_or_text(&self) -> bool {
        self.numbers.is_none() || self.whole
    }
}
