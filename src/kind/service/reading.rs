//! What is read of service stations: a row of the timeline when it ends, totals at the end.
//!
//! In: counters and integrals since the start. Out: what they grew by, as rates and shares.

use super::model::Services;
use super::record::{ServiceSeries, ServiceTotals};
use crate::flow::Flow;
use crate::kind::record::Recorded;
use crate::units::Time;

impl Services<'_> {
    /// Reads a row of every station.
    pub(super) fn read_all(&mut self, span: f64, flow: &mut Flow) {
        for index in 0..self.each.len() {
            self.read(index, span, flow);
        }
    }

    fn read(&mut self, index: usize, span: f64, flow: &mut Flow) {
        let (settings, service) = (&self.settings[index], &mut self.each[index]);
        let (busy, waiting) = service.areas_in_row(flow);
        let refused = service.rejected_mark.grown(service.rejected);
        if self.series.len() <= index {
            self.series.push(ServiceSeries { name: settings.name.clone(), ..ServiceSeries::default() });
        }
        let series = &mut self.series[index];
        series.busy_percent.push(match settings.changes[..] {
            [] => 100.0 * busy / (span * f64::from(settings.servers.max(1))),
            // A server that leaves may be busy for longer than it counts.
            _ => (100.0 * busy
                / settings.server_nanos(Time(flow.readings.row_start), Time(flow.now)).max(1.0))
            .min(100.0),
        });
        if settings.own.is_some()
            && let Some(busy) = series.busy_percent.last_mut()
        {
            // It may serve more at once than the file has servers.
            *busy = busy.min(100.0);
        }
        series.waiting.push(waiting / span);
        series.refused.push(refused as f64 * 1e9 / span);
    }

    /// Totals of every station.
    fn totals(&self, flow: &Flow) -> Vec<ServiceTotals> {
        let totals = self.settings.iter().zip(&self.each).map(|(settings, state)| {
            let span = flow.now.max(1) as f64;
            let (busy, present) = state.areas(flow);
            ServiceTotals {
                name: settings.name.clone(),
                arrived: state.arrived,
                served: state.served,
                rejected: state.rejected,
                abandoned: state.abandoned,
                delayed: state.delayed,
                wait: state.wait.clone(),
                utilisation: match settings.changes[..] {
                    [] => busy / span / f64::from(settings.servers.max(1)),
                    _ => busy / settings.server_nanos(Time::ZERO, Time(flow.now)).max(1.0),
                },
                mean_in_station: present / span,
            }
        });
        totals.collect()
    }
}

impl Recorded for Services<'_> {
    type Series = ServiceSeries;
    type Totals = ServiceTotals;

    fn close(&mut self, flow: &mut Flow) -> (Vec<ServiceSeries>, Vec<ServiceTotals>) {
        (std::mem::take(&mut self.series), self.totals(flow))
    }
}
