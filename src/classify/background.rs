//! Which texts stand for the study's ordinary way of talking.
//!
//! In: all distinct segment texts. Out: a sample of at most [`SAMPLE`] of them, chosen by a hash
//! of the text, and the rest. The choice depends on the set of texts alone: not on their order,
//! not on their number of copies, not on chance. Must not know: vectors, themes.

/// Texts in the sample. Measured: 256 texts give the same quality as all of them.
pub(super) const SAMPLE: usize = 512;

/// Some of the texts and where each stood in the whole list.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) texts: Vec<String>,
    pub(super) places: Vec<usize>,
}

/// Splits the texts into the sample and the rest, each in the order of the whole.
pub(super) fn split(texts: &[String]) -> (Part, Part) {
    let mut ranked: Vec<(u64, usize)> =
        texts.iter().enumerate().map(|(i, t)| (fnv1a(t.as_bytes()), i)).collect();
    ranked.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| texts[a.1].cmp(&texts[b.1])));
    let mut chosen = vec![false; texts.len()];
    for &(_, i) in ranked.iter().take(SAMPLE) {
        chosen[i] = true;
    }
    let (mut sample, mut rest) = (Part::default(), Part::default());
    for (i, text) in texts.iter().enumerate() {
        let part = if chosen[i] { &mut sample } else { &mut rest };
        part.texts.push(text.clone());
        part.places.push(i);
    }
    (sample, rest)
}

/// 64-bit FNV-1a (Fowler, Noll, Vo): stable across machines and versions, unlike the standard
/// library's hasher.
pub(super) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &b| {
        (hash ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fnv1a_agrees_with_the_published_vectors() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn the_sample_does_not_depend_on_the_order_of_texts() {
        let mut texts: Vec<String> = (0..3000).map(|i| format!("answer {i}")).collect();
        let mut one = split(&texts).0.texts;
        texts.reverse();
        let mut two = split(&texts).0.texts;
        one.sort();
        two.sort();
        assert_eq!(one, two);
        assert_eq!(one.len(), SAMPLE);
    }

    #[test]
    fn sample_and_rest_are_the_whole() {
        let texts: Vec<String> = (0..1000).map(|i| format!("t{i}")).collect();
        let (sample, rest) = split(&texts);
        let mut places = [sample.places, rest.places].concat();
        places.sort_unstable();
        assert_eq!(places, (0..1000).collect::<Vec<_>>());
    }
}
