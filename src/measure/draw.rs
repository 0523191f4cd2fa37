//! Chance that can be repeated: every draw is a function of a seed, a stream and a counter.
//!
//! In: a seed. Out: numbers, permutations, samples. The numbers are SplitMix64's output function
//! (Steele, Lea and Flood 2014) on a mix of the three, so that no draw depends on how many were
//! made before it elsewhere. Must not know: what is drawn.

/// A stream of draws.
#[derive(Debug, Clone)]
pub struct Draw {
    key: u64,
    counter: u64,
}

impl Draw {
    /// The stream of a number under a seed.
    pub fn new(seed: u64, stream: u64) -> Self {
        Self { key: mix(mix(seed) ^ stream.wrapping_mul(GOLDEN)), counter: 0 }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.counter = self.counter.wrapping_add(1);
        mix(self.key ^ self.counter.wrapping_mul(GOLDEN))
    }

    /// A number from 0 (included) to 1 (excluded), 53 bits of it by chance.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A whole number below `n`, each as likely as the others; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 {
            return 0;
        }
        // The draws that would make the first numbers likelier are thrown away.
        let n = n as u64;
        let most = u64::MAX - u64::MAX % n;
        loop {
            let bits = self.bits();
            if bits < most {
                return (bits % n) as usize;
            }
        }
    }

    /// Puts items into an order by chance (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// `k` different indices below `n`, ascending, every set as likely as the others.
    pub fn sample(&mut self, n: usize, k: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        for at in 0..k.min(n) {
            let other = at + self.below(n - at);
            all.swap(at, other);
        }
        all.truncate(k.min(n));
        all.sort_unstable();
        all
    }
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(GOLDEN);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_output_function_is_that_of_splitmix64() {
        // The first output of the reference implementation for seed 0.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn equal_seeds_draw_alike_and_others_do_not() {
        let first = |seed, stream| Draw::new(seed, stream).bits();
        assert_eq!(first(7, 1), first(7, 1));
        assert_ne!(first(7, 1), first(7, 2));
        assert_ne!(first(7, 1), first(8, 1));
    }

    #[test]
    fn every_item_is_drawn_about_as_often() {
        let mut counts = [0u32; 10];
        for round in 0..10_000 {
            for i in Draw::new(3, round).sample(10, 3) {
                counts[i] += 1;
            }
        }
        // 3,000 expected; the standard deviation is 46.
        assert!(counts.iter().all(|&c| (2_800..3_200).contains(&c)), "{counts:?}");
    }

    proptest! {
        #[test]
        fn a_sample_has_different_members(n in 0usize..60, k in 0usize..80, seed in 0u64..99) {
            let sample = Draw::new(seed, 0).sample(n, k);
            prop_assert_eq!(sample.len(), k.min(n));
            prop_assert!(sample.windows(2).all(|w| w[0] < w[1]));
            prop_assert!(sample.iter().all(|&i| i < n));
        }
    }
}
