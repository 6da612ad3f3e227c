//! One waiting room in a run: who waits, who is inside, and who is next.
//!
//! In: visitors that come, go or are let in. Out: whether one may be let in now, and else when; counts of all of it.

use super::language;
use super::line::Line;
use super::pace::Pace;
use super::record::WaitingRoomTotals;
use super::sessions::Sessions;
use crate::dist::Sampler;
use crate::flow::mark::Mark;
use crate::flow::per_attempt::PerAttempt;
use crate::id::AlarmOf;
use crate::rng::{Stream, stream};

/// A room.
#[derive(Debug)]
pub(super) struct Room<'s> {
    pub settings: &'s language::WaitingRoom,
    pub line: Line,
    pub pace: Pace,
    pub sessions: Sessions,
    /// The alarm while which is on nobody is let in, and whether it is on.
    pub alarm: Option<AlarmOf>,
    pub is_closed: bool,
    /// Draws who is next.
    pub lots: Stream,
    /// How long a visitor waits before it gives up.
    pub patience: Option<(Sampler, Stream)>,
    /// Visitor-nanoseconds of waiting, and nanoseconds in which somebody waited, until the last change.
    areas: [f64; 2],
    since: u64,
    /// The same at the end of the last row.
    pub areas_in_row: [f64; 2],
    /// What has happened so far.
    pub counted: WaitingRoomTotals,
    pub marks: [Mark; 2],
}

impl<'s> Room<'s> {
    /// A room in which nobody has come yet.
    pub fn new(settings: &'s language::WaitingRoom, alarm: Option<AlarmOf>, seed: u64) -> Room<'s> {
        let purpose = |purpose: &str| stream(seed, &format!("waiting_room.{}/{purpose}", settings.name));
        Room {
            settings,
            line: Line::new(settings.random),
            pace: Pace::new(settings.rate.as_ref()),
            sessions: Sessions::new(settings.session.0),
            alarm,
            is_closed: false,
            lots: purpose("order"),
            patience: settings.patience.as_ref().map(|law| (Sampler::new(law), purpose("patience"))),
            areas: [0.0; 2],
            since: 0,
            areas_in_row: [0.0; 2],
            counted: WaitingRoomTotals { name: settings.name.clone(), ..WaitingRoomTotals::default() },
            marks: [Mark::default(); 2],
        }
    }

    /// The earliest instant at which the next visitor may be let in, as far as is known now; the end of time if nobody knows.
    pub fn next(&mut self, now: u64) -> u64 {
        if self.is_closed {
            return u64::MAX;
        }
        if now < self.settings.opens.0 {
            return self.settings.opens.0;
        }
        let is_full = self.settings.active.is_some_and(|most| self.sessions.inside(now) >= most as usize);
        match self.sessions.next_end(now) {
            Some(end) if is_full => end,
            _ => self.pace.next(now),
        }
    }

    /// A visitor is let in.
    pub fn admit(&mut self, visitor: u64, now: u64) {
        self.pace.take(now);
        self.sessions.begin(visitor, now);
    }

    /// Before the number of those who wait changes.
    fn settle(&mut self, now: u64) {
        self.areas = self.areas(now);
        self.since = now;
    }

    /// Visitor-nanoseconds of waiting, and nanoseconds in which somebody waited.
    pub fn areas(&self, now: u64) -> [f64; 2] {
        let (span, waiting) = ((now - self.since) as f64, self.line.len());
        let is_any = if waiting > 0 { 1.0 } else { 0.0 };
        [self.areas[0] + span * waiting as f64, self.areas[1] + span * is_any]
    }

    /// A visitor begins to wait.
    pub fn join(&mut self, id: u32, places: &mut PerAttempt<u64>, now: u64) {
        self.settle(now);
        self.line.join(id, places);
        self.counted.waited += 1;
        self.counted.most = self.counted.most.max(self.line.len() as u64);
    }

    /// A visitor waits no more, and was not let in.
    pub fn leave(&mut self, id: u32, places: &mut PerAttempt<u64>, now: u64) {
        self.settle(now);
        self.line.leave(id, places);
    }

    /// Takes the next visitor, if somebody waits.
    pub fn take(&mut self, places: &mut PerAttempt<u64>, now: u64) -> Option<u32> {
        self.settle(now);
        self.line.take(&mut self.lots, places)
    }
}
