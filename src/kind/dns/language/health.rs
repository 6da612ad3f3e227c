//! Health checks of Route 53: who checks what, how often, and how many must agree. In: `health_check = …`. Out: a [`Check`].

use crate::dist::Law;
use crate::kind::alarm::language::rule::Named;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// A health check.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// What a checker does.
    pub protocol: Protocol,
    /// Between two checks by one checker.
    pub interval: Time,
    /// Checks in a row after which a checker changes its mind.
    pub threshold: u32,
    /// How many checkers there are.
    pub checkers: u32,
    /// CPU that an answer takes.
    pub cpu: Law,
    /// Whether the endpoint is outside of AWS, which only the bill knows.
    pub elsewhere: bool,
    /// Further options that are charged for, beside HTTPS and a short interval.
    pub options: u32,
    /// The alarm that decides, in the place of checkers.
    pub alarm: Option<Named>,
}

/// What a checker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Connects, and waits for an answer.
    Http,
    /// The same, encrypted, which is charged for.
    Https,
    /// Connects.
    Tcp,
}

impl Protocol {
    /// How long a checker waits for its connection.
    pub fn connect(self) -> Time {
        match self {
            Protocol::Http | Protocol::Https => CONNECT,
            Protocol::Tcp => CONNECT_TCP,
        }
    }
}

const VALUES: &str =
    "Route 53 developer guide, values that you specify when you create or update health checks";
const DETERMINES: &str =
    "Route 53 developer guide, how Route 53 determines whether a health check is healthy";
/// Between two checks by one checker: 30 s.
pub const INTERVAL: Given<Time> = Given::new(Time::from_secs(30), VALUES);
/// The other interval, which is charged for.
pub const FAST: Time = Time::from_secs(10);
/// Checks in a row after which a checker changes its mind: 3.
pub const THRESHOLD: Given<u32> = Given::new(3, VALUES);
/// Checkers: 16.
pub const CHECKERS: Given<u32> = Given::new(
    16,
    "Route 53 developer guide: an endpoint gets a check about every 2 seconds at an interval of 30 s; assumption: two checkers in each of the \
     eight Regions",
);
/// Further options that are charged for: none.
pub const OPTIONS: Given<u32> = Given::new(0, VALUES);
/// Most checkers.
const CHECKERS_MAX: u32 = 100;
/// CPU that an answer takes: 1 ms.
pub const CPU: Given<Law> =
    Given::new(Law::Constant(Time::from_millis(1)), "assumption: a page without database access");
/// An endpoint is healthy if more than this part of the checkers say so: 18 %.
pub const VOTE: Given<f64> = Given::new(0.18, DETERMINES);
/// How long a checker of HTTP waits for a connection.
pub const CONNECT: Time = Time::from_secs(4);
/// And then for the answer.
pub const ANSWER: Time = Time::from_secs(2);
/// How long a checker of TCP waits for a connection.
pub const CONNECT_TCP: Time = Time::from_secs(10);

/// The language of a health check.
pub const HEALTH_SHAPE: Shape = Shape {
    title: "health_check = true or { … }",
    about: "A health check of Route 53 for a record: `true` for the usual one. Independent checkers connect to the endpoint within 4 s and wait \
            2 s for its answer (with TCP they wait 10 s for a connection), each at times of its own. A checker changes its mind after \
            `threshold` checks in a row, and the endpoint is healthy if more than 18 % of them say so (Route 53 developer guide, how Route 53 \
            determines whether a health check is healthy). Of a fleet without a balancer each address has a check. Or an alarm decides.",
    keys: &[
        Key::optional(
            "type",
            "\"http\", \"https\" or \"tcp\"",
            "`\"http\"` (assumption: the usual one)",
            "what a checker does",
        ),
        Key::given(
            "interval",
            "duration: 10 s or 30 s",
            || INTERVAL.show(),
            "between two checks by one checker",
        ),
        Key::given(
            "threshold",
            "whole number, 1 to 10",
            || THRESHOLD.show(),
            "checks in a row that must fail, or pass, until a checker changes its mind",
        ),
        Key::given("checkers", "whole number, 1 to 100", || CHECKERS.show(), "how many checkers there are"),
        Key::given("cpu", "law", || CPU.show(), "CPU of an instance that an answer takes"),
        Key::optional(
            "endpoint",
            "\"aws\" or \"other\"",
            "`\"aws\"` (assumption: what is simulated is in AWS)",
            "where the endpoint is, which decides what the check costs",
        ),
        Key::given(
            "options",
            "whole number, 0 to 2",
            || OPTIONS.show(),
            "further options that are charged for: string matching, latency measurement; HTTPS and 10 s are known",
        ),
        Key::optional(
            "alarm",
            "name of an alarm",
            "none: checkers decide",
            "the record is unhealthy while this alarm is on. Route 53 reads the metric of the alarm itself, as often as its period says, and knows \
             neither M of N points nor composite alarms",
        ),
    ],
};

impl Default for Check {
    fn default() -> Check {
        Check {
            protocol: Protocol::Http,
            interval: INTERVAL.value,
            threshold: THRESHOLD.value,
            checkers: CHECKERS.value,
            cpu: CPU.value,
            elsewhere: false,
            options: OPTIONS.value,
            alarm: None,
        }
    }
}

impl Check {
    /// `true`, `false` or a table.
    pub(super) fn read(value: Value) -> Option<Check> {
        if !value.is_table() {
            return value.flag()?.then(Check::default);
        }
        value.table(&HEALTH_SHAPE, |reader| {
            let types = [("http", Protocol::Http), ("https", Protocol::Https), ("tcp", Protocol::Tcp)];
            let alarm =
                |value: Value| Some(Named { name: value.text()?.trim().to_owned(), span: value.span() });
            let check = Check {
                protocol: reader.or("type", |value| value.choice(&types), Protocol::Http),
                interval: reader.or("interval", interval, INTERVAL.value),
                threshold: reader.or("threshold", |value| value.count(1..=10), THRESHOLD.value),
                checkers: reader.or("checkers", |value| value.count(1..=CHECKERS_MAX), CHECKERS.value),
                cpu: reader.or("cpu", Value::law, CPU.value),
                elsewhere: reader.or(
                    "endpoint",
                    |value| value.choice(&[("aws", false), ("other", true)]),
                    false,
                ),
                options: reader.or("options", |value| value.count(0..=2), OPTIONS.value),
                alarm: reader.maybe("alarm", alarm),
            };
            if check.alarm.is_some() {
                without_checkers(reader);
            }
            check
        })
    }

    /// How many options are charged for.
    pub(crate) fn extras(&self) -> u32 {
        let https = self.protocol == Protocol::Https;
        self.options + u32::from(https) + u32::from(self.interval == FAST)
    }
}

/// An alarm needs no checkers.
fn without_checkers(reader: &Reader) {
    for key in ["type", "interval", "threshold", "checkers", "cpu"] {
        if let Some(value) = reader.get(key) {
            value.problem("an alarm decides, and nobody checks an endpoint", "remove it, or `alarm`");
        }
    }
}

fn interval(value: Value) -> Option<Time> {
    let interval = value.time()?;
    if interval != INTERVAL.value && interval != FAST {
        value.problem(format!("no check every {interval}"), "Route 53 has \"30s\" and \"10s\"");
        return None;
    }
    Some(interval)
}
