//! When the next visitor may be let in: one for each unit of the integral of the rate, counted from the last one.
//!
//! In: rates over time, and visitors that are let in. Out: the earliest instant of the next. What is not used is not saved up: after a
//! pause the next one goes at once, and the one after it as long after that as the rate says.

use super::language::Admission;

/// The pace of a room.
#[derive(Debug)]
pub(super) struct Pace {
    /// From when on, in nanoseconds, and how many nanoseconds lie between two; without end where nobody goes in.
    steps: Vec<(f64, f64)>,
    /// When the last one was let in, with a fraction, so that rounding does not add up.
    last: Option<f64>,
    /// The step at that time.
    at: usize,
}

impl Pace {
    /// One that has let nobody in; without a rate any number at once.
    pub fn new(rate: Option<&Admission>) -> Pace {
        let steps = rate.iter().flat_map(|rate| rate.steps().map(|(at, rate)| (at.0 as f64, 1e9 / rate.0)));
        Pace { steps: steps.collect(), last: None, at: 0 }
    }

    /// The earliest instant, from now on, at which the next may be let in; the end of time if never.
    pub fn next(&mut self, now: u64) -> u64 {
        match self.due(now) {
            None => u64::MAX,
            Some(due) => (due.ceil() as u64).max(now),
        }
    }

    /// One is let in now.
    pub fn take(&mut self, now: u64) {
        // Within the nanosecond it goes by the exact instant.
        let due = self.due(now).filter(|due| *due > now as f64 - 1.0);
        self.last = Some(due.unwrap_or(now as f64).min(now as f64));
        self.skip();
    }

    fn due(&mut self, now: u64) -> Option<f64> {
        if self.steps.is_empty() {
            return Some(now as f64);
        }
        let Some(last) = self.last else {
            // The first one, as soon as anybody may go in.
            let open =
                |(start, gap): &(f64, f64), end: f64| gap.is_finite() && end > now as f64 && *start < end;
            let ends = self.steps.iter().skip(1).map(|step| step.0).chain([f64::INFINITY]);
            let found = self.steps.iter().zip(ends).find(|(step, end)| open(step, *end));
            return found.map(|((start, _), _)| start.max(now as f64));
        };
        let mut left = 1.0;
        let mut from = last;
        for index in self.at..self.steps.len() {
            let (_, gap) = self.steps[index];
            let end = self.steps.get(index + 1).map_or(f64::INFINITY, |step| step.0);
            if gap.is_finite() && left * gap <= end - from {
                return Some(from + left * gap);
            }
            left -= (end - from) / gap;
            from = end;
        }
        None
    }

    /// Moves to the step of the last one.
    fn skip(&mut self) {
        let last = self.last.unwrap_or(0.0);
        while self.steps.get(self.at + 1).is_some_and(|step| step.0 <= last) {
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(steps: &[(f64, f64)]) -> Pace {
        Pace { steps: steps.to_vec(), last: None, at: 0 }
    }

    /// Lets so many in, each as early as it may.
    fn instants(pace: &mut Pace, from: u64, count: usize) -> Vec<u64> {
        let mut now = from;
        let one = |_| {
            now = pace.next(now);
            if now < u64::MAX {
                pace.take(now);
            }
            now
        };
        (0..count).map(one).collect()
    }

    #[test]
    fn visitors_go_in_at_equal_distances_and_nothing_is_saved_up() {
        let mut steady = pace(&[(0.0, 100.0)]);
        assert_eq!(instants(&mut steady, 0, 3), [0, 100, 200]);
        assert_eq!(instants(&mut steady, 1_000, 2), [1_000, 1_100]);
        assert_eq!(steady.next(1_150), 1_200);
        // Thirds of a nanosecond do not add up.
        assert_eq!(instants(&mut pace(&[(0.0, 10.0 / 3.0)]), 0, 7), [0, 4, 7, 10, 14, 17, 20]);
    }

    #[test]
    fn a_rate_that_changes_counts_by_its_integral() {
        // From 150 on twice as fast: half a visitor by then, and half of 50 more.
        assert_eq!(instants(&mut pace(&[(0.0, 100.0), (150.0, 50.0)]), 0, 4), [0, 100, 175, 225]);
        // Nobody between 150 and 400.
        assert_eq!(
            instants(&mut pace(&[(0.0, 100.0), (150.0, f64::INFINITY), (400.0, 100.0)]), 0, 4),
            [0, 100, 450, 550]
        );
        assert_eq!(instants(&mut pace(&[(0.0, f64::INFINITY), (400.0, 100.0)]), 0, 2), [400, 500]);
        assert_eq!(instants(&mut pace(&[(0.0, 100.0), (50.0, f64::INFINITY)]), 0, 2), [0, u64::MAX]);
    }
}
