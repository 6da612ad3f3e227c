//! Predictive scaling in a run: at the start of each hour, less a buffer, the group gets the capacity of its forecast.
//!
//! In: the history of the file, and what each hour of the run brought. Out: instances that are launched ahead, a size below
//! which no other policy goes, and what the forecast missed. Hours are those of the clock if the file says when the run starts,
//! and of the run else.

use super::forecast::{HORIZON, REFRESH, forecast};
use super::language::predictive::{Load, Mode, Predictive};
use super::language::{Policy, PolicyKind};
use super::model::{Controls, Timer};
use crate::flow::fact::Fact;
use crate::flow::{Flow, number};
use crate::id::Kind;
use crate::number::{clock, number as shown};
use crate::units::Time;

const HOUR: u64 = Time::from_secs(3_600).0;
/// From this many times the forecast on, an hour was not foreseen: a quarter more than it. An assumption.
const UNFORESEEN: f64 = 1.25;

/// A forecast during a run.
#[derive(Debug)]
pub(super) struct Forecast {
    policy: usize,
    /// The present hour of the run.
    hour: usize,
    /// Loads by hour: those of the history, then those of the run that are over.
    known: Vec<Option<f64>>,
    /// Hours of the history.
    past: usize,
    /// Of each hour of the run that was forecast last: its load.
    loads: Vec<Option<f64>>,
    /// The counter of the load at the start of the present hour, and when that was.
    mark: (f64, u64),
    /// The size below which no policy removes.
    floor: u32,
}

impl Forecast {
    /// That of a policy, if it is one of predictive scaling.
    pub(super) fn of(index: usize, policy: &Policy) -> Option<Forecast> {
        let PolicyKind::Predictive(settings) = &policy.kind else { return None };
        let known = settings.history.clone();
        let past = known.len();
        Some(Forecast { policy: index, hour: 0, known, past, loads: Vec::new(), mark: (0.0, 0), floor: 0 })
    }

    /// Forecasts again, from an hour of the run on.
    fn refresh(&mut self, hour: usize) {
        self.loads.truncate(hour);
        self.loads.resize(hour, None);
        let hours = hour..hour + HORIZON;
        self.loads.extend(hours.map(|hour| forecast(&self.known, self.past + hour)));
    }

    fn load(&self, hour: usize) -> Option<f64> {
        self.loads.get(hour).copied().flatten()
    }
}

/// The start of an hour of the run.
fn start_of(settings: &Predictive, hour: usize) -> u64 {
    (hour as u64 * HOUR).saturating_sub(settings.into_hour.0)
}

