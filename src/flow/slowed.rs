//! Work that is done at a pace that changes, as while a fault or a cold application makes it take longer.
//!
//! In: for how long something was busy so far, and its pace from some instant on. Out: how much of its usual work it has done: what takes
//! four times as long keeps it busy for four seconds, and is one second of work. What was asked for and what was served compare only so.

/// How much has been done.
#[derive(Clone, Copy, Debug)]
pub struct Slowed {
    /// Work done up to some instant, and for how long it was busy at that.
    done: f64,
    busy: f64,
    /// Work in a unit of time from then on.
    pace: f64,
}

impl Default for Slowed {
    fn default() -> Slowed {
        Slowed { done: 0.0, busy: 0.0, pace: 1.0 }
    }
}

impl Slowed {
    /// The work done until it was busy for so long.
    pub fn work(&self, busy: f64) -> f64 {
        self.done + (busy - self.busy) * self.pace
    }

    /// Its pace is another one from now on, if it is.
    pub fn settle(&mut self, pace: f64, busy: impl FnOnce() -> f64) {
        if pace != self.pace {
            let busy = busy();
            *self = Slowed { done: self.work(busy), busy, pace };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 10 s at its usual pace, 8 s at a quarter of it, 3 s at its usual one.
    #[test]
    fn what_takes_longer_is_no_more_work() {
        let mut slowed = Slowed::default();
        assert_eq!(slowed.work(10.0), 10.0);
        slowed.settle(0.25, || 10.0);
        assert_eq!(slowed.work(14.0), 11.0);
        slowed.settle(0.25, || 14.0);
        slowed.settle(1.0, || 18.0);
        assert_eq!((slowed.work(18.0), slowed.work(21.0)), (12.0, 15.0));
    }
}
