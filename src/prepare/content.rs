//! Answers without content: blank, "n/a", refusals, keys hit at random, listening noises.
//!
//! In: redacted text. Out: [`NoContent`] or nothing. Must not know: themes, kinds of source.
//!
//! Precision first: a real answer that is thrown away is lost to the count, while an empty one
//! that slips through ends as `no-theme`. So a phrase must be the whole answer ("nothing", not
//! "nothing works"), and gibberish must be impossible as a word, not merely unknown.

use std::sync::LazyLock;

use regex::Regex;

use super::NoContent;

#[expect(clippy::expect_used, reason = "constant patterns, compiled by every test run")]
fn pattern(p: &str) -> Regex {
    Regex::new(p).expect("constant pattern")
}

/// What people write who have nothing to write, after [`plain_words`].
const NOTHING: &str = r"n ?a|n n a|na na|none|non|nun|none (?:of (?:the above|it|them)|at all|really|yet|needed|known|to (?:add|report|mention|share))|nothing|nothing (?:much|at all|really|else|specific|special|particular|new|in particular|specifically|comes to mind|i can think of|to (?:add|say|report|share|note|mention|comment|declare|see here)(?: here)?)|(?:have|had|got|ive|i have|i had|i ve|ive got) (?:nothing|no comments?|none)(?: to (?:add|say|report))?|nil|null|nada|zero|zilch|nope|no|nah|no no|yes|yep|yup|yeah|ya|y|ok|okay|k|kk|fine|sure|idk|idc|idek|ik|dk|dunno|i ?dunno|unknown|unsure|undecided|uncertain|(?:im |i am |i m )?(?:really |honestly )?(?:not|un)(?: really| so| too)? ?sure(?: (?:yet|about (?:this|that)|what to (?:say|write|put)))?|(?:i )?(?:really |honestly |just )?(?:dont|do not|don t|didnt) (?:really )?(?:know|no)(?: (?:any|what to (?:say|write|put)|how to answer(?: (?:this|that))?|yet|about (?:this|that)))?|(?:i )?(?:have |ve )?no (?:idea|clue|comments?|comment needed|opinions?|opinion on (?:this|that)|answers?|response|reply|suggestions?|thoughts?|input|feedback|ideas|preference|responce|further comments?|additional comments?|other comments?)|(?:im |i am |i )?(?:cant|can t|cannot|could not|couldnt|can not) (?:really )?(?:think of (?:any|anything|any thing|one|any right now)|say|recall|remember|comment|answer(?: (?:this|that|it))?)(?: anything| one| any)?|(?:it )?does ?nt apply(?: to me)?|does not apply(?: to me)?|doesn t apply(?: to me)?|not applicable(?: to me)?|non applicable|not relevant|irrelevant|(?:i )?(?:would |d )?(?:prefer|rather|choose|chose|wish|decline)(?:d)?(?: not)?(?: to)? (?:not )?(?:say|answer|comment|share|respond|disclose|tell|talk about it)|prefer not|rather not|refused?|declined?|i refuse(?: to answer)?|i refuse to say|pass|skip|skipped|skipping(?: this(?: one)?)?|next question|see (?:above|below|previous|prior|earlier|last|first|question [0-9]+|q ?[0-9]+|answer [0-9]+|my (?:previous|first|last|other) (?:answer|response|comment)s?|previous (?:answer|response|comment|question)s?|answer above|comments? above|above (?:answer|comment|response)s?|number [0-9]+)|as (?:above|before|stated(?: above)?|mentioned(?: above)?)|(?:already |just )?(?:answered|covered|mentioned|stated|said)(?: it| this| that)?(?: above| already| before| earlier)|(?:i )?already (?:answered|said)(?: (?:it|this|that))?|same|same (?:as (?:above|before|last|previous|q ?[0-9]+|question [0-9]+)|answer(?: as (?:above|before))?|thing|here)|ditto|idem|(?:i said )?no comment|i said (?:none|nothing|no|i dont know)|blank|left blank|empty|test|testing|test test|whatever|who knows|who cares|no se|no s[eé]|no lo s[eé]|ni idea|ningun[oa]?|ning[uú]n(?:o|a)?(?: comentario)?|sin (?:comentarios?|opini[oó]n|respuesta|preguntas|sugerencias)|no (?:comento|aplica|sabe|sabr[ií]a|procede|opino|contesto|contesta|responde|gracias|tengo(?: (?:comentarios?|nada(?: (?:que decir|m[aá]s))?|opini[oó]n|ninguna?|idea))?)|ns ?nc|n s n c|ns|nc|nada (?:que (?:decir|agregar|a[nñ]adir|comentar)|m[aá]s|de nada|gracias)|prefiero no (?:decir(?:lo)?|contestar|responder)|(?:ya )?lo (?:dije|mencion[eé]|puse) (?:arriba|antes)|ya (?:lo )?(?:dije|contest[eé]|respond[ií])(?: arriba| antes)?|(?:lo )?mismo(?: (?:que|de) (?:arriba|antes))?|igual(?: que arriba)?|ver arriba|todo bien|brak|nic|nie wiem|nie dotyczy|bez komentarza|nie mam(?: zdania| uwag)?|rien|aucun|nichts|keine";

