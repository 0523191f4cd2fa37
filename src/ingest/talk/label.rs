//! Speaker labels: `Moderator:`, `[00:01:02] Officer 3:`, `Commander, Bayport (00:12): …`.
//!
//! In: a line. Out: the label and the words behind it, if the line begins like a turn; whether
//! it is one is decided with the whole file in view ([`super`]).
//! Must not know: files, participants.

/// Words that name a part in a conversation, lower case.
const ROLES: &str = "moderator moderador moderadora moderatorka facilitator facilitador facilitadora \
    interviewer interviewee entrevistador entrevistadora entrevistado entrevistada \
    respondent participant participante uczestnik uczestniczka speaker hablante host \
    caller researcher investigator question answer pregunta respuesta officer oficial \
    sergeant sgt sargento lieutenant lt captain capt commander deputy chief detective det \
    dispatcher supervisor civilian resident residente vecino vecina student teacher parent \
    clinician advocate organizer director translator interpreter unidentified unknown male \
    panelist panellist attendee cofacilitator co-facilitator comoderator co-moderator commissioner \
    enquêteur enquêtrice intervenant modérateur modératrice befragter befragte teilnehmer \
    teilnehmerin moderatorin interviewte \
    female man woman voice witness staff all";
/// The same for scripts that put no space behind a word.
const ROLES_CJK: &str = "主持人 訪談者 访谈者 采访者 受访者 受訪者 参与者 參與者 发言人 居民 \
    發言人 参加者 參加者 警官 警员 警員 市民 记者 記者";
/// What stands in front of a colon in a file's head, lower case.
const HEAD_WORDS: &str = "title date time place location venue session group project study file \
    participants attendees present recorded recording duration length language transcript \
    transcribed transcription translated notes note source topic subject status version disclaimer \
    moderators facilitators interviewers interview interviews focus meeting fecha lugar data miejsce";
/// What begins a sentence and may have a colon behind it, lower case.
const NO_NAMES: &str = "example examples remember reminder first second third fourth last finally \
    one two three ok okay so and but now yes no well thanks part section step option agenda \
    prompt instructions rule rules warning summary break pause laughter crosstalk";
/// Labels of those who ask, as [`key`] writes them.
pub(super) const ASKING: [&str; 16] = [
    "moderator",
    "facilitator",
    "interviewer",
    "i",
    "q",
    "question",
    "moderador",
    "moderadora",
    "facilitador",
    "facilitadora",
    "entrevistador",
    "entrevistadora",
    "主持人",
    "访谈者",
    "訪談者",
    "采访者",
];
const MAX_CHARS: usize = 40;
const MAX_WORDS: usize = 6;

/// A line that begins like a turn.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::ingest) struct Labelled<'a> {
    /// The label as it stands, without colon, time and emphasis.
    pub(in crate::ingest) label: &'a str,
    /// What follows it.
    pub(in crate::ingest) words: &'a str,
}

/// Splits a line that begins with a label.
pub(in crate::ingest) fn split(line: &str) -> Option<Labelled<'_>> {
    let line = line.trim().trim_start_matches('>').trim_start();
    let line = skip_time(line).unwrap_or(line);
    let (head, tail) = colon(line)?;
    let label = trim_time(bare(head));
    let label = label.strip_prefix('[').and_then(|l| l.strip_suffix(']')).unwrap_or(label);
    let words = tail.trim_start_matches(['*', '_']).trim_start();
    let words = bracketed_time(words).map_or(words, |(_, rest)| rest.trim_start());
    is_label(label).then_some(Labelled { label, words })
}

/// Whether the label names a part in a conversation, alone or with a number, letter or name.
pub(in crate::ingest) fn is_role(label: &str) -> bool {
    let lower = label.to_lowercase();
    if ROLES_CJK.split(' ').any(|r| lower.strip_prefix(r).is_some_and(|t| t.chars().count() <= 4)) {
        return true;
    }
    let mut letters = lower.chars();
    let first = letters.next().unwrap_or(' ');
    if matches!(lower.as_str(), "问" | "問" | "答") {
        return true;
    }
    if matches!(first, 'q' | 'a' | 'i' | 'p' | 'r' | 's' | 'm' | 'f') {
        let rest = letters.as_str();
        if !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()) {
            return true;
        }
        if rest.is_empty() && matches!(first, 'q' | 'a' | 'i') {
            return true;
        }
    }
    let role = ROLES.split(' ').filter(|r| lower.starts_with(*r)).max_by_key(|r| r.len());
    role.is_some_and(|r| is_tail_of_role(label.get(r.len()..).unwrap_or("")))
}

/// Whether a recording tool rather than a person gave the label: `speaker 1`, `unknown speaker`.
pub(in crate::ingest) fn is_numbered_by_a_tool(key: &str) -> bool {
    ["speaker", "unknown", "unidentified", "voice", "hablante"].iter().any(|w| key.starts_with(w))
}

