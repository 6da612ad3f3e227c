//! How long things stay that an objective bounds, such as messages in a queue. In: when each came and how long it had stayed when it
//! left. Out: the stays by the row in which they ended. Kept only where an objective asks for them; they are not part of
//! `outcome.json`.
//!
//! What has waited for minutes counts when it leaves. The rows tell since when it should have been gone.

use super::histogram::{Histogram, Packed};
use crate::id::Owner;

/// The stays of one resource.
#[derive(Debug)]
pub struct Stays {
    of: Owner,
    coming: u64,
    leaving: Histogram,
    /// For each row so far, how many came in it.
    pub came: Vec<u64>,
    /// For each row so far, how long those had stayed that left in it.
    pub left: Vec<Packed>,
    /// How long those have stayed that are still there at the end.
    pub there: Histogram,
}

impl Stays {
    /// Adds another run of the same resource, or another resource of the same runs.
    pub fn add(&mut self, other: &Stays) {
        self.came.iter_mut().zip(&other.came).for_each(|(sum, more)| *sum += more);
        Packed::add_all(&mut self.left, &other.left);
        self.there.merge(&other.there);
    }

    fn of(of: Owner) -> Stays {
        let (leaving, there) = (Histogram::default(), Histogram::default());
        Stays { of, coming: 0, leaving, came: Vec::new(), left: Vec::new(), there }
    }

    fn end_row(&mut self) {
        self.came.push(std::mem::take(&mut self.coming));
        self.left.push(Packed::of(&self.leaving));
        self.leaving.clear();
    }
}

/// The stays of every resource of which they are kept.
#[derive(Debug, Default)]
pub struct AllStays(Vec<Stays>);

impl AllStays {
    /// Keeps those at a resource from now on.
    pub fn keep(&mut self, of: Owner) {
        if self.of(of).is_none() {
            self.0.push(Stays::of(of));
        }
    }

    fn of(&mut self, of: Owner) -> Option<&mut Stays> {
        self.0.iter_mut().find(|stays| stays.of == of)
    }

    /// So many have come to a resource.
    pub fn came(&mut self, of: Owner, count: u64) {
        if let Some(stays) = self.of(of) {
            stays.coming += count;
        }
    }

    /// One has left a resource after so many nanoseconds.
    pub fn left(&mut self, of: Owner, stayed: u64) {
        if let Some(stays) = self.of(of) {
            stays.leaving.record(stayed);
        }
    }

    /// One is still there at the end, after so many nanoseconds.
    pub fn still_there(&mut self, of: Owner, stayed: u64) {
        if let Some(stays) = self.of(of) {
            stays.there.record(stayed);
        }
    }

    /// Ends a row of each.
    pub fn end_row(&mut self) {
        self.0.iter_mut().for_each(Stays::end_row);
    }

    /// Adds another run.
    pub fn add(&mut self, other: &AllStays) {
        self.0.iter_mut().zip(&other.0).for_each(|(stays, more)| stays.add(more));
    }

    /// Those of some resources as one; nothing if none are kept.
    pub fn together(&self, is_of_them: impl Fn(Owner) -> bool) -> Option<Stays> {
        let mut sum: Option<Stays> = None;
        for stays in self.0.iter().filter(|stays| is_of_them(stays.of)) {
            let none = || Stays {
                came: vec![0; stays.came.len()],
                left: stays.left.iter().map(|_| Packed::of(&Histogram::default())).collect(),
                ..Stays::of(stays.of)
            };
            sum.get_or_insert_with(none).add(stays);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_are_kept_only_where_they_are_asked_for_and_add_up() {
        let run = || {
            let mut all = AllStays::default();
            [0, 2, 0].iter().for_each(|queue| all.keep(Owner::Queue(*queue)));
            for queue in 0..3 {
                all.came(Owner::Queue(queue), 5);
                all.left(Owner::Queue(queue), 1_000);
            }
            all.end_row();
            all.left(Owner::Queue(0), 2_000);
            all.end_row();
            all.still_there(Owner::Queue(2), 3_000);
            all
        };
        let mut both = run();
        both.add(&run());
        let counts = |stays: &Stays| {
            let left: Vec<u64> = stays.left.iter().map(Packed::count).collect();
            (stays.came.clone(), left, stays.there.count())
        };
        let all: Vec<_> = both.0.iter().map(counts).collect();
        assert_eq!(all, [(vec![10, 0], vec![2, 2], 0), (vec![10, 0], vec![2, 0], 2)]);
        let together = both.together(|_| true).unwrap();
        assert_eq!(counts(&together), (vec![20, 0], vec![4, 2], 2));
        assert!(both.together(|of| of == Owner::Queue(1)).is_none());
    }
}
