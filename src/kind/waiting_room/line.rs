//! Who waits, and who is next: in the order of coming, by lot at an opening, or drawn each time.
//!
//! In: attempts that come and go. Out: the next one. Each knows its place, so that it can leave from anywhere.

use std::collections::BTreeMap;

use crate::dist::below;
use crate::flow::per_attempt::PerAttempt;
use crate::rng::Stream;

/// The visitors that wait in one room.
#[derive(Debug)]
pub(super) enum Line {
    /// By number: the lowest is next.
    Fair {
        /// The attempts by their numbers.
        waiting: BTreeMap<u64, u32>,
        /// The number of the next that comes.
        next: u64,
    },
    /// Any of them is next.
    Random(Vec<u32>),
}

impl Line {
    /// Nobody.
    pub fn new(random: bool) -> Line {
        match random {
            true => Line::Random(Vec::new()),
            false => Line::Fair { waiting: BTreeMap::new(), next: 0 },
        }
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        match self {
            Line::Fair { waiting, .. } => waiting.len(),
            Line::Random(waiting) => waiting.len(),
        }
    }

    /// One comes.
    pub fn join(&mut self, id: u32, places: &mut PerAttempt<u64>) {
        let place = match self {
            Line::Fair { waiting, next } => {
                waiting.insert(*next, id);
                *next += 1;
                *next - 1
            }
            Line::Random(waiting) => {
                waiting.push(id);
                waiting.len() as u64 - 1
            }
        };
        *places.of_mut(id) = place;
    }

    /// One leaves.
    pub fn leave(&mut self, id: u32, places: &mut PerAttempt<u64>) {
        let place = places.of(id);
        match self {
            Line::Fair { waiting, .. } => _ = waiting.remove(&place),
            Line::Random(waiting) => {
                waiting.swap_remove(place as usize);
                if let Some(moved) = waiting.get(place as usize) {
                    *places.of_mut(*moved) = place;
                }
            }
        }
    }

    /// Takes the next one, if there is one.
    pub fn take(&mut self, draws: &mut Stream, places: &mut PerAttempt<u64>) -> Option<u32> {
        let id = match self {
            Line::Fair { waiting, .. } => waiting.first_key_value().map(|(_, id)| *id),
            Line::Random(waiting) if waiting.is_empty() => None,
            Line::Random(waiting) => Some(waiting[below(draws, waiting.len() as u64) as usize]),
        }?;
        self.leave(id, places);
        Some(id)
    }

    /// Puts all who wait in an order by lot.
    pub fn shuffle(&mut self, draws: &mut Stream, places: &mut PerAttempt<u64>) {
        let Line::Fair { waiting, next } = self else { return };
        let mut all: Vec<u32> = std::mem::take(waiting).into_values().collect();
        for place in (1..all.len()).rev() {
            all.swap(place, below(draws, place as u64 + 1) as usize);
        }
        for id in all {
            *places.of_mut(id) = *next;
            waiting.insert(*next, id);
            *next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;

    #[test]
    fn anybody_can_leave_from_anywhere() {
        for random in [false, true] {
            let (mut line, mut places) = (Line::new(random), PerAttempt::new(0));
            let mut draws = stream(1, "line");
            (0..5).for_each(|id| line.join(id, &mut places));
            line.leave(1, &mut places);
            line.leave(4, &mut places);
            line.join(7, &mut places);
            line.shuffle(&mut draws, &mut places);
            line.leave(0, &mut places);
            let mut left: Vec<u32> = std::iter::from_fn(|| line.take(&mut draws, &mut places)).collect();
            left.sort_unstable();
            assert_eq!((left, line.len()), (vec![2, 3, 7], 0), "{random}");
        }
    }

    #[test]
    fn who_comes_after_an_opening_is_behind_all_who_came_before() {
        let (mut line, mut places) = (Line::new(false), PerAttempt::new(0));
        let mut draws = stream(1, "line");
        (0..100).for_each(|id| line.join(id, &mut places));
        line.shuffle(&mut draws, &mut places);
        line.join(100, &mut places);
        let order: Vec<u32> = std::iter::from_fn(|| line.take(&mut draws, &mut places)).collect();
        assert_eq!(order[100], 100);
        assert!(!order[..100].is_sorted());
    }
}