/// Whether the label belongs to a file's head rather than to somebody: `Date`, `Focus group`.
pub(in crate::ingest) fn is_head(label: &str) -> bool {
    let lower = label.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let ends = [words.first(), words.last()];
    words.len() <= 3
        && ends.into_iter().flatten().any(|word| HEAD_WORDS.split(' ').any(|h| h == *word))
}

/// Whether a weekday, a month or a time of day is named: a head often says when people met.
pub(in crate::ingest) fn is_dated(text: &str) -> bool {
    const MONTHS: &str = "jan january feb february mar march apr april may jun june jul july aug \
        august sep sept september oct october nov november dec december a.m p.m am pm";
    let lower = text.to_lowercase();
    let mut words =
        lower.split_whitespace().map(|w| w.trim_matches(['.', ',', ';', '(', ')', ':']));
    let numbered = text.contains(|c: char| c.is_ascii_digit());
    numbered && words.any(|w| w.ends_with("day") || MONTHS.split(' ').any(|m| m == w))
}

/// A label of one to three words, each with a capital: more likely a name than a phrase.
pub(in crate::ingest) fn looks_named(label: &str) -> bool {
    let words: Vec<&str> = label.split_whitespace().collect();
    let lower = words.first().map(|w| w.to_lowercase()).unwrap_or_default();
    words.len() <= 3
        && words.iter().all(|w| w.starts_with(|c: char| c.is_uppercase() || c.is_numeric()))
        && !is_head(label)
        && !NO_NAMES.split(' ').any(|word| word == lower)
}

