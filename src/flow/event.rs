//! Events of requests: what happens to an attempt or a user at an instant.
//!
//! In: the number that the calendar stores. Out: the kind of event and its subject. Control timers are in `timer`.

use super::number;
use crate::engine::entry::EVENT_BITS;

/// A request event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The current step of an attempt is over.
    Resume(u32),
    /// A retry arrives at the entrance.
    Enter(u32),
    /// The next request of a user arrives at the entrance, if the user still waits for the event of this number.
    Ask(u32),
    /// A connection that was not accepted is tried again.
    Connect(u32),
    /// A deadline of an attempt may have expired.
    Watch(u32),
}

/// Bits of an event's number for its kind.
const KIND_BITS: u32 = 3;

/// Numbers of attempts and users are below 2^27: so many records would not fit in memory.
const MOST: usize = 1 << (EVENT_BITS - KIND_BITS);

/// The number of an attempt or a user, checked to fit in an event beside its kind.
pub fn event_number(place: usize) -> u32 {
    assert!(place < MOST, "more attempts or users than a run can tell apart");
    number(place)
}

impl Event {
    /// The attempt whose current step is over, if that is what a word says: nearly every event is of this kind.
    #[inline(always)]
    pub fn resumes(word: u32) -> Option<u32> {
        word.is_multiple_of(1 << KIND_BITS).then_some(word >> KIND_BITS)
    }
}

impl From<Event> for u32 {
    #[inline(always)]
    fn from(event: Event) -> u32 {
        let (kind, whom) = match event {
            Event::Resume(attempt) => (0, attempt),
            Event::Enter(attempt) => (1, attempt),
            Event::Ask(user) => (2, user),
            Event::Connect(attempt) => (3, attempt),
            Event::Watch(attempt) => (4, attempt),
        };
        whom << KIND_BITS | kind
    }
}

impl From<u32> for Event {
    #[inline(always)]
    fn from(word: u32) -> Event {
        let whom = word >> KIND_BITS;
        match word % (1 << KIND_BITS) {
            0 => Event::Resume(whom),
            1 => Event::Enter(whom),
            2 => Event::Ask(whom),
            3 => Event::Connect(whom),
            _ => Event::Watch(whom),
        }
    }
}
