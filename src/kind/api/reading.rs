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
            let series = &mut self.series[index];
            series.requests.push(requests);
            series.throttled.push(throttled);
            series.hits.push(hits);
            series.busy_percent.push(busy.min(100.0));
        }
    }
}

impl Recorded for Apis<'_> {
    type Series = ApiSeries;
    type Totals = ApiTotals;

    fn close(&mut self, _flow: &mut Flow) -> (Vec<ApiSeries>, Vec<ApiTotals>) {
        let totals = self.each.iter().map(|own| own.counts.clone()).collect();
        (std::mem::take(&mut self.series), totals)
    }
}
