//! What is read of faults: a row of the timeline when it ends, and when each strike was noticed, mitigated and recovered from.
//!
//! In: strikes, and the rows of requests. Out: totals of each fault, and an entry for each strike. The definitions are in the rules.

use super::model::Faults;
use super::record::{FaultSeries, FaultTotals};
use super::strike::Strike;
use crate::flow::Flow;
use crate::kind::record::Recorded;
use crate::measure::percentile::Percentile;
use crate::measure::strike::{self as measured, Rows, Window};
use crate::units::Time;

impl Faults<'_> {
    /// A strike has begun: what there was before it.
    pub(super) fn watch(&mut self, strike: u32, hosts: Vec<u32>, what: String, flow: &Flow) {
        let failed = flow.recorder.requests().failures();
        self.takes(strike, hosts, flow);
        let strike_of = &mut self.strikes[strike as usize];
        (strike_of.begun, strike_of.what) = (Some(flow.now), what);
        strike_of.failed = failed;
        self.open.push(strike);
    }

    /// Reads a row of every fault.
    pub(super) fn read_all(&mut self, flow: &Flow) {
        if self.series.is_empty() {
            let named = |name: &str| FaultSeries { name: name.into(), ..FaultSeries::default() };
            self.series = self.settings.iter().map(|own| named(&own.name)).collect();
        }
        for (index, series) in self.series.iter_mut().enumerate() {
            let present = self.strikes.iter().filter(|it| usize::from(it.fault) == index && it.is_present);
            series.present.push(present.count() as f64);
        }
        self.look_for_what_is_back(flow);
    }

    /// The entry of a strike. They are asked for in the order in which they began.
    fn entry(&self, strike: &Strike, begun: u64, rows: &mut Rows) -> measured::Strike {
        let seconds = |at: u64| at as f64 / 1e9;
        let at_s = seconds(begun);
        let after = |at: u64| seconds(at - begun);
        let over = strike.recovered.or(strike.over).map(seconds);
        let mitigated = rows.mitigated(at_s, over);
        let until = mitigated.map(|after| begun.saturating_add(Time::from_secs_f64(after).0));
        let noticed = self.noticed(strike, begun, until);
        measured::Strike {
            name: self.settings[usize::from(strike.fault)].name.clone(),
            what: strike.what.clone(),
            at_s,
            until_s: strike.over.map(seconds),
            detected_after_s: noticed.as_ref().map(|(at, _)| after(*at)),
            detected_by: noticed.map(|(_, by)| by),
            mitigated_after_s: mitigated,
            recovered_after_s: strike.recovered.map(after),
            failed: rows.failed_in(&[Window { at_s, after_s: mitigated, failed: strike.failed }]),
        }
    }
}

impl Recorded for Faults<'_> {
    type Series = FaultSeries;
    type Totals = FaultTotals;

    fn close(&mut self, flow: &mut Flow) -> (Vec<FaultSeries>, Vec<FaultTotals>) {
        let named = |name: &str| FaultTotals { name: name.into(), ..FaultTotals::default() };
        let mut totals: Vec<FaultTotals> = self.settings.iter().map(|own| named(&own.name)).collect();
        if self.settings.is_empty() {
            return (Vec::new(), totals);
        }
        let timeline = &flow.recorder.timeline;
        let failed = timeline.failed_per_s();
        let mut rows = Rows {
            time_s: &timeline.time_s,
            end_s: flow.now as f64 / 1e9,
            offered: &timeline.offered,
            completed: &timeline.completed,
            felt: vec![false; failed.len()],
            failed,
            in_flight: &timeline.in_flight,
            p99: timeline.latency_ms.get(&Percentile::P99).map_or(&[], Vec::as_slice),
        };
        let mut begun: Vec<(u64, &Strike)> =
            self.strikes.iter().filter_map(|it| Some((it.begun?, it))).collect();
        begun.sort_by_key(|(at, _)| *at);
        let mut windows = vec![Vec::new(); totals.len()];
        let mut entries = Vec::new();
        for (at, strike) in begun {
            let entry = self.entry(strike, at, &mut rows);
            let fault = usize::from(strike.fault);
            let totals = &mut totals[fault];
            totals.strikes += 1;
            totals.detected.note(entry.detected_after_s);
            totals.mitigated.note(entry.mitigated_after_s);
            totals.recovered.note(entry.recovered_after_s);
            let after_s = entry.mitigated_after_s;
            windows[fault].push(Window { at_s: entry.at_s, after_s, failed: strike.failed });
            entries.push(entry);
        }
        for (totals, windows) in totals.iter_mut().zip(&windows) {
            totals.failed = rows.failed_in(windows);
        }
        flow.journal.strikes(entries);
        (std::mem::take(&mut self.series), totals)
    }
}
