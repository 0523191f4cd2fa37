//! English or not, answer by answer.
//!
//! In: redacted text. Out: the [`Language`] of a text that is not English. Must not know: themes.
//!
//! Precision for English first: an English answer that is set aside is lost to the count. The
//! script decides where it can. In Latin script, function words are counted for English and for
//! the languages that American cities hear most; only without a verdict is a trigram-like
//! detector asked, and it alone may not set aside a short answer.

use std::sync::LazyLock;

/// A language that the coder does not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Arabic script.
    Arabic,
    /// Chinese, either script.
    Chinese,
    /// Dutch.
    Dutch,
    /// French.
    French,
    /// German.
    German,
    /// Greek script.
    Greek,
    /// Haitian Creole.
    Haitian,
    /// Hebrew script.
    Hebrew,
    /// Devanagari script.
    Hindi,
    /// Italian.
    Italian,
    /// Kana present.
    Japanese,
    /// Hangul.
    Korean,
    /// Polish.
    Polish,
    /// Portuguese.
    Portuguese,
    /// Cyrillic script.
    Russian,
    /// Spanish.
    Spanish,
    /// Swedish.
    Swedish,
    /// Filipino.
    Tagalog,
    /// Thai script.
    Thai,
    /// Turkish.
    Turkish,
    /// Ukrainian letters in Cyrillic script.
    Ukrainian,
    /// Vietnamese.
    Vietnamese,
    /// Some other script.
    Other,
}

impl Language {
    /// The ISO 639-1 code; `und` where the language is not known.
    pub fn code(self) -> &'static str {
        self.names().0
    }

    /// The English name.
    pub fn name(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Language::Arabic => ("ar", "Arabic"),
            Language::Chinese => ("zh", "Chinese"),
            Language::Dutch => ("nl", "Dutch"),
            Language::French => ("fr", "French"),
            Language::German => ("de", "German"),
            Language::Greek => ("el", "Greek"),
            Language::Haitian => ("ht", "Haitian Creole"),
            Language::Hebrew => ("he", "Hebrew"),
            Language::Hindi => ("hi", "Hindi"),
            Language::Italian => ("it", "Italian"),
            Language::Japanese => ("ja", "Japanese"),
            Language::Korean => ("ko", "Korean"),
            Language::Polish => ("pl", "Polish"),
            Language::Portuguese => ("pt", "Portuguese"),
            Language::Russian => ("ru", "Russian"),
            Language::Spanish => ("es", "Spanish"),
            Language::Swedish => ("sv", "Swedish"),
            Language::Tagalog => ("tl", "Filipino"),
            Language::Thai => ("th", "Thai"),
            Language::Turkish => ("tr", "Turkish"),
            Language::Ukrainian => ("uk", "Ukrainian"),
            Language::Vietnamese => ("vi", "Vietnamese"),
            Language::Other => ("und", "another language"),
        }
    }
}

/// The language of a text, where it is not English.
pub(super) fn foreign(text: &str) -> Option<Language> {
    let ascii = text.is_ascii();
    if !ascii && let Some(language) = by_script(text) {
        return Some(language);
    }
    by_words(text)
}

/// Counts letters by script. Where most words stand in another script than Latin, it decides.
fn by_script(text: &str) -> Option<Language> {
    let (mut latin, mut han, mut kana) = (0usize, 0usize, 0usize);
    let mut others: [(Language, usize); 9] = [
        (Language::Russian, 0), (Language::Ukrainian, 0), (Language::Arabic, 0), (Language::Korean, 0), (Language::Hebrew, 0),
        (Language::Greek, 0), (Language::Hindi, 0), (Language::Thai, 0), (Language::Other, 0),
    ];
    let mut ukrainian = 0usize;
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        let slot = match c {
            '\u{0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{ff21}'..='\u{ff5a}' => {
                latin += 1;
                continue;
            }
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' => {
                han += 1;
                continue;
            }
            '\u{3040}'..='\u{30ff}' => {
                kana += 1;
                continue;
            }
            '\u{400}'..='\u{52f}' => {
                ukrainian += usize::from(matches!(c, 'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є'));
                0
            }
            '\u{600}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' => 2,
            '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' | '\u{3130}'..='\u{318f}' => 3,
            '\u{590}'..='\u{5ff}' => 4,
            '\u{370}'..='\u{3ff}' => 5,
            '\u{900}'..='\u{97f}' => 6,
            '\u{e00}'..='\u{e7f}' => 7,
            _ => 8,
        };
        others[slot].1 += 1;
    }
    if ukrainian > 0 {
        others[1].1 = others[0].1;
        others[0].1 = 0;
    }
    // A Han letter carries about as much as two and a half Latin ones.
    let east = (han + kana) * 5 / 2;
    let (language, n) = others.into_iter().max_by_key(|(_, n)| *n).unwrap_or((Language::Other, 0));
    match (east > latin && east >= n, n > latin) {
        (true, _) if kana * 10 > han => Some(Language::Japanese),
        (true, _) => Some(Language::Chinese),
        (false, true) => Some(language),
        (false, false) => None,
    }
}

/// Function words and frequent words of one language.
struct Lexicon {
    language: Option<Language>,
    words: Vec<&'static str>,
}