/// A key under which spellings of one label are equal.
pub(in crate::ingest) fn key(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether the label is that of a moderator: equal without case, or longer by a further word or
/// number (`Moderator 2`).
pub(in crate::ingest) fn is_moderator(label: &str, moderators: &[String]) -> bool {
    let label = key(label);
    moderators.iter().map(|m| key(m.trim_end_matches([':', '：']))).any(|m| {
        !m.is_empty()
            && label
                .strip_prefix(&m)
                .is_some_and(|rest| rest.chars().next().is_none_or(|c| !c.is_alphabetic()))
    })
}

fn is_tail_of_role(tail: &str) -> bool {
    if tail.is_empty() || tail == "." {
        return true;
    }
    let starts_new_word = tail.starts_with([' ', ',', '#', '-', '.', '(', '/', '_'])
        || tail.starts_with(|c: char| c.is_ascii_digit());
    let named = |word: &str| {
        let word = word.trim_start_matches(['(', '#', '-', '/', '_']);
        word.chars().next().is_none_or(|c| c.is_uppercase() || c.is_numeric())
    };
    starts_new_word && tail.split_whitespace().all(|w| named(w) || matches!(w, "," | "of" | "de"))
}

/// Splits at the colon that could end a label: the first that stands outside of brackets and
/// does not sit inside a time, a ratio or a web address.
fn colon(line: &str) -> Option<(&str, &str)> {
    let mut depth = 0i32;
    for (n, (at, c)) in line.char_indices().enumerate() {
        match c {
            _ if n > MAX_CHARS + 16 => return None,
            '[' | '(' => depth += 1,
            ']' | ')' => depth -= 1,
            '：' if depth == 0 => return Some((&line[..at], &line[at + c.len_utf8()..])),
            ':' if depth == 0 => {
                let tail = &line[at + 1..];
                let inside_time = line[..at].ends_with(|c: char| c.is_ascii_digit())
                    && tail.starts_with(|c: char| c.is_ascii_digit());
                if tail.starts_with('/') {
                    return None;
                }
                if !inside_time {
                    return Some((&line[..at], tail));
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether the text can be a label: short, with a letter, no sentence.
pub(super) fn is_label(label: &str) -> bool {
    let n_words = label.split_whitespace().count();
    (1..=MAX_WORDS).contains(&n_words)
        && label.chars().count() <= MAX_CHARS
        && label.starts_with(char::is_alphanumeric)
        && label.chars().any(char::is_alphabetic)
        && !label
            .contains(['?', '!', ';', '"', '“', '”', '…', '。', '，', '\u{FFFD}', '@', '<', '='])
}

/// Whether every word begins as names do: with a capital, or in a script without capitals;
/// `de`, `van` and the like may stand between.
pub(super) fn is_name(label: &str) -> bool {
    const PARTICLES: &str = "da de del den der di dos du el la le of van von y";
    let words: Vec<&str> = label.split_whitespace().collect();
    let named = |word: &&str| {
        let word = word.trim_start_matches(['(', '[', '"', '\'']);
        let capital = word.starts_with(|c: char| c.is_alphanumeric() && !c.is_lowercase());
        capital || PARTICLES.split(' ').any(|p| p == word)
    };
    let lower = words.first().map(|w| w.to_lowercase()).unwrap_or_default();
    (1..=5).contains(&words.len())
        && words.iter().all(named)
        && !is_head(label)
        && !NO_NAMES.split(' ').any(|word| word == lower)
}

/// Removes Markdown's bold and italics around a label.
pub(super) fn bare(text: &str) -> &str {
    text.trim().trim_matches(['*', '_']).trim()
}

/// Removes a time in brackets, or a bare one with hours or seconds, in front.
pub(super) fn skip_time(line: &str) -> Option<&str> {
    if let Some((_, rest)) = bracketed_time(line) {
        return Some(rest.trim_start_matches([' ', '\t', '-', '–']));
    }
    let (first, rest) = line.split_once(char::is_whitespace)?;
    is_time(first).then(|| rest.trim_start_matches([' ', '\t', '-', '–']))
}

/// Removes a time behind a label.
fn trim_time(label: &str) -> &str {
    let open = label
        .rfind(['[', '('])
        .filter(|at| bracketed_time(&label[*at..]).is_some_and(|(_, rest)| rest.trim().is_empty()));
    if let Some(at) = open {
        return bare(&label[..at]);
    }
    match label.rsplit_once(char::is_whitespace) {
        Some((head, last)) if is_time(last) => bare(head),
        _ => label,
    }
}

pub(super) fn bracketed_time(text: &str) -> Option<(&str, &str)> {
    let close = match text.chars().next()? {
        '[' => ']',
        '(' => ')',
        _ => return None,
    };
    let (inside, rest) = text[1..].split_once(close)?;
    let mut ends = inside.split(['-', '–']).map(str::trim);
    (ends.all(is_time) || is_span(inside.trim())).then_some((inside, rest))
}

/// `00:00:03.120 --> 00:00:05.440`.
pub(super) fn is_span(text: &str) -> bool {
    text.split_once("-->").is_some_and(|(from, to)| is_time(from.trim()) && is_time(to.trim()))
}

/// What stands in front of a time at the end of a line, and whether a wide gap parts them.
pub(super) fn before_time(line: &str) -> Option<(&str, bool)> {
    let line = line.trim();
    let at = match line.rfind(['[', '(']) {
        Some(at) if bracketed_time(&line[at..]).is_some_and(|(_, rest)| rest.is_empty()) => at,
        _ => {
            let lower = line.to_ascii_lowercase();
            let half_day = [" am", " pm", " a.m.", " p.m."].iter().find(|h| lower.ends_with(**h));
            let clock = line[..line.len() - half_day.map_or(0, |h| h.len())].trim_end();
            let (_, time) = clock.rsplit_once(char::is_whitespace)?;
            is_time(time).then(|| clock.len() - time.len())?
        }
    };
    let head = line[..at].trim_end();
    let gap = &line[head.len()..at];
    (!head.is_empty()).then(|| (head, gap.contains('\t') || gap.chars().count() >= 2))
}

/// `0:12`, `00:01:02`, `00:01:02.500`.
pub(super) fn is_time(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    (2..=4).contains(&parts.len())
        && parts.iter().all(|p| {
            (1..=6).contains(&p.len())
                && p.starts_with(|c: char| c.is_ascii_digit())
                && p.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_found_with_times_before_and_behind() {
        for (line, label, words) in [
            ("Moderator: Okay.", "Moderator", "Okay."),
            ("[00:01:02] Officer 3: Hm", "Officer 3", "Hm"),
            ("(00:01) Q: Why?", "Q", "Why?"),
            ("00:01:02 Maria G.: Hi", "Maria G.", "Hi"),
            ("OFFICER 2 (00:12): Yes", "OFFICER 2", "Yes"),
            ("Sergeant A [01:02:03]:", "Sergeant A", ""),
            ("Commander, Bayport: We did at 10:30", "Commander, Bayport", "We did at 10:30"),
            ("**Moderator:** Hello", "Moderator", "Hello"),
            ("**Moderator**: Hello", "Moderator", "Hello"),
            ("主持人：大家好", "主持人", "大家好"),
            ("A: [0:10] yes: no", "A", "yes: no"),
        ] {
            assert_eq!(split(line), Some(Labelled { label, words }), "{line}");
        }
        for line in ["http://x.org", "10:30 is late", "Is it me? A: yes", "- dash: no", "", ": x"] {
            assert_eq!(split(line), None, "{line}");
        }
    }

    #[test]
    fn role_words_stand_alone_or_with_a_name() {
        for role in [
            "Q",
            "A",
            "Officer 12",
            "Sergeant A",
            "Commander, Bayport",
            "SPEAKER 1",
            "P3",
            "受访者2",
            "Chief",
        ] {
            assert!(is_role(role), "{role}");
        }
        for other in [
            "One thing I'd say",
            "Officer I met last week",
            "Chiefly",
            "All in all",
            "Maria",
            "Note",
        ] {
            assert!(!is_role(other), "{other}");
        }
    }

    #[test]
    fn moderators_compare_without_case_and_by_prefix() {
        let listed = ["Moderator".to_string(), "Q".to_string()];
        assert!(is_moderator("MODERATOR 2", &listed));
        assert!(is_moderator("q", &listed) && is_moderator("Q1", &listed));
        assert!(!is_moderator("Moderatora", &listed) && !is_moderator("Queen", &listed));
    }
}
