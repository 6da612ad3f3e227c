//! Topics have no state: what is sent to one is in its queues at the same instant. Of event buses the calls are counted.
//!
//! In: calls that queues have taken for them. Out: rows and totals.

use super::language::Topic;
use super::record::{TopicSeries, TopicTotals};
use crate::flow::Flow;
use crate::flow::called::Called;
use crate::flow::next::Next;
use crate::flow::timer::NoTimer;
use crate::kind::Kind;
use crate::kind::part::{Part, Plan};
use crate::kind::record::Recorded;
use crate::measure::resource::Resource;

/// All topics.
#[derive(Debug)]
pub struct Topics {
    each: Vec<State>,
    series: Vec<TopicSeries>,
}

/// One of them.
#[derive(Debug)]
struct State {
    name: String,
    /// Calls a second that all buses of its Region take; nothing where it is none.
    rate: Option<f64>,
    /// These buses.
    sharing: Vec<usize>,
    /// Its calls until the last row ended.
    mark: Called,
}

/// No step takes place at a topic.
#[derive(Clone, Copy, Debug)]
pub enum Op {}

/// Topics have no timers.
pub type Timer = NoTimer<{ Kind::Topic as u8 }>;

impl<'s> Part<'s> for Topics {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, _flow: &mut Flow) -> Self {
        let topics = &plan.kinds.topics;
        let of = |(index, topic): (usize, &Topic)| State {
            name: topic.name.clone(),
            rate: topic.bus.as_ref().map(|_| topic.quotas(plan.kinds)[0]),
            sharing: Topic::sharing(index, topics).collect(),
            mark: Called::default(),
        };
        let each: Vec<State> = topics.iter().enumerate().map(of).collect();
        let named = |state: &State| TopicSeries { name: state.name.clone(), ..TopicSeries::default() };
        let series = each.iter().map(named).collect();
        Topics { each, series }
    }

    fn step(&mut self, op: Op, _id: u32, _flow: &mut Flow) -> Next {
        match op {}
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
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

    fn counted(&self, of: Resource, flow: &Flow) -> Option<f64> {
        let Resource::EventPuts { topic } = of else { return None };
        let sharing = &self.each.get(topic)?.sharing;
        Some(sharing.iter().map(|&topic| flow.called.of(topic).calls as f64).sum())
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
