//! What strikes an instance, and when it did nothing because of that.
//!
//! In: strikes that begin and end. Out: what is left of its speed, and the time for which it stood still or was down, row by row.

use crate::flow::fact::Blow;
use crate::flow::host::Withheld;

/// What strikes an instance at present.
#[derive(Clone, Debug, Default)]
pub struct Blows(Vec<(u32, Blow)>);

impl Blows {
    /// A strike begins.
    pub(super) fn add(&mut self, strike: u32, blow: Blow) {
        self.0.push((strike, blow));
    }

    /// A strike is over.
    pub(super) fn remove(&mut self, strike: u32) {
        self.0.retain(|(other, _)| *other != strike);
    }

    /// The part of its speed at which it works.
    pub(super) fn speed(&self) -> f64 {
        let speeds = self.0.iter().map(|(_, blow)| if let Blow::Slow(speed) = blow { *speed } else { 1.0 });
        speeds.product()
    }

    /// Whether it stands still.
    pub(super) fn is_still(&self) -> bool {
        self.0.iter().any(|(_, blow)| *blow == Blow::Hangs)
    }

    /// Whether it answers with errors.
    pub(super) fn is_failing(&self) -> bool {
        self.0.iter().any(|(_, blow)| *blow == Blow::Fails)
    }

    /// Whether nothing reaches it.
    pub(super) fn is_cut_off(&self) -> bool {
        self.0.iter().any(|(_, blow)| *blow == Blow::Unreachable)
    }
}

/// When an instance did nothing because of what struck it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gaps {
    /// Of the time for which its CPU was taken, that in which it stood still; and as much of it as had been read with the last row.
    stood: Withheld,
    stood_mark: f64,
    /// Since when its application is down, and for how long it was before that in the present row.
    since: Option<u64>,
    down: u64,
}

impl Gaps {
    /// For how long its CPU was taken in the row while nothing was done there, from how long it was taken so far.
    pub(super) fn stood_in_row(&mut self, busy: f64) -> f64 {
        let stood = self.stood.of(busy);
        stood - std::mem::replace(&mut self.stood_mark, stood)
    }

    /// It stands still from now on, or no longer; its CPU was taken for so long so far.
    pub(super) fn stands(&mut self, is_still: bool, busy: f64) {
        self.stood.change(if is_still { 1.0 } else { 0.0 }, busy);
    }

    /// For how long its application was down in the row.
    pub(super) fn down_in_row(&mut self, now: u64) -> f64 {
        self.add_down(now);
        std::mem::take(&mut self.down) as f64
    }

    fn add_down(&mut self, now: u64) {
        if let Some(since) = &mut self.since {
            self.down += now - *since;
            *since = now;
        }
    }

    /// Its application goes down, or is up again.
    pub(super) fn goes(&mut self, is_down: bool, now: u64) {
        self.add_down(now);
        self.since = is_down.then_some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strikes_come_on_top_of_each_other_and_end_one_by_one() {
        let mut blows = Blows::default();
        blows.add(0, Blow::Slow(0.2));
        blows.add(1, Blow::Slow(0.5));
        blows.add(2, Blow::Unreachable);
        assert_eq!((blows.speed(), blows.is_still(), blows.is_cut_off()), (0.1, false, true));
        blows.remove(0);
        blows.remove(2);
        assert_eq!((blows.speed(), blows.is_cut_off()), (0.5, false));
    }

    /// Down from 3 to 12 and from 13 on, with rows of 10.
    #[test]
    fn the_time_in_which_it_is_down_is_counted_row_by_row() {
        let mut gaps = Gaps::default();
        gaps.goes(true, 3);
        assert_eq!(gaps.down_in_row(10), 7.0);
        gaps.goes(false, 12);
        gaps.goes(true, 13);
        assert_eq!((gaps.down_in_row(20), gaps.down_in_row(30)), (9.0, 10.0));
    }
}
