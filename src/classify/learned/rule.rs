//! From probabilities to codes: the one rule by which training judges itself and a run decides.
//!
//! In: the calibrated probability of every theme on one answer, as it is shown (four decimals).
//! Out: the themes that the answer carries. Only themes that were learned take part; the others
//! are the codebook's. Must not know: logits, texts, what becomes of the codes.

/// What turns an answer's probabilities into codes.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Whether a theme was learned.
    pub learned: Vec<bool>,
    /// Probability from which an answer carries a theme.
    pub threshold: Vec<f32>,
    /// Probability from which the most probable theme stands alone where none reaches its
    /// threshold; `None`: it never does.
    pub lone: Option<f32>,
}

impl Rule {
    /// The learned themes that an answer carries, ascending: those that reach their threshold, or
    /// else the most probable one (the first of equals) where it is probable enough.
    pub fn carried(&self, p: &[f32]) -> Vec<usize> {
        let learned = || (0..p.len()).filter(|&t| self.learned[t]);
        let reached: Vec<usize> = learned().filter(|&t| p[t] >= self.threshold[t]).collect();
        if !reached.is_empty() {
            return reached;
        }
        let most = learned().reduce(|a, b| if p[b] > p[a] { b } else { a });
        most.filter(|&t| self.lone.is_some_and(|least| p[t] >= least)).into_iter().collect()
    }

    /// The greatest part of its threshold that a learned theme reaches.
    pub fn nearest(&self, p: &[f32]) -> f32 {
        let part = |t: usize| p[t] / self.threshold[t];
        (0..p.len()).filter(|&t| self.learned[t]).map(part).fold(0.0, f32::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(lone: Option<f32>) -> Rule {
        Rule { learned: vec![true, true, false, true], threshold: vec![0.4, 0.5, 0.1, 0.3], lone }
    }

    #[test]
    fn themes_that_reach_their_threshold_are_carried_and_no_unlearned_one() {
        assert_eq!(rule(Some(0.0)).carried(&[0.4, 0.49, 0.9, 0.3]), [0, 3]);
    }

    #[test]
    fn the_most_probable_theme_stands_alone_where_it_is_likely_enough() {
        let p = [0.2, 0.25, 0.9, 0.25];
        assert_eq!(rule(Some(0.25)).carried(&p), [1]);
        assert!(rule(Some(0.26)).carried(&p).is_empty());
        assert!(rule(None).carried(&p).is_empty());
        let none = Rule { learned: vec![false; 4], ..rule(Some(0.0)) };
        assert!(none.carried(&p).is_empty());
    }

    #[test]
    fn the_nearest_theme_is_so_by_its_own_threshold() {
        assert!((rule(None).nearest(&[0.2, 0.2, 0.9, 0.2]) - 2.0 / 3.0).abs() < 1e-6);
    }
}
