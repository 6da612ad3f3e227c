//! What an API is charged for: requests, by tier of the month, and the hours of its cache. In: the requests of each hour. Out: its charges. What is throttled is
//! free. (Amazon API Gateway pricing.) Data to the internet is charged as that of everything else.

use super::language::Api;
use crate::cost::accrual::Accrual;
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::Used;

/// Tiers of a month in millions of requests, of a REST API. Source: Amazon API Gateway pricing. The event starts at the first one, as if the account had no other
/// requests.
const REST: [(&str, f64, f64); 4] = [
    ("rest/first-333M", 0.0, 333.0),
    ("rest/next-667M", 333.0, 1_000.0),
    ("rest/next-19B", 1_000.0, 20_000.0),
    ("rest/over-20B", 20_000.0, f64::INFINITY),
];
/// The same of an HTTP API.
const HTTP: [(&str, f64, f64); 2] =
    [("http/first-300M", 0.0, 300.0), ("http/over-300M", 300.0, f64::INFINITY)];

impl Billed<Settings> for Api {
    const PLACE: u8 = 1;

    fn charges<'a>(&'a self, _all: &'a Settings, used: &Used) -> Vec<Charge<'a>> {
        let tiers: &[(&str, f64, f64)] = if self.http { &HTTP } else { &REST };
        let requests = tiers.iter().map(|(sku, from, to)| Charge {
            what: format!("requests, {}", sku.split('/').next_back().unwrap_or_default().replace('-', " ")),
            accrual: Accrual::Hourly(used.hours.clone()),
            tier: (*from, *to),
            ..Charge::steady("ApiGateway", sku, &self.name, "million", 1e-6)
        });
        let cache = self.cache.map(|cache| Charge {
            what: format!("cache of {} GB", cache.name()),
            ..Charge::steady("ApiGateway", &format!("cache/{}GB", cache.name()), &self.name, "hour", 1.0)
        });
        requests.chain(cache).collect()
    }
}
