//! What runs measured, added up, and what is read from it. In: [`Measured`]. Out: a [`View`] of one event.

use std::cell::OnceCell;

use super::headroom::{self, Headroom};
use super::{Spread, Timeline, every};
use crate::bill;
use crate::cost::{Bill, ServiceCost};
use crate::id::Owner;
use crate::measure::Tally;
use crate::measure::column;
use crate::measure::histogram::Histogram;
use crate::model::Measured;
use crate::scenario::Scenario;

/// What runs measured, added up; the histories are those of the first run.
#[derive(Debug)]
pub(super) struct Sum {
    pub runs: usize,
    pub measured: Measured,
    pub bill: Bill,
    pub services: Vec<ServiceCost>,
    pub spread: Spread,
    /// The bill of a month like the time before the first fault: all of it, and what is in other Regions.
    pub standing: Option<(f64, f64)>,
}

impl Sum {
    /// One run.
    pub fn of(scenario: &Scenario, mut measured: Measured) -> Sum {
        let bill = bill::bill(scenario, &measured.usage);
        measured.recorder.timeline.cost_usd =
            bill::cost_over_time(scenario, &measured.usage, scenario.bucket);
        let services = bill::cost_by_service(scenario, &measured.usage, scenario.bucket);
        let spread = Spread::of(&measured.recorder);
        let has_struck = !measured.strikes.is_empty();
        let before = measured.usage_before.as_ref().filter(|_| has_struck);
        let standing = before.and_then(|usage| bill::month_like(scenario, usage));
        Sum { runs: 1, measured, bill, services, spread, standing }
    }

    /// Adds another run.
    pub fn add(&mut self, other: Sum) {
        let Measured {
            recorder,
            stages: _,
            remaining,
            users,
            scaling: _,
            incidents: _,
            alarms: _,
            deployments: _,
            strikes: _,
            series,
            kinds,
            broken: _,
            work,
            usage: _,
            usage_before: _,
        } = other.measured;
        let sum = &mut self.measured;
        sum.recorder.add(recorder);
        sum.remaining.add(&remaining);
        sum.users.iter_mut().zip(&users).for_each(|(sum, more)| sum.add(more));
        column::add(&mut sum.series, &series);
        sum.kinds.add(&kinds);
        sum.work.add(&work);
        self.bill.add(other.bill);
        ServiceCost::add_all(&mut self.services, other.services);
        self.spread.add(&other.spread);
        self.standing = self.standing.zip(other.standing).map(|(sum, more)| (sum.0 + more.0, sum.1 + more.1));
        self.runs += other.runs;
    }

    /// What quantities are read from.
    pub fn view(&self) -> View<'_> {
        let recorder = &self.measured.recorder;
        let requests = recorder.requests();
        let runs = self.runs as f64;
        View {
            measured: &self.measured,
            latency: recorder.latency(),
            bill: self.bill.mean(runs, requests.completed),
            requests,
            runs,
            timeline: OnceCell::new(),
            headroom: OnceCell::new(),
            windows: every::Known::default(),
            standing: self.standing,
        }
    }
}

/// One run, or the sum of several: what is read from it is a figure of one event.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub measured: &'a Measured,
    /// Of all classes.
    pub requests: Tally,
    /// Of all classes.
    pub latency: Histogram,
    pub bill: Bill,
    pub runs: f64,
    timeline: OnceCell<Timeline>,
    headroom: OnceCell<Vec<Headroom>>,
    pub windows: every::Known,
    /// See [`Sum::standing`]; of all runs together.
    pub standing: Option<(f64, f64)>,
}

/// What several figures and objectives read, worked out for the first of them.
impl View<'_> {
    /// Row by row.
    pub fn timeline(&self) -> &Timeline {
        self.timeline.get_or_init(|| {
            let mut series = self.measured.series.clone();
            column::divide(&mut series, self.runs);
            self.measured.recorder.mean_timeline(self.runs as usize).with(series)
        })
    }

    /// The nearest limit of all, or of those of one.
    pub fn nearest(&self, scenario: &Scenario, of: Option<Owner>) -> Option<&Headroom> {
        let chosen = self.headroom(scenario).iter().filter(|it| of.is_none_or(|of| it.of.owner() == of));
        let limited = chosen.filter_map(|it| Some((it, it.limit()?)));
        // Of equal ones the first: that is what no other one kept full.
        limited.reduce(|one, other| if other.1 < one.1 { other } else { one }).map(|(it, _)| it)
    }

    /// Whether of one of them, or of any, nothing says how much less than a limit it carries.
    pub fn is_open(&self, scenario: &Scenario, of: Option<Owner>) -> bool {
        let mut chosen = self.headroom(scenario).iter().filter(|it| of.is_none_or(|of| it.of.owner() == of));
        chosen.any(Headroom::is_open)
    }

    /// Of every resource.
    pub fn headroom(&self, scenario: &Scenario) -> &[Headroom] {
        let totals = Some(&self.measured.kinds);
        self.headroom
            .get_or_init(|| headroom::headroom(scenario, self.timeline(), totals, self.runs as usize))
    }
}
