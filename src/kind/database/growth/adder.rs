//! An adder: what one side of a pool knows of its connections, and when it makes another one.
//!
//! In: how many are open, idle and waited for. Out: whether one is to be made, how long a pause is, how many are to be closed.

use std::collections::VecDeque;

use crate::dist::uniform;
use crate::kind::fleet::language::Growth;
use crate::rng::Stream;

/// The first pause after a connection that was refused, and the factor of the next ones. Source: HikariCP, `PoolEntryCreator`.
const FIRST_PAUSE: u64 = 250_000_000;
/// The longest pause. Source: the same; the timeout of the pool, if that is less.
const LONGEST_PAUSE: u64 = 10_000_000_000;
/// The part of its age by which a connection may be closed earlier: 2.5 %. Source: HikariCP, `createPoolEntry`.
const AGE_VARIES: f64 = 1.0 / 40.0;

/// Whose connections they are.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the name of the field says what it is")]
pub enum Owner {
    /// Those of a pool of a host.
    Host { host: u32, pool: usize },
    /// Those of the proxy of a database.
    Proxy { database: usize },
}

/// One side of a pool that grows and shrinks.
#[derive(Debug)]
pub struct Adder {
    /// Whose it is.
    pub owner: Owner,
    /// The database.
    pub database: usize,
    /// 0: to the writer. 1: to the reader endpoint.
    pub side: usize,
    /// Station of the connections.
    pub station: u32,
    /// Most connections.
    pub size: u32,
    /// Idle connections that it keeps.
    kept: u32,
    idle_timeout: u64,
    lifetime: Option<u64>,
    ages: Stream,
    longest_pause: u64,
    next_pause: u64,
    /// Connections that are being made.
    pub dialling: u32,
    /// It makes as many at once as are waited for, and none to be idle: else one at a time.
    any_number: bool,
    /// It pauses after a connection that was not made.
    pub pauses: bool,
    /// It makes idle connections until there are as many as it keeps.
    fills: bool,
    /// That it was refused has been reported.
    pub told: bool,
    /// It makes none, because its application does not run.
    pub closed: bool,
    /// When each connection is to be closed for its age, in the order in which they were made.
    ends: Vec<u64>,
    /// When it has begun.
    since: u64,
    /// Most connections in use since the last check.
    pub peak: u32,
    /// Most connections in use between checks: when each span ended.
    peaks: VecDeque<(u64, u32)>,
}

impl Adder {
    /// An adder of a pool that is not open yet: its owner, database, side and station; most connections, and idle ones that it
    /// keeps; the timeout of those who wait.
    pub fn new(
        (owner, database, side, station): (Owner, usize, usize, u32),
        (size, kept): (u32, u32),
        growth: &Growth,
        timeout: u64,
        ages: Stream,
    ) -> Adder {
        Adder {
            owner,
            database,
            side,
            station,
            size,
            kept,
            idle_timeout: growth.idle_timeout.0,
            lifetime: growth.max_lifetime.map(|age| age.0),
            ages,
            longest_pause: LONGEST_PAUSE.min(timeout),
            next_pause: FIRST_PAUSE.min(timeout),
            dialling: 0,
            any_number: false,
            pauses: false,
            fills: false,
            told: false,
            closed: true,
            ends: Vec::new(),
            since: 0,
            peak: 0,
            peaks: VecDeque::new(),
        }
    }

    /// The same for a proxy, which makes as many connections at once as are waited for, and none to be idle.
    pub fn for_any_number(self) -> Adder {
        Adder { any_number: true, ..self }
    }

    /// It makes connections until as many are idle as it keeps, if it does that.
    pub fn fill(&mut self) {
        self.fills = !self.any_number;
    }

    /// Its pool is opened.
    pub fn begin(&mut self, now: u64) {
        (self.closed, self.pauses, self.fills, self.told) = (false, false, false, false);
        (self.since, self.peak) = (now, 0);
        self.ends.clear();
        self.peaks.clear();
        self.begin_anew();
    }

    /// Its pool is closed.
    pub fn end(&mut self) {
        self.closed = true;
        self.ends.clear();
    }

    /// Whether it makes another connection: while requests wait, or while it fills up.
    pub fn lacks(&mut self, open: u32, idle: u32, waiting: u32) -> bool {
        if idle >= self.kept {
            self.fills = false;
        }
        let may = !self.closed && !self.pauses && open + self.dialling < self.size;
        let (at_once, dialling) = (self.any_number, self.dialling);
        may && (at_once || dialling == 0) && (waiting > dialling || self.fills)
    }

