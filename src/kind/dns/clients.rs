//! Who asks, and what each was told. In: requests. Out: the value that the client of each has, after a lookup where its answer is too old.
//!
//! Open traffic of a source comes by its resolvers; a request and its retries are of one client behind one of them, which takes one of the
//! values. A user keeps an answer of its own, or shares these resolvers. Answers are as old at the start as if requests had come for long: their
//! ages are even over the time for which they are kept.

use super::answer::Value;
use super::language::{Dns, Holds};
use crate::dist::uniform;
use crate::flow::attempt::State;
use crate::flow::{Flow, NONE};
use crate::kind::kept::{Has, Kept};
use crate::rng::{Stream, mixed, stream};
use crate::units::Time;
use rand::Rng;

/// The clients of one name.
#[derive(Debug)]
pub(super) struct Clients {
    resolvers: u64,
    shared: bool,
    holds: Option<Holds>,
    /// Of each resolver of each source, the values of the answer that it keeps, and until when it does.
    answers: Kept<(Vec<Value>, u64)>,
    /// Of each user, the value that it has taken.
    users: Kept<Taken>,
    ages: Stream,
    choice: Stream,
    /// What decides which users hold.
    seed: u64,
}

/// What a user has taken of an answer: nothing of an empty one.
#[derive(Clone, Copy, Debug)]
struct Taken {
    value: Option<Value>,
    /// Until when its resolver keeps that answer, if it goes by that.
    of: Option<u64>,
}

/// The client of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Who {
    /// Its source of traffic.
    pub source: u16,
    /// The user, if it is one.
    pub user: Option<u32>,
    /// What stands for a client of open traffic.
    pub bits: u64,
}

impl Who {
    /// That of an attempt.
    pub fn of(id: u32, flow: &Flow) -> Who {
        let attempt = &flow.attempts[id];
        let user = Some(attempt.user).filter(|user| attempt.state == State::Active && *user != NONE);
        let of = u64::from(attempt.source) << 16 | u64::from(attempt.class);
        let bits = mixed(flow.attempts[id].ordinal, of);
        Who { source: attempt.source, user, bits }
    }
}

/// Where lookups are answered.
pub(super) trait Asked {
    /// The values for a client of a source, and how long they may be kept: those of before the start of the run, or those of now.
    fn ask(&mut self, source: u16, before: bool) -> (Vec<Value>, Time);
}

impl Clients {
    /// Those of a name.
    pub fn new(settings: &Dns, seed: u64) -> Clients {
        let of = |purpose| stream(seed, &format!("dns.{}/{purpose}", settings.name));
        Clients {
            resolvers: settings.resolvers.into(),
            shared: settings.shared,
            holds: settings.holds.filter(|it| it.share > 0.0),
            answers: Kept::default(),
            users: Kept::default(),
            ages: of("ages of answers"),
            choice: of("values of users"),
            seed: of("users that hold").next_u64(),
        }
    }

    /// The value that the client of a request goes by, if there is an answer at all.
    pub fn value(&mut self, who: Who, now: u64, from: &mut impl Asked) -> Option<Value> {
        let Some(user) = who.user else {
            let resolver = mixed(who.bits, 1) % self.resolvers;
            // A request stands for a client, so it is resolvers that hold answers: as many of them as the share says.
            let holds =
                self.holds.filter(|it| (resolver as f64) < (it.share * self.resolvers as f64).round());
            let (values, _) = self.resolved(who.source, resolver, holds, now, from);
            let at = mixed(who.bits, 2) % values.len().max(1) as u64;
            return values.get(at as usize).copied();
        };
        let is_holder = |it: &Holds| part(mixed(self.seed, user.into())) < it.share;
        let holds = self.holds.filter(is_holder);
        let resolver = u64::from(user) % self.resolvers;
        let by_resolver = self.shared && holds.is_none();
        let of = by_resolver.then(|| self.resolved(who.source, resolver, None, now, from).1);
        let is_first = match self.users.of(user as usize, now) {
            Has::It(taken) if taken.of == of => return taken.value,
            Has::It(_) | Has::Old => false,
            Has::Never => true,
        };
        let (values, until) = match by_resolver {
            true => (self.resolved(who.source, resolver, None, now, from).0.to_vec(), u64::MAX),
            false => self.look_up(who.source, holds, is_first, now, from),
        };
        let taken = (uniform(&mut self.choice) * values.len() as f64) as usize;
        let value = values.get(taken).copied();
        self.users.keep(user as usize, until, Taken { value, of });
        value
    }

    /// The answer that a resolver has, or gets, and until when it keeps it.
    fn resolved(
        &mut self,
        source: u16,
        resolver: u64,
        holds: Option<Holds>,
        now: u64,
        from: &mut impl Asked,
    ) -> (&[Value], u64) {
        let index = (u64::from(source) * self.resolvers + resolver) as usize;
        let is_first = match self.answers.of(index, now) {
            Has::It(_) => None,
            Has::Old => Some(false),
            Has::Never => Some(true),
        };
        if let Some(is_first) = is_first {
            let (values, until) = self.look_up(source, holds, is_first, now, from);
            self.answers.keep(index, until, (values, until));
        }
        match self.answers.of(index, now) {
            Has::It((values, until)) => (values, *until),
            Has::Old | Has::Never => (&[], now),
        }
    }

