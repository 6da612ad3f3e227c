//! What sections of the page share: the interval beside a figure. In: an estimate. Out: text.

use crate::number::beside;
use crate::outcome::estimate::Estimate;

/// The interval of an estimate as `show` formats it, ` ± 9` or ` (1.3–7.6)`; empty if there is none.
pub(super) fn margin_of(estimate: Option<&Estimate>, show: impl Fn(f64) -> String) -> String {
    let known = estimate.and_then(|estimate| Some((estimate.value, estimate.interval?)));
    known.map_or(String::new(), |(value, interval)| format!(" {}", beside(value, &interval, show)))
}
