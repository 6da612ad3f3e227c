//! What a tier does when the answer to a call does not come. In: keys of a step, or a table. Out: a [`Policy`].
//!
//! A policy written in place belongs to its caller and to what is called: equal ones of one pair are one policy, so the calls
//! of all classes count together.

use std::collections::BTreeMap;

use super::retry::Retries;
use crate::language::names::Named;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// What becomes of work that its caller gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnTimeout {
    /// Servers do not notice: the attempt goes on to its end.
    KeepWorking,
    /// A waiting attempt leaves its queue and a shared processor at once; what takes a fixed time ends first.
    Cancel,
}

impl OnTimeout {
    /// Its words in a file.
    pub(crate) const CHOICES: [(&'static str, OnTimeout); 2] =
        [("keep_working", OnTimeout::KeepWorking), ("cancel", OnTimeout::Cancel)];
}

/// What a caller does when an answer does not come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// Patience of one try; `None` is no limit.
    pub timeout: Option<Time>,
    /// Tries after the first.
    pub retries: Retries,
    /// What bounds the retries of an instance.
    pub budget: Option<Budget>,
    /// What stops calls of an instance where too many of them fail.
    pub breaker: Option<Breaker>,
    /// Most calls of an instance at a time.
    pub bulkhead: Option<u32>,
    /// When a second try is sent beside the first.
    pub hedge: Option<Time>,
    /// Whether the request goes on without the answer.
    pub fallback: bool,
    /// What becomes of the work of a try that was given up, if the file says it.
    pub on_timeout: Option<OnTimeout>,
}

/// A bucket of tokens: a failed try takes one, one that succeeds gives a part of one, and there are no retries while it is not
/// more than half full.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// Most tokens, and those at the start.
    pub tokens: f64,
    /// What a try that succeeds gives.
    pub ratio: f64,
}

/// A circuit breaker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Breaker {
    /// Share of failed tries at which it opens.
    pub failures: f64,
    /// How many tries are looked at: the last ones.
    pub window: u32,
    /// Below so many tries it does not open.
    pub least: u32,
    /// How long it stays open.
    pub open: Time,
    /// How many tries are let through then, to see whether it closes.
    pub probes: u32,
}

const BREAKER_GUIDE: &str = "Resilience4j user guide, CircuitBreaker";
/// Share of failed tries at which a breaker opens: 50 %.
pub const FAILURES: Given<f64> = Given::new(0.5, BREAKER_GUIDE);
/// Tries that a breaker looks at: 100.
pub const WINDOW: Given<u32> = Given::new(100, BREAKER_GUIDE);
/// How long a breaker stays open: 60 s.
pub const OPEN: Given<Time> = Given::new(Time::from_secs(60), BREAKER_GUIDE);
/// Tries that a breaker lets through then: 10.
pub const PROBES: Given<u32> = Given::new(10, BREAKER_GUIDE);
/// Most tries that a breaker looks at.
const WINDOW_MAX: u32 = 100_000;
/// Most calls at a time.
const BULKHEAD_MAX: u32 = 100_000;

const TIMEOUT: Key = Key::optional(
    "timeout",
    "duration",
    "no limit but those of balancers and pools",
    "how long the caller waits for the answer of one try",
);
const RETRIES: Key = Key::optional(
    "retries",
    "{ max, backoff, cap, jitter } or a whole number",
    "0 (assumption: nothing is tried again unless the file says so)",
    "tries after the first, if one fails or is not answered in time",
);
const BUDGET: Key = Key::optional(
    "budget",
    "{ tokens, ratio }",
    "none: every failure is tried again",
    "a bucket of each instance that bounds its retries",
);
const BREAKER: Key = Key::optional(
    "breaker",
    "{ failures, window, least, open, probes }",
    "none",
    "a circuit breaker of each instance: where too many tries fail, calls fail at once for a while",
);
const BULKHEAD: Key = Key::optional(
    "bulkhead",
    "whole number",
    "no limit",
    "most calls of each instance at a time; one more fails at once",
);
const HEDGE: Key = Key::optional(
    "hedge",
    "duration",
    "none",
    "a try that is not answered after this time gets a second one beside it; the first answer counts",
);
const FALLBACK: Key = Key::optional(
    "fallback",
    "true or false",
    "`false` (assumption: without an answer the step fails)",
    "whether the request goes on without the answer if the call fails",
);
const ON_TIMEOUT: Key = Key::optional(
    "on_timeout",
    "\"keep_working\" or \"cancel\"",
    "`\"keep_working\"` for a `call` and a `service`, `\"cancel\"` for all else (assumption: a tier or a service does not notice that its caller has gone, a client library closes its connection)",
    "what becomes of the work of a try that was given up: it goes on to its end, or it is cancelled, as with deadlines that are \
     passed on",
);

