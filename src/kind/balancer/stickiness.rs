//! Stickiness: which target a client is bound to.
//!
//! In: clients with their requests. Out: the target that each is bound to, if its cookie still holds. A user of a closed
//! population is a client. Open traffic has requests and no clients: its visits are made here, see [`Visits`].

use std::collections::{BTreeMap, VecDeque};

use super::language::{self, Cookie, Visits};
use crate::dist::uniform;
use crate::flow::NONE;
use crate::rng::{Stream, stream};
use crate::units::Time;

/// The clients of one balancer.
#[derive(Debug)]
pub(super) struct Sticky {
    cookie: Cookie,
    /// How long a cookie holds, in nanoseconds.
    duration: u64,
    /// Of each user that has come.
    users: Vec<Bound>,
    visits: Option<Visits>,
    /// Whether a client counts as there from its answer on, as on a connection, on which the next request follows that.
    by_answers: bool,
    /// Of each calling host whose connections are counted, those that it keeps.
    kept: BTreeMap<u32, VecDeque<Kept>>,
    /// Visitors that will come back, in the order in which they may.
    away: VecDeque<(u64, Bound)>,
    stream: Stream,
}

/// A host that calls, and counts its connections.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller {
    /// Its number.
    pub host: u32,
    /// Whether it has opened a connection for this call.
    pub is_new: bool,
    /// For how long it keeps an idle one, in nanoseconds.
    pub keep_alive: u64,
}

/// A connection that a host keeps.
#[derive(Clone, Copy, Debug)]
struct Kept {
    bound: Bound,
    /// When the host closes it.
    closes: u64,
}

/// A client's cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    /// The target that it names; none before the first request.
    pub target: u32,
    /// Until when it holds.
    until: u64,
}

impl Bound {
    const TO_NONE: Bound = Bound { target: NONE, until: 0 };

    /// Until when it holds.
    pub fn until(self) -> u64 {
        self.until
    }

    /// The target, as long as the cookie holds.
    pub fn at(self, now: u64) -> Option<u32> {
        (self.target != NONE && now < self.until).then_some(self.target)
    }
}

impl Sticky {
    /// No clients yet.
    pub fn new(settings: &language::Balancer, seed: u64) -> Option<Box<Sticky>> {
        let language::Stickiness { cookie, duration, visits } = settings.stickiness.clone()?;
        let stream = stream(seed, &format!("balancer.{}/visits", settings.name));
        let (users, away, kept) = (Vec::new(), VecDeque::new(), BTreeMap::new());
        let by_answers = !settings.knows_http();
        Some(Box::new(Sticky { cookie, duration: duration.0, users, visits, by_answers, kept, away, stream }))
    }

    /// No clients of target groups yet: those of users, which each request renews.
    pub fn to_groups(duration: Time, seed: u64, name: &str) -> Sticky {
        let stream = stream(seed, &format!("balancer.{name}/groups"));
        let (users, away) = (Vec::new(), VecDeque::new());
        Sticky {
            cookie: Cookie::Balancer,
            duration: duration.0,
            users,
            visits: None,
            by_answers: false,
            kept: BTreeMap::new(),
            away,
            stream,
        }
    }

    /// The cookie that comes with a request: that of the user, or of a visitor that is back.
    pub fn shown(&mut self, user: u32, now: u64) -> Bound {
        if user != NONE {
            return self.users.get(user as usize).copied().unwrap_or(Bound::TO_NONE);
        }
        match self.away.front() {
            Some((back, _)) if *back <= now => {
                self.away.pop_front().map_or(Bound::TO_NONE, |(_, bound)| bound)
            }
            _ => Bound::TO_NONE,
        }
    }

    /// The connection on which a host calls: the one that it used last, unless it has opened one.
    pub fn of_caller(&mut self, caller: Caller, now: u64) -> Bound {
        let kept = self.kept.entry(caller.host).or_default();
        while kept.front().is_some_and(|it| it.closes <= now) {
            kept.pop_front();
        }
        let last = if caller.is_new { None } else { kept.pop_back() };
        last.map_or(Bound::TO_NONE, |it| it.bound)
    }

    /// An answer has come for such a host; returns for how long its connection stays open if nothing more comes.
    pub fn answered_to(&mut self, caller: Caller, target: u32, now: u64) -> u64 {
        let idle = self.duration.min(caller.keep_alive);
        let bound = Bound { target, until: now.saturating_add(idle) };
        if caller.keep_alive > 0 {
            let closes = now.saturating_add(caller.keep_alive);
            self.kept.entry(caller.host).or_default().push_back(Kept { bound, closes });
        }
        idle
    }

    /// How long a cookie holds, in nanoseconds.
    pub fn duration(&self) -> u64 {
        self.duration
    }

