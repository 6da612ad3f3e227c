//! What is read of names: a row of the timeline when it ends, totals at the end. In: counters since the start. Out: what they grew by, as rates.

use super::model::Names;
use super::record::{DnsSeries, DnsTotals, RecordSeries};
use crate::flow::Flow;
use crate::kind::record::Recorded;

impl Names<'_> {
    /// Reads a row of every name.
    pub(super) fn read_all(&mut self, span: f64, flow: &Flow) {
        if self.series.is_empty() {
            let record = |to: (crate::id::Kind, usize)| RecordSeries {
                name: self.all.names(to.0)[to.1].to_owned(),
                ..RecordSeries::default()
            };
            let named = |own: &super::language::Dns| DnsSeries {
                name: own.name.clone(),
                records: own.records.iter().map(|it| record(it.to)).collect(),
                ..DnsSeries::default()
            };
            self.series = self.settings.iter().map(named).collect();
        }
        let a_second = |count: u64| count as f64 * 1e9 / span;
        for (state, series) in self.each.iter_mut().zip(&mut self.series) {
            let (of, marks) = (&state.counted, &mut state.marks);
            series.queries.push(a_second(marks.queries.grown(of.queries)));
            series.requests.push(a_second(marks.requests.grown(of.requests)));
            series.old.push(a_second(marks.old.grown(of.old)));
            series.unanswered.push(a_second(marks.unanswered.grown(of.unanswered)));
            let healthy = |it: &&super::shown::Shown| it.is_there() && it.healthy;
            series.healthy.push(state.shown.iter().filter(healthy).count() as f64);
            for (record, own) in series.records.iter_mut().enumerate() {
                own.requests.push(a_second(marks.went[record].grown(state.went[record])));
                let shown = &state.shown[record];
                own.healthy.push(f64::from(u8::from(healthy(&shown))));
            }
            state.billed.read(of.billed, flow);
        }
    }
}

impl Recorded for Names<'_> {
    type Series = DnsSeries;
    type Totals = DnsTotals;

    fn close(&mut self, _flow: &mut Flow) -> (Vec<DnsSeries>, Vec<DnsTotals>) {
        let totals = self.each.iter().map(|state| state.counted.clone()).collect();
        (std::mem::take(&mut self.series), totals)
    }
}
