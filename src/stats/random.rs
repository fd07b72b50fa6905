//! Random bits as a pure function of a seed, a stable key and a batch of worlds: whoever asks, in whatever order, on whatever thread, gets
//! the same bits.
//!
//! The generator is a counter put through a 64-bit mixer whose second half is keyed ("Moremur" constants of P. Evensen, 2019, in the
//! frame of SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). It is not cryptographic; the tests below
//! are the battery it has to pass.

/// What a sequence of random bits belongs to: an assumption, a step, a copy of either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u64);

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Key {
    /// The key of a name: equal names have equal keys, on any machine and in any design.
    pub fn of(name: &str) -> Key {
        // FNV-1a, then mixed so that names that differ at the end only differ everywhere.
        let hash = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| u64::wrapping_mul(hash ^ u64::from(byte), 0x0000_0100_0000_01b3));
        Key(mix(hash, name.len() as u64))
    }

    /// The key of the `n`-th part or copy of this one.
    pub fn nth(self, n: u64) -> Key {
        Key(mix(self.0 ^ 0x5851_f42d_4c95_7f2d, n))
    }
}

/// Mixes a word; the second word enters halfway.
#[inline(always)]
fn mix(word: u64, halfway: u64) -> u64 {
    let mut x = word ^ (word >> 27);
    x = x.wrapping_mul(0x3c79_ac49_2ba7_b653);
    x ^= (x >> 33) ^ halfway;
    x = x.wrapping_mul(0x1c69_b3f7_4ac4_ae35);
    x ^ (x >> 27)
}

/// A key under a seed: what its streams have in common in all batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seeded {
    start: u64,
    twist: u64,
}

impl Seeded {
    /// Of a seed and a key.
    pub fn new(seed: u64, key: Key) -> Seeded {
        let start = mix(key.0.wrapping_add(GOLDEN), seed.wrapping_mul(GOLDEN) ^ 0x2545_f491_4f6c_dd1d);
        Seeded { start, twist: mix(start.wrapping_add(GOLDEN), key.0) }
    }

    /// Its bits in a batch.
    #[inline(always)]
    pub fn batch(self, batch: u64) -> Stream {
        let batch = batch.wrapping_mul(0xd134_2543_de82_ef95);
        Stream { start: mix(self.start, batch), twist: mix(self.twist, batch) }
    }
}

/// The bits of one key in one batch of worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    start: u64,
    twist: u64,
}

impl Stream {
    /// Of a seed, a key and a batch.
    #[inline(always)]
    pub fn new(seed: u64, key: Key, batch: u64) -> Stream {
        Seeded::new(seed, key).batch(batch)
    }

    /// The `n`-th word of 64 bits.
    #[inline(always)]
    pub fn word(self, n: u64) -> u64 {
        mix(self.start.wrapping_add(n.wrapping_mul(GOLDEN)), self.twist)
    }

    /// The `n`-th number strictly between 0 and 1.
    #[inline]
    pub fn unit(self, n: u64) -> f64 {
        ((self.word(n) >> 11) as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)
    }
}

/// A probability as a binary fraction of 128 digits, to be compared with random digits one by one. All ones stand for certainty: no number below 1
/// has so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    digits: u128,
}

impl Threshold {
    /// Of a probability; exact from 2^-75 on.
    pub fn new(probability: f64) -> Threshold {
        // A conversion beyond the range saturates.
        Threshold { digits: (probability.max(0.0) * 2f64.powi(64) * 2f64.powi(64)) as u128 }
    }

    /// Never happens, or always.
    #[inline(always)]
    pub fn constant(self) -> Option<bool> {
        match self.digits {
            u128::MAX => Some(true),
            0 => Some(false),
            _ => None,
        }
    }

    /// Does it happen in this world of the batch? The answer of [`Threshold::draw`].
    pub fn happens(self, stream: Stream, lane: u64) -> bool {
        self.word(stream, lane / 64) >> (lane % 64) & 1 == 1
    }

    /// In which of the 64 worlds of a word of the batch it happens: that word of [`Threshold::draw`].
    #[inline]
    pub fn word(self, stream: Stream, at: u64) -> u64 {
        let [word] = self.draw_from(stream, at, &[u64::MAX]);
        word
    }