static LEXICONS: LazyLock<Vec<Lexicon>> = LazyLock::new(|| {
    let mut all: Vec<Lexicon> = include_str!("function_words.txt")
        .split("== ")
        .filter_map(|section| {
            let (name, words) = section.split_once('\n')?;
            let mut words: Vec<&str> = words.split_whitespace().collect();
            words.sort_unstable();
            words.dedup();
            Some(Lexicon { language: by_code(name.trim()), words })
        })
        .collect();
    all.sort_by_key(|l| l.language);
    all
});

fn by_code(code: &str) -> Option<Language> {
    use Language::*;
    [Dutch, French, German, Haitian, Italian, Polish, Portuguese, Spanish, Swedish, Tagalog, Turkish, Vietnamese]
        .into_iter()
        .find(|l| l.code() == code)
}

fn by_words(text: &str) -> Option<Language> {
    let lexicons: &[Lexicon] = &LEXICONS;
    let mut hits = [0usize; 16];
    let (mut words, mut accented) = (0usize, 0usize);
    let mut word = String::new();
    let bare = text.split(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’'));
    for token in bare.filter(|t| !t.is_empty()) {
        word.clear();
        word.extend(token.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase));
        if word.is_empty() || is_label(token) {
            continue;
        }
        words += 1;
        accented += usize::from(!word.is_ascii());
        for (n, lexicon) in hits.iter_mut().zip(lexicons) {
            *n += usize::from(lexicon.words.binary_search(&word.as_str()).is_ok());
        }
    }
    let english = hits[0];
    let best = (1..lexicons.len()).max_by_key(|i| (hits[*i], std::cmp::Reverse(*i)))?;
    let (language, n) = (lexicons[best].language, hits[best]);
    if n > english && (n >= 2 || english == 0 && words <= 4 && n * 2 >= words || accented > 0) {
        return if is_close(&hits, best) { detected(text).or(language) } else { language };
    }
    // No verdict: English words prevail, or there is no evidence at all.
    let silent = english == 0 && (words >= 4 || accented > 0 && words >= 2) || accented * 3 > words && english * 4 < words;
    if silent { detected(text) } else { None }
}

/// Labels such as `[NAME]` are in no language.
fn is_label(token: &str) -> bool {
    matches!(token, "EMAIL" | "PHONE" | "URL" | "ADDRESS" | "BADGE" | "PLATE" | "ID" | "NAME")
}

/// Whether a second foreign language has nearly as many words (Spanish and Portuguese do).
fn is_close(hits: &[usize; 16], best: usize) -> bool {
    hits.iter().enumerate().skip(1).any(|(i, n)| i != best && n * 10 >= hits[best] * 8)
}

/// What the detector makes of a text; `None` for English and for languages it does not know.
fn detected(text: &str) -> Option<Language> {
    use whichlang::Lang;
    match whichlang::detect_language(text) {
        Lang::Spa => Some(Language::Spanish),
        Lang::Por => Some(Language::Portuguese),
        Lang::Fra => Some(Language::French),
        Lang::Deu => Some(Language::German),
        Lang::Ita => Some(Language::Italian),
        Lang::Nld => Some(Language::Dutch),
        Lang::Swe => Some(Language::Swedish),
        Lang::Tur => Some(Language::Turkish),
        Lang::Vie => Some(Language::Vietnamese),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_and_english_comes_first() {
        assert!(LEXICONS.len() <= 16);
        assert_eq!(LEXICONS[0].language, None);
        assert!(LEXICONS.iter().skip(1).all(|l| l.language.is_some() && l.words.len() > 15));
    }

    #[test]
    fn english_is_kept_even_when_short_misspelt_or_mixed() {
        for text in [
            "Respect.", "responce tme", "more care", "Staffing levels during pandemic.", "Plan ??? ???? when going home", "n/a", "CAPS", "dont harass us",
            "Officer [NAME]", "better schools", "Latino community center on Dock Road", "My abuela says no se puede but the cops were nice to her that day",
            "consistancy", "Tagalog", "jaundice", "Excellent response. Excellent staff.", "Prompt response - clear advice.", "sushi", "El train is scary at night",
        ] {
            assert_eq!(foreign(text), None, "{text}");
        }
    }

    #[test]
    fn other_languages_are_named() {
        for (text, language) in [
            ("Mas respeto", Language::Spanish),
            ("que patrullen a pie", Language::Spanish),
            ("que se vean más", Language::Spanish),
            ("Confianza", Language::Spanish),
            ("Ya no llamo. Si uno da una queja tienen que cumplir", Language::Spanish),
            ("希望警察多来店里看看", Language::Chinese),
            ("警局要有中文翻译 please", Language::Chinese),
            ("Policja nie przyjeżdża, kiedy się dzwoni", Language::Polish),
            ("Полиция не приезжает", Language::Russian),
            ("경찰이 너무 늦게 와요", Language::Korean),
            ("الشرطة لا تأتي", Language::Arabic),
            ("La police ne vient jamais dans notre quartier", Language::French),
        ] {
            assert_eq!(foreign(text), Some(language), "{text}");
        }
    }

    #[test]
    fn codes_and_names_go_together() {
        assert_eq!((Language::Spanish.code(), Language::Spanish.name()), ("es", "Spanish"));
    }
}