    /// A connection is made. One of the start of a run is of any age.
    pub fn made(&mut self, now: u64, any_age: bool) {
        let Some(lifetime) = self.lifetime else { return };
        let earlier = lifetime as f64 * AGE_VARIES * uniform(&mut self.ages);
        let whole = lifetime - earlier as u64;
        let left = if any_age { (whole as f64 * uniform(&mut self.ages)) as u64 } else { whole };
        self.ends.push(now.saturating_add(left));
    }

    /// Of its connections so many are left: the newest are gone.
    pub fn keep(&mut self, open: u32) {
        self.ends.truncate(open as usize);
    }

    /// When the next connection has reached its age.
    pub fn next_age(&self) -> Option<u64> {
        self.ends.iter().copied().min()
    }

    /// How many have reached their age; they are forgotten.
    pub fn retired(&mut self, now: u64) -> u32 {
        let before = self.ends.len();
        self.ends.retain(|end| *end > now);
        (before - self.ends.len()) as u32
    }

    /// The pause after a connection that was not made; the next one is half as long again.
    pub fn pause(&mut self) -> u64 {
        self.pauses = true;
        let pause = self.next_pause;
        self.next_pause = (pause + pause / 2).min(self.longest_pause);
        pause
    }

    /// The next pause is the first of a row.
    pub fn begin_anew(&mut self) {
        self.next_pause = FIRST_PAUSE.min(self.longest_pause);
    }

    /// How many connections are to be closed because they were idle for too long: of those beyond what it keeps, the ones that
    /// nobody needed meanwhile. Whoever asks gets the oldest connection that is free.
    pub fn surplus(&mut self, open: u32, busy: u32, now: u64) -> u32 {
        self.peaks.push_back((now, self.peak.max(busy)));
        self.peak = busy;
        let from = now.saturating_sub(self.idle_timeout);
        while self.peaks.front().is_some_and(|(end, _)| *end <= from) {
            self.peaks.pop_front();
        }
        if now - self.since < self.idle_timeout {
            return 0;
        }
        let used = self.peaks.iter().map(|(_, peak)| *peak).max().unwrap_or(0);
        let idle = open.saturating_sub(busy);
        open.saturating_sub(used).min(idle.saturating_sub(self.kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use crate::units::Time;

    fn adder(kept: u32) -> Adder {
        adder_of(kept, 30_000_000_000)
    }

    fn adder_of(kept: u32, timeout: u64) -> Adder {
        let growth = Growth {
            minimum_idle: Some(kept),
            idle_timeout: Time::from_secs(60),
            max_lifetime: Some(Time::from_secs(400)),
        };
        let owner = Owner::Host { host: 0, pool: 0 };
        let mut adder = Adder::new((owner, 0, 0, 0), (10, kept), &growth, timeout, stream(1, "ages"));
        adder.begin(0);
        adder
    }

    #[test]
    fn pauses_grow_by_half_up_to_ten_seconds() {
        let mut adder = adder(2);
        let pauses: Vec<u64> = (0..11).map(|_| adder.pause() / 1_000_000).collect();
        assert_eq!(pauses, [250, 375, 562, 843, 1_265, 1_898, 2_847, 4_271, 6_407, 9_610, 10_000]);
        adder.begin_anew();
        assert_eq!(adder.pause(), 250_000_000);
    }

    /// HikariCP itself takes no timeout below 250 ms; other pools do.
    #[test]
    fn pauses_are_no_longer_than_the_timeout() {
        let pauses = |timeout: u64| {
            let mut adder = adder_of(2, timeout * 1_000_000);
            [(); 3].map(|()| adder.pause() / 1_000_000)
        };
        assert_eq!(pauses(100), [100, 100, 100]);
        assert_eq!(pauses(400), [250, 375, 400]);
    }

    /// Seven were in use at once in the first half minute, three in the next one, then one: after a minute of that, all but
    /// three may go, and all but one half a minute later. Two idle ones stay.
    #[test]
    fn connections_that_nobody_needed_for_the_timeout_are_surplus() {
        let (mut adder, second) = (adder(2), 1_000_000_000);
        adder.peak = 7;
        assert_eq!(adder.surplus(7, 3, 30 * second), 0);
        assert_eq!(adder.surplus(7, 1, 60 * second), 0);
        assert_eq!(adder.surplus(7, 1, 90 * second), 4);
        assert_eq!(adder.surplus(3, 1, 120 * second), 0);
        assert_eq!(adder.surplus(6, 1, 150 * second), 3);
    }

    #[test]
    fn connections_end_at_their_age_or_up_to_a_fortieth_earlier() {
        let mut adder = adder(2);
        (0..200).for_each(|_| adder.made(0, false));
        let second = 1_000_000_000;
        assert_eq!(adder.retired(390 * second - 1), 0);
        let half = adder.retired(395 * second);
        assert!((70..=130).contains(&half), "{half}");
        assert_eq!(adder.retired(400 * second), 200 - half);
        assert_eq!(adder.next_age(), None);
    }
}
