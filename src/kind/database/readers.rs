//! How many replicas there are to be, as Aurora Auto Scaling has it.
//!
//! In: once a minute the CPU of the readers, or their connections. Out: a number of replicas. The alarms are those of target tracking: three
//! minutes above the target, fifteen below nine tenths of it. (Aurora user guide, "Using Amazon Aurora Auto Scaling with Aurora replicas".)

use std::collections::VecDeque;

use super::language::{ReaderMetric, ReplicaScaling};
use super::node::Node;
use crate::dist::Sampler;
use crate::flow::Flow;
use crate::rng::Stream;
use crate::units::Time;

/// The period of the metrics of RDS: 60 s. Source: Aurora user guide, CloudWatch metrics.
pub(super) const PERIOD: u64 = 60_000_000_000;
/// Points of the high and of the low alarm. Source: as the alarms that target tracking makes elsewhere.
const POINTS: [usize; 2] = [3, 15];
/// The low alarm is below this part of the target. Source: Application Auto Scaling user guide, target tracking: the same alarms.
const LOW: f64 = 0.9;

/// What a database keeps to add and remove replicas.
#[derive(Debug)]
pub struct Readers {
    /// The last points of the metric, the newest last; nothing where no replica was there for a whole period.
    pub(super) points: VecDeque<Option<f64>>,
    /// The nodes that were there at the end of the last period, by their processors, and their busy-core nanoseconds then.
    pub(super) busy: Vec<(u32, f64)>,
    pub(super) boot: (Sampler, Stream),
    /// How many are being made.
    pub(super) making: u32,
    /// When replicas were added or removed last.
    pub(super) added: Option<u64>,
    pub(super) removed: Option<u64>,
    /// Since when each replica that was added is there, by its processor.
    pub(super) since: Vec<(u32, u64)>,
    /// From when to when others were.
    pub(super) gone: Vec<(Time, Time)>,
}

impl Readers {
    /// Nothing has been added.
    pub fn new(settings: &ReplicaScaling, stream: Stream) -> Readers {
        Readers {
            points: VecDeque::new(),
            busy: Vec::new(),
            boot: (Sampler::new(&settings.boot), stream),
            making: 0,
            added: None,
            removed: None,
            since: Vec::new(),
            gone: Vec::new(),
        }
    }

    /// Whether a node is one of those that were added.
    pub fn has_added(&self, node: &Node) -> bool {
        self.since.iter().any(|it| it.0 == node.processor)
    }

    /// From when to when replicas were there that were added.
    pub fn spans(&self, now: u64) -> Vec<(Time, Time)> {
        let present = self.since.iter().map(|&(_, since)| (Time(since), Time(now)));
        self.gone.iter().copied().chain(present).collect()
    }

    /// A period ends: the mean over the replicas that were there for all of it.
    pub(super) fn note(&mut self, metric: ReaderMetric, nodes: &[Node], flow: &Flow) {
        let busy = |node: &Node| node.used(flow);
        let present = nodes.iter().skip(1).filter(|node| !node.lost);
        let now = present.clone().map(|node| (node.processor, busy(node))).collect();
        let before = std::mem::replace(&mut self.busy, now);
        let mut values = Vec::new();
        for node in present {
            match metric {
                ReaderMetric::Connections => values.push(f64::from(node.open)),
                ReaderMetric::Cpu => {
                    if let Some((_, before)) = before.iter().find(|it| it.0 == node.processor) {
                        let cores = PERIOD as f64 * f64::from(node.vcpus);
                        values.push(100.0 * (busy(node) - before) / cores);
                    }
                }
            }
        }
        let mean = (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
        self.points.push_back(mean);
        if self.points.len() > POINTS[1] {
            self.points.pop_front();
        }
    }

    /// Whether so many points, up to the last one, are all beyond a value.
    fn are(&self, points: usize, beyond: impl Fn(f64) -> bool) -> bool {
        self.points.len() >= points && self.points.iter().rev().take(points).all(|it| it.is_some_and(&beyond))
    }

    /// How many replicas there are to be, of so many.
    pub(super) fn wanted(&self, settings: &ReplicaScaling, present: u32, now: u64) -> u32 {
        let Some(Some(value)) = self.points.back().copied() else { return present };
        let is_over = |at: Option<u64>, span: Time| at.is_none_or(|at| now >= at.saturating_add(span.0));
        // As many as bring the metric to its target, if the work is spread over them.
        let needed = (f64::from(present) * value / settings.target - 1e-9).ceil().max(0.0) as u32;
        let needed = needed.clamp(settings.min, settings.max);
        let is_high = present < settings.min || self.are(POINTS[0], |it| it > settings.target);
        let is_low = self.are(POINTS[1], |it| it < LOW * settings.target);
        let grows = is_high && needed > present && is_over(self.added, settings.cooldown_out);
        let shrinks =
            is_low && needed < present && settings.scale_in && is_over(self.removed, settings.cooldown_in);
        if grows || shrinks { needed } else { present }
    }
}