/// The keys of a policy.
pub(crate) const KEYS: [Key; 8] = [TIMEOUT, RETRIES, BUDGET, BREAKER, BULKHEAD, HEDGE, FALLBACK, ON_TIMEOUT];

/// What a step may have beside its own keys.
pub const BESIDE_SHAPE: Shape = Shape {
    title: "{ …, timeout = … }",
    about: "What the caller does when the answer does not come. Each step at another tier or a resource can have these keys \
            beside its own, if the request is inside of a tier.",
    keys: &{
        let mut keys = [NAME; KEYS.len() + 1];
        let mut at = 0;
        while at < KEYS.len() {
            keys[at + 1] = KEYS[at];
            at += 1;
        }
        keys
    },
};

const NAME: Key = Key::optional(
    "resilience",
    "name of a [resilience.NAME]",
    "what the other keys say",
    "a policy that several steps share",
);

/// The language of a budget.
pub const BUDGET_SHAPE: Shape = Shape {
    title: "budget = { … }",
    about: "Bounds the retries of an instance, as retry throttling of gRPC does: a failed try takes a token, one that succeeds \
            gives `ratio` of one, and nothing is tried again unless the bucket is more than half full.",
    keys: &[
        Key::required("tokens", "number", "most tokens; the bucket is full at the start"),
        Key::required("ratio", "number", "tokens that a try gives which succeeds"),
    ],
};

/// The language of a circuit breaker.
pub const BREAKER_SHAPE: Shape = Shape {
    title: "breaker = { … }",
    about: "A circuit breaker of each instance. It opens when at least `failures` of the last `window` tries have failed. While \
            it is open, calls fail at once. After `open` it lets `probes` tries through: it closes if fewer of them fail, and opens \
            again if not.",
    keys: &[
        Key::given("failures", "share", || FAILURES.show(), "share of failed tries at which it opens"),
        Key::given("window", "whole number", || WINDOW.show(), "how many tries are looked at: the last ones"),
        Key::optional(
            "least",
            "whole number",
            "as `window` (Resilience4j user guide)",
            "below so many tries it does not open",
        ),
        Key::given("open", "duration", || OPEN.show(), "how long it stays open"),
        Key::given("probes", "whole number", || PROBES.show(), "tries that are let through then"),
    ],
};

impl Policy {
    /// Reads its keys, from a table or beside those of a step.
    pub(crate) fn read(reader: &Reader) -> Policy {
        let positive = |value: Value| value.time_within(Time(1)..=Time(u64::MAX));
        let policy = Policy {
            timeout: reader.maybe("timeout", positive),
            retries: reader.or(
                "retries",
                |value| Retries::read(value, Retries::default()),
                Retries::default(),
            ),
            budget: reader.maybe("budget", |value| value.table(&BUDGET_SHAPE, Budget::read)),
            breaker: reader.maybe("breaker", |value| value.table(&BREAKER_SHAPE, Breaker::read)),
            bulkhead: reader.maybe("bulkhead", |value| value.count(1..=BULKHEAD_MAX)),
            hedge: reader.maybe("hedge", positive),
            fallback: reader.or("fallback", Value::flag, false),
            on_timeout: reader.maybe("on_timeout", |value| value.choice(&OnTimeout::CHOICES)),
        };
        policy.check(reader);
        policy
    }

