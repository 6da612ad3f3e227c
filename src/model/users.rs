//! Closed populations: users think, send a request, wait for its end, and think again.
//!
//! In: how many users there are over time, and the ends of their requests. Out: requests at the entrance. A user sends
//! one request at a time, so the number of requests in the system is bounded by the number of users, except for
//! abandoned work, which goes on after a user has given up.

use super::client::Request;
use super::traffic::Mix;
use super::{Timer, World};
use crate::dist::Sampler;
use crate::flow::NONE;
use crate::flow::event::{Event, event_number};
use crate::flow::number;
use crate::rng::{Stream, stream};
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

/// All closed populations.
#[derive(Debug, Default)]
pub struct Crowds {
    crowds: Vec<Crowd>,
    users: Vec<User>,
}

impl Crowds {
    /// Users of a population, in the order of the sources, who are there, and those of them who wait for an answer.
    pub fn present_and_waiting(&self, population: usize) -> (u32, u32) {
        let crowd = &self.crowds[population];
        (crowd.present, crowd.waiting)
    }
}

/// One population.
#[derive(Debug)]
struct Crowd {
    source: u16,
    /// Its first user; the others follow.
    first: u32,
    /// Number of users who have joined and not left; they are the first ones.
    present: u32,
    changes: Changes,
    think: Sampler,
    thoughts: Stream,
    thinks_first: bool,
    mix: Mix,
    /// Requests sent so far.
    asked: u64,
    /// Users who wait for an answer.
    waiting: u32,
    /// Whether a user has been slowed down to the pace.
    held_back: bool,
}

/// One user.
#[derive(Clone, Copy, Debug)]
struct User {
    crowd: u16,
    state: UserState,
    /// When its attempts so far would have ended at the pace of [`IN_VAIN`] and [`ANSWERED`].
    pace: u64,
}

/// The state of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UserState {
    Away,
    /// Until it sends its next request, which arrives at the entrance with the event of this number.
    Thinking {
        sends: u64,
        number: u64,
    },
    Waiting,
}

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
        let user = User { crowd, state: UserState::Away, pace: 0 };
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

    /// A user learns at `heard` that the request sent at `sent` has ended, and thinks about the next one. In the long
    /// run the attempts take at least `pace`.
    #[inline]
    pub(super) fn heard(&mut self, user: u32, sent: u64, heard: u64, pace: u64) {
        if user != NONE {
            self.think(user, sent, heard, pace);
        }
    }

    fn think(&mut self, user: u32, sent: u64, heard: u64, pace: u64) {
        let state = &mut self.crowds.users[user as usize];
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
            self.flow.incident(source, text.into());
        }
    }
}

/// The whole numbers nearest to a piecewise-linear curve: when they change, and to which number.
#[derive(Debug)]
struct Changes {
    knots: Vec<(u64, u32)>,
    /// The segment from this knot to the next one.
    segment: usize,
    count: u32,
}

impl Changes {
    fn new(knots: Vec<(u64, u32)>) -> Self {
        let count = knots.first().map_or(0, |knot| knot.1);
        let mut changes = Changes { knots, segment: 0, count };
        changes.skip();
        changes
    }

    /// Moves to the segment of the next change.
    fn skip(&mut self) {
        while self.knots.get(self.segment + 1).is_some_and(|knot| knot.1 == self.count) {
            self.segment += 1;
        }
    }

    /// When the next change is.
    fn peek(&self) -> Option<u64> {
        let (&(start, from), &(end, to)) = (self.knots.get(self.segment)?, self.knots.get(self.segment + 1)?);
        // The curve is half a user beyond the present number.
        let passed = f64::from(self.count.abs_diff(from)) + 0.5;
        let share = passed / f64::from(to.abs_diff(from));
        Some(start + ((end - start) as f64 * share) as u64)
    }

    /// The number after the next change.
    fn next(&mut self) -> u32 {
        if let (Some(&(start, _)), Some(&(end, to))) =
            (self.knots.get(self.segment), self.knots.get(self.segment + 1))
        {
            match to > self.count {
                _ if start == end => self.count = to,
                true => self.count += 1,
                false => self.count -= 1,
            }
            self.skip();
        }
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(knots: &[(u64, u32)]) -> Vec<(u64, u32)> {
        let mut changes = Changes::new(knots.to_vec());
        let mut all = Vec::new();
        while let Some(at) = changes.peek() {
            all.push((at, changes.next()));
        }
        all
    }

    #[test]
    fn a_curve_changes_where_it_passes_half_a_user() {
        assert_eq!(changes(&[(0, 5)]), []);
        assert_eq!(changes(&[(0, 0), (100, 2)]), [(25, 1), (75, 2)]);
        assert_eq!(changes(&[(0, 3), (10, 3), (10, 1), (20, 1), (40, 0)]), [(10, 1), (30, 0)]);
        assert_eq!(changes(&[(0, 1), (100, 3), (200, 1)]), [(25, 2), (75, 3), (125, 2), (175, 1)]);
    }

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
