//! `[api.NAME]`: an API of API Gateway. In: what is behind it, limits, a cache. Out: an [`Api`].

pub mod cache;
mod foreign;
pub mod plan;
pub mod shapes;
pub mod throttle;

use self::cache::Cache;
use self::plan::Plan;
use self::shapes::{FLAVOR, HTTP_LATENCY, HTTP_TIMEOUT, LATENCY, SHAPE, TIMEOUT, TIMEOUT_MIN};
use self::throttle::{Route, Throttle};
use crate::catalog::region::Region;
use crate::id::{Dial, Kind};
use crate::kind::Settings;
use crate::kind::account::Account;
use crate::kind::path::{PathOwner, Written};
use crate::kind::table::{Foreign, Table, named};
use crate::language::reader::Reader;
use crate::language::shape::Shape;
use crate::language::value::Value;
use crate::units::{Bytes, Time};

/// An API.
#[derive(Clone, Debug)]
pub struct Api {
    /// Name in the file.
    pub name: String,
    /// Whether it is an HTTP API; else it is a REST API.
    pub http: bool,
    /// What is behind it; nothing where the name is broken.
    pub to: Option<PathOwner>,
    /// How much longer a request takes, there and back together.
    pub latency: Time,
    /// How long it waits for an answer.
    pub timeout: Time,
    /// What its stage takes, if that is less than what the account does.
    pub throttle: Option<Throttle>,
    /// What some of its routes take.
    pub routes: Vec<Route>,
    /// Usage plans, each with keys of its own.
    pub plans: Vec<Plan>,
    /// The cache of its stage.
    pub cache: Option<Cache>,
    /// The names of all sources of traffic, open ones first.
    pub sources: Vec<String>,
    /// Its Region, if that is not the one of the file.
    pub region: Option<Region>,
}

/// Gauges of an API, as CloudWatch has them.
pub(crate) const GAUGES: &[Dial] = &[
    Dial { kind: Kind::Api, name: "requests", own: false, about: "requests a second that it took (Count)" },
    Dial {
        kind: Kind::Api,
        name: "throttled",
        own: false,
        about: "requests a second that were throttled (4XXError)",
    },
];

/// The largest payload: 10 MB. Source: Amazon API Gateway developer guide, quotas.
pub const PAYLOAD_MAX: Bytes = Bytes(10 * (1 << 20));
/// The largest payload of an invocation that waits for its answer: 6 MB. Source: AWS Lambda developer guide, quotas.
pub const INVOCATION_MAX: Bytes = Bytes(6 * (1 << 20));

impl Api {
    /// Requests a second that it takes.
    pub fn rate(&self, account: &Account) -> f64 {
        self.throttle.map_or(account.api_rate.0, |own| own.rate.0.min(account.api_rate.0))
    }

    /// The first of the APIs that share its rate, which stands for all of them: itself, where its stage has one of its own.
    pub fn shares(index: usize, all: &[Api]) -> usize {
        let Some(own) = all.get(index).filter(|own| own.throttle.is_none()) else { return index };
        all.iter().position(|it| it.throttle.is_none() && it.region == own.region).unwrap_or(index)
    }

    /// The APIs for which one stands that stands for itself.
    pub fn sharing(first: usize, all: &[Api]) -> impl Iterator<Item = usize> {
        let shares = all.get(first).filter(|own| own.throttle.is_none());
        let also = move |it: &Api| shares.is_some_and(|own| it.throttle.is_none() && it.region == own.region);
        (0..all.len()).filter(move |index| *index == first || also(&all[*index]))
    }

    /// The largest request that passes.
    pub fn payload_max(&self) -> Bytes {
        match self.to {
            Some((Kind::Lambda, _)) => INVOCATION_MAX,
            _ => PAYLOAD_MAX,
        }
    }
}

impl Table<Settings> for Api {
    const ABOUT: &'static str = "APIs of API Gateway before functions and balancers";
    const SHAPES: &'static [&'static Shape] =
        &[&SHAPE, &throttle::SHAPE, &throttle::ROUTE_SHAPE, &plan::SHAPE, &cache::SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const BILLED: bool = false;
    const PLACED: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Api {
        let http = reader.or(
            "kind",
            |value| value.choice(&[("rest", false), ("http", true)]),
            FLAVOR.value == "http",
        );
        let names = &reader.cx.names;
        let sources: Vec<String> =
            names.iter(Kind::Traffic).chain(names.iter(Kind::Users)).map(str::to_owned).collect();
        let usual = if http { HTTP_TIMEOUT.value } else { TIMEOUT.value };
        let timeout = |value: Value| {
            let most = if http { HTTP_TIMEOUT.value } else { shapes::TIMEOUT_MAX };
            value.time_within(TIMEOUT_MIN..=most)
        };
        if http {
            for (key, what) in [("cache", "a cache"), ("plans", "usage plans")] {
                if let Some(value) = reader.get(key) {
                    value.problem(
                        format!("an HTTP API has no {}", &what[what.find(' ').map_or(0, |at| at + 1)..]),
                        format!("{what} belongs to kind = \"rest\""),
                    );
                }
            }
        }
        let plans = reader.maybe("plans", |value| Plan::read_all(value, &sources));
        Api {
            name: name.to_owned(),
            http,
            to: reader.must("integration", integration, None),
            latency: reader.or("latency", Value::time, if http { HTTP_LATENCY.value } else { LATENCY.value }),
            timeout: reader.or("timeout", timeout, usual),
            throttle: reader.maybe("throttle", Throttle::read),
            routes: reader.maybe("routes", Route::read_all).unwrap_or_default(),
            plans: plans.unwrap_or_default(),
            cache: reader.maybe("cache", Cache::read),
            sources,
            region: None,
        }
    }

    fn move_to(&mut self, region: Region) {
        self.region = Some(region);
    }

    fn region(&self, _all: &Settings) -> Option<Region> {
        self.region
    }

    fn is_regional(&self) -> bool {
        true
    }

    fn is_billed(&self) -> bool {
        self.cache.is_some()
    }

    fn uses(&self) -> Vec<(Kind, usize)> {
        self.to.into_iter().collect()
    }

    fn name(&self) -> &str {
        &self.name
    }
}

/// What is behind it.
fn integration(value: Value) -> Option<Option<PathOwner>> {
    named(value, &[Kind::Lambda, Kind::Balancer, Kind::Fleet]).map(Some)
}
