//! Pollers, and the crews that they belong to.
//!
//! In: the workers of the queues. Out: crews, each with its queues in the order in which they are asked.

use std::collections::VecDeque;

use super::language::Queue as Settings;
use super::store::{Level, Receipt};
use crate::flow::number;

/// Pollers that are alike: those of one queue, or of the queues of a fleet that share them.
#[derive(Debug)]
pub struct Crew {
    /// The fleet on whose hosts they are.
    pub fleet: usize,
    /// On each of them.
    pub pollers: u32,
    /// Its queues, in the order in which they are asked: by priority, then as in the file.
    pub queues: Vec<u16>,
    /// Of each of these, the first and the number of those of its priority: equal ones are asked in turn.
    levels: Vec<(usize, usize)>,
    /// Pollers on hosts that do not leave, and those of them that are not idle.
    pub(super) there: Level,
    pub(super) busy: Level,
    /// Nanoseconds for which they were busy with calls that full receives would have spared, or that got nothing from any queue:
    /// these leave where there is more to do.
    pub(super) spared: f64,
    /// All three at the end of the last row.
    pub(super) mark: (f64, f64, f64),
}

/// What a poller is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    /// It waits for its next poll.
    Pausing,
    /// It receives.
    Asking,
    /// It waits for a message: long polling.
    Waiting,
    /// It works on the first message of its batch.
    Working,
    /// It deletes what it is done with.
    Deleting,
    /// Its host is leaving or gone.
    Stopped,
}

impl Doing {
    /// Whether there is such a poller, and whether it is not idle.
    pub(super) fn counts(self) -> (bool, bool) {
        match self {
            Doing::Stopped => (false, false),
            Doing::Pausing | Doing::Waiting => (true, false),
            Doing::Asking | Doing::Working | Doing::Deleting => (true, true),
        }
    }
}

/// A poller.
#[derive(Debug)]
pub struct Poller {
    pub crew: usize,
    pub host: u32,
    pub(super) doing: Doing,
    /// At which of the queues of its crew it is, and how often it has begun with the first: equal ones are asked in turn.
    pub at: usize,
    pub round: usize,
    /// Received and not worked on.
    pub(super) batch: VecDeque<Receipt>,
    /// Worked on and not deleted.
    pub(super) finished: Vec<Receipt>,
    /// Since when it does that, and for how long it has asked in this round before.
    pub(super) since: u64,
    pub(super) asked: u64,
    /// Its call was throttled, and it waits for the next try.
    pub(super) held_off: bool,
    /// Message groups that it holds while it works on another one.
    pub(super) held_beside: u64,
}

impl Poller {
    /// Whether it is there, and whether it is not idle: more pollers would not help one whose call is throttled.
    pub(super) fn counts(&self) -> (bool, bool) {
        let (there, busy) = self.doing.counts();
        (there, busy && !self.held_off)
    }

    /// Nanoseconds for which it has been busy asking in this round, until an instant.
    pub(super) fn asked_until(&self, now: u64) -> u64 {
        let asks = self.doing == Doing::Asking && !self.held_off;
        self.asked + if asks { now - self.since } else { 0 }
    }
}

impl Crew {
    /// One of its pollers goes over from one thing to another: whether it was and is there, and whether it was and is busy.
    pub(super) fn turns(
        &mut self,
        (was_there, was_busy): (bool, bool),
        (is_there, is_busy): (bool, bool),
        now: u64,
    ) {
        for (level, was, is) in [(&mut self.there, was_there, is_there), (&mut self.busy, was_busy, is_busy)]
        {
            if was != is {
                level.change(i64::from(is) - i64::from(was), now);
            }
        }
    }

    /// All crews of these queues.
    pub(crate) fn all(settings: &[Settings]) -> Vec<Crew> {
        let mut crews: Vec<Crew> = Vec::new();
        let mut shared: Vec<usize> = Vec::new();
        for (queue, settings) in settings.iter().enumerate() {
            let Some(consumer) = &settings.consumer else { continue };
            let fleet = consumer.fleet.index();
            let known = shared.iter().copied().find(|&crew| crews[crew].fleet == fleet);
            match (consumer.priority, known) {
                (Some(_), Some(crew)) => crews[crew].queues.push(number(queue)),
                (priority, _) => {
                    if priority.is_some() {
                        shared.push(crews.len());
                    }
                    let (there, busy) = (Level::default(), Level::default());
                    let (pollers, queues) = (consumer.pollers, vec![number(queue)]);
                    let levels = Vec::new();
                    crews.push(Crew {
                        fleet,
                        pollers,
                        queues,
                        levels,
                        there,
                        busy,
                        spared: 0.0,
                        mark: (0.0, 0.0, 0.0),
                    });
                }
            }
        }
        let priority =
            |queue: &u16| settings[usize::from(*queue)].consumer.as_ref().and_then(|it| it.priority);
        for crew in &mut crews {
            crew.queues.sort_by_key(|queue| std::cmp::Reverse(priority(queue)));
            let equal = |a: &u16, b: &u16| priority(a) == priority(b);
            let mut first = 0;
            for level in crew.queues.chunk_by(equal) {
                crew.levels.extend(level.iter().map(|_| (first, level.len())));
                first += level.len();
            }
        }
        crews
    }

    /// Its queues by priority: those that are asked first, the next, and so on.
    pub(super) fn by_priority(&self) -> Vec<&[u16]> {
        let mut levels = self.levels.clone();
        levels.dedup();
        levels.into_iter().map(|(first, count)| &self.queues[first..first + count]).collect()
    }

    /// The queue that is asked at a place of a round.
    pub(super) fn queue_at(&self, at: usize, round: usize) -> u16 {
        let (first, count) = self.levels[at];
        self.queues[first + (at - first + round) % count]
    }
}
