//! The logarithm of a complement, without a branch, so that several are taken at once.

/// ln(1 - u) of 0 <= u < 1, within two units in the last place.
///
/// The reduction and the polynomial of the C library's `log` (FreeBSD's e_log.c: ln(1 + f) by s = f/(2 + f), with minimax coefficients), and for
/// small u the argument itself in place of a difference, as `log1p` has it.
#[inline(always)]
pub fn of_complement(u: f64) -> f64 {
    /// Bits of the square root of one half, cut.
    const ROOT: u64 = 0x3fe6_a09e << 32;
    const ONE: u64 = 0x3ff0_0000 << 32;
    /// ln 2 in two parts.
    const LN2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];
    let moved = (1.0 - u).to_bits().wrapping_add(ONE - ROOT);
    let power = ((moved >> 52) as i32).wrapping_sub(1023);
    let reduced = f64::from_bits((moved & ((1 << 52) - 1)).wrapping_add(ROOT));
    let f = if power == 0 { -u } else { reduced - 1.0 };
    let s = f / (2.0 + f);
    let (z, half) = (s * s, 0.5 * f * f);
    let w = z * z;
    let even = w * (3.999_999_999_940_942e-1 + w * (2.222_219_843_214_978_4e-1 + w * 1.531_383_769_920_937_3e-1));
    let odd = z
        * (6.666_666_666_666_735e-1
            + w * (2.857_142_874_366_239e-1 + w * (1.818_357_216_161_805e-1 + w * 1.479_819_860_511_658_6e-1)));
    let k = f64::from(power);
    k * LN2[0] - ((half - (s * (half + even + odd) + k * LN2[1])) - f)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::random::{Key, Stream};

    #[test]
    fn it_is_the_logarithm_to_the_last_places() {
        let stream = Stream::new(1, Key::of("log"), 0);
        let small = (0..2_000).map(|n| libm::exp(-36.0 * stream.unit(n)));
        let any = (0..200_000).map(|n| stream.unit(10_000 + n));
        let ends = [0.0, f64::MIN_POSITIVE, 0.5, 0.25, 0.292_893_2, 0.292_893_3, 1.0 - f64::EPSILON / 2.0];
        for u in small.chain(any).chain(ends) {
            let (found, want) = (of_complement(u), libm::log1p(-u));
            assert!((found - want).abs() <= 2.0 * f64::EPSILON * want.abs(), "{u}: {found} for {want}");
        }
    }

    #[test]
    fn it_falls_as_the_argument_grows() {
        // Across the places where the reduction changes.
        for edge in [0.292_893_218_813_452_5, 0.646_446_609_406_726_2, 0.823_223_304_703_363_1] {
            let mut last = of_complement(edge - 200.0 * f64::EPSILON);
            for n in -199..200 {
                let next = of_complement(edge + f64::from(n) * f64::EPSILON);
                assert!(next <= last, "{edge} {n}");
                last = next;
            }
        }
    }
}