impl Controls<'_> {
    fn settings_of(&self, fleet: usize, forecast: usize) -> Option<(&Policy, &Predictive)> {
        let policy = &self.settings[fleet].policies[self.each[fleet].forecasts[forecast].policy];
        match &policy.kind {
            PolicyKind::Predictive(settings) => Some((policy, settings)),
            _ => None,
        }
    }

    /// The size below which no policy of a group removes.
    pub(super) fn floor(&self, fleet: usize) -> u32 {
        self.each[fleet].forecasts.iter().map(|forecast| forecast.floor).max().unwrap_or(0)
    }

    /// The run begins: the first forecast, and the capacity of the present hour.
    pub(super) fn start_forecasts(&mut self, fleet: usize, flow: &mut Flow) {
        for forecast in 0..self.each[fleet].forecasts.len() {
            self.each[fleet].forecasts[forecast].refresh(0);
            self.hour_begins(fleet, forecast, 0, flow);
        }
    }

    /// An hour of the run is over, or the run is.
    pub(super) fn hour_ends(&mut self, fleet: u16, forecast: u16, flow: &mut Flow) {
        let (fleet, forecast) = (usize::from(fleet), usize::from(forecast));
        let hour = self.each[fleet].forecasts[forecast].hour;
        self.note_load(fleet, forecast, hour, flow);
        let Some((_, settings)) = self.settings_of(fleet, forecast) else { return };
        let next = hour + 1;
        if start_of(settings, next) > flow.now {
            return; // the end of the run
        }
        if next.is_multiple_of(REFRESH) {
            self.each[fleet].forecasts[forecast].refresh(next);
        }
        self.hour_begins(fleet, forecast, next, flow);
    }

    fn hour_begins(&mut self, fleet: usize, forecast: usize, hour: usize, flow: &mut Flow) {
        let counter = self.counter(fleet, forecast, flow);
        let Some((_, settings)) = self.settings_of(fleet, forecast) else { return };
        let next = start_of(settings, hour + 1);
        let early = next.saturating_sub(settings.buffer.0).max(flow.now);
        let buffered = settings.buffer > Time::ZERO;
        self.each[fleet].forecasts[forecast].mark = (counter, flow.now);
        self.each[fleet].forecasts[forecast].floor = 0;
        self.each[fleet].forecasts[forecast].hour = hour;
        self.provide(fleet, forecast, hour, flow);
        let (fleet, forecast) = (number(fleet), number(forecast));
        // The last hour of a run is read before its end.
        flow.set(Timer::Hour { fleet, forecast }, next.min(flow.end.saturating_sub(1)));
        if buffered && next < flow.end {
            flow.set(Timer::Ahead { fleet, forecast }, early);
        }
    }

    /// Some time before an hour its capacity is launched.
    pub(super) fn ahead_of_hour(&mut self, fleet: u16, forecast: u16, flow: &mut Flow) {
        let (fleet, forecast) = (usize::from(fleet), usize::from(forecast));
        let next = self.each[fleet].forecasts[forecast].hour + 1;
        self.provide(fleet, forecast, next, flow);
    }

    /// Launches what the forecast of an hour takes beyond what is there.
    fn provide(&mut self, fleet: usize, forecast: usize, hour: usize, flow: &mut Flow) {
        let Some(load) = self.each[fleet].forecasts[forecast].load(hour) else { return };
        let Some((policy, settings)) = self.settings_of(fleet, forecast) else { return };
        let capacity = settings.instances(load);
        let at = clock(start_of(settings, hour) as f64 / 1e9);
        let what = format!("{} {} forecast for {at}", shown(load), settings.load.word());
        let desired = flow.groups[fleet].desired;
        if settings.mode == Mode::ForecastOnly {
            // It is said when the capacity would be launched.
            let ahead = flow.now < start_of(settings, hour) || hour == 0 || settings.buffer == Time::ZERO;
            if capacity > desired && ahead {
                let text = format!("{}: {what} would take {capacity} instances, not {desired}", policy.name);
                flow.journal.incident(flow.now, (Kind::Fleet, &self.settings[fleet].name), text);
            }
            return;
        }
        let (cause, warmup) = (format!("{}: {what}", policy.name), policy.warmup);
        if let Some(max) = settings.raised_max(capacity) {
            flow.tell(Fact::MayGrow { group: fleet, max });
        }
        let state = &mut self.each[fleet].forecasts[forecast];
        state.floor = state.floor.max(capacity);
        if capacity > desired {
            flow.tell(Fact::Wanted { group: fleet, capacity, cause, warmup });
        }
    }

    /// The load of the hour that ends, which the next forecasts know, and whether it was foreseen.
    fn note_load(&mut self, fleet: usize, forecast: usize, hour: usize, flow: &mut Flow) {
        let counter = self.counter(fleet, forecast, flow);
        let Some((policy, settings)) = self.settings_of(fleet, forecast) else { return };
        let state = &self.each[fleet].forecasts[forecast];
        let (before, since) = state.mark;
        let span = flow.now - since;
        let found = (counter - before) / span.max(1) as f64;
        if let Some(load) = state.load(hour)
            && found > load * UNFORESEEN
        {
            let (start, word) = (clock(start_of(settings, hour) as f64 / 1e9), settings.load.word());
            let (found, load) = (shown(found), shown(load));
            let text = format!("{}: {load} {word} forecast from {start} on, {found} came", policy.name);
            flow.journal.incident(flow.now, (Kind::Fleet, &self.settings[fleet].name), text);
        }
        let whole = span == HOUR;
        self.each[fleet].forecasts[forecast].known.push(whole.then_some(found));
    }

    /// The integral of the load so far, in its unit times nanoseconds.
    fn counter(&self, fleet: usize, forecast: usize, flow: &Flow) -> f64 {
        match self.settings_of(fleet, forecast).map(|(_, settings)| settings.load) {
            Some(Load::Cpu) => {
                let own = flow.hosts.iter().zip(0..).filter(|(host, _)| host.group == fleet);
                own.map(|(own, host)| 100.0 * flow.cpu_area(host) / own.mean_vcpus).sum()
            }
            Some(Load::Requests) => flow.requests_of(fleet) as f64 * 60e9,
            None => 0.0,
        }
    }
}
