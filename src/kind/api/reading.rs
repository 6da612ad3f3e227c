//! What is read of APIs: a row of the timeline when it ends, totals at the end.
//!
//! In: counters since the start. Out: what they grew by, as rates and shares.

use super::model::Apis;
use super::record::{ApiSeries, ApiTotals};
use crate::flow::Flow;
use crate::kind::record::Recorded;

impl Apis<'_> {
    /// Reads a row of every API.
    pub(super) fn read_all(&mut self, span: f64, flow: &Flow) {
        let grown: Vec<[f64; 4]> = self
            .each
            .iter_mut()
            .map(|own| {
                let counts = &own.counts;
                let counters = [counts.requests, counts.all_throttled(), counts.hits, counts.requests];
                let rate = |at: usize, counter: u64, own: &mut super::model::Api| {
                    own.marks[at].grown(counter) as f64 * 1e9 / span
                };
                let mut rates = [0.0; 4];
                for (at, counter) in counters.into_iter().enumerate() {
                    rates[at] = rate(at, counter, own);
                }
                own.hours.read(own.units, flow);
                rates
            })
            .collect();
        for (index, [requests, throttled, hits, _]) in grown.iter().copied().enumerate() {
            if self.series.len() <= index {
                let name = self.settings[index].name.clone();
                self.series.push(ApiSeries { name, ..ApiSeries::default() });
            }
            // Those of its account share one rate.
            let account = self.each[index].account;
            let of_account = (0..self.each.len()).filter(|other| self.each[*other].account == account);
            let shared: f64 = of_account.map(|other| grown[other][0]).sum();
            let all = self.rate_of_account;
            let of_stage =
                self.settings[index].throttle.map_or(0.0, |it| requests / it.rate.0.max(f64::MIN_POSITIVE));
            let busy = 100.0 * f64::max(of_stage, shared / all.max(f64::MIN_POSITIVE));
            let rate_of = |count: f64| count * 1e9 / span;
            let (settings, own) = (&self.settings[index], &mut self.each[index]);
            let routes = settings.routes.iter().zip(&mut own.routes);
            let of_route = routes.map(|(it, route)| part(rate_of(route.passed.grown()), it.throttle.rate.0));
            let routes_percent = of_route.fold(0.0, f64::max);
            let plans = settings.plans.iter().zip(own.callers.passed());
            let of_plan = plans.map(|(plan, (passed, keys))| {
                plan.throttle.map_or(0.0, |it| part(rate_of(passed), it.rate.0 * f64::from(keys)))
            });
            let keys_percent = of_plan.fold(0.0, f64::max);
            let series = &mut self.series[index];
            series.routes_percent.push(routes_percent);
            series.routes_throttled.push(rate_of(own.by_routes.grown()));
            series.keys_percent.push(keys_percent);
            series.keys_throttled.push(rate_of(own.by_keys.grown()));
            series.requests.push(requests);
            series.throttled.push(throttled);
            series.hits.push(hits);
            series.busy_percent.push(busy.min(100.0));
        }
    }
}

/// Percent of a rate that is taken.
fn part(taken: f64, rate: f64) -> f64 {
    (100.0 * taken / rate.max(f64::MIN_POSITIVE)).min(100.0)
}

impl Recorded for Apis<'_> {
    type Series = ApiSeries;
    type Totals = ApiTotals;

    fn close(&mut self, _flow: &mut Flow) -> (Vec<ApiSeries>, Vec<ApiTotals>) {
        let totals = self.each.iter().map(|own| own.counts.clone()).collect();
        (std::mem::take(&mut self.series), totals)
    }
}
