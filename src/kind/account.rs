//! `[account]`: quotas of the AWS account that all resources of a sort share in a Region. In: a table. Out: an [`Account`].

use crate::language::bounds;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Rate;

/// Invocations of all functions at once: 1,000.
pub const CONCURRENCY: Given<u32> =
    Given::new(1_000, "AWS Lambda developer guide, \"Understanding Lambda function scaling\", quotas");
/// Requests a second of all APIs: 10,000.
pub const API_RATE: Given<Rate> = Given::new(Rate(10_000.0), "Amazon API Gateway developer guide, quotas");
/// Burst of those: 5,000.
pub const API_BURST: Given<u32> = Given::new(
    5_000,
    "AWS, \"Amazon API Gateway increases account level throttle limits\" (2017-06): 5,000 with 10,000 a second",
);
/// Largest concurrency.
const CONCURRENCY_MAX: u32 = 10_000_000;

/// The language of the quotas.
pub const SHAPE: Shape = Shape {
    title: "[account]",
    about: "Quotas of the account, in each Region: what all functions, all APIs and all event buses of the file share.",
    keys: &[
        Key::given(
            "lambda_concurrency",
            "whole number",
            || CONCURRENCY.show(),
            "invocations of all functions at once; beyond it they are throttled",
        ),
        Key::given("api_rate", "rate", || API_RATE.show(), "requests a second that all APIs together take"),
        Key::given(
            "api_burst",
            "whole number",
            || API_BURST.show(),
            "tokens of the bucket that this rate fills",
        ),
        Key::optional(
            "event_puts",
            "rate",
            "10,000/s in us-east-1, us-west-2 and eu-west-1, 2,400/s in us-east-2, eu-central-1 and eu-south-2, 1,200/s or 600/s in twelve others, else 400/s (Amazon EventBridge user guide, \"Amazon EventBridge quotas\")",
            "calls a second that all event buses together take; more are throttled",
        ),
        Key::optional(
            "event_invocations",
            "rate",
            "18,750/s in us-east-1, us-west-2 and eu-west-1, 4,500/s in us-east-2, eu-central-1 and eu-south-2, 2,250/s or 1,100/s in twelve others, else 750/s (Amazon EventBridge user guide, \"Amazon EventBridge quotas\")",
            "targets a second to which all event buses together deliver; more are delayed",
        ),
    ],
};

/// Quotas of the account in each Region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Account {
    /// Invocations of all functions at once.
    pub lambda_concurrency: u32,
    /// Requests a second that all APIs together take.
    pub api_rate: Rate,
    /// The burst of that.
    pub api_burst: u32,
    /// Calls a second that all event buses together take, if the file says so.
    pub event_puts: Option<Rate>,
    /// Targets a second to which they deliver, if the file says so.
    pub event_invocations: Option<Rate>,
}

impl Default for Account {
    fn default() -> Account {
        Account {
            lambda_concurrency: CONCURRENCY.value,
            api_rate: API_RATE.value,
            api_burst: API_BURST.value,
            event_puts: None,
            event_invocations: None,
        }
    }
}

impl Account {
    /// That of a file.
    pub(crate) fn read(reader: &Reader<'_>) -> Account {
        let account = |value: Value| {
            let rate = |value: Value| {
                let rate = value.rate()?;
                bounds::positive(value, rate.0)?;
                Some(rate)
            };
            value.table(&SHAPE, |reader| Account {
                lambda_concurrency: reader.or(
                    "lambda_concurrency",
                    |value| value.count(1..=CONCURRENCY_MAX),
                    CONCURRENCY.value,
                ),
                api_rate: reader.or("api_rate", Value::rate, API_RATE.value),
                api_burst: reader.or("api_burst", |value| value.count(1..=CONCURRENCY_MAX), API_BURST.value),
                event_puts: reader.maybe("event_puts", rate),
                event_invocations: reader.maybe("event_invocations", rate),
            })
        };
        reader.maybe("account", account).unwrap_or_default()
    }
}
