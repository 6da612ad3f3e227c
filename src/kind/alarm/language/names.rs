//! The names of alarms in rules: those of `[alarm.NAME]`, and those of policies. In: all tables. Out: which alarm a name is of.

use crate::kind::Settings;
use crate::kind::scaling::language::{Policy, PolicyKind};

/// An alarm that a rule can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Child {
    /// An `[alarm.NAME]`, by its position.
    Own(usize),
    /// The alarm of a policy.
    OfPolicy {
        /// The fleet, by its position.
        fleet: usize,
        /// The policy.
        policy: usize,
        /// Whether it is its low alarm.
        low: bool,
    },
}

/// All names, with their alarms.
#[derive(Debug)]
pub(crate) struct Names(Vec<(String, Child)>);

impl Names {
    /// Those of a scenario.
    pub(crate) fn of(all: &Settings) -> Names {
        let own = all.alarms.iter().enumerate().map(|(index, alarm)| (alarm.name.clone(), Child::Own(index)));
        let mut names: Vec<(String, Child)> = own.collect();
        for (fleet, settings) in all.fleets.iter().enumerate() {
            for (policy, it) in settings.policies.iter().enumerate() {
                for (low, alarm) in [false, true].into_iter().zip(it.alarms()) {
                    let name = format!("fleet.{}.{}", settings.name, of_policy(it, low));
                    names.extend(alarm.map(|_| (name, Child::OfPolicy { fleet, policy, low })));
                }
            }
        }
        Names(names)
    }

    /// Every name.
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The alarm of a name.
    pub(crate) fn find(&self, name: &str) -> Option<Child> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, child)| *child)
    }

    /// The composite alarms that the rule of one names.
    fn composites(&self, index: usize, all: &Settings) -> Vec<usize> {
        let rule = all.alarms.get(index).and_then(|alarm| alarm.composite()).map(|composite| &composite.rule);
        let named = rule.into_iter().flat_map(|rule| &rule.names);
        let own = named.filter_map(|it| match self.find(&it.name)? {
            Child::Own(of) => all.alarms[of].composite().map(|_| of),
            Child::OfPolicy { .. } => None,
        });
        own.collect()
    }

    /// The way by which the rule of an alarm leads back to it, if it does: the alarm first and last.
    pub(crate) fn circle(&self, index: usize, all: &Settings) -> Option<Vec<usize>> {
        // Of each alarm that was reached, the one before it.
        let mut before: Vec<Option<usize>> = vec![None; all.alarms.len()];
        let mut next = vec![index];
        while let Some(at) = next.pop() {
            for of in self.composites(at, all) {
                if of == index {
                    let mut way = vec![index];
                    let mut step = Some(at);
                    while let Some(it) = step {
                        way.push(it);
                        step = if it == index { None } else { before[it] };
                    }
                    way.reverse();
                    return Some(way);
                }
                if before[of].is_none() {
                    before[of] = Some(at);
                    next.push(of);
                }
            }
        }
        None
    }

    /// The composite alarms in an order in which each comes after those of its rule; what is part of a circle is left out.
    pub(crate) fn order(&self, all: &Settings) -> Vec<usize> {
        let mut left: Vec<usize> =
            (0..all.alarms.len()).filter(|&it| all.alarms[it].composite().is_some()).collect();
        let mut order = Vec::new();
        while let Some(at) =
            left.iter().position(|&it| self.composites(it, all).iter().all(|of| order.contains(of)))
        {
            order.push(left.remove(at));
        }
        order
    }
}

fn of_policy(policy: &Policy, low: bool) -> String {
    match (&policy.kind, low) {
        (PolicyKind::TargetTracking { .. }, false) => format!("{}.high", policy.name),
        (PolicyKind::TargetTracking { .. }, true) => format!("{}.low", policy.name),
        _ => policy.name.clone(),
    }
}
