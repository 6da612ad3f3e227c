//! What is read of faults: a row of the timeline when it ends, and when each strike was noticed, mitigated and recovered from.
//!
//! In: strikes, and the rows of requests. Out: totals of each fault, and an entry for each strike. The definitions are in the rules.

use super::model::Faults;
use super::noticed::Felt;
use super::record::{FaultSeries, FaultTotals};
use super::strike::Strike;
use super::view::is_nothing;
use crate::flow::Flow;
use crate::kind::record::Recorded;
use crate::measure::percentile::Percentile;
use crate::measure::strike::{self as measured, Rows};
use crate::units::Time;

impl Faults<'_> {
    /// A strike has begun: what there was before it.
    pub(super) fn watch(&mut self, strike: u32, hosts: Vec<u32>, what: String, flow: &Flow) {
        let loose = self.loose(flow);
        self.takes(strike, hosts, flow);
        let strike_of = &mut self.strikes[strike as usize];
        (strike_of.begun, strike_of.what) = (Some(flow.now), what);
        strike_of.loose = loose;
        self.open.push(strike);
    }

    /// Reads a row of every fault.
    pub(super) fn read_all(&mut self, span: f64, flow: &Flow) {
        let row = self.charged.len();
        if !self.settings.is_empty() {
            self.charged.push(self.charged_so_far);
        }
        if self.series.is_empty() {
            let named = |name: &str| FaultSeries { name: name.into(), ..FaultSeries::default() };
            self.series = self.settings.iter().map(|own| named(&own.name)).collect();
        }
        for (index, series) in self.series.iter_mut().enumerate() {
            let own = || self.strikes.iter().filter(|it| usize::from(it.fault) == index);
            series.present.push(own().filter(|it| it.is_present).count() as f64);
            let failed: u64 = own().map(|it| it.charged_in(row)).sum();
            series.failed.push(failed as f64 * 1e9 / span);
        }
        self.look_for_what_is_back(flow);
    }

    /// The entry of a strike, as yet without when it was noticed. They are asked for in the order in which they began.
    fn entry(
        &self,
        strike: &Strike,
        begun: u64,
        (all, loose): (&[f64], &[f64]),
        rows: &mut Rows,
    ) -> measured::Strike {
        let seconds = |at: u64| at as f64 / 1e9;
        let at_s = seconds(begun);
        let after = |at: u64| seconds(at - begun);
        let over = strike.recovered.or(strike.over).map(seconds);
        rows.of_others.copy_from_slice(all);
        for &(row, _, count) in &strike.charged {
            let own = count as f64 / rows.width(row);
            if let Some(others) = rows.of_others.get_mut(row) {
                *others -= own;
            }
        }
        // What changes nothing is not felt, whatever else happens.
        let mitigated_after_s = match is_nothing(&self.settings[usize::from(strike.fault)]) {
            true => Some(0.0),
            false => rows.mitigated(at_s, over),
        };
        measured::Strike {
            name: self.settings[usize::from(strike.fault)].name.clone(),
            what: strike.what.clone(),
            at_s,
            until_s: strike.over.map(seconds),
            detected_after_s: None,
            detected_by: None,
            mitigated_after_s,
            recovered_after_s: strike.recovered.map(after),
            failed: strike.charged.iter().map(|(_, _, count)| count).sum(),
            failed_meanwhile: rows.meanwhile(loose, strike.loose, at_s, mitigated_after_s),
        }
    }

    /// Requests that failed in each row at what a strike held, per second.
    fn charged_per_s(&self, rows: &Rows) -> Vec<f64> {
        let before = std::iter::once(&0).chain(&self.charged);
        let counts = self.charged.iter().zip(before).map(|(end, begin)| end - begin);
        let per_s = counts.enumerate().map(|(row, count)| count as f64 / rows.width(row));
        let mut per_s: Vec<f64> = per_s.take(rows.time_s.len()).collect();
        per_s.resize(rows.time_s.len(), 0.0);
        per_s
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
            of_others: vec![0.0; failed.len()],
            failed,
            in_flight: &timeline.in_flight,
            p99: timeline.latency_ms.get(&Percentile::P99).map_or(&[], Vec::as_slice),
        };
        let mut begun: Vec<(u64, &Strike)> =
            self.strikes.iter().filter_map(|it| Some((it.begun?, it))).collect();
        begun.sort_by_key(|(at, _)| *at);
        let charged = self.charged_per_s(&rows);
        let loose: Vec<f64> =
            rows.failed.iter().zip(&charged).map(|(all, own)| (all - own).max(0.0)).collect();
        let of = |&(at, strike)| self.entry(strike, at, (&charged, &loose), &mut rows);
        let mut entries: Vec<measured::Strike> = begun.iter().map(of).collect();
        let second = |at: f64| Time::from_secs_f64(at).0;
        let row = |&(row, class, _): &(usize, u16, u64)| {
            let begin = rows.time_s.get(row).copied()?;
            Some((class, (second(begin), second(begin + rows.width(row)))))
        };
        let felt = |(&(at, strike), it): (&(u64, &Strike), &measured::Strike)| {
            Felt::of(at, it.mitigated_after_s, strike.charged.iter().filter_map(row).collect())
        };
        let felt: Vec<Felt> = begun.iter().zip(&entries).map(felt).collect();
        for (place, entry) in entries.iter_mut().enumerate() {
            let Some((at, by)) = self.noticed(place, &felt, &begun) else { continue };
            let is_late = begun[place].1.over.is_some_and(|over| at > over);
            entry.detected_after_s = Some((at - begun[place].0) as f64 / 1e9);
            entry.detected_by = Some(if is_late { format!("{by}, after its end") } else { by });
        }
        for (entry, (_, strike)) in entries.iter().zip(&begun) {
            let totals = &mut totals[usize::from(strike.fault)];
            totals.strikes += 1;
            totals.detected.note(entry.detected_after_s);
            totals.mitigated.note(entry.mitigated_after_s);
            totals.recovered.note(entry.recovered_after_s);
            totals.failed += entry.failed;
            totals.failed_meanwhile += entry.failed_meanwhile;
        }
        flow.journal.strikes(entries);
        (std::mem::take(&mut self.series), totals)
    }
}
