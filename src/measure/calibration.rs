//! Whether probabilities mean what they say.
//!
//! In: for each answer and theme the probability given, whether people gave the theme, and a
//! weight. Out: the reliability table and the expected calibration error, the weighted mean
//! distance between what was said and what came true (Naeini, Cooper and Hauskrecht 2015).
//! Must not know: themes, models.

/// Bins of equal width.
pub const BINS: usize = 10;

/// One statement about one answer and theme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statement {
    /// The probability, 0 to 1.
    pub probability: f64,
    /// Whether people gave the theme.
    pub came_true: bool,
    /// How many answers it stands for.
    pub weight: f64,
}

/// One row of the reliability table.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Bin {
    /// Lowest probability in it; the highest is a tenth more.
    pub from: f64,
    /// Weight of the statements in it.
    pub weight: f64,
    /// Their mean probability.
    pub said: f64,
    /// The part that came true.
    pub came_true: f64,
}

/// The table of bins that hold a statement, ascending, and the expected calibration error; 0
/// where there is no statement.
pub fn reliability(statements: &[Statement]) -> (Vec<Bin>, f64) {
    let mut sums = [[0.0f64; 3]; BINS];
    for s in statements {
        let bin = ((s.probability.clamp(0.0, 1.0) * BINS as f64) as usize).min(BINS - 1);
        sums[bin][0] += s.weight;
        sums[bin][1] += s.weight * s.probability;
        sums[bin][2] += s.weight * f64::from(u8::from(s.came_true));
    }
    let filled = sums.iter().enumerate().filter(|(_, s)| s[0] > 0.0);
    let bins: Vec<Bin> = filled
        .map(|(i, s)| Bin {
            from: i as f64 / BINS as f64,
            weight: s[0],
            said: s[1] / s[0],
            came_true: s[2] / s[0],
        })
        .collect();
    let all: f64 = bins.iter().map(|b| b.weight).sum();
    let distance = bins.iter().map(|b| b.weight * (b.said - b.came_true).abs()).sum::<f64>();
    (bins, if all > 0.0 { distance / all } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(probability: f64, came_true: bool) -> Statement {
        Statement { probability, came_true, weight: 1.0 }
    }

    #[test]
    fn the_error_is_the_mean_distance_weighted_by_bin() {
        let said = [say(0.95, true), say(0.95, false), say(0.05, false), say(1.0, true)];
        let (bins, error) = reliability(&said);
        assert_eq!(bins.len(), 2);
        // (1 · |.05 − 0| + 3 · |2.9/3 − 2/3|) / 4
        assert!((error - (0.05 + 0.9) / 4.0).abs() < 1e-12, "{error}");
        assert_eq!(reliability(&[]), (Vec::new(), 0.0));
    }

    #[test]
    fn true_probabilities_have_no_error() {
        let said: Vec<Statement> = (0..10).map(|i| say(0.3, i < 3)).collect();
        assert!(reliability(&said).1 < 1e-12);
    }
}
