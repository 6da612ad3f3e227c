//! The HorizontalPodAutoscaler of Kubernetes.
//!
//! In: the CPU and the requests of pods, look by look. Out: how many there are to be. Of several metrics the largest size counts. Pods that
//! are not ready count as idle on the way up. Sizes go up at once, within a limit for each period, and down to the largest that was wanted in
//! some minutes. (Kubernetes documentation, "Horizontal Pod Autoscaling", "Algorithm details", "Configurable scaling behavior".)

use super::Controls;
use super::language::hpa::Hpa;
use super::language::{Metric, Policy, PolicyKind};
use super::model::Timer;
use super::pods::{Load, Seen};
use crate::flow::fact::Fact;
use crate::flow::host::Lifecycle;
use crate::flow::{Flow, number};
use crate::units::Time;

/// CPU that a pod without a sample is taken to use on the way down, in percent of its request. Source: Kubernetes, replica calculator.
const FALLBACK: f64 = 100.0;

impl Controls<'_> {
    /// The metrics of the HorizontalPodAutoscaler of a fleet.
    fn hpas(&self, fleet: usize) -> impl Iterator<Item = (&Policy, &Hpa)> {
        let policies = self.settings.get(fleet).map_or(&[][..], |fleet| &fleet.policies);
        policies.iter().filter_map(|policy| match &policy.kind {
            PolicyKind::Hpa(hpa) => Some((policy, hpa)),
            _ => None,
        })
    }

    /// Begins to look. Pods of the start have been wanted for long.
    pub(super) fn start_hpa(&mut self, fleet: usize, flow: &mut Flow) {
        let Some(sync) = self.hpas(fleet).next().map(|(_, hpa)| hpa.sync) else { return };
        self.each[fleet].hpa.wanted.push_back((flow.now, flow.groups[fleet].desired));
        let first = self.look(fleet, flow);
        self.each[fleet].hpa.seen.push_back(first);
        flow.set(Timer::Sync { fleet: number(fleet) }, flow.now.saturating_add(sync.0));
    }

    /// What the pods of a fleet have used so far.
    fn look(&self, fleet: usize, flow: &Flow) -> Seen {
        let ready = flow.groups[fleet].alive.iter().copied().filter(|&pod| is_ready(pod, flow));
        let cpu = ready.map(|pod| (pod, flow.cpu_area(pod))).collect();
        Seen { at: flow.now, cpu, requests: flow.requests_of(fleet) }
    }

    /// The controller looks.
    pub(super) fn sync(&mut self, fleet: usize, flow: &mut Flow) {
        let Some((_, &first)) = self.hpas(fleet).next() else { return };
        flow.set(Timer::Sync { fleet: number(fleet) }, flow.now.saturating_add(first.sync.0));
        let now = self.look(fleet, flow);
        let current = flow.groups[fleet].desired;
        let mut most: Option<(u32, String)> = None;
        if self.each[fleet].hpa.seen.len() == 2 {
            let own: Vec<(String, Metric, Hpa)> =
                self.hpas(fleet).map(|(policy, hpa)| (policy.name.clone(), policy.metric, *hpa)).collect();
            for (name, metric, hpa) in own {
                let Some(load) = self.load(fleet, metric, flow) else { continue };
                let replicas = load.replicas(&hpa, current);
                let mean = load.sum / f64::from(load.sampled.max(1));
                if most.as_ref().is_none_or(|other| replicas > other.0) {
                    most = Some((replicas, format!("{name}: {mean:.1} for a target of {}", hpa.target)));
                }
            }
        }
        let controller = &mut self.each[fleet].hpa;
        controller.seen.push_back(now);
        if controller.seen.len() > 2 {
            controller.seen.pop_front();
        }
        let Some((wanted, cause)) = most else { return };
        let (min, max) = (self.settings[fleet].min, self.settings[fleet].max);
        let capacity = controller.stabilized(&first, wanted, current, flow.now).clamp(min, max.max(min));
        if capacity > current {
            controller.added.push_back((flow.now, capacity - current));
        }
        if capacity != current {
            flow.tell(Fact::Wanted { group: fleet, capacity, cause, warmup: Time::ZERO });
        }
    }

    /// What the pods of a fleet did between the last two looks, in the unit of a metric.
    fn load(&self, fleet: usize, metric: Metric, flow: &Flow) -> Option<Load> {
        let seen = &self.each[fleet].hpa.seen;
        let (before, after) = (seen.front()?, seen.back()?);
        let span = after.at.saturating_sub(before.at) as f64;
        let request = self.settings[fleet].requested_vcpus();
        let alive = flow.groups[fleet].alive.iter().copied();
        let alive = alive.filter(|&pod| !flow.hosts[pod as usize].lifecycle.is_terminating());
        let (ready, unready): (Vec<u32>, Vec<u32>) = alive.partition(|&pod| is_ready(pod, flow));
        let of = |seen: &Seen, pod: u32| seen.cpu.iter().find(|it| it.0 == pod).map(|it| it.1);
        let grown = |&pod: &u32| Some(of(after, pod)? - of(before, pod)?);
        let samples: Vec<f64> = ready.iter().filter_map(grown).collect();
        let sampled = samples.len() as u32;
        let missing = ready.len() as u32 - sampled;
        let (sum, fallback) = match metric {
            Metric::Cpu => {
                let all = samples.iter().fold(0.0, |sum, of| sum + of);
                (100.0 * all / (span * request).max(1.0), FALLBACK)
            }
            _ => ((after.requests - before.requests) as f64 * 60e9 / span.max(1.0), 0.0),
        };
        let whole = metric == Metric::Cpu;
        Some(Load { sum, sampled, missing, fallback, unready: unready.len() as u32, whole })
    }
}

/// Whether a pod runs and answers.
fn is_ready(pod: u32, flow: &Flow) -> bool {
    let host = &flow.hosts[pod as usize];
    host.lifecycle == Lifecycle::InService && host.is_running() && !host.does_nothing()
}
