//! The seam between kinds and the bill: what a resource is charged for.
//!
//! In: the settings of a resource, and what it used in a run. Out: its charges. What is billed by the piece is counted by
//! [`Hourly`].

use crate::cost::accrual::MONTH_HOURS;
use crate::cost::charge::Charge;
use crate::flow::Flow;
use crate::flow::mark::Mark;
use crate::usage::{Used, hour_of};

/// What a resource is charged for; nothing, unless its kind says otherwise.
pub(crate) trait Billed<All> {
    /// The place of its kind on a bill, from the top; kinds of one place are in the order of the list.
    const PLACE: u8 = u8::MAX;

    /// The charges, by what it used.
    fn charges<'a>(&'a self, _all: &'a All, _used: &Used) -> Vec<Charge<'a>> {
        Vec::new()
    }
}

/// What a counter has grown by in each hour.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hourly {
    mark: Mark,
    hours: Vec<f64>,
}

impl Hourly {
    /// At the end of a row: books what the counter has grown by to the hour in which the row began.
    pub fn read(&mut self, counter: u64, flow: &Flow) {
        *hour_of(&mut self.hours, flow.readings.row_start) += self.mark.grown(counter) as f64;
    }

    /// What was counted so far.
    pub fn used(&self) -> Used {
        Used::hourly(self.hours.clone())
    }
}

/// The lines of the bill for so many custom metrics, and for the thousands of requests an hour that publish them; `what` goes by
/// the metrics.
pub(crate) fn custom_metrics<'a>(
    metrics: usize,
    requests: f64,
    name: &'a str,
    what: &str,
) -> impl Iterator<Item = Charge<'a>> + use<'a> {
    let metrics = Charge {
        what: format!("custom metrics that {what} go by"),
        ..Charge::steady("CloudWatch", "metric", name, "metric-month", metrics as f64 / MONTH_HOURS)
    };
    let published = Charge {
        what: "PutMetricData requests for custom metrics".into(),
        ..Charge::steady("CloudWatch", "put-metric-data", name, "thousand", requests)
    };
    [metrics, published].into_iter().filter(|charge| charge.factor > 0.0)
}
