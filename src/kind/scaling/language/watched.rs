//! A metric alarm that only notifies: it changes no group. In: a metric with its threshold, in the words of a step policy. Out: a
//! [`Watched`].

use super::check::unpublished;
use super::metric::metric;
use super::reading::own_alarm;
use super::shapes::GAUGE_PERIOD;
use super::{Alarm, Group, Metric};
use crate::id::FleetId;
use crate::kind::Settings;
use crate::kind::fleet::language::Fleet;
use crate::language::reader::Reader;
use crate::language::value::Value;
use crate::units::Time;

/// A metric, and its alarm.
#[derive(Clone, Debug)]
pub struct Watched {
    /// What is measured.
    pub metric: Metric,
    /// The group that it is of; `None` for a gauge, which names its resource.
    pub fleet: Option<FleetId>,
    /// Its alarm.
    pub alarm: Alarm,
    /// Whether the file gives its period.
    period_given: bool,
}

impl Watched {
    pub(crate) fn read(reader: &Reader) -> Watched {
        let fleet = reader.get("fleet");
        let id = fleet.and_then(Value::id::<FleetId>);
        let is_gauge = |value: Value| !value.is_text() || value.text().is_some_and(|text| text.contains('.'));
        match (fleet, reader.get("metric").map(|value| (is_gauge(value), value))) {
            (None, Some((false, value))) => value.problem(
                "this metric is of the instances of a fleet",
                "add fleet = \"NAME\", or write a gauge such as \"queue.orders.age\"",
            ),
            (Some(value), Some((true, _))) => value.problem(
                "a gauge is of the resource that it names",
                "leave `fleet` out, or write a metric of a fleet, such as \"cpu\"",
            ),
            _ => {}
        }
        // What the period of the fleet is shows when all tables are read.
        let own = id.map_or(0, |id| id.0);
        let group = Group {
            metric_period: GAUGE_PERIOD,
            warmup: Time::ZERO,
            cooldown: Time::ZERO,
            own,
            containers: false,
        };
        let metric = metric(reader, &group);
        let period_given = reader.get("period").is_some();
        Watched { metric, fleet: id, alarm: own_alarm(reader, &group, metric), period_given }
    }

    /// The position of the group that it is of, if it is of one.
    pub(crate) fn group(&self) -> Option<usize> {
        self.fleet.map(FleetId::index)
    }

    /// Its alarm in a scenario: if the file does not give its period, it has that of its metric.
    pub(crate) fn alarm_in(&self, fleets: &[Fleet]) -> Alarm {
        let published = self.metric.published(self.group().unwrap_or(usize::MAX), fleets);
        let period = match self.period_given || published == Time::ZERO {
            true => self.alarm.period,
            false => published.max(GAUGE_PERIOD),
        };
        Alarm { period, ..self.alarm.clone() }
    }

    /// Why nothing publishes its metric, and what to do, if that is so.
    pub(crate) fn unpublished(&self, name: &str, all: &Settings) -> Option<(String, String)> {
        let subject = format!("alarm `{name}` is");
        let mut gauges = self.metric.gauges();
        if let Some(found) = gauges.find_map(|gauge| unpublished(&subject, None, gauge, all)) {
            return Some(found);
        }
        let group = self.group().filter(|_| self.metric == Metric::RequestsPerTarget)?;
        let is_target = all.balancers.iter().any(|balancer| balancer.targets.index() == group);
        let fleet = &all.fleets.get(group)?.name;
        (!is_target).then(|| {
            (
                format!("{subject} on requests per target, but no balancer targets fleet `{fleet}`"),
                format!("add [balancer.NAME] with targets = \"{fleet}\""),
            )
        })
    }
}