/// Small words around them that change nothing.
const AROUND: &str = r"sorry|thanks|thank you|thankyou|thx|ty|tbh|lol|haha|really|honestly|at this time|at the moment|right now|currently|for now|now|today|yet|here|i guess|i suppose|i think|to be honest|so far|from me|as of now|at present|at this point|well|um|uh|oh|eh|hmm|please|sir|maam|gracias|por ahora|por el momento|que yo sepa|that i know of|that i can think of|off ?hand|off the top of my head|to be fair|actually|basically|either|again|too|just|and|or|but|im afraid|anything|ha|ha ha";

static NOTHING_TO_SAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"^(?:(?:{AROUND}) )*(?:{NOTHING})(?: (?:{AROUND}|{NOTHING}))*$"))
});

static HAN_NOTHING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:我)?(?:暂时|暫時|目前|都|也|真的)?(?:无|無|没|沒|冇|没有|沒有|没有了|沒有了|没什么|沒什麼|没有什么|沒有什麼|没啥|没有特别|沒有特別|冇咩|暂无|暫無|无意见|無意見|没意见|沒意見|没有意见|沒有意見|冇意見|没有建议|沒有建議|不知道|唔知|唔知道|不清楚|不太清楚|不了解|不懂|不适用|不適用|无可奉告|無可奉告|不想说|不想說|不想回答|不方便说|不方便說|同上|见上|見上|略|没有想法|沒有想法|没有什么特别的?|沒有什麼特別的?)(?:特别的?|特別的?|好说的?|好說的?|想说的?|想說的?|可说的?|可說的?|要说的?|要說的?)?(?:了|啊|呢|吧|谢谢|謝謝)*$",
    )
});

static LISTENING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:yeah|yea|yes|yep|yup|ya|mm|mmm|mhm|hm|hmm|hmmm|mm ?hm|mm ?hmm|mhmm|mmhmm|uh|uh ?huh|huh|um|ah|aha|oh|ooh|wow|right|ok|okay|sure|exactly|true|correct|absolutely|totally|definitely|certainly|indeed|agreed|amen|no|nope|nah|yes sir|got it|i see|i know|i know right|i agree|same|same here|for sure|of course|thats right|thats true|that is right|that is true|very true|so true|you know|go ahead|thank you|thanks|please|alright|all right|cool|great|good|well|laughs|laughter|laughing|inaudible|crosstalk|pause|silence|nods|nodding|unintelligible|claro|s[ií]|aj[aá]|exacto|verdad|bueno)(?: |$)){1,8}$",
    )
});

/// Recognises a written answer without content.
pub(super) fn recognise(text: &str) -> Option<NoContent> {
    if text.chars().all(is_invisible) {
        return Some(NoContent::Blank);
    }
    if text.len() > 160 {
        return None;
    }
    let words = plain_words(text);
    if !words.chars().any(char::is_alphabetic) {
        return (!text.contains('[')).then_some(NoContent::NothingToSay);
    }
    if words.chars().any(is_han) {
        let han: String = words.chars().filter(|c| *c != ' ').collect();
        return HAN_NOTHING.is_match(&han).then_some(NoContent::NothingToSay);
    }
    if words.len() <= 80 && NOTHING_TO_SAY.is_match(&words) {
        return Some(NoContent::NothingToSay);
    }
    is_gibberish(text, &words).then_some(NoContent::Gibberish)
}

