//! Closed populations: users think, send a request, wait for its end, and think again.
//!
//! In: how many users there are over time, and the ends of their requests. Out: requests at the entrance. A user sends
//! one request at a time, so the number of requests in the system is bounded by the number of users, except for
//! abandoned work, which goes on after a user has given up.

use super::crowd::{Changes, Crowd, User, UserState};
use super::source::Request;
use super::traffic::Mix;
use super::{Timer, World};
use crate::dist::Sampler;
use crate::flow::NONE;
use crate::flow::event::{Event, event_number};
use crate::flow::number;
use crate::id;
use crate::rng::stream;
use crate::scenario::traffic::{Pattern, Source};

/// Pause of a user whose request and think time took no time at all: simulated time must advance.
const BREATH: u64 = 1_000_000;
/// Least time for a failed attempt of a user, in the long run. An assumption: nobody fails a thousand times a second
/// for long, but a client that gives up at once would, and each attempt leaves work in the system.
pub(super) const IN_VAIN: u64 = 1_000_000;
/// Least time for an answered request of a user, in the long run. An assumption: nothing answers a million times a
/// second.
pub(super) const ANSWERED: u64 = 1_000;
/// How far a user may get ahead of that pace: a hundred failures, or a hundred thousand answers.
const AHEAD: u64 = 100 * IN_VAIN;

