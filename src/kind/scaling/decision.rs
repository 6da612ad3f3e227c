//! What the policies of a group want, and which of them is followed.
//!
//! In: policies whose alarms are on, and those of which an alarm acts at this instant. Out: the wanted capacity, and why.
//! Scale-out compares the need of the warm instances with the desired capacity, which already includes the warming ones,
//! so a breach is not answered twice. No policy removes instances while one boots or warms up. Of policies that are on
//! together the largest resulting capacity counts; of several target tracking policies, all must agree to scale in.
//! (EC2 Auto Scaling user guide, "Dynamic scaling", "Target tracking", "Step and simple scaling policies", "Default
//! instance warmup".)

use super::Controls;
use super::adjustment::{ceil_of, desired_after, step_for};
use super::alarm::State;
use super::language::{AdjustmentType, Alarm, Metric, Policy, PolicyKind};
use super::meter::Point;
use crate::flow::Flow;
use crate::flow::fact::Fact;
use crate::flow::host::Lifecycle;
use crate::id::Kind;
use crate::number::number;
use crate::units::Time;

/// The size that a policy wants.
struct Proposal {
    capacity: u32,
    cause: String,
    /// Warm-up of the instances that it launches.
    warmup: Time,
    /// Whether an alarm of the policy acts at this instant. If not, the policy can only keep the others from removing more.
    acts: bool,
    /// Those of the policy, if it has some.
    cooldowns: Option<[Time; 2]>,
}

/// A policy in alarm that has nothing to act by.
struct Idle {
    policy: usize,
    low: bool,
    text: String,
}

/// Values from which on tenths say nothing. Assumption.
const LARGE: f64 = 10_000.0;

