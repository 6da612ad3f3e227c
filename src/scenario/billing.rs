//! `[bill]`: how the account pays, what an order is worth, and what a month is. In: keys of a table. Out: [`Billing`].

use crate::cost::month::MonthPlan;
use crate::cost::prices::{OwnPrices, key, quote};
use crate::id::ClassId;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// How the account pays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Billing {
    /// Reserved Instances and reserved nodes.
    pub reserved: Vec<Reserved>,
    /// On-Demand Capacity Reservations.
    pub capacity: Vec<Reserved>,
    /// A Compute Savings Plan.
    pub savings_plan: Option<SavingsPlan>,
    /// Whether what is free of charge each month is left for this event.
    pub free_tier: bool,
    /// The classes whose completed requests are orders.
    pub orders: Vec<ClassId>,
    /// US dollars that one order is worth.
    pub order_value: Option<f64>,
    /// What a month is; without a word 730 hours like the median hour of the run.
    pub month: Option<MonthPlan>,
}

/// So many of what is sold by the hour at a price.
#[derive(Clone, Debug, PartialEq)]
pub struct Reserved {
    /// The AWS service, as in the price list.
    pub service: &'static str,
    /// What is sold.
    pub sku: String,
    /// How many.
    pub count: u32,
    /// US dollars an hour of one, if not those of the price list.
    pub rate: Option<f64>,
}

/// A commitment to spend so much an hour, for a discount.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SavingsPlan {
    /// US dollars an hour.
    pub commitment: f64,
    /// What its rates are lower than those on demand.
    pub discount: f64,
}

/// What the price list calls a reservation of a year without a payment at the start.
pub const RESERVED_SUFFIX: &str = "ri-1y-no-upfront";
/// Discount of a Savings Plan: 27 %.
pub const DISCOUNT: Given<f64> = Given::new(
    0.27,
    "assumption: a Compute Savings Plan of a year without upfront payment; AWS states 66 % at most, of three years paid upfront, and each type has its own",
);
/// Whether free allowances count: no.
pub const FREE_TIER: Given<bool> =
    Given::new(false, "assumption: other systems of the account have used them up");
/// Most commitments of a file.
const RESERVED_MAX: usize = 100;
/// Most instances of one.
const COUNT_MAX: u32 = 100_000;
/// Most dollars an hour, and of an order.
const USD_MAX: f64 = 1e6;

/// The language of a bill.
pub const SHAPE: Shape = Shape {
    title: "[bill]",
    about: "How the account pays. Without it everything is on demand, and nothing is free.",
    keys: &[
        Key::optional(
            "reserved",
            "array of { price, count, rate }",
            "none",
            "Reserved Instances, or reserved nodes of RDS and ElastiCache: paid for every hour, used or not, and as many on-demand hours of each hour are free",
        ),
        Key::optional(
            "capacity",
            "array of { price, count }",
            "none",
            "On-Demand Capacity Reservations: what is reserved and not used is paid for as if it were",
        ),
        Key::optional(
            "savings_plan",
            "{ commitment, discount }",
            "none",
            "Compute Savings Plan: paid for every hour, and EC2, Fargate and Lambda are had for that at lower rates, what is reserved first",
        ),
        Key::given(
            "free_tier",
            "true or false",
            || FREE_TIER.show(),
            "whether the allowances that every account has each month are left for this event: 100 GB to the internet, 1 TB and 10 million requests of CloudFront, \
             1 million requests and 400,000 GB-seconds of Lambda, 1 million each of SQS and SNS, 25 GB and 25 units of DynamoDB, 10 alarms and 10 metrics (AWS Free Tier, \
             always free)",
        ),
        Key::optional(
            "orders",
            "name of a request class, or an array of them",
            "none",
            "classes whose completed requests are orders: the bill says what each costs",
        ),
        Key::optional(
            "order_value",
            "US dollars",
            "none",
            "what one order is worth: the bill says what those that failed would have brought",
        ),
        Key::optional(
            "month",
            "{ events, ordinary }",
            "730 hours like the median hour of the run (AWS Pricing Calculator, assumptions: a month has 730 hours)",
            "a month with so many events like this run, and ordinary hours else",
        ),
    ],
};

/// The language of a reservation.
pub const RESERVED_SHAPE: Shape = Shape {
    title: "reserved = [{ … }], capacity = [{ … }]",
    about: "So many of what is sold by the hour.",
    keys: &[
        Key::required(
            "price",
            "name of a price, SERVICE/SKU, such as \"EC2/m6i.large\", \"RDS-MySQL/db.r6g.large/single-az\" or \"ElastiCache-Redis/cache.r6g.large\"",
            "what is reserved, as in `[prices]` and `--bill`",
        ),
        Key::required("count", "whole number", "how many"),
        Key::optional(
            "rate",
            "US dollars",
            "that of the price list for a year without upfront payment (ec2.shop feed, 2025-04)",
            "price of an hour of one; not of a capacity reservation, which costs as much as on demand",
        ),
    ],
};

/// The language of a Savings Plan.
pub const SAVINGS_SHAPE: Shape = Shape {
    title: "savings_plan = { … }",
    about: "A Compute Savings Plan.",
    keys: &[
        Key::required("commitment", "US dollars", "what is paid for each hour"),
        Key::given(
            "discount",
            "share",
            || (format!("\"{}%\"", 100.0 * DISCOUNT.value), DISCOUNT.source),
            "how much lower its rates are than those on demand",
        ),
    ],
};

/// The language of a month.
pub const MONTH_SHAPE: Shape = Shape {
    title: "month = { … }",
    about: "What a month is.",
    keys: &[
        Key::required(
            "events",
            "whole number",
            "how many events like this run a month has; all other hours are ordinary ones",
        ),
        Key::optional(
            "ordinary",
            "[duration, duration]",
            "the median hour of the run",
            "the part of the run that is like an ordinary hour",
        ),
    ],
};

