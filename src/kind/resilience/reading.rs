//! What is read of policies: a row of the timeline when it ends, totals at the end.
//!
//! In: counters since the start. Out: what they grew by, as rates.

use super::model::Resiliences;
use super::record::{ResilienceSeries, ResilienceTotals};
use crate::flow::Flow;
use crate::kind::record::Recorded;

impl Resiliences<'_> {
    /// Reads a row of every policy.
    pub(super) fn read_all(&mut self, span: f64) {
        if self.series.is_empty() {
            let named = |name: &str| ResilienceSeries { name: name.into(), ..ResilienceSeries::default() };
            self.series = self.settings.iter().map(|own| named(&own.name)).collect();
        }
        for (state, series) in self.each.iter_mut().zip(&mut self.series) {
            let (of, marks) = (&state.counted, &mut state.marks);
            let a_second = |count: u64| count as f64 * 1e9 / span;
            series.tries.push(a_second(marks.tries.grown(of.tries)));
            series.timeouts.push(a_second(marks.timeouts.grown(of.timeouts)));
            series.failures.push(a_second(marks.failures.grown(of.failures)));
            series.refused.push(a_second(marks.refused.grown(of.short_circuited + of.bulkhead_full)));
            series.open.push(state.open.into());
        }
    }
}

impl Recorded for Resiliences<'_> {
    type Series = ResilienceSeries;
    type Totals = ResilienceTotals;

    fn close(&mut self, _flow: &mut Flow) -> (Vec<ResilienceSeries>, Vec<ResilienceTotals>) {
        let totals = self.each.iter().map(|state| state.counted.clone()).collect();
        (std::mem::take(&mut self.series), totals)
    }
}
