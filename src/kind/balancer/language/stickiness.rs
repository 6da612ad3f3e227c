//! Stickiness: clients that stay at their target. In: `stickiness = { … }`. Out: a [`Stickiness`].

use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

const GUIDE: &str = "Elastic Load Balancing user guide, sticky sessions (2023-06)";

/// How clients stay at their target.
#[derive(Clone, Debug, PartialEq)]
pub struct Stickiness {
    /// Whose cookie it is.
    pub cookie: Cookie,
    /// How long a client stays.
    pub duration: Time,
    /// The visits that open traffic consists of.
    pub visits: Option<Visits>,
}

/// Whose cookie binds a client to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The balancer's, which each request renews.
    Balancer,
    /// The application's, which holds from the first request on.
    Application,
}

/// Visits: which requests of open traffic come from the same client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Visits {
    /// Requests of a visit, on the mean.
    pub requests: f64,
    /// From a request of a visit to the next one, at least.
    pub gap: Time,
}

/// How long a client stays: a day.
pub const STICKY_FOR: Given<Time> = Given::new(Time::from_secs(86_400), GUIDE);
/// From a request of a visit to the next one: 30 s.
pub const VISIT_GAP: Given<Time> =
    Given::new(Time::from_secs(30), "assumption: a visitor looks at a page for about so long");
/// Requests of a visit, on the mean: 10.
pub const VISIT_REQUESTS: Given<f64> =
    Given::new(10.0, "assumption: as many as `requests_per_connection` has by default");

/// The language of stickiness.
pub const STICKINESS_SHAPE: Shape = Shape {
    title: "stickiness = { … }",
    about: "Clients stay at the target of their first request, whatever `routing` says, until their cookie has expired or the \
            target is unhealthy or gone. Users of `[users]` keep their cookies. In open traffic every request is of a new client, \
            unless `visits` says which belong together. Callers that are instances keep no cookies.",
    keys: &[
        Key::required(
            "kind",
            "\"lb_cookie\" or \"app_cookie\"",
            "whose cookie it is: each request renews the balancer's",
        ),
        Key::given(
            "duration",
            "duration, 1 s to 7 days",
            || STICKY_FOR.show(),
            "how long a client stays at its target: after its last request with \"lb_cookie\", after the choice of the target with \
             \"app_cookie\"",
        ),
        Key::optional("visits", "{ requests, gap }", "none", "the visits that open traffic consists of"),
    ],
};

/// The language of visits.
pub const VISITS_SHAPE: Shape = Shape {
    title: "visits = { … }",
    about: "Which requests of open traffic are of the same client. A visitor comes back with the first request that arrives when its \
            gap is over and no other visitor has waited for longer; a request for which nobody is back is of a new visitor. So a \
            rise of the traffic is made of new visitors.",
    keys: &[
        Key::given(
            "requests",
            "number, 1 to 100,000",
            || VISIT_REQUESTS.show(),
            "requests of a visit, on the mean; each is the last one with the same chance",
        ),
        Key::given(
            "gap",
            "duration",
            || VISIT_GAP.show(),
            "from a request of a visit to the next one, at least",
        ),
    ],
};

impl Stickiness {
    /// Reads it; `cross_zone` says whether its balancer allows it.
    pub(super) fn read(value: Value, cross_zone: bool) -> Option<Stickiness> {
        if !cross_zone {
            value.problem(
                "clients that stay at their target, in a target group without cross-zone load balancing",
                "AWS allows one of them: remove `stickiness`, or set cross_zone = true",
            );
        }
        value.table(&STICKINESS_SHAPE, |reader| Stickiness {
            cookie: reader.must("kind", cookie, Cookie::Balancer),
            duration: reader.or(
                "duration",
                |value| value.time_within(Time::from_secs(1)..=Time::from_secs(7 * 86_400)),
                STICKY_FOR.value,
            ),
            visits: reader.maybe("visits", |value| value.table(&VISITS_SHAPE, visits)),
        })
    }
}

fn cookie(value: Value) -> Option<Cookie> {
    value.choice(&[("lb_cookie", Cookie::Balancer), ("app_cookie", Cookie::Application)])
}

fn visits(reader: &Reader) -> Visits {
    Visits {
        requests: reader.or("requests", |value| value.number(1.0..=100_000.0), VISIT_REQUESTS.value),
        gap: reader.or("gap", Value::time, VISIT_GAP.value),
    }
}
