//! What is read of topics: a row of the timeline when it ends, totals at the end.
//!
//! In: calls since the start. Out: what they grew by, as rates, and how much of the quota of all buses of the account that is.

use super::model::Topics;
use super::record::{TopicSeries, TopicTotals};
use crate::flow::Flow;
use crate::flow::called::Called;
use crate::kind::record::Recorded;

impl Topics {
    /// Reads a row of every topic.
    pub(super) fn read_all(&mut self, span: f64, flow: &Flow) {
        let calls: Vec<u64> = self
            .each
            .iter()
            .enumerate()
            .map(|(index, state)| flow.called.of(index).calls - state.mark.calls)
            .collect();
        for (index, (state, series)) in self.each.iter_mut().zip(&mut self.series).enumerate() {
            let now = flow.called.of(index);
            let rate = |count: u64| count as f64 * 1e9 / span;
            series.puts.push(rate(calls[index]));
            series.throttled.push(rate(now.throttled - state.mark.throttled));
            let shared: u64 = state.sharing.iter().map(|&other| calls[other]).sum();
            series.puts_percent.push(state.rate.map_or(0.0, |most| 100.0 * rate(shared) / most));
            state.mark = now;
        }
    }
}

impl Recorded for Topics {
    type Series = TopicSeries;
    type Totals = TopicTotals;

    fn close(&mut self, flow: &mut Flow) -> (Vec<TopicSeries>, Vec<TopicTotals>) {
        let totals = self.each.iter().enumerate().map(|(index, state)| {
            let Called { calls, throttled, given_up } = flow.called.of(index);
            TopicTotals { name: state.name.clone(), puts: calls, throttled, given_up }
        });
        (std::mem::take(&mut self.series), totals.collect())
    }
}
