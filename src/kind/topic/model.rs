//! Topics have no state: what is sent to one is in its queues at the same instant. Of event buses the calls are counted.
//!
//! In: calls that queues have taken for them. Out: how many there were.

use super::language::Topic;
use super::record::TopicSeries;
use crate::flow::Flow;
use crate::flow::called::Called;
use crate::flow::next::Next;
use crate::flow::timer::NoTimer;
use crate::kind::Kind;
use crate::kind::part::{Part, Plan};
use crate::measure::resource::Resource;

/// All topics.
#[derive(Debug)]
pub struct Topics {
    pub(super) each: Vec<State>,
    pub(super) series: Vec<TopicSeries>,
}

/// One of them.
#[derive(Debug)]
pub(super) struct State {
    pub name: String,
    /// Calls a second that all buses of its Region take; nothing where it is none.
    pub rate: Option<f64>,
    /// These buses.
    pub sharing: Vec<usize>,
    /// Its calls until the last row ended.
    pub mark: Called,
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
        self.read_all(span, flow);
    }

    fn counted(&self, of: Resource, flow: &Flow) -> Option<f64> {
        let Resource::EventPuts { topic } = of else { return None };
        let sharing = &self.each.get(topic)?.sharing;
        Some(sharing.iter().map(|&topic| flow.called.of(topic).calls as f64).sum())
    }
}
