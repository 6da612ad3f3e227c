//! Meters: what passes one after the other at a rate, and faster than it can last while there are credits.
//!
//! In: pieces in order of time, each with the time that it takes for itself and the credits that it spends. Out: when each begins, for how long no
//! other could begin, and which credits are left. Credits are earned evenly, up to a most; a piece without enough of them waits until they are there.

/// Credits, at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Credits {
    left: f64,
    most: f64,
    /// Earned in a nanosecond.
    earning: f64,
    at: f64,
}

impl Credits {
    /// So many of the `most` that there can be, at the start of a run; `earned` are earned a second.
    pub fn new(left: f64, most: f64, earned: f64) -> Credits {
        Credits { left, most, earning: earned / 1e9, at: 0.0 }
    }

    fn at(&self, at: f64) -> f64 {
        (self.left + self.earning * (at - self.at).max(0.0)).min(self.most)
    }

    /// Spends some, or waits until there are as many; how long it waits from `start`.
    fn spend(&mut self, count: f64, start: f64) -> f64 {
        let left = self.at(start);
        let wait = (count - left).max(0.0) / self.earning;
        (self.left, self.at) = (left.max(count) - count, start + wait);
        wait
    }
}

/// What lets pieces begin one after the other.
#[derive(Clone, Debug)]
pub struct Meter {
    /// When the next piece may begin.
    free_at: f64,
    /// Nanoseconds for which none could begin so far, or will be able to: the last of them up to `free_at`, without a gap.
    closed: f64,
    /// Nanoseconds that pieces take for themselves, all together.
    work: f64,
    /// Which part of the time the last one took for itself: the rest it waited for credits.
    working: f64,
    credits: Option<Credits>,
    /// The last piece had to wait for credits.
    pub is_spent: bool,
}

impl Meter {
    /// An idle meter.
    pub fn new(credits: Option<Credits>) -> Meter {
        Meter { free_at: 0.0, closed: 0.0, work: 0.0, working: 1.0, credits, is_spent: false }
    }

    /// A piece is asked for that takes `span` nanoseconds for itself, and spends credits where there are any: when it begins.
    pub fn admit(&mut self, span: f64, cost: f64, at: f64) -> f64 {
        let first = at.max(self.free_at);
        let wait = self.credits.as_mut().map_or(0.0, |credits| credits.spend(cost, first));
        self.is_spent = wait > 0.0;
        self.closed += wait + span;
        self.work += span;
        self.working = if wait > 0.0 { span / (wait + span) } else { 1.0 };
        self.free_at = first + wait + span;
        first + wait
    }

    /// Nanoseconds up to now for which none could begin.
    pub fn busy(&self, now: f64) -> f64 {
        self.closed - (self.free_at - now).max(0.0)
    }

    /// Nanoseconds that pieces have taken for themselves up to now, as if those ahead were all like the last one.
    pub fn work(&self, now: f64) -> f64 {
        self.work - self.working * (self.free_at - now).max(0.0)
    }

    /// Part of its credits that is left; all where it has none to spend.
    pub fn credits(&self, now: f64) -> f64 {
        self.credits.map_or(1.0, |credits| credits.at(now) / credits.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three pieces of 10 ns at once, one of 5 at 100: each begins when the one before has ended.
    #[test]
    fn pieces_begin_one_after_the_other() {
        let mut meter = Meter::new(None);
        let starts: Vec<f64> = (0..3).map(|_| meter.admit(10.0, 1.0, 0.0)).collect();
        assert_eq!(starts, [0.0, 10.0, 20.0]);
        assert_eq!((meter.busy(15.0), meter.busy(50.0)), (15.0, 30.0));
        assert_eq!(meter.admit(5.0, 1.0, 100.0), 100.0);
        assert_eq!((meter.busy(102.0), meter.credits(102.0)), (32.0, 1.0));
    }

    /// Two of three credits are left, and one is earned each 100 ns. The third of four pieces at once finds 0.2 of one at 20 ns; the fourth
    /// begins 100 ns after it.
    #[test]
    fn without_credits_a_piece_waits_until_they_are_earned() {
        let mut meter = Meter::new(Some(Credits::new(2.0, 3.0, 1e7)));
        let mut starts = [0.0; 4];
        for start in &mut starts {
            *start = meter.admit(10.0, 1.0, 0.0);
        }
        let by_hand = [0.0, 10.0, 100.0, 200.0];
        assert!(
            starts.iter().zip(by_hand).all(|(start, by_hand)| (start - by_hand).abs() < 1e-9),
            "{starts:?}"
        );
        assert!(meter.is_spent);
        // It was closed all the time.
        assert!((meter.busy(205.0) - 205.0).abs() < 1e-9);
        // Of the last 100 ns each piece takes 10 for itself.
        assert!((meter.work(210.0) - 40.0).abs() < 1e-9 && (meter.work(110.0) - 30.0).abs() < 1e-9);
        // Three are earned by 500 ns, and no more.
        assert!((meter.credits(350.0) - 0.5).abs() < 1e-9);
        assert_eq!(meter.credits(5_000.0), 1.0);
    }
}
