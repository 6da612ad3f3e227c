//! The appliers of a replica: the threads that apply the log of the writer again.
//!
//! In: commits that arrive in the relay log, each with the time that it takes. Out: when each is applied, how busy the
//! appliers were, and how many commits waited for one. They are parallel servers with one FIFO queue, so the end of a
//! commit is known when it arrives; what is read of a row is exact all the same, because starts are kept until they are
//! past.

use std::collections::VecDeque;

/// The appliers of one replica.
#[derive(Debug)]
pub struct Appliers {
    /// When each is free.
    free: Vec<u64>,
    /// When the last commit arrived: the next one arrives no earlier.
    arrived: u64,
    /// Arrivals that no reading has seen yet, in order of time.
    arrivals: VecDeque<u64>,
    /// From when to when each commit is applied that had not begun at the last reading, in order of time.
    ahead: VecDeque<(u64, u64)>,
    /// Those that were being applied at the last reading: no more than there are appliers.
    at_work: Vec<(u64, u64)>,
    /// Commits that waited at the last reading, and when that was.
    waiting: u64,
    read_at: u64,
    /// What was done since the last reading, before they stopped.
    before: Applied,
}

/// What the appliers did since the reading before.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Applied {
    /// Nanoseconds of work, all appliers together.
    pub busy: f64,
    /// Nanoseconds that commits waited for an applier.
    pub waited: f64,
}

impl Appliers {
    /// So many, all free.
    pub fn new(count: u32) -> Appliers {
        Appliers {
            free: vec![0; count.max(1) as usize],
            arrived: 0,
            arrivals: VecDeque::new(),
            ahead: VecDeque::new(),
            at_work: Vec::new(),
            waiting: 0,
            read_at: 0,
            before: Applied::default(),
        }
    }

    /// A commit would arrive at this time, were none before it on the way: the log is one stream of bytes, so later ones do
    /// not overtake. Returns when it has arrived, and when it is applied.
    pub fn apply(&mut self, arrives: u64, work: u64) -> (u64, u64) {
        self.arrived = self.arrived.max(arrives);
        let free = self.free.iter_mut().min().expect("there is at least one applier");
        let start = self.arrived.max(*free);
        *free = start.saturating_add(work);
        self.arrivals.push_back(self.arrived);
        self.ahead.push_back((start, *free));
        (self.arrived, *free)
    }

    /// Reads what was done since the last reading.
    pub fn read(&mut self, now: u64) -> Applied {
        let (since, before) = (std::mem::replace(&mut self.read_at, now), self.waiting);
        // Those who waited all the time, and those who came, until now; less what those did not wait who began.
        let mut waited = u128::from(before) * u128::from(now - since);
        while let Some(&arrived) = self.arrivals.front()
            && arrived <= now
        {
            self.arrivals.pop_front();
            self.waiting += 1;
            waited += u128::from(now - arrived);
        }
        while let Some(&(start, end)) = self.ahead.front()
            && start <= now
        {
            self.ahead.pop_front();
            self.waiting -= 1;
            waited -= u128::from(now - start);
            self.at_work.push((start, end));
        }
        let busy = self.at_work.iter().map(|&(start, end)| u128::from(end.min(now) - start.max(since)));
        let busy = busy.sum::<u128>() as f64;
        self.at_work.retain(|(_, end)| *end > now);
        let before = std::mem::take(&mut self.before);
        Applied { busy: before.busy + busy, waited: before.waited + waited as f64 }
    }

    /// Nothing of what has not arrived by now will.
    pub fn forget(&mut self, now: u64) {
        self.before = self.read(now);
        let never = self.arrivals.len();
        self.arrivals.clear();
        self.ahead.truncate(self.ahead.len() - never);
        self.arrived = self.arrived.min(now);
        // Of parallel servers with one queue, the latest ends are those at which each is free.
        let ends = self.at_work.iter().chain(&self.ahead).map(|(_, end)| *end);
        let mut ends: Vec<u64> = ends.chain(self.free.iter().map(|_| 0)).collect();
        ends.sort_unstable_by(|one, other| other.cmp(one));
        self.free = ends.drain(..self.free.len()).collect();
    }

    /// They stop, and forget what they have not applied.
    pub fn stop(&mut self, now: u64) {
        self.before = self.read(now);
        self.free.fill(0);
        self.arrived = 0;
        self.arrivals.clear();
        self.ahead.clear();
        self.at_work.clear();
        self.waiting = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two appliers. Commits arrive at 0, 10, 20 and 20 and take 100 each: they begin at 0, 10, 100 and 110.
    #[test]
    fn readings_add_up_to_what_was_applied_whenever_they_are_taken() {
        let run = |readings: &[u64]| {
            let mut appliers = Appliers::new(2);
            let ends = [0, 10, 20, 15].map(|arrives| appliers.apply(arrives, 100).1);
            assert_eq!(ends, [100, 110, 200, 210], "the last one arrives no earlier than the one before");
            readings.iter().map(|now| appliers.read(*now)).collect::<Vec<_>>()
        };
        // By 50 they have worked 50 + 40, and two have waited for 30 each.
        let told = |busy, waited| Applied { busy, waited };
        assert_eq!(
            run(&[50, 150, 300]),
            [
                told(90.0, 60.0),
                // To 100 and 110, then from there to 150; one waits until 100, the other until 110.
                told(50.0 + 60.0 + 50.0 + 40.0, 50.0 + 60.0),
                told(50.0 + 60.0, 0.0),
            ]
        );
        assert_eq!(run(&[1_000]), [told(400.0, 170.0)]);
    }

    /// One applier; two commits arrive at 0 and take 100 each. It stops at 50, and goes on with both at 200.
    #[test]
    fn appliers_that_stop_begin_again() {
        let mut appliers = Appliers::new(1);
        assert_eq!([0, 0].map(|arrives| appliers.apply(arrives, 100).1), [100, 200]);
        appliers.stop(50);
        assert_eq!(appliers.read(100), Applied { busy: 50.0, waited: 50.0 });
        assert_eq!([200, 200].map(|arrives| appliers.apply(arrives, 100).1), [300, 400]);
        assert_eq!(appliers.read(1_000), Applied { busy: 200.0, waited: 100.0 });
    }

    /// Two appliers; commits arrive at 0, 10, 20 and 200 and take 100 each. At 50 the writer is lost: the last one never arrives, and one that arrives at
    /// 150 begins at once, because the third one is the only one that is applied then.
    #[test]
    fn what_has_not_arrived_is_forgotten_and_the_rest_applied() {
        let mut appliers = Appliers::new(2);
        let ends = [0, 10, 20, 200].map(|arrives| appliers.apply(arrives, 100).1);
        assert_eq!(ends, [100, 110, 200, 300]);
        appliers.forget(50);
        assert_eq!([150, 150].map(|arrives| appliers.apply(arrives, 100)), [(150, 250), (150, 300)]);
        assert_eq!(appliers.read(1_000), Applied { busy: 500.0, waited: 80.0 + 50.0 });
    }
}
