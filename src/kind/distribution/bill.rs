//! What a distribution is charged for: requests, what is sent to clients, and what is sent to origins.
//!
//! In: the amounts of each hour, by the group of countries of the clients. Out: charges, those of data by tier of the month.
//!
//! What AWS origins send to CloudFront is free of charge (Amazon CloudFront pricing page), and so are the caches.

use super::hours::{OUT, REQUESTS, TO_ORIGIN};
use super::language::Distribution;
use crate::cost::accrual::Accrual;
use crate::cost::charge::{Charge, UNTIERED};
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::Used;

/// Tiers of a month in gigabytes, 1 TB being 1,024 GB as for other data. Source: Amazon CloudFront pricing page. The event starts at the
/// first one, as if the account sent nothing else; the 1 TB and the ten million requests that are free each month are taken to be spent on
/// other days.
const TIERS: [(&str, f64, f64); 7] = [
    ("first-10TB", 0.0, 10_240.0),
    ("next-40TB", 10_240.0, 51_200.0),
    ("next-100TB", 51_200.0, 153_600.0),
    ("next-350TB", 153_600.0, 512_000.0),
    ("next-524TB", 512_000.0, 1_048_576.0),
    ("next-4PB", 1_048_576.0, 5_242_880.0),
    ("over-5PB", 5_242_880.0, f64::INFINITY),
];

impl Billed<Settings> for Distribution {
    const PLACE: u8 = 0;

    fn charges<'a>(&'a self, _all: &'a Settings, used: &Used) -> Vec<Charge<'a>> {
        let mut charges = Vec::new();
        for (sort, hours) in &used.sorts {
            let Some((group, what)) = sort.split_once('/') else { continue };
            let of = |sku: &str, words: String, unit, factor, tier| Charge {
                what: words,
                accrual: Accrual::Hourly(hours.clone()),
                tier,
                ..Charge::steady("CloudFront", sku, &self.name, unit, factor)
            };
            let place = group.replace('-', " ");
            match what {
                OUT => charges.extend(TIERS.map(|(name, from, to)| {
                    let words = format!("to clients in {place}, {}", name.replace('-', " "));
                    of(&format!("{sort}/{name}"), words, "GB", 1.0, (from, to))
                })),
                TO_ORIGIN => charges.push(of(sort, format!("to origins from {place}"), "GB", 1.0, UNTIERED)),
                REQUESTS => {
                    let words = format!("HTTPS requests from {place}");
                    charges.push(of(sort, words, "10k requests", 1e-4, UNTIERED));
                }
                _ => {}
            }
        }
        charges
    }
}
