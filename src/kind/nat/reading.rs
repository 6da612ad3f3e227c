//! What is read of NAT gateways: a row of the timeline when it ends, totals at the end.
//!
//! In: counters since the start. Out: what they grew by, as rates and shares.

use super::model::Nats;
use super::record::{NatSeries, NatTotals};
use crate::flow::Flow;
use crate::flow::mark::Mark;
use crate::kind::record::Recorded;
use crate::units::Bytes;
use crate::usage::hour_of;

/// Totals since the start.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Requests that got a connection.
    pub taken: u64,
    /// Of these, on a new one.
    pub opened: u64,
    /// Requests that found no port.
    pub refused: u64,
    /// Requests on a connection that the gateway had forgotten.
    pub reset: u64,
    /// How often bytes passed, and how many.
    pub carried: u64,
    pub bytes: u128,
}

/// Counters at the end of the last row.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    opened: Mark,
    refused: Mark,
    reset: Mark,
    bytes: u128,
    /// Bytes that were asked for by the meter of those between zones.
    pub passed: u128,
}

impl Nats<'_> {
    /// Reads a row of all gateways of every table.
    pub(super) fn read_all(&mut self, span: f64, flow: &mut Flow) {
        for (index, (settings, it)) in self.settings.iter().zip(&mut self.each).enumerate() {
            if self.series.len() <= index {
                self.series.push(NatSeries { name: settings.name.clone(), ..NatSeries::default() });
            }
            let series = &mut self.series[index];
            let (marks, counts) = (&mut it.marks, it.counts);
            let rate = |mark: &mut Mark, count: u64| mark.grown(count) as f64 * 1e9 / span;
            series.opened.push(rate(&mut marks.opened, counts.opened));
            series.refused.push(rate(&mut marks.refused, counts.refused));
            series.reset.push(rate(&mut marks.reset, counts.reset));
            let bytes = counts.bytes - std::mem::replace(&mut marks.bytes, counts.bytes);
            series.gbit_per_s.push(bytes as f64 * 8.0 / span);
            *hour_of(&mut it.hours, flow.readings.row_start) += Bytes(bytes as u64).as_gb();
            // The fullest gateway, and its fullest destination.
            let (mut ports, mut link, mut waiting) = (0, 0.0, 0.0);
            for gateway in &mut it.gateways {
                ports = gateway.to.iter().map(|to| to.open(settings, flow.now)).fold(ports, u64::max);
                let (busy, jobs) = flow.processor_in_row(gateway.processor);
                link = f64::max(link, 100.0 * busy / (span * f64::from(gateway.cores())));
                waiting += (jobs - busy).max(0.0) / span;
            }
            series.ports_percent.push(100.0 * ports as f64 / settings.at_once() as f64);
            series.link_percent.push(link.min(100.0));
            series.link_waiting.push(waiting);
        }
    }

    /// Totals of every table.
    fn totals(&self) -> Vec<NatTotals> {
        let totals = self.settings.iter().zip(&self.each).map(|(settings, it)| NatTotals {
            name: settings.name.clone(),
            requests: it.counts.taken,
            opened: it.counts.opened,
            refused: it.counts.refused,
            reset: it.counts.reset,
            passed_gb: it.counts.bytes as f64 / 1e9,
        });
        totals.collect()
    }
}

impl Recorded for Nats<'_> {
    type Series = NatSeries;
    type Totals = NatTotals;

    fn close(&mut self, _flow: &mut Flow) -> (Vec<NatSeries>, Vec<NatTotals>) {
        (std::mem::take(&mut self.series), self.totals())
    }
}
