//! The names of alarms: those of `[alarm.NAME]`, and those of policies. In: all tables. Out: which alarm a name is of.

use super::rule::Named;
use crate::id::AlarmOf;
use crate::kind::Settings;
use crate::language::names::list;
use crate::language::problem::Problem;
use crate::language::reader::Context;

/// All names, with their alarms.
#[derive(Debug)]
pub(crate) struct Names(Vec<(String, AlarmOf)>);

impl Names {
    /// Those of a scenario.
    pub(crate) fn of(all: &Settings) -> Names {
        let own =
            all.alarms.iter().enumerate().map(|(index, alarm)| (alarm.name.clone(), AlarmOf::Own(index)));
        let mut names: Vec<(String, AlarmOf)> = own.collect();
        for (fleet, settings) in all.fleets.iter().enumerate() {
            for (policy, it) in settings.policies.iter().enumerate() {
                for (low, alarm) in [false, true].into_iter().zip(it.alarms()) {
                    let name = format!("fleet.{}.{}", settings.name, it.alarm_word(low));
                    names.extend(alarm.map(|_| (name, AlarmOf::OfPolicy { fleet, policy, low })));
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
    pub(crate) fn find(&self, name: &str) -> Option<AlarmOf> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, child)| *child)
    }

    /// Says which names are of no alarm.
    pub(crate) fn check<'n>(&self, named: impl Iterator<Item = &'n Named>, cx: &Context) {
        for Named { name, span } in named.filter(|it| self.find(&it.name).is_none()) {
            let known: Vec<&str> = self.all().collect();
            let hint = match cx.closest(name, known.iter().copied()) {
                Some(close) => format!("did you mean `{close}`?"),
                None if known.is_empty() => {
                    "this scenario has no alarm: add [alarm.NAME] with a `metric`".into()
                }
                None => format!("there is {}", list(&known)),
            };
            let problem = Problem::at(span, format!("`{name}` is no alarm of this scenario")).hint(hint);
            cx.push(problem.code("unknown-name"));
        }
    }

    /// The composite alarms that the rule of one names.
    fn composites(&self, index: usize, all: &Settings) -> Vec<usize> {
        let rule = all.alarms.get(index).and_then(|alarm| alarm.composite()).map(|composite| &composite.rule);
        let named = rule.into_iter().flat_map(|rule| &rule.names);
        let own = named.filter_map(|it| match self.find(&it.name)? {
            AlarmOf::Own(of) => all.alarms[of].composite().map(|_| of),
            AlarmOf::OfPolicy { .. } => None,
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