impl Billing {
    /// The prices of a file with the rates of what is reserved in them.
    pub(super) fn with_rates(&self, mut prices: OwnPrices) -> OwnPrices {
        for reserved in &self.reserved {
            if let Some(rate) = reserved.rate {
                prices.given.insert(key(reserved.service, &reserved_sku(&reserved.sku)), rate);
            }
        }
        prices
    }

    pub(super) fn read(reader: &Reader, duration: Time, prices: &Prices<'_>) -> Billing {
        let orders = reader.maybe("orders", |value| {
            Some(value.one_or_more(RESERVED_MAX)?.into_iter().filter_map(Value::id).collect::<Vec<ClassId>>())
        });
        let order_value = reader.maybe("order_value", usd);
        if let Some(value) = reader.get("order_value").filter(|_| orders.is_none()) {
            value.problem("nothing is an order", "name the class: `orders = \"checkout\"`");
        }
        Billing {
            reserved: reader.maybe("reserved", |value| reserved(value, true, prices)).unwrap_or_default(),
            capacity: reader.maybe("capacity", |value| reserved(value, false, prices)).unwrap_or_default(),
            savings_plan: reader.maybe("savings_plan", |value| value.table(&SAVINGS_SHAPE, savings_plan)),
            free_tier: reader.or("free_tier", Value::flag, FREE_TIER.value),
            orders: orders.unwrap_or_default(),
            order_value,
            month: reader.maybe("month", |value| value.table(&MONTH_SHAPE, |reader| month(reader, duration))),
        }
    }
}

fn usd(value: Value) -> Option<f64> {
    value.number(0.0..=USD_MAX)
}

fn reserved(value: Value, has_rate: bool, prices: &Prices<'_>) -> Option<Vec<Reserved>> {
    let entries = value.elements(RESERVED_MAX)?.into_iter();
    Some(
        entries
            .filter_map(|entry| {
                entry.table(&RESERVED_SHAPE, |reader| one(reader, has_rate, prices)).flatten()
            })
            .collect(),
    )
}

fn one(reader: &Reader, has_rate: bool, prices: &Prices<'_>) -> Option<Reserved> {
    let price = reader.must("price", |value| parts(value).map(Some), None);
    let count = reader.must("count", |value| value.count(1..=COUNT_MAX), 1);
    let rate = reader.maybe("rate", usd);
    if let Some(value) = reader.get("rate").filter(|_| !has_rate) {
        value.problem("a capacity reservation costs as much as on demand", "remove it");
    }
    let (service, sku) = price?;
    if let Some(value) = reader.get("price")
        && prices.is_known(value, service, &sku)
        && has_rate
        && rate.is_none()
    {
        prices.is_known(value, service, &reserved_sku(&sku));
    }
    Some(Reserved { service, sku, count, rate })
}

/// What can be reserved.
const SERVICES: [&str; 6] =
    ["EC2", "RDS-MySQL", "RDS-PostgreSQL", "Aurora-MySQL", "Aurora-PostgreSQL", "ElastiCache-Redis"];

/// A service and a SKU.
fn parts(value: Value) -> Option<(&'static str, String)> {
    let (service, sku) = value.text()?.split_once('/').unwrap_or_default();
    let found = SERVICES.into_iter().find(|known| *known == service && !sku.is_empty());
    if found.is_none() {
        let hint = format!("write one of {} and what is sold: \"EC2/m6i.large\"", SERVICES.join(", "));
        value.problem("not the key of something that is reserved", hint);
    }
    found.map(|service| (service, sku.to_owned()))
}

/// The prices of a file and its Region.
#[derive(Debug)]
pub(super) struct Prices<'a> {
    pub region: &'a str,
    pub own: &'a OwnPrices,
}

impl Prices<'_> {
    /// Whether there is a price of what is reserved, in the list or in the file; else says so.
    fn is_known(&self, value: Value, service: &str, sku: &str) -> bool {
        let known = quote(self.region, self.own, service, sku).is_some();
        if !known {
            let hint = "write what stands in the bill (`--bill`), or give it a `rate`";
            value.problem(format!("no price of `{service}/{sku}` is known"), hint);
        }
        known
    }
}

/// What the reservation of something is sold as.
pub fn reserved_sku(sku: &str) -> String {
    format!("{sku}/{RESERVED_SUFFIX}")
}

fn savings_plan(reader: &Reader) -> SavingsPlan {
    SavingsPlan {
        commitment: reader.must("commitment", usd, 0.0),
        discount: reader.or("discount", Value::share, DISCOUNT.value),
    }
}

fn month(reader: &Reader, duration: Time) -> MonthPlan {
    let events = reader.must("events", |value| value.count(0..=MonthPlan::MOST), 1);
    if let Some(value) = reader.get("events").filter(|_| !MonthPlan { events, ordinary: None }.fits(duration))
    {
        let hint = format!("a month has 730 hours, and one of them takes {duration}");
        value.problem(format!("{events} events do not fit into a month"), hint);
    }
    MonthPlan { events, ordinary: reader.maybe("ordinary", |value| span(value, duration)) }
}

fn span(value: Value, duration: Time) -> Option<(Time, Time)> {
    let both: Vec<Time> = value.elements(2)?.into_iter().filter_map(Value::time).collect();
    match both[..] {
        [from, until] if from < until && until <= duration => Some((from, until)),
        _ => {
            value.problem("not a part of the run", "write from when until when: [\"0m\", \"10m\"]");
            None
        }
    }
}
