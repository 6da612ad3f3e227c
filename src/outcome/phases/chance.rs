//! Whether a count is more than chance. In: how many of the requests of each row were slow or failed, and the part that
//! may be. Out: one mark a row.
//!
//! One outlier, or a row of few requests, proves nothing; many small excesses side by side do.

/// Times the allowed part of slow or failed requests below which a row is at its bound, not beyond it.
const CLEARLY: f64 = 1.2;
/// Chance that a run without any trouble is found to have some.
const FALSE_ALARM: f64 = 0.01;
/// Rows that are judged together: many small excesses show what a single one does not.
const SCALES: [usize; 5] = [1, 3, 9, 27, 81];

/// How many of so many requests.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sample {
    /// How many there were.
    pub of: f64,
    /// How many of them were found slow or failed.
    pub found: f64,
}

impl Sample {
    /// Whether it can hardly be chance that so many were found where `allowed` is their share: by Chernoff's bound,
    /// chance finds a share `a` or more of `n` with a probability of exp(-n·D(a, allowed)) at most, D being the
    /// divergence of Kullback and Leibler.
    fn is_beyond(self, allowed: f64, doubt: f64) -> bool {
        let share = self.found / self.of;
        if !(self.of > 0.0 && share > CLEARLY * allowed) {
            return false;
        }
        let term = |a: f64, b: f64| if a > 0.0 { a * libm::log(a / b) } else { 0.0 };
        self.of * (term(share, allowed) + term(1.0 - share, 1.0 - allowed)) > doubt
    }
}

/// The rows whose share is above what is allowed, by themselves or with the rows around them.
pub(super) fn beyond(rows: &[Sample], allowed: f64) -> Vec<bool> {
    let doubt = libm::log((rows.len() * SCALES.len()) as f64 / FALSE_ALARM);
    let mut sums = vec![Sample::default(); rows.len() + 1];
    for (row, sample) in rows.iter().enumerate() {
        sums[row + 1] = Sample { of: sums[row].of + sample.of, found: sums[row].found + sample.found };
    }
    let beyond = |row: usize| {
        rows[row].found > CLEARLY * allowed * rows[row].of
            && SCALES.iter().any(|scale| {
                let (from, to) = (row.saturating_sub(scale / 2), (row + scale / 2 + 1).min(rows.len()));
                let (before, after) = (sums[from], sums[to]);
                Sample { of: after.of - before.of, found: after.found - before.found }
                    .is_beyond(allowed, doubt)
            })
    };
    (0..rows.len()).map(beyond).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(found: &[f64], of: f64) -> Vec<Sample> {
        found.iter().map(|&found| Sample { of, found }).collect()
    }

    #[test]
    fn a_row_of_few_requests_is_no_trouble_by_chance() {
        // 750 requests a row, one in a hundred allowed: 7.5 expected, 12 is 1.6 standard deviations more.
        assert!(!beyond(&rows(&[6.0, 12.0, 7.0, 8.0], 750.0), 0.01).contains(&true));
        assert!(!beyond(&rows(&[0.0, 1.0, 0.0], 20.0), 0.01).contains(&true), "an outlier");
        assert_eq!(beyond(&rows(&[6.0, 40.0, 7.0], 750.0), 0.01), [false, true, false]);
    }

    #[test]
    fn many_small_excesses_are_trouble_together() {
        let mut found = vec![7.0; 60];
        found[20..40].fill(14.0);
        let marks = beyond(&rows(&found, 750.0), 0.01);
        assert_eq!(marks.iter().filter(|mark| **mark).count(), 20);
        assert!(marks[20..40].iter().all(|mark| *mark));
    }

    #[test]
    fn at_the_bound_is_not_beyond_it() {
        // So many that 1.1 % is no chance; but nobody calls that an outage.
        assert!(!beyond(&rows(&[1_100.0; 50], 100_000.0), 0.01).contains(&true));
        assert!(beyond(&rows(&[1_300.0; 50], 100_000.0), 0.01).iter().all(|mark| *mark));
    }

    #[test]
    fn all_failed_is_beyond_any_bound() {
        assert_eq!(beyond(&rows(&[10.0, 0.0], 10.0), 0.005), [true, false]);
    }
}