impl Controls<'_> {
    /// All alarms of this instant have been evaluated: follows the policy with the largest resulting capacity.
    pub(super) fn decide(&mut self, fleet: usize, flow: &mut Flow) {
        let acting = std::mem::take(&mut self.each[fleet].acting);
        self.each[fleet].cooldowns.settle(&flow.groups[fleet], flow.now);
        let control = &self.each[fleet];
        let policies = self.settings[fleet].policies.iter().zip(&control.watches);
        let (mut chosen, mut idle): (Option<Proposal>, Vec<Idle>) = (None, Vec::new());
        for (index, (policy, watches)) in policies.enumerate() {
            for (low, watch) in [false, true].into_iter().zip(watches) {
                if watch.state != State::Alarm {
                    continue;
                }
                let acts = acting.contains(&(index, low));
                let Some((capacity, cause)) = self.wanted(fleet, (index, policy), low, flow) else {
                    idle.extend(self.idle(fleet, (index, policy), low, flow).filter(|_| acts));
                    continue;
                };
                let better = |chosen: &Proposal| (capacity, acts) > (chosen.capacity, chosen.acts);
                if chosen.as_ref().is_none_or(better) {
                    let cooldowns = policy.cooldowns;
                    chosen = Some(Proposal { capacity, cause, warmup: policy.warmup, acts, cooldowns });
                }
            }
        }
        idle.into_iter().for_each(|idle| self.say_idle(fleet, idle, flow));
        let floor = self.floor(fleet);
        if let Some(Proposal { capacity, cause, warmup, acts, cooldowns }) = chosen
            && let capacity = capacity.max(floor.min(flow.groups[fleet].desired))
            && (acts || capacity < flow.groups[fleet].desired)
        {
            if let Some(lasts) = cooldowns {
                self.each[fleet].cooldowns.asks(flow.groups[fleet].desired, lasts, flow.now);
            }
            flow.tell(Fact::Wanted { group: fleet, capacity, cause, warmup });
        }
    }

    /// The capacity that a policy in alarm wants, and why; nothing if it may not act, or cannot without a value.
    fn wanted(
        &self,
        fleet: usize,
        (index, policy): (usize, &Policy),
        low: bool,
        flow: &Flow,
    ) -> Option<(u32, String)> {
        let group = &flow.groups[fleet];
        let desired = group.desired;
        let newest = self.newest(fleet, (index, policy), low, flow);
        let (value, measured) = (newest.and_then(|point| point.value), newest.map_or(0, |point| point.warm));
        let because = |relation: &str, of: f64| {
            let (name, unit) = (&policy.name, metric_name(policy.metric));
            match value {
                // Large values, such as bytes, without tenths and with separators.
                Some(value) if value >= LARGE || of >= LARGE => {
                    format!("{name}: {unit} {} {relation} {}", number(value.round()), number(of))
                }
                Some(value) => format!("{name}: {unit} {value:.1} {relation} {of}"),
                None => format!("{name}: {unit} missing, which counts as a breach"),
            }
        };
        // A service of tasks has no warm-up: what starts from where is a matter of its cooldowns.
        let has_cooldowns = policy.cooldowns.is_some();
        let cooldowns = &self.each[fleet].cooldowns;
        let base = cooldowns.base(desired, flow.now);
        let is_held = has_cooldowns && (group.under_way > 0 || cooldowns.holds_in(flow.now));
        let against = |alarm: &Alarm| because("against the threshold", alarm.threshold);
        match &policy.kind {
            PolicyKind::TargetTracking { target, .. } if !low => {
                // The need of the measured instances; instances that have warmed up since already carry a part of it.
                // A capacity provider without instances begins with two.
                let measured = if policy.metric.is_reservation() { measured.max(1) } else { measured };
                let of = if has_cooldowns { base } else { measured };
                let needed = ceil_of(f64::from(of) * value? / target);
                Some((needed.max(desired), because("above the target", *target)))
            }
            PolicyKind::TargetTracking { target, .. } => {
                let keep = self.agreed_scale_in(fleet, flow).filter(|_| !is_held)?;
                if has_cooldowns {
                    return Some((keep.min(desired), because("well below the target", *target)));
                }
                let (staying, leaving) = staying_and_leaving(fleet, flow);
                // Of several types there may be more than are desired.
                let is_whole = staying == desired || (self.is_mixed(fleet) && staying > desired);
                let is_steady = is_warm(fleet, flow) && is_whole && leaving == 0;
                let capacity = is_steady.then(|| keep.min(desired))?;
                Some((capacity, because("well below the target", *target)))
            }
            PolicyKind::Step { alarm, adjustment, steps, min_magnitude } => {
                let step = step_for(steps, value? - alarm.threshold, alarm)?;
                let after = |capacity| desired_after(capacity, step.change, *adjustment, *min_magnitude);
                let exact = *adjustment == AdjustmentType::ExactCapacity;
                let capacity = match if exact { after(desired) < desired } else { step.change < 0.0 } {
                    true if has_cooldowns && is_held => return None,
                    true if has_cooldowns => after(desired).min(desired),
                    false if has_cooldowns => after(base).max(desired),
                    true if !is_warm(fleet, flow) => return None,
                    // Instances that are on their way out count, so that one breach removes instances once.
                    true => {
                        let (staying, leaving) = staying_and_leaving(fleet, flow);
                        after(staying + leaving).min(desired)
                    }
                    false => after(flow.capacity_of(flow.warm(fleet))).max(desired),
                };
                Some((capacity, against(alarm)))
            }
            PolicyKind::Predictive(_) | PolicyKind::Hpa(_) => None,
            PolicyKind::Simple { alarm, adjustment, change, min_magnitude, cooldown } => {
                let cooling =
                    group.finished.is_some_and(|finished| flow.now < finished.saturating_add(cooldown.0));
                let capacity = desired_after(desired, *change, *adjustment, *min_magnitude);
                let blocked = capacity < desired && !is_warm(fleet, flow);
                (group.under_way == 0 && !cooling && !blocked).then(|| (capacity, against(alarm)))
            }
        }
    }

    /// Whether the instances of a group are of several types.
    fn is_mixed(&self, fleet: usize) -> bool {
        !self.settings[fleet].overrides.is_empty()
    }

    /// The newest point with a value that an alarm of a policy sees.
    fn newest(
        &self,
        fleet: usize,
        (index, policy): (usize, &Policy),
        low: bool,
        flow: &Flow,
    ) -> Option<Point> {
        let alarm = policy.alarms()[usize::from(low)]?;
        self.each[fleet].meter((index, policy.metric), alarm)?.newest(alarm, flow.now)
    }

    /// Why a policy in alarm has nothing to act by, if that is so: a step and a target need a value of the metric, and a step one
    /// within its bounds. (EC2 Auto Scaling API reference, ExecutePolicy: a step policy needs a MetricValue, and one that matches no
    /// step is an error.)
    fn idle(&self, fleet: usize, (index, policy): (usize, &Policy), low: bool, flow: &Flow) -> Option<Idle> {
        let value = self.newest(fleet, (index, policy), low, flow).and_then(|point| point.value);
        let (name, unit) = (&policy.name, metric_name(policy.metric));
        let text = match (&policy.kind, value) {
            (PolicyKind::TargetTracking { .. }, None) => {
                format!("{name}: no scaling without a value of {unit}")
            }
            (PolicyKind::Step { .. }, None) => {
                format!("{name}: no step without a value of {unit}, so that nothing is changed")
            }
            (PolicyKind::Step { alarm, steps, .. }, Some(value))
                if step_for(steps, value - alarm.threshold, alarm).is_none() =>
            {
                let of = alarm.threshold;
                format!(
                    "{name}: no step is for {unit} {value:.1} with a threshold of {of}, so that nothing is changed"
                )
            }
            _ => return None,
        };
        Some(Idle { policy: index, low, text })
    }

    /// Says once, while an alarm is on, that its policy has nothing to act by.
    fn say_idle(&mut self, fleet: usize, Idle { policy, low, text }: Idle, flow: &mut Flow) {
        let said = &mut self.each[fleet].watches[policy][usize::from(low)].said;
        if !std::mem::replace(said, true) {
            flow.journal.incident(flow.now, (Kind::Fleet, &self.settings[fleet].name), text);
        }
    }

    /// The size that all target tracking policies with scale-in accept, if all their low alarms are on.
    fn agreed_scale_in(&self, fleet: usize, flow: &Flow) -> Option<u32> {
        let (control, settings) = (&self.each[fleet], &self.settings[fleet]);
        let (group, mut keep) = (&flow.groups[fleet], 0);
        for (index, (policy, watches)) in settings.policies.iter().zip(&control.watches).enumerate() {
            let PolicyKind::TargetTracking { target, low: Some(low), .. } = &policy.kind else { continue };
            let meter = control.meter((index, policy.metric), low)?;
            let Point { end, value: Some(value), .. } = meter.newest(low, flow.now)? else {
                return None;
            };
            // A point whose period contains the group's last change describes neither the old size nor the new one.
            let settled = group.finished.is_none_or(|finished| finished.saturating_add(meter.period) <= end);
            if watches[1].state != State::Alarm || !settled {
                return None;
            }
            let size = if self.is_mixed(fleet) { staying_and_leaving(fleet, flow).0 } else { group.desired };
            keep = keep.max(ceil_of(f64::from(size) * value / target));
        }
        Some(keep)
    }
}

/// Units of capacity of a group that are on their way in or in service, and those on their way out: instances, unless some count for
/// more than others.
fn staying_and_leaving(fleet: usize, flow: &Flow) -> (u32, u32) {
    let staying = |state: Lifecycle| state.is_pending() || state == Lifecycle::InService;
    (flow.capacity(fleet, staying), flow.capacity(fleet, Lifecycle::is_terminating))
}

/// Whether all instances that are desired are there and past their warm-up, and no other is on its way in.
fn is_warm(fleet: usize, flow: &Flow) -> bool {
    let (staying, _) = staying_and_leaving(fleet, flow);
    flow.capacity_of(flow.warm(fleet)) == staying && staying >= flow.groups[fleet].desired
}

fn metric_name(metric: Metric) -> String {
    match metric {
        Metric::Cpu => "CPU percent".into(),
        Metric::RequestsPerTarget => "requests per target and minute".into(),
        Metric::Gauge(_) | Metric::Math(..) => metric.word(),
    }
}