    fn check(&self, reader: &Reader) {
        let at = |key: &'static str, problem: &str, hint: &str| {
            if let Some(value) = reader.get(key) {
                value.problem(problem, hint);
            }
        };
        if self.budget.is_some() && self.retries.max == 0 {
            at("budget", "nothing is tried again, so a budget bounds nothing", "remove it, or add `retries`");
        }
        if self.hedge.is_some_and(|hedge| self.timeout.is_some_and(|timeout| hedge >= timeout)) {
            at(
                "hedge",
                "the second try would come after the timeout of the first",
                "make `hedge` shorter than `timeout`",
            );
        }
        if self.on_timeout.is_some() && self.timeout.is_none() && self.hedge.is_none() {
            at("on_timeout", "nothing is given up: there is no timeout", "remove it, or add `timeout`");
        }
    }

    /// Whether the work of a try that was given up is cancelled. Work that cannot outlive its caller always is: it holds something
    /// of the caller's host.
    pub fn cancels(&self, outlives: bool) -> bool {
        !outlives || self.on_timeout == Some(OnTimeout::Cancel)
    }
}

impl Budget {
    fn read(reader: &Reader) -> Budget {
        Budget {
            tokens: reader.must("tokens", |value| value.number(1.0..=1_000_000.0), 1.0),
            ratio: reader.must("ratio", |value| value.number(0.0..=1_000.0), 0.0),
        }
    }
}

impl Breaker {
    fn read(reader: &Reader) -> Breaker {
        let window = reader.or("window", |value| value.count(1..=WINDOW_MAX), WINDOW.value);
        Breaker {
            failures: reader.or("failures", Value::share, FAILURES.value),
            window,
            least: reader.or("least", |value| value.count(1..=window), window),
            open: reader.or("open", Value::time, OPEN.value),
            probes: reader.or("probes", |value| value.count(1..=WINDOW_MAX), PROBES.value),
        }
    }
}

/// The policies of a file: the named ones, and behind them those written in place.
#[derive(Debug)]
pub(crate) struct Policies {
    named: u32,
    in_place: Vec<(String, Policy)>,
    /// How many each pair of a caller and what it calls has.
    pairs: BTreeMap<(String, String), Vec<u32>>,
}

impl Policies {
    /// None in place yet, beside so many named ones.
    pub(crate) fn new(named: usize) -> Policies {
        Policies {
            named: u32::try_from(named).unwrap_or(u32::MAX),
            in_place: Vec::new(),
            pairs: BTreeMap::new(),
        }
    }

    /// The position of a policy of a caller for what it calls.
    pub(crate) fn add(&mut self, caller: &str, called: &str, policy: Policy) -> u32 {
        let own = self.pairs.entry((caller.into(), called.into())).or_default();
        if let Some(&same) = own.iter().find(|&&at| self.in_place[at as usize].1 == policy) {
            return self.named + same;
        }
        let at = u32::try_from(self.in_place.len()).unwrap_or(u32::MAX);
        own.push(at);
        let name = match own.len() {
            1 => format!("{caller} to {called}"),
            other => format!("{caller} to {called} ({other})"),
        };
        self.in_place.push((name, policy));
        self.named + at
    }

    /// Those written in place, with their names.
    pub(crate) fn into_in_place(self) -> Vec<(String, Policy)> {
        self.in_place
    }
}

/// The policy of a step, if it has one beside its own keys: its position. `called` is what the step names.
pub(crate) fn beside<K: Named>(
    reader: &Reader,
    kind: K,
    caller: Option<&str>,
    called: &str,
    policies: &std::cell::RefCell<Policies>,
) -> Option<u32> {
    let first = BESIDE_SHAPE.keys.iter().find_map(|key| reader.get(key.name))?;
    let Some(caller) = caller else {
        first.problem(
            "only a tier has a policy for its calls",
            "put the step inside of a tier (`via` or `call`); people and their apps have [client]",
        );
        return None;
    };
    if let Some(name) = reader.get("resilience") {
        if let Some((key, other)) = KEYS.iter().find_map(|key| Some((key.name, reader.get(key.name)?))) {
            let problem = format!("`{key}` does not go with `resilience`, which names a policy");
            other.problem(problem, "write it in that table, or leave the name out");
        }
        let text = name.text()?;
        return name.cx.resolve(&name.span(), &[kind], text).map(|(_, index)| index);
    }
    let policy = Policy::read(reader);
    Some(policies.borrow_mut().add(caller, called, policy))
}