/// Recognises a speaker's turn without content.
pub(super) fn recognise_turn(text: &str) -> Option<NoContent> {
    if text.len() <= 80 && LISTENING.is_match(&plain_words(text)) {
        return Some(NoContent::Backchannel);
    }
    recognise(text)
}

fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{ad}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Lower-case words between single spaces, without punctuation; "don't" becomes "dont".
fn plain_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !matches!(c, '\'' | '’' | '‘' | '`' | '´')
            && !out.is_empty()
            && !out.ends_with(' ')
        {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Whether every word is impossible as a word.
fn is_gibberish(text: &str, words: &str) -> bool {
    if words.len() > 60 || !words.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ') {
        return false;
    }
    let tokens: Vec<&str> = words.split(' ').collect();
    let letters: usize = tokens.iter().map(|t| t.len()).sum();
    if tokens.len() > 5 {
        return false;
    }
    let shouted = text.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let no_vowel = !shouted
        && letters >= 6
        && tokens.iter().any(|t| n_impossible_pairs(t.as_bytes()) > 0)
        && !words.contains(['a', 'e', 'i', 'o', 'u', 'y'])
        && !has_repeats(words);
    tokens.iter().all(|t| is_mashed(t))
        || no_vowel && words.bytes().all(|b| b.is_ascii_lowercase() || b == b' ')
}

/// "hmmmm", "brrrr": drawn out, not mashed.
fn has_repeats(words: &str) -> bool {
    words.as_bytes().windows(3).any(|w| w[0] == w[1] && w[1] == w[2])
}

fn is_mashed(token: &str) -> bool {
    let bytes = token.as_bytes();
    let one_letter = bytes.len() >= 3 && bytes.iter().all(|b| *b == bytes[0]);
    let two_letters = bytes.len() >= 6
        && bytes.windows(3).all(|w| w[0] == w[2])
        && !matches!(&token[..2], "ha" | "ah" | "he" | "no" | "on" | "bl" | "la");
    one_letter
        || two_letters
        || is_keyboard_run(bytes)
        || bytes.len() >= 5 && n_impossible_pairs(bytes) >= 2
}

/// At least 70 % of the word lie in runs of four and more neighbouring keys.
fn is_keyboard_run(token: &[u8]) -> bool {
    const ROWS: [&[u8]; 4] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm", b"1234567890"];
    let key = |b: u8| {
        let at = |row: &&[u8]| row.iter().position(|k| *k == b);
        ROWS.iter().enumerate().find_map(|(r, row)| at(row).map(|c| (r as i32, c as i32)))
    };
    let step = |a: u8, b: u8| match (key(a), key(b)) {
        (Some((r, c)), Some((s, d))) if r == s && (d - c).abs() == 1 => d - c,
        _ => 0,
    };
    let (mut covered, mut start) = (0, 0);
    for i in 1..=token.len() {
        let goes_on = i < token.len()
            && step(token[i - 1], token[i]) != 0
            && (i - start == 1 || step(token[i - 1], token[i]) == step(token[i - 2], token[i - 1]));
        if !goes_on {
            if i - start >= 4 {
                covered += i - start;
            }
            start = i;
        }
    }
    token.iter().any(u8::is_ascii_alphabetic) && covered * 10 >= token.len() * 7
}

/// How many pairs of letters stand in a word that no English or Spanish word has.
fn n_impossible_pairs(token: &[u8]) -> usize {
    const PAIRS: &[u8] = b"bqbxcjcvcxdxfjfkfqfvfxfzgqgvgxhjhkhvhxjbjcjdjfjgjhjkjljmjnjpjqjrjsjtjvjwjxjykqkvkxkzljlxmxpqpvpxpzqbqcqdqeqfqgqhqjqkqlqmqnqoqpqrqsqtqvqwqxqyqzsjsxtxvbvcvfvgvhvjvkvlvmvnvpvqvtvwvxvzwqwvwxxdxjxkxqxrxzyqzbzczdzfzgzjzkzmznzpzqzrzszvzxdkgkfg";
    token.windows(2).filter(|w| PAIRS.chunks_exact(2).any(|p| p == *w)).count()
}

#[cfg(test)]
#[path = "content_tests.rs"]
mod tests;
