//! Availability for people: nines, minutes of a year, and percentages that never reach all of it. In: the share that failed, and of how
//! many. Out: short text.

use super::number;

/// Minutes of a year of 365.25 days: five nines are 5.26 of them, three nines are 8.77 hours.
pub const MINUTES_OF_A_YEAR: f64 = 525_960.0;

/// The nines of what fails to this share: 3 of 0.001, 3.3 of 0.0005.
pub fn nines_of(failed: f64) -> f64 {
    // All that failed has no nine, and not -0.
    (-libm::log10(failed)).max(0.0) + 0.0
}

/// Nines to the tenth, rounded down: what is short of three nines is no three nines.
pub fn nines(nines: f64) -> String {
    // Three nines that are a little less by rounding of a bit are three.
    let tenths = (nines * 10.0 + 1e-9).floor() / 10.0;
    format!("{tenths:.1}")
}

/// Minutes of a year, and from an hour on what they are in hours or days: `5.26 min`, `526 min (8.77 h)`, `5,260 min (3.65 d)`.
pub fn yearly(minutes: f64) -> String {
    let hours = minutes / 60.0;
    match hours {
        hours if hours >= 48.0 => format!("{} min ({} d)", number(minutes), number(hours / 24.0)),
        hours if hours >= 1.0 => format!("{} min ({} h)", number(minutes), number(hours)),
        _ => format!("{} min", number(minutes)),
    }
}

/// What did not fail in percent, with the digits that a count of so many supports, and with three of what failed at most: `99.96 %` of 3,000
/// of which one failed. Nothing short of all is `100 %`.
pub fn available(failed: f64, of: f64) -> String {
    match failed {
        0.0 => "100 %".into(),
        failed if failed >= 1.0 => "0 %".into(),
        failed => {
            let of_failures = 2.0 - libm::log10(100.0 * failed).floor();
            let of_count = libm::log10(of.max(1.0)).ceil() - 2.0;
            let decimals = of_failures.min(of_count).clamp(0.0, 12.0);
            // Rounded down: one that failed of three is no 67 %, but two that failed of three are 33 %.
            let scale = libm::pow(10.0, decimals);
            let percent = ((100.0 - 100.0 * failed) * scale + 1e-6).floor() / scale;
            format!("{percent:.*} %", decimals as usize)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 525,960 minutes of 365.25 days: a tenth of them fifty-two thousand, and so on.
    #[test]
    fn nines_are_minutes_of_a_year() {
        let of = |nines: i32| yearly(MINUTES_OF_A_YEAR * libm::pow(10.0, f64::from(-nines)));
        assert_eq!(of(5), "5.26 min");
        assert_eq!(of(4), "52.6 min");
        assert_eq!(of(3), "526 min (8.77 h)");
        assert_eq!(of(2), "5,260 min (3.65 d)");
        assert_eq!(of(7), "0.0526 min");
    }

    #[test]
    fn a_share_has_as_many_nines_as_its_logarithm_says() {
        let shown = |failed: f64| nines(nines_of(failed));
        assert_eq!([0.1, 0.01, 0.001, 1e-5].map(shown), ["1.0", "2.0", "3.0", "5.0"]);
        // Half of what three nines allow: log10(2) more.
        assert_eq!(shown(0.000_5), "3.3");
        assert_eq!(shown(0.001_01), "2.9", "short of three nines");
        assert_eq!([1.0, 0.5].map(shown), ["0.0", "0.3"]);
        assert!(nines_of(1.0).is_sign_positive());
    }

    #[test]
    fn a_percentage_has_the_digits_that_its_count_supports() {
        assert_eq!(available(0.0, 10.0), "100 %");
        assert_eq!(available(1.0, 10.0), "0 %");
        assert_eq!(available(0.1, 10.0), "90 %");
        assert_eq!(available(1.0 / 1_000.0, 1_000.0), "99.9 %");
        assert_eq!(available(1.0 / 3_000.0, 3_000.0), "99.96 %");
        assert_eq!(available(1.0 / 28_000_000.0, 28_000_000.0), "99.999996 %");
        assert_eq!(available(40_000.0 / 28_000_000.0, 28_000_000.0), "99.857 %");
        assert_eq!(available(0.000_5, 28_000_000.0), "99.9500 %");
        assert_eq!(available(0.173, 28_000_000.0), "82.7 %");
    }
}
