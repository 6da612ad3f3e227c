//! What is read of functions: a row of the timeline when it ends, totals at the end.
//!
//! In: counters and integrals since the start. Out: what they grew by, as rates and shares.

use super::account::Throttle;
use super::events::Queue;
use super::record::{LambdaSeries, LambdaTotals};
use super::state::Lambdas;
use crate::flow::Flow;
use crate::kind::record::Recorded;
use crate::usage::Used;

impl Lambdas<'_> {
    /// Reads a row of every function.
    pub(super) fn read_all(&mut self, span: f64, flow: &Flow) {
        let mut taken = vec![0.0; self.accounts.len()];
        for (state, settings) in self.each.iter_mut().zip(self.settings) {
            state.count(flow.now);
            state.provisioned.count(flow.now);
            if settings.reserved.is_none() {
                let held = f64::from(state.provisioned.held());
                taken[state.account] += (state.on_demand - state.marks.on_demand) / span + held;
            }
        }
        for index in 0..self.each.len() {
            let account = self.each[index].account;
            let all = f64::from(self.accounts[account].unreserved);
            self.read(index, (taken[account], all), span, flow);
        }
    }

    fn read(&mut self, index: usize, (taken, all): (f64, f64), span: f64, flow: &Flow) {
        let (settings, state) = (&self.settings[index], &mut self.each[index]);
        if self.series.len() <= index {
            self.series.push(LambdaSeries { name: settings.name.clone(), ..LambdaSeries::default() });
        }
        let series = &mut self.series[index];
        let rate = |grown: u64| grown as f64 * 1e9 / span;
        let (counts, marks) = (&state.counts, &mut state.marks);
        series.invocations.push(rate(marks.invocations.grown(counts.invocations)));
        series.cold.push(rate(marks.cold.grown(counts.cold)));
        series.throttled.push(rate(marks.throttled.grown(counts.all_throttled())));
        let over_scaling = counts.throttled[Throttle::Scaling as usize];
        series.over_scaling.push(rate(marks.over_scaling.grown(over_scaling)));
        series.over_rate.push(rate(marks.over_rate.grown(counts.throttled[Throttle::Rate as usize])));
        series.failed.push(rate(marks.failed.grown(counts.timeouts + counts.refused)));
        let concurrency = (state.area - std::mem::replace(&mut marks.area, state.area)) / span;
        marks.on_demand = state.on_demand;
        series.concurrency.push(concurrency);
        let (taken, all) = settings.reserved.map_or((taken, all), |own| (concurrency, own.into()));
        series.busy_percent.push((100.0 * taken / f64::max(all, 1.0)).min(100.0));
        let paid_ms = (state.provisioned.area / 1e6) as u64;
        let counters = [counts.invocations, counts.billed_ms[0], counts.billed_ms[1], paid_ms];
        for (hours, counter) in marks.hours.iter_mut().zip(counters) {
            hours.read(counter, flow);
        }
        let now = state.busy + state.busy_ready;
        series.most.push(std::mem::replace(&mut state.row_peak, now).into());
        series.environments.push(state.alive.into());
        series.provisioned.push(state.provisioned.held().into());
        series.may_get.push(state.scale.tokens(flow.now).floor());
        self.events.each[index].read(series, span, flow.now);
    }

    /// What a function has used that is billed: requests, and milliseconds of environments made on demand, of those that were provisioned, and of
    /// their provisioning.
    pub(super) fn used_by(&self, index: usize, _flow: &Flow) -> Used {
        let [requests, on_demand, provisioned, paid] = &self.each[index].marks.hours;
        let more = [on_demand, provisioned, paid].map(|hours| hours.used().hours).to_vec();
        Used { more, ..requests.used() }
    }
}

impl Queue {
    /// Reads a row of the events of a function; nothing where none can come.
    fn read(&mut self, series: &mut LambdaSeries, span: f64, now: u64) {
        let (counts, marks) = (self.counts, &mut self.marks);
        let received = marks.received.grown(counts.received) as f64;
        series.events.push(received * 1e9 / span);
        series.events_dropped.push(marks.lost.grown(counts.lost()) as f64 * 1e9 / span);
        series.events_there.push(self.there() as f64);
        series.event_age_s.push(self.oldest(now) as f64 / 1e9);
        if self.path.is_some() {
            self.came.push(received);
            self.taken.push(self.marks.taken.grown(counts.taken) as f64);
            self.held_in_rows.push(self.held as f64);
        }
    }
}

impl Recorded for Lambdas<'_> {
    type Series = LambdaSeries;
    type Totals = LambdaTotals;

    fn close(&mut self, flow: &mut Flow) -> (Vec<LambdaSeries>, Vec<LambdaTotals>) {
        let each = self.each.iter().zip(&self.events.each).zip(self.settings);
        let totals = each.map(|((state, events), it)| state.totals(&it.name, events, flow.now));
        let totals = totals.collect();
        (std::mem::take(&mut self.series), totals)
    }
}
