//! The traffic as a table. In: what is sent, and the length of a period. Out: CSV with the expected number of requests of each class
//! in each period, as `rate = { file = … }` reads it.

use super::sent::Sent;
use crate::scenario::traffic::curve::{Area, RateCurve};
use crate::units::Time;

/// The table; users are not in it, since how many requests they send depends on the answers.
pub fn counts(sent: &Sent<'_>, period: Time) -> Vec<u8> {
    let end = sent.scenario.duration;
    let mut classes: Vec<usize> = sent.streams.iter().map(|stream| stream.class).collect();
    classes.sort_unstable();
    classes.dedup();
    let areas = sent
        .streams
        .iter()
        .map(|stream| (stream.class, Area::of(&RateCurve { knots: stream.knots.clone() })));
    let areas: Vec<(usize, Area)> = areas.collect();
    let names = classes.iter().map(|class| sent.scenario.classes[*class].name.as_str());
    let mut rows = vec![Vec::from_iter(["at_s".to_owned()].into_iter().chain(names.map(str::to_owned)))];
    let mut from = Time::ZERO;
    while from < end {
        let until = (from + period).min(end);
        let of = |class: &usize| {
            let own = areas.iter().filter(|(of, _)| of == class);
            let count: f64 = own.map(|(_, area)| area.until(until) - area.until(from)).sum();
            // A millionth of a request is of the arithmetic.
            format!("{}", (count.max(0.0) * 1e6).round() / 1e6)
        };
        rows.push(Vec::from_iter(
            [format!("{}", from.as_secs_f64())].into_iter().chain(classes.iter().map(of)),
        ));
        from = until;
    }
    super::text::csv(&rows)
}
