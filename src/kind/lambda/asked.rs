//! When events count as asked for. In: the rows of the events of a function. Out: how many each row counts with.
//!
//! An event counts when it comes. Where events were throttled and all of them got an environment later, Lambda has spread them over time: they count
//! when they got it. Those of rows in which some still waited at the end, or grew too old, count when they came.

use super::events::Queue;
use crate::kind::part::{Backlog, Offered};

impl Queue {
    /// Nothing of a function that no event ever came to.
    pub(super) fn offered(&self) -> Option<Offered> {
        if self.path.is_none() || self.counts.received == 0 {
            return None;
        }
        let rows = self.came.len();
        let mut offered =
            Offered { attempts: self.came.clone(), backlog: vec![Backlog::None; rows], refused: None };
        let mut from = 0;
        for held in self.held_in_rows.chunk_by(|one, next| (*one > 0.0) == (*next > 0.0)) {
            let stretch = from..from + held.len();
            from = stretch.end;
            if held[0] == 0.0 {
                continue;
            }
            // What was held at the end of its last row is gone at the end of the next one.
            let is_gone = stretch.end < rows && self.counts.too_old == 0;
            let all = stretch.start..(stretch.end + usize::from(is_gone)).min(rows);
            if is_gone {
                offered.attempts[all.clone()].copy_from_slice(&self.taken[all.clone()]);
            }
            offered.backlog[all].fill(if is_gone { Backlog::Gone } else { Backlog::Stays });
        }
        Some(offered)
    }
}

#[cfg(test)]
mod tests {
    use super::super::events::Counts;
    use super::*;

    fn queue(held: [f64; 5], too_old: u64) -> Queue {
        Queue {
            path: Some([0, 1]),
            counts: Counts { received: 9, too_old, ..Counts::default() },
            came: vec![1.0, 6.0, 2.0, 0.0, 0.0],
            taken: vec![1.0, 2.0, 2.0, 2.0, 2.0],
            held_in_rows: held.to_vec(),
            ..Queue::default()
        }
    }

    #[test]
    fn a_burst_that_was_throttled_counts_when_it_is_invoked() {
        let gone = queue([0.0, 4.0, 4.0, 2.0, 0.0], 0).offered().unwrap();
        assert_eq!(gone.attempts, [1.0, 2.0, 2.0, 2.0, 2.0]);
        assert_eq!(gone.backlog[0], Backlog::None);
        assert_eq!(gone.backlog[1..], [Backlog::Gone; 4]);
        for stays in [queue([0.0, 4.0, 4.0, 2.0, 1.0], 0), queue([0.0, 4.0, 0.0, 0.0, 0.0], 3)] {
            let stays = stays.offered().unwrap();
            assert_eq!(stays.attempts, [1.0, 6.0, 2.0, 0.0, 0.0]);
            assert_eq!(stays.backlog[1], Backlog::Stays);
        }
    }
}