    /// The answer of before the start, if somebody who comes for the first time may still keep it, or that of a lookup; and until when.
    fn look_up(
        &mut self,
        source: u16,
        holds: Option<Holds>,
        is_first: bool,
        now: u64,
        from: &mut impl Asked,
    ) -> (Vec<Value>, u64) {
        let span = |ttl: Time| holds.map_or(ttl.0, |it| it.span.map_or(u64::MAX, |span| span.0.max(ttl.0)));
        if is_first {
            let (values, ttl) = from.ask(source, true);
            let until = match span(ttl) {
                u64::MAX => u64::MAX,
                span => (uniform(&mut self.ages) * span as f64) as u64,
            };
            if until > now {
                return (values, until);
            }
        }
        let (values, ttl) = from.ask(source, false);
        // What may not be kept at all is good for this instant.
        (values, now.saturating_add(span(ttl).max(1)))
    }
}

/// Random bits as a number from 0 to 1.
fn part(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::dns::language::records::Record;
    use crate::kind::dns::language::{Policy, TTL};

    const S: u64 = 1_000_000_000;

    /// Answers with the number of the lookup; that of before the start is 0.
    struct Counts {
        lookups: u32,
        values: u32,
    }

    impl Asked for Counts {
        fn ask(&mut self, _source: u16, before: bool) -> (Vec<Value>, Time) {
            self.lookups += u32::from(!before);
            let number = if before { 0 } else { self.lookups };
            let value = |address| Value { record: 0, address: number * 100 + address };
            ((0..self.values).map(value).collect(), Time::from_secs(60))
        }
    }

    fn clients(resolvers: u32, shared: bool, holds: Option<Holds>) -> Clients {
        let settings = Dns {
            name: "test".into(),
            policy: Policy::Simple,
            ttl: TTL.value,
            records: vec![Record::to((crate::id::Kind::Fleet, 0))],
            changes: Vec::new(),
            propagation: Time::ZERO,
            resolvers,
            shared,
            holds,
            fixed: true,
        };
        Clients::new(&settings, 1)
    }

    fn user(user: u32) -> Who {
        Who { source: 0, user: Some(user), bits: 0 }
    }

    /// Answers of before the start run out evenly over 60 s: of 10,000 users three quarters have theirs after 15 s, and none after 60 s.
    /// Within four standard deviations of at most 50.
    #[test]
    fn answers_are_of_even_age_at_the_start() {
        for (seconds, expected) in [(0, 10_000.0), (15, 7_500.0), (45, 2_500.0), (60, 0.0)] {
            let (mut clients, mut from) = (clients(10, false, None), Counts { lookups: 0, values: 1 });
            let old = (0..10_000)
                .filter(|&it| clients.value(user(it), seconds * S, &mut from).unwrap().address == 0);
            let old = old.count() as f64;
            assert!((old - expected).abs() <= 200.0, "{seconds} s: {old}");
            assert_eq!(f64::from(from.lookups), 10_000.0 - old, "the others have asked");
        }
    }

    /// A user that comes each 50 s asks at 0:00 at the latest by 1:40, then each time that its answer is older than 60 s: each second time.
    #[test]
    fn an_answer_is_renewed_when_a_request_needs_it() {
        let (mut clients, mut from) = (clients(10, false, None), Counts { lookups: 0, values: 1 });
        (2..=21).for_each(|turn| _ = clients.value(user(0), turn * 50 * S, &mut from));
        assert_eq!(from.lookups, 10, "at 1:40, 3:20, ...: what is kept from 1:40 is still good at 2:30");
    }

    /// Users that share two resolvers ask no more often than these, and each keeps the value that it took.
    #[test]
    fn users_that_share_resolvers_ask_by_them() {
        let (mut clients, mut from) = (clients(2, true, None), Counts { lookups: 0, values: 3 });
        let mut told = |now: u64, from: &mut Counts| -> Vec<u32> {
            (0..100).map(|it| clients.value(user(it), now * S, from).unwrap().address).collect()
        };
        let first = told(100, &mut from);
        assert_eq!(from.lookups, 2);
        assert_eq!(told(159, &mut from), first);
        let later = told(160, &mut from);
        assert_eq!(from.lookups, 4);
        assert!(later.iter().zip(&first).all(|(later, first)| later / 100 > first / 100));
        for value in 0..3 {
            assert!(later.iter().any(|it| it % 100 == value), "{value} is taken by some");
        }
    }

    /// A quarter of the clients holds what it was told before the start for ever. Within four standard deviations of the users, exactly of
    /// resolvers.
    #[test]
    fn some_hold_an_answer_for_longer() {
        let holds = Some(Holds { share: 0.25, span: None });
        let (mut clients, mut from) = (clients(1_000, false, holds), Counts { lookups: 0, values: 1 });
        let old = |value: Option<Value>| value.unwrap().address == 0;
        let users =
            (0..10_000).filter(|&it| old(clients.value(user(it), 1_000 * S, &mut from))).count() as f64;
        assert!((users - 2_500.0).abs() <= 4.0 * 43.3, "{users}");
        (0..100_000)
            .for_each(|bits| _ = clients.value(Who { source: 0, user: None, bits }, 1_000 * S, &mut from));
        assert_eq!(f64::from(from.lookups), 10_000.0 - users + 750.0);
    }

    /// A request of open traffic takes the same value of the same answer each time, and all values are taken alike.
    #[test]
    fn a_retry_goes_where_its_request_went() {
        let (mut clients, mut from) = (clients(50, false, None), Counts { lookups: 0, values: 4 });
        let mut counts = [0.0f64; 4];
        for bits in (0..10_000).map(|it| mixed(it, 9)) {
            let who = Who { source: 3, user: None, bits };
            let value = clients.value(who, 100 * S, &mut from);
            assert_eq!(clients.value(who, 101 * S, &mut from), value);
            counts[(value.unwrap().address % 100) as usize] += 1.0;
        }
        assert!(counts.iter().all(|count| (count - 2_500.0).abs() < 4.0 * 43.3), "{counts:?}");
    }
}
