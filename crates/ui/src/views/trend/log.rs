//! The logarithmic scale: when it may be chosen, what it shows, where its ticks stand.

/// The largest value is at least so many times the smallest, or a logarithmic scale tells no more than a linear one.
const LEAST_RATIO: f64 = 20.0;
/// More than this is no series of one biomarker.
const MOST_RATIO: f64 = 1e12;
/// The least number that is shown: next to nothing floats lose their digits.
pub const LEAST: f64 = 1e-290;
/// Ticks are at least so many pixels apart.
const APART: f64 = 26.0;
/// The same for the first and the last, which stand wherever the data ends.
const APART_AT_ENDS: f64 = 16.0;

/// The logarithm to the base of two, to a millionth; minus infinity for zero and less, and for what is next to it.
///
/// `f64::log2` would bring its tables into the download.
pub fn log2(value: f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    if value < f64::MIN_POSITIVE {
        return f64::NEG_INFINITY;
    }
    let bits = value.to_bits();
    let exponent = i32::try_from(bits >> 52).unwrap_or(0) - 1023;
    let mantissa = f64::from_bits(bits & MANTISSA | 1023 << 52);
    // Around √2, the middle of 1 to 2: ln m = 2 artanh((m - 1) / (m + 1)).
    let root = std::f64::consts::SQRT_2;
    let share = (mantissa - root) / (mantissa + root);
    let square = share * share;
    let series = share * (1.0 + square * (1.0 / 3.0 + square * (0.2 + square / 7.0)));
    f64::from(exponent) + 0.5 + 2.0 * std::f64::consts::LOG2_E * series
}

/// Whether a logarithmic scale helps, and has a place for every value from the lowest to the highest.
pub fn helps(lowest: f64, highest: f64) -> bool {
    lowest >= LEAST && (LEAST_RATIO..=MOST_RATIO).contains(&(highest / lowest))
}

/// Ticks at 1, 2 and 5 times powers of ten, thinned so that labels stay apart on an axis of `length` pixels: the first is at
/// or below `from`, the last at or above `to`.
pub fn ticks(from: f64, to: f64, length: f64) -> Vec<f64> {
    let mut power = super::ticks::power_below(from);
    let mut all = Vec::new();
    // Bounded by count, so that no rounding can make it run on.
    while all.len() < 2000 && all.last().is_none_or(|last| *last < to) {
        all.extend([1.0, 2.0, 5.0].map(|factor| factor * power));
        power *= 10.0;
    }
    let first = all.iter().rposition(|tick| *tick <= from).unwrap_or(0);
    let last = all
        .iter()
        .position(|tick| *tick >= to)
        .unwrap_or(all.len() - 1);
    let pixels = length / (log2(all[last]) - log2(all[first]));
    let apart = |a: usize, b: usize| (log2(all[b]) - log2(all[a])) * pixels >= APART_AT_ENDS;
    // All of them, or the powers of ten, or each second power, and so on; the ends always.
    let decades = APART / pixels / std::f64::consts::LOG2_10;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few decades"
    )]
    let stride = if decades <= 0.301 {
        1
    } else {
        3 * decades.ceil() as usize
    };
    (first..=last)
        .filter(|place| {
            let is_end = *place == first || *place == last;
            is_end || place % stride == 0 && apart(first, *place) && apart(*place, last)
        })
        .map(|place| all[place])
        .collect()
}

#[cfg(test)]
mod tests;
