//! What is read of faults: a row of the timeline when it ends, and when each strike was noticed, mitigated and recovered from.
//!
//! In: signs from other kinds, hosts in service, what is lost, and the rows of requests. Out: totals of each fault, and an entry for each
//! strike. The definitions are in the rules.

use super::model::Faults;
use super::record::{FaultSeries, FaultTotals};
use super::strike::Strike;
use crate::flow::fact::{Fact, Sign};
use crate::flow::host::Lifecycle;
use crate::flow::{Flow, number};
use crate::id::{AlarmOf, Kind};
use crate::kind::record::Recorded;
use crate::measure::percentile::Percentile;
use crate::measure::strike::{self as measured, Rows};
use crate::measure::totals::AlarmState;

impl Faults<'_> {
    /// A strike has begun: what there was before it.
    pub(super) fn watch(&mut self, strike: u32, serving: Vec<u32>, what: String, flow: &Flow) {
        let failed = flow.recorder.requests().failures();
        let strike_of = &mut self.strikes[strike as usize];
        (strike_of.begun, strike_of.what) = (Some(flow.now), what);
        (strike_of.serving, strike_of.failed) = (serving, failed);
        self.open.push(strike);
    }

    /// Something has been heard: it may be a sign of what is wrong, and what was lost may be back.
    pub(super) fn look(&mut self, fact: &Fact, flow: &Flow) {
        if self.open.is_empty() {
            return;
        }
        if let Some(sign) = self.sign(fact, flow) {
            for &strike in &self.open {
                self.strikes[strike as usize].noticed.get_or_insert_with(|| (flow.now, sign.clone()));
            }
        }
        self.look_for_what_is_back(flow);
    }

    /// Strikes that are over are closed when as many hosts serve as before, or as many as are wanted, and no node or shard is lost.
    pub(super) fn look_for_what_is_back(&mut self, flow: &Flow) {
        let strikes = &mut self.strikes;
        self.open.retain(|&open| {
            let strike = &mut strikes[open as usize];
            let is_back = !strike.is_present && strike.is_back(flow);
            if is_back {
                strike.recovered = Some(flow.now);
            }
            !is_back
        });
    }

    /// What has noticed that something is wrong, if a fact says that.
    fn sign(&self, fact: &Fact, flow: &Flow) -> Option<String> {
        let name = |kind: Kind, index: usize| {
            let names = self.kinds.names(kind);
            names.get(index).map_or(String::new(), |name| format!("`{name}`"))
        };
        Some(match *fact {
            Fact::Unhealthy(host) => {
                format!("health check of {}", name(Kind::Fleet, flow.hosts[host as usize].group))
            }
            Fact::Alarm { of: AlarmOf::Own(alarm), state: AlarmState::Alarm } => {
                format!("alarm {}", name(Kind::Alarm, alarm))
            }
            Fact::Noticed { of: (kind, index), by } => {
                let words = match by {
                    Sign::StatusCheck => "status check of",
                    Sign::Breaker => "circuit breaker of",
                    Sign::Failover => "failover of",
                    Sign::Anomaly => "anomaly detection of",
                };
                format!("{words} {}", name(kind, index.into()))
            }
            _ => return None,
        })
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

    /// The entry of a strike.
    fn entry(&self, strike: &Strike, rows: &Rows) -> Option<measured::Strike> {
        let seconds = |at: u64| at as f64 / 1e9;
        let begun = strike.begun?;
        let at_s = seconds(begun);
        let after = |at: u64| seconds(at - begun);
        let over = strike.recovered.or(strike.over).map(seconds);
        let mitigated = rows.mitigated(at_s, over);
        Some(measured::Strike {
            name: self.settings[usize::from(strike.fault)].name.clone(),
            what: strike.what.clone(),
            at_s,
            until_s: strike.over.map(seconds),
            detected_after_s: strike.noticed.as_ref().map(|(at, _)| after(*at)),
            detected_by: strike.noticed.as_ref().map(|(_, by)| by.clone()),
            mitigated_after_s: mitigated,
            recovered_after_s: strike.recovered.map(after),
            failed: rows.failed_until(at_s, mitigated, strike.failed),
        })
    }
}

impl Strike {
    /// Whether all that was there before it is there.
    fn is_back(&self, flow: &Flow) -> bool {
        let groups = self.serving.iter().enumerate();
        let serve =
            groups.map(|(group, before)| (serve(group, flow), flow.groups[group].desired.min(*before)));
        serve.into_iter().all(|(now, before)| now >= before)
            && flow.recorder.timeline.lost.iter().all(|it| !it.is_missing())
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
        let mut failed = vec![0.0; timeline.time_s.len()];
        for of_cause in timeline.failed.values() {
            failed.iter_mut().zip(of_cause).for_each(|(sum, more)| *sum += more);
        }
        let rows = Rows {
            time_s: &timeline.time_s,
            end_s: flow.now as f64 / 1e9,
            offered: &timeline.offered,
            completed: &timeline.completed,
            failed,
            p99: timeline.latency_ms.get(&Percentile::P99).map_or(&[], Vec::as_slice),
        };
        let mut entries = Vec::new();
        for strike in &self.strikes {
            let Some(entry) = self.entry(strike, &rows) else { continue };
            let totals = &mut totals[usize::from(strike.fault)];
            totals.strikes += 1;
            totals.detected.note(entry.detected_after_s);
            totals.mitigated.note(entry.mitigated_after_s);
            totals.recovered.note(entry.recovered_after_s);
            totals.failed += entry.failed;
            entries.push(entry);
        }
        entries.sort_by(|one, other| one.at_s.total_cmp(&other.at_s));
        flow.journal.strikes(entries);
        (std::mem::take(&mut self.series), totals)
    }
}

/// How many hosts of each group serve.
pub(super) fn serving(flow: &Flow) -> Vec<u32> {
    (0..flow.groups.len()).map(|group| serve(group, flow)).collect()
}

/// How many hosts of a group are in service, with their application.
fn serve(group: usize, flow: &Flow) -> u32 {
    let serves = |host: &&u32| {
        let host = &flow.hosts[**host as usize];
        host.lifecycle == Lifecycle::InService && host.is_running()
    };
    number(flow.groups[group].alive.iter().filter(serves).count())
}