impl World<'_> {
    /// Adds the population of a source.
    pub(super) fn add_crowd(&mut self, index: usize, source: &Source) {
        let Pattern::Users(users) = &source.pattern else { return };
        let purpose = |purpose: &str| stream(self.seed, &format!("users.{}/{purpose}", source.name));
        let crowd: u16 = number(self.crowds.crowds.len());
        let first: u32 = number(self.crowds.users.len());
        self.crowds.crowds.push(Crowd {
            source: number(index),
            first,
            present: 0,
            changes: Changes::new(users.count.iter().map(|&(time, count)| (time.0, count)).collect()),
            think: Sampler::new(&users.think),
            thoughts: purpose("think"),
            thinks_first: users.thinks_first,
            mix: Mix::new(source, purpose("classes")),
            asked: 0,
            waiting: 0,
            held_back: false,
        });
        let user = User { crowd, state: UserState::Away, pace: 0, failed: false, answered: false };
        // A multiple of the traffic may have more users than a file allows.
        let last = (first as usize + users.most() as usize).saturating_sub(1);
        event_number(last);
        self.crowds.users.resize(first as usize + users.most() as usize, user);
        let start = users.count.first().map_or(0, |knot| knot.1);
        self.set_present(crowd, start);
        self.plan_change(crowd);
    }

    fn plan_change(&mut self, crowd: u16) {
        if let Some(at) = self.crowds.crowds[usize::from(crowd)].changes.peek() {
            self.flow.set(Timer::Crowd { crowd }, at);
        }
    }

    /// The number of users changes.
    pub(super) fn crowd_changes(&mut self, crowd: u16) {
        let changes = &mut self.crowds.crowds[usize::from(crowd)].changes;
        let mut count = None;
        while changes.peek().is_some_and(|at| at <= self.flow.now) {
            count = Some(changes.next());
        }
        if let Some(count) = count {
            self.set_present(crowd, count);
        }
        self.plan_change(crowd);
    }

    /// Lets users join or leave; a user that waits for an answer leaves after it.
    fn set_present(&mut self, crowd: u16, count: u32) {
        let state = &mut self.crowds.crowds[usize::from(crowd)];
        let (first, before) = (state.first, std::mem::replace(&mut state.present, count));
        for user in first + count..first + before {
            let user = &mut self.crowds.users[user as usize];
            if matches!(user.state, UserState::Thinking { sends, .. } if sends > self.flow.now) {
                user.state = UserState::Away;
            }
        }
        for user in first + before..first + count {
            if self.crowds.users[user as usize].state == UserState::Away {
                let thinks_first = self.crowds.crowds[usize::from(crowd)].thinks_first;
                let sends = if thinks_first { self.thought(crowd) } else { 0 };
                self.will_send(user, self.flow.now.saturating_add(sends));
            }
        }
    }

    fn thought(&mut self, crowd: u16) -> u64 {
        let crowd = &mut self.crowds.crowds[usize::from(crowd)];
        crowd.think.time(&mut crowd.thoughts).0
    }

    fn will_send(&mut self, user: u32, sends: u64) {
        let crowd = self.crowds.users[user as usize].crowd;
        let source = self.crowds.crowds[usize::from(crowd)].source;
        let at = sends.saturating_add(self.one_way(usize::from(source)));
        self.flow.calendar.at(at, Event::Ask(user));
        let number = self.flow.calendar.latest();
        self.crowds.users[user as usize].state = UserState::Thinking { sends, number };
    }

    /// The request of a user arrives at the entrance; returns its attempt, which resumes at once.
    pub(super) fn ask(&mut self, user: u32, event: u64) -> Option<u32> {
        let state = &mut self.crowds.users[user as usize];
        let UserState::Thinking { sends, number } = state.state else { return None };
        if number != event {
            return None;
        }
        state.state = UserState::Waiting;
        let crowd = &mut self.crowds.crowds[usize::from(state.crowd)];
        let (class, ordinal, source) = (crowd.mix.draw(), crowd.asked, crowd.source);
        crowd.asked += 1;
        crowd.waiting += 1;
        Some(self.begin_request(Request { source, class, ordinal, user, sent: sends }))
    }

    /// A user learns at `heard` that the request sent at `sent` was answered after so many retries, or came to nothing, and thinks about
    /// the next one.
    #[inline(always)]
    pub(super) fn heard(&mut self, user: u32, sent: u64, heard: u64, retries: u8, answered: bool) {
        if user != NONE {
            self.think(user, sent, heard, retries, answered);
        }
    }

    #[inline(never)]
    fn think(&mut self, user: u32, sent: u64, heard: u64, retries: u8, answered: bool) {
        let in_vain = u64::from(retries) + u64::from(!answered);
        // In the long run the attempts take at least so long.
        let pace = in_vain * IN_VAIN + u64::from(answered) * ANSWERED;
        let state = &mut self.crowds.users[user as usize];
        state.failed |= !answered;
        state.answered |= answered;
        let index = state.crowd;
        let crowd = &mut self.crowds.crowds[usize::from(index)];
        crowd.waiting -= u32::from(state.state == UserState::Waiting);
        if user - crowd.first >= crowd.present {
            state.state = UserState::Away;
            return;
        }
        state.pace = state.pace.max(sent).saturating_add(pace);
        let earliest = state.pace.saturating_sub(AHEAD);
        let sends = match heard.saturating_add(self.thought(index)) {
            sends if sends == sent => sent.saturating_add(BREATH),
            sends => sends,
        };
        if sends < earliest {
            self.hold_back(index);
        }
        self.will_send(user, sends.max(earliest));
    }

    /// Users were faster than people can be: reported once.
    #[cold]
    fn hold_back(&mut self, crowd: u16) {
        let crowd = &mut self.crowds.crowds[usize::from(crowd)];
        if !std::mem::replace(&mut crowd.held_back, true) {
            let source = &self.scenario.sources[usize::from(crowd.source)].name;
            let text = "users are held back: in the long run each fails once a millisecond at most, \
                        and is answered once a microsecond";
            self.flow.incident(id::Kind::Users, source, text.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file may have a hundred million users. A multiple of its traffic may have more, but an event has no room for
    /// numbers from 2^27 on.
    #[test]
    #[should_panic(expected = "more attempts or users than a run can tell apart")]
    fn users_that_no_event_can_tell_apart_end_the_run() {
        let text = "duration = \"1m\"\nusers.all = { count = 10000000, think = \"1s\" }\n\
                    request.r.steps = [{ delay = \"1ms\" }]";
        let scenario =
            crate::scenario::parse("a.toml", text.as_bytes(), std::path::Path::new(""), &[]).unwrap();
        World::new(&scenario.with_traffic(14.0), 1);
    }
}
