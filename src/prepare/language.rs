//! English or not, answer by answer.
//!
//! In: redacted text. Out: the [`Language`] of a text that is not English. Must not know: themes.
//!
//! Precision for English first: an English answer that is set aside is lost to the count. The
//! script decides where it can. In Latin script, function words are counted for English and for
//! the languages that American cities hear most; only in doubt is the n-gram detector `whichlang`
//! asked, and it alone may not set aside a short answer.

use std::collections::BTreeMap;
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

/// Whether most words of a text stand in another script than Latin: then a coder who reads English
/// alone reads nothing in it, however long the text around it.
pub fn in_another_script(text: &str) -> bool {
    !text.is_ascii() && by_script(text).is_some()
}

/// Counts letters by script. Where most words stand in another script than Latin, it decides.
fn by_script(text: &str) -> Option<Language> {
    let (mut latin, mut han, mut kana) = (0usize, 0usize, 0usize);
    let mut others: [(Language, usize); 9] = [
        (Language::Russian, 0),
        (Language::Ukrainian, 0),
        (Language::Arabic, 0),
        (Language::Korean, 0),
        (Language::Hebrew, 0),
        (Language::Greek, 0),
        (Language::Hindi, 0),
        (Language::Thai, 0),
        (Language::Other, 0),
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

/// Function words and frequent words; each knows the languages that it belongs to.
struct Lexicon {
    /// By bit; the first is English.
    languages: Vec<Option<Language>>,
    /// Sorted, with one bit a language.
    words: Vec<(&'static str, u16)>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut languages = Vec::new();
    let mut words: BTreeMap<&str, u16> = BTreeMap::new();
    for section in include_str!("function_words.txt").split("== ").filter(|s| !s.is_empty()) {
        let mut tokens = section.split_whitespace();
        let bit = 1u16 << languages.len();
        languages.push(tokens.next().and_then(by_code));
        for word in tokens {
            *words.entry(word).or_default() |= bit;
        }
    }
    Lexicon { languages, words: words.into_iter().collect() }
});

fn by_code(code: &str) -> Option<Language> {
    use Language::*;
    [
        Dutch, French, German, Haitian, Italian, Polish, Portuguese, Spanish, Swedish, Tagalog,
        Turkish, Vietnamese,
    ]
    .into_iter()
    .find(|l| l.code() == code)
}

/// What the words of a text are evidence for.
#[derive(Default)]
struct Evidence {
    /// Words in all.
    words: usize,
    /// Words with a letter that English does not have.
    accented: usize,
    /// Letters that only Polish has.
    polish: usize,
    /// Known words by language, English first.
    known: [usize; 16],
}

impl Evidence {
    fn of(text: &str) -> Self {
        let words = &LEXICON.words;
        let mut evidence = Self::default();
        let mut word = String::new();
        let tokens = text.split(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’'));
        for token in tokens.filter(|t| !t.is_empty() && !is_label(t)) {
            word.clear();
            for c in token.chars().filter(|c| c.is_alphabetic()) {
                evidence.polish += usize::from("ąęłńśźżĄĘŁŃŚŹŻ".contains(c) && !c.is_ascii());
                word.extend(c.to_lowercase());
            }
            if word.is_empty() {
                continue;
            }
            evidence.words += 1;
            evidence.accented += usize::from(!word.is_ascii());
            let Ok(at) = words.binary_search_by(|(w, _)| (*w).cmp(word.as_str())) else { continue };
            for (i, n) in evidence.known.iter_mut().enumerate() {
                *n += usize::from(words[at].1 & (1 << i) != 0);
            }
        }
        evidence
    }
}

fn by_words(text: &str) -> Option<Language> {
    let Evidence { words, accented, polish, known } = Evidence::of(text);
    let english = known[0];
    let languages = &LEXICON.languages;
    let best = (1..languages.len()).max_by_key(|i| (known[*i], std::cmp::Reverse(*i)))?;
    let n = known[best];
    if polish >= 2 && english * 2 < words {
        return Some(Language::Polish);
    }
    let shown =
        n > english && (n >= 2 || english == 0 && words <= 4 && n * 2 >= words || accented > 0);
    if shown {
        let strong =
            n >= 3 && n >= 2 * english && (accented > 0 || !is_detectable(languages[best]));
        let close = is_close(&known, best);
        return match (strong, whichlang::detect_language(text) == whichlang::Lang::Eng) {
            (false, true) => None,
            _ if close => detected(text).or(languages[best]),
            _ => languages[best],
        };
    }
    // No verdict: English words prevail, or there is next to no evidence.
    let silent = english == 0 && (n > 0 && words >= 5 || words >= 8 || accented > 0 && words >= 2);
    let odd = accented * 3 > words && english * 4 < words;
    if silent || odd { detected(text) } else { None }
}

/// Whether the detector knows a language.
fn is_detectable(language: Option<Language>) -> bool {
    !matches!(language, Some(Language::Polish | Language::Tagalog | Language::Haitian))
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
        let languages = &LEXICON.languages;
        assert!(languages.len() <= 16 && languages[0].is_none());
        assert!(languages.iter().skip(1).all(Option::is_some));
    }

    #[test]
    fn english_is_kept_even_when_short_misspelt_or_mixed() {
        for text in [
            "Respect.",
            "responce tme",
            "more care",
            "Staffing levels during pandemic.",
            "Plan ??? ???? when going home",
            "n/a",
            "CAPS",
            "dont harass us",
            "Officer [NAME]",
            "better schools",
            "Latino community center on Dock Road",
            "My abuela says no se puede but the cops were nice to her that day",
            "consistancy",
            "Tagalog",
            "jaundice",
            "Excellent response. Excellent staff.",
            "Prompt response - clear advice.",
            "sushi",
            "El train is scary at night",
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