    /// In which of the wanted worlds it happens: bit `l` of word `w` is world `64 w + l` of the batch. A world's answer depends on nothing
    /// but stream and world, so it can be asked for in pieces.
    #[inline(always)]
    pub fn draw<const W: usize>(self, stream: Stream, wanted: &[u64; W]) -> [u64; W] {
        self.draw_from(stream, 0, wanted)
    }

    /// The same for the words of the batch from one on.
    #[inline(always)]
    fn draw_from<const W: usize>(self, stream: Stream, first: u64, wanted: &[u64; W]) -> [u64; W] {
        if let Some(constant) = self.constant() {
            return if constant { *wanted } else { [0; W] };
        }
        let mut random = Digits::<W>::new(stream, first);
        let (mut open, mut happens) = (*wanted, [0; W]);
        // Of 512 worlds the last is told by the twelfth digit seven times in eight. To ask after every digit whether it was would cost more than
        // digits in vain: nobody can foretell the answer.
        let mut digits = Threshold::compare::<8, W>(self.digits, &mut random, &mut open, &mut happens);
        while digits != 0 && open.iter().fold(0, |any, word| any | word) != 0 {
            digits = Threshold::compare::<4, W>(digits, &mut random, &mut open, &mut happens);
        }
        happens
    }

    /// Compares the next `N` digits, and gives those that are left. A random fraction is below the threshold if it is 0 at the first digit in
    /// which they differ.
    #[inline(always)]
    fn compare<const N: usize, const W: usize>(
        digits: u128,
        random: &mut Digits<W>,
        open: &mut [u64; W],
        happens: &mut [u64; W],
    ) -> u128 {
        // World by world outside and digit by digit inside: that way round the compiler makes one wide register of the words.
        for w in 0..W {
            let (mut left, mut found) = (open[w], happens[w]);
            for n in 0..N {
                let one = 0u64.wrapping_sub((digits >> (127 - n)) as u64 & 1);
                let differs = left & (random.next(w) ^ one);
                found |= differs & one;
                left &= !differs;
            }
            (open[w], happens[w]) = (left, found);
        }
        digits << N
    }
}

/// The digits of random fractions, one for each world of `W` words: each word has an xorshift128+ generator of its own (S. Vigna, "Further
/// scramblings of Marsaglia's xorshift generators", 2017), begun by the stream, since it needs no multiplication.
#[derive(Debug, Clone, Copy)]
struct Digits<const W: usize> {
    a: [u64; W],
    b: [u64; W],
}

impl<const W: usize> Digits<W> {
    /// From this word of the batch on.
    #[inline(always)]
    fn new(stream: Stream, first: u64) -> Digits<W> {
        // The stream's start is mixed already: once more is enough to tell the words apart.
        let fold = |x: u64| {
            let x = (x ^ (x >> 32)).wrapping_mul(0x3c79_ac49_2ba7_b653);
            x ^ (x >> 29)
        };
        let nth = |w: usize| (first + w as u64).wrapping_mul(GOLDEN);
        let (mut a, mut b) = ([0; W], [0; W]);
        for w in 0..W {
            a[w] = fold(stream.start.wrapping_add(nth(w)));
            b[w] = stream.twist ^ nth(w).rotate_left(32);
        }
        Digits { a, b }
    }