    /// Whether a user shows what has expired; then it is gone.
    pub fn ends(&mut self, user: u32, now: u64) -> bool {
        let Some(bound) = self.users.get_mut(user as usize).filter(|_| user != NONE) else { return false };
        let has_ended = bound.target != NONE && bound.at(now).is_none();
        if has_ended {
            *bound = Bound::TO_NONE;
        }
        has_ended
    }

    /// The cookie that goes back with the answer of a target.
    pub fn set(&mut self, user: u32, shown: Bound, target: u32, now: u64) {
        let stays = shown.at(now) == Some(target);
        let until = match self.cookie {
            Cookie::Application if stays => shown.until,
            _ => now.saturating_add(self.duration),
        };
        let bound = Bound { target, until };
        if user != NONE {
            let index = user as usize;
            if index >= self.users.len() {
                self.users.resize((index + 1).next_power_of_two(), Bound::TO_NONE);
            }
            self.users[index] = bound;
        } else if !self.by_answers {
            self.goes_away(bound, now);
        }
    }

    /// An answer has come on the connection of a client to a target: it is idle from now on.
    pub fn answered(&mut self, user: u32, target: u32, now: u64) {
        let bound = Bound { target, until: now.saturating_add(self.duration) };
        match self.users.get_mut(user as usize) {
            _ if user == NONE => self.goes_away(bound, now),
            Some(known) if known.target == target => *known = bound,
            _ => {}
        }
    }

    /// A visitor comes back after its gap, unless its visit is over.
    fn goes_away(&mut self, bound: Bound, now: u64) {
        if let Some(Visits { requests, gap }) = self.visits
            && uniform(&mut self.stream) * requests >= 1.0
        {
            self.away.push_back((now.saturating_add(gap.0), bound));
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a statistic of a test, which is no simulated number")]
mod tests {
    use super::*;

    fn sticky(cookie: Cookie, visits: Option<Visits>) -> Sticky {
        Sticky {
            cookie,
            duration: 100,
            users: Vec::new(),
            visits,
            by_answers: false,
            kept: BTreeMap::new(),
            away: VecDeque::new(),
            stream: stream(1, "test"),
        }
    }

    #[test]
    fn each_request_renews_the_cookie_of_the_balancer_and_not_that_of_the_application() {
        for (cookie, at_150) in [(Cookie::Balancer, Some(3)), (Cookie::Application, None)] {
            let mut sticky = sticky(cookie, None);
            let first = sticky.shown(7, 0);
            assert_eq!(first.at(0), None);
            sticky.set(7, first, 3, 0);
            let second = sticky.shown(7, 99);
            assert_eq!(second.at(99), Some(3));
            sticky.set(7, second, 3, 99);
            assert_eq!(sticky.shown(7, 150).at(150), at_150, "{cookie:?}");
            assert_eq!(sticky.shown(6, 150).at(150), None, "another user");
        }
    }

    #[test]
    fn a_cookie_ends_at_the_end_of_its_duration() {
        let mut sticky = sticky(Cookie::Balancer, None);
        sticky.set(0, Bound::TO_NONE, 1, 0);
        let bound = sticky.shown(0, 0);
        assert_eq!((bound.at(99), bound.at(100)), (Some(1), None));
    }

    /// One visitor of endless requests, 10 apart: a request before its gap is over is of another one, and those that are back come
    /// in the order in which they left.
    #[test]
    fn visitors_come_back_in_turn_when_their_gap_is_over() {
        let visits = Visits { requests: 1e9, gap: Time(10) };
        let mut sticky = sticky(Cookie::Balancer, Some(visits));
        for (now, target) in [(0, 1), (5, 2)] {
            let shown = sticky.shown(NONE, now);
            assert_eq!(shown.at(now), None);
            sticky.set(NONE, shown, target, now);
        }
        assert_eq!(sticky.shown(NONE, 9).at(9), None);
        assert_eq!(sticky.shown(NONE, 10).at(10), Some(1));
        assert_eq!(sticky.shown(NONE, 14).at(14), None);
        assert_eq!(sticky.shown(NONE, 15).at(15), Some(2));
    }

    /// A request at each instant, visits of four with gaps of 10: in the long run one of four requests is of a new visitor, of
    /// n about n/4 ± sqrt(n · 3/16).
    #[test]
    fn one_of_so_many_requests_is_of_a_new_visitor() {
        const REQUESTS: u64 = 100_000;
        let mut sticky = sticky(Cookie::Balancer, Some(Visits { requests: 4.0, gap: Time(10) }));
        let mut new = 0.0;
        for now in 0..REQUESTS {
            let shown = sticky.shown(NONE, now);
            new += f64::from(u8::from(shown == Bound::TO_NONE));
            sticky.set(NONE, shown, 1, now);
        }
        let off: f64 = new - REQUESTS as f64 / 4.0;
        assert!(off.abs() < 4.0 * (REQUESTS as f64 * 3.0 / 16.0).sqrt(), "{new}");
    }
}
