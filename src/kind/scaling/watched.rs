//! Alarms that only notify, in a run: they have the same points and the same verdicts as those of policies.
//!
//! In: the metrics of groups and gauges. Out: their states, in the history of alarms and as facts.

use super::alarm::Watch;
use super::language::{Alarm, Metric};
use super::meter::Meter;
use crate::flow::fact::Fact;
use crate::flow::number;
use crate::id::{AlarmOf, FleetId};
use crate::kind::Settings;
use crate::kind::fleet::language::Fleet;
use crate::measure::totals::AlarmChange;
use crate::units::Time;

/// An alarm that only notifies.
#[derive(Debug)]
pub(super) struct Own<'s> {
    /// Its position among the alarms of the file.
    index: usize,
    name: &'s str,
    /// The fleet that its metric is of.
    fleet: Option<usize>,
    /// Where its metric is kept: at its fleet, or behind all fleets.
    pub(super) control: usize,
    pub(super) metric: Metric,
    /// How often its metric is published.
    pub(super) published: Time,
    pub(super) alarm: Alarm,
    watch: Watch,
}

impl<'s> Own<'s> {
    /// Those of a file.
    pub(super) fn all(all: &'s Settings) -> Vec<Own<'s>> {
        let alarms = all.alarms.iter().enumerate();
        let own = alarms.filter_map(|(index, settings)| {
            let (it, fleet) = (settings.watched()?, settings.watched()?.group());
            let control = fleet.unwrap_or(all.fleets.len());
            Some(Own {
                index,
                name: &settings.name,
                fleet,
                control,
                metric: it.metric,
                published: it.metric.published(control, &all.fleets),
                alarm: it.alarm_in(&all.fleets),
                watch: Watch::default(),
            })
        });
        own.collect()
    }
}

impl Own<'_> {
    /// Takes the state of an evaluation over the points of its meter; returns the change and the fact that it is, if it is one.
    pub(super) fn evaluate(
        &mut self,
        meter: &Meter,
        fleets: &[Fleet],
        now: u64,
    ) -> Option<(AlarmChange, Fact)> {
        let from = self.watch.state;
        let to = self.alarm.evaluate(&meter.judged(&self.alarm, now), from);
        self.watch.set(to, now);
        let fleet = self.fleet.and_then(|index| Some((FleetId(number(index)), fleets.get(index)?)));
        let at_s = now as f64 / 1e9;
        let change = AlarmChange {
            at_s,
            fleet: fleet.map(|(_, fleet)| fleet.name.clone()),
            of: fleet.map(|(id, _)| id),
            alarm: self.name.to_owned(),
            from,
            to,
            value: meter.newest(&self.alarm, now).and_then(|point| point.value),
            threshold: Some(self.alarm.threshold),
            rule: None,
            held_back_by: None,
            notified_s: Some(at_s),
        };
        (from != to).then_some((change, Fact::Alarm { of: AlarmOf::Own(self.index), state: to }))
    }
}
