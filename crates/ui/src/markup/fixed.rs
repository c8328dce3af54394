//! Numbers as style sheets and SVG want them.

/// A number with a fixed number of decimals. Written with whole numbers: the formatting of floats would be ten kilobytes of
/// the download.
pub fn fixed(value: f64, decimals: u32) -> String {
    let unit = 10_i64.pow(decimals.min(6));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "places on a screen; a larger number saturates"
    )]
    #[expect(clippy::cast_precision_loss, reason = "at most a million")]
    let scaled = (value * unit as f64).round() as i64;
    let sign = if scaled < 0 { "-" } else { "" };
    let (whole, rest) = (
        scaled.unsigned_abs() / unit.unsigned_abs(),
        scaled.unsigned_abs() % unit.unsigned_abs(),
    );
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let width = decimals as usize;
    format!("{sign}{whole}.{rest:0width$}")
}

/// A place in pixels, to a tenth.
pub fn pixels(value: f64) -> String {
    fixed(value, 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_as_style_sheets_want_them() {
        for (value, expected) in [
            (0.0, "0"),
            (12.34, "12.3"),
            (-0.04, "0"),
            (-1.25, "-1.3"),
            (7.96, "8"),
            (0.05, "0.1"),
            (f64::NAN, "0"),
            (1e300, "922337203685477580.7"),
        ] {
            assert_eq!(pixels(value), expected, "{value}");
        }
        assert_eq!(fixed(12.3456, 3), "12.346");
        assert_eq!(fixed(12.002, 3), "12.002");
    }

    proptest! {
        #[test]
        fn a_place_is_written_within_half_a_tenth(value in -5000.0..5000.0f64) {
            let read: f64 = pixels(value).parse().expect("a number");
            prop_assert!((read - value).abs() <= 0.0501);
        }
    }
}