    /// The next digit of the worlds of a word.
    #[inline(always)]
    fn next(&mut self, w: usize) -> u64 {
        let (mut x, y) = (self.a[w], self.b[w]);
        x ^= x << 23;
        x ^= y ^ (x >> 18) ^ (y >> 5);
        (self.a[w], self.b[w]) = (y, x);
        x.wrapping_add(y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(n: u64) -> impl Iterator<Item = Key> {
        (0..n).map(|at| Key::of(&format!("boundary-holds(builder-{at}, container)")))
    }

    /// How many standard deviations a count of successes lies from its mean.
    fn deviation(hits: u64, trials: u64, p: f64) -> f64 {
        let (hits, trials) = (hits as f64, trials as f64);
        (hits - trials * p) / libm::sqrt(trials * p * (1.0 - p))
    }

    #[test]
    fn ones_and_zeros_are_equally_frequent_at_every_position() {
        let mut ones = [0u64; 64];
        let mut words = 0;
        for key in keys(64) {
            for batch in 0..64 {
                let stream = Stream::new(1, key, batch);
                for n in 0..64 {
                    let word = stream.word(n);
                    (0..64).for_each(|bit| ones[bit] += word >> bit & 1);
                    words += 1;
                }
            }
        }
        for (bit, ones) in ones.into_iter().enumerate() {
            assert!(deviation(ones, words, 0.5).abs() < 4.5, "bit {bit}: {ones} of {words}");
        }
    }

    /// Neighbours in any direction - word, batch, key, seed, and one bit of any of them - differ in half of their bits.
    #[test]
    fn neighbours_have_nothing_in_common() {
        let word = |seed: u64, key: u64, batch: u64, n: u64| Stream::new(seed, Key(key), batch).word(n);
        for direction in 0..4 {
            for bit in [0, 1, 2, 5, 8, 16, 31, 40, 63] {
                let (mut differ, mut bits) = (0, 0);
                let mut each = [0u64; 64];
                for at in 0..4_096u64 {
                    let base = [at % 7, at.wrapping_mul(GOLDEN), at % 64, at % 88];
                    let mut moved = base;
                    moved[direction] ^= 1 << bit;
                    let one = word(base[0], base[1], base[2], base[3]);
                    let other = word(moved[0], moved[1], moved[2], moved[3]);
                    differ += u64::from((one ^ other).count_ones());
                    (0..64).for_each(|out| each[out] += (one ^ other) >> out & 1);
                    bits += 64;
                }
                assert!(
                    deviation(differ, bits, 0.5).abs() < 4.5,
                    "direction {direction} bit {bit}: {differ} of {bits}"
                );
                for (out, changed) in each.into_iter().enumerate() {
                    assert!(
                        deviation(changed, 4_096, 0.5).abs() < 5.5,
                        "direction {direction} bit {bit} -> {out}: {changed}"
                    );
                }
            }
        }
    }

    /// Chi-square of the bytes, of pairs of neighbouring bytes, and of runs.
    #[test]
    fn bytes_pairs_and_runs_are_as_frequent_as_they_should_be() {
        let stream = Stream::new(7, Key::of("x"), 3);
        let n = 1 << 17;
        let (mut bytes, mut pairs) = (vec![0u64; 256], vec![0u64; 65_536]);
        let (mut runs, mut last) = (0u64, 0);
        for at in 0..n {
            let word = stream.word(at);
            for byte in word.to_le_bytes() {
                bytes[byte as usize] += 1;
            }
            for pair in word.to_le_bytes().chunks(2) {
                pairs[pair[0] as usize * 256 + pair[1] as usize] += 1;
            }
            runs += u64::from((word ^ (word << 1 | last)).count_ones());
            last = word >> 63;
        }
        for (counts, draws) in [(bytes, n * 8), (pairs, n * 4)] {
            let expected = draws as f64 / counts.len() as f64;
            let chi: f64 = counts.iter().map(|count| (*count as f64 - expected).powi(2) / expected).sum();
            let (free, spread) = (counts.len() as f64 - 1.0, libm::sqrt(2.0 * (counts.len() as f64 - 1.0)));
            assert!((chi - free).abs() < 4.5 * spread, "chi-square {chi} for {free} degrees of freedom");
        }
        assert!(deviation(runs, n * 64, 0.5).abs() < 4.5, "{runs} changes");
    }

    /// The same world under different keys: every pair of keys is independent, whatever the probabilities.
    #[test]
    fn events_happen_as_often_as_they_should_alone_and_together() {
        let (batches, lanes) = (400, 512);
        let all = [u64::MAX; 8];
        for p in [0.5, 0.3, 0.1, 0.02, 0.001, 0.75, 1.0 / 3.0] {
            let keys: Vec<Key> = keys(12).collect();
            let (mut alone, mut together) = (vec![0; 12], vec![0; 11]);
            for batch in 0..batches {
                let drawn: Vec<[u64; 8]> =
                    keys.iter().map(|key| Threshold::new(p).draw(Stream::new(1, *key, batch), &all)).collect();
                for (at, mask) in drawn.iter().enumerate() {
                    alone[at] += mask.iter().map(|word| u64::from(word.count_ones())).sum::<u64>();
                    if let Some(next) = drawn.get(at + 1) {
                        together[at] += (0..8).map(|w| u64::from((mask[w] & next[w]).count_ones())).sum::<u64>();
                    }
                }
            }
            let trials = batches * lanes;
            alone.iter().for_each(|hits| assert!(deviation(*hits, trials, p).abs() < 4.5, "{p}: {hits}"));
            together.iter().for_each(|hits| assert!(deviation(*hits, trials, p * p).abs() < 4.5, "{p}: {hits}"));
        }
    }

    /// The digits of one world, of neighbouring worlds, and of neighbouring words are as different as chance has it.
    #[test]
    fn digits_are_even_and_have_nothing_in_common() {
        let (mut ones, mut along, mut across, mut beside) = ([0u64; 64], [0u64; 64], 0u64, 0u64);
        let mut drawn = 0;
        for batch in 0..12_000 {
            let mut digits = Digits::<8>::new(Stream::new(1, Key::of("x").nth(batch % 3), batch), 0);
            let mut next = || std::array::from_fn::<u64, 8, _>(|w| digits.next(w));
            let mut last = next();
            for digit in 1..24 {
                let words = next();
                for w in 0..8 {
                    for bit in 0..64 {
                        ones[bit] += words[w] >> bit & 1;
                        along[bit] += (words[w] ^ last[w]) >> bit & 1;
                    }
                    across += u64::from((words[w] ^ words[w].rotate_left(1)).count_ones());
                    beside += u64::from((words[w] ^ words[(w + 1) % 8]).count_ones());
                }
                last = words;
                drawn += u64::from(digit > 0) * 8;
            }
        }
        for bit in 0..64 {
            assert!(deviation(ones[bit], drawn, 0.5).abs() < 4.5, "bit {bit}: {} of {drawn}", ones[bit]);
            assert!(deviation(along[bit], drawn, 0.5).abs() < 4.5, "bit {bit}: {} changes of {drawn}", along[bit]);
        }
        assert!(deviation(across, drawn * 64, 0.5).abs() < 4.5 && deviation(beside, drawn * 64, 0.5).abs() < 4.5);
    }

    /// The number of worlds of a batch in which something happens varies as if every world were drawn apart.
    #[test]
    fn counts_of_a_batch_are_binomial() {
        for p in [0.5, 0.3, 0.05, 0.9] {
            let batches = 4_000u64;
            let count = |batch| {
                let mask = Threshold::new(p).draw(Stream::new(2, Key::of("y"), batch), &[u64::MAX; 8]);
                f64::from(mask.iter().map(|word| word.count_ones()).sum::<u32>())
            };
            let counts: Vec<f64> = (0..batches).map(count).collect();
            let mean = counts.iter().sum::<f64>() / batches as f64;
            let variance = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / batches as f64;
            let want = 512.0 * p * (1.0 - p);
            // The variance of a variance of so many counts is about 2/n of its square.
            assert!(
                (variance / want - 1.0).abs() < 4.5 * libm::sqrt(2.0 / batches as f64),
                "{p}: {variance} for {want}"
            );
        }
    }

    #[test]
    fn drawn_in_pieces_and_at_other_widths_it_is_the_same() {
        for (at, p) in [0.0, 1.0, 0.5, 0.123, 1e-9, 1.0 - 1e-12].into_iter().enumerate() {
            let (stream, threshold) = (Stream::new(3, Key(at as u64), 5), Threshold::new(p));
            let whole = threshold.draw(stream, &[u64::MAX; 8]);
            let wanted = [0xf0f0, u64::MAX, 1, 0, 1 << 63, 0x5555_5555_5555_5555, 7, u64::MAX << 32];
            let (some, rest) = (threshold.draw(stream, &wanted), threshold.draw(stream, &wanted.map(|word| !word)));
            for w in 0..8 {
                assert_eq!(some[w], whole[w] & wanted[w], "{p}");
                assert_eq!(some[w] | rest[w], whole[w], "{p}");
                for bit in 0..64 {
                    let alone = threshold.happens(stream, w as u64 * 64 + bit);
                    assert_eq!(alone, whole[w] >> bit & 1 == 1, "{p}");
                }
            }
        }
        assert_eq!(Threshold::new(1.0).draw(Stream::new(1, Key(1), 1), &[5, 6]), [5, 6]);
        assert_eq!(Threshold::new(0.0).constant(), Some(false));
    }

    #[test]
    fn names_have_keys_of_their_own() {
        let mut keys: Vec<Key> = keys(100_000).collect();
        keys.extend((0..1_000).map(|n| Key::of("x").nth(n)));
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 101_000);
        assert_eq!(Key::of("a"), Key::of("a"));
        assert!((0..10_000).all(|n| {
            let u = Stream::new(1, Key(2), 3).unit(n);
            0.0 < u && u < 1.0
        }));
    }
}
