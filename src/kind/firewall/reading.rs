//! What is read of firewalls: a row of the timeline when it ends, totals at the end.
//!
//! In: counters since the start, for each firewall and each source. Out: what they grew by, as rates.

use super::language::Source;
use super::model::{Counted, Firewalls};
use super::record::{FirewallSeries, FirewallTotals};
use crate::flow::Flow;
use crate::flow::mark::Mark;
use crate::kind::record::Recorded;

impl Counted {
    /// A firewall, past which these sources may come.
    pub fn add(&mut self, name: &str, sources: &[Source]) {
        for source in sources {
            let (name, source) = (name.to_owned(), source.name.clone());
            self.marks.push([Mark::default(); 2]);
            self.series.push(FirewallSeries {
                name: name.clone(),
                source: source.clone(),
                ..FirewallSeries::default()
            });
            self.totals.push(FirewallTotals { name, source, ..FirewallTotals::default() });
        }
    }

    /// A row ends.
    pub fn end_row(&mut self, span: f64) {
        for ((totals, marks), series) in self.totals.iter().zip(&mut self.marks).zip(&mut self.series) {
            let [came, blocked] = [totals.requests, totals.blocked()];
            let came = marks[0].grown(came);
            let blocked = marks[1].grown(blocked);
            series.passed.push((came - blocked) as f64 * 1e9 / span);
            series.blocked.push(blocked as f64 * 1e9 / span);
        }
    }
}

impl Recorded for Firewalls<'_> {
    type Series = FirewallSeries;
    type Totals = FirewallTotals;

    fn close(&mut self, _flow: &mut Flow) -> (Vec<FirewallSeries>, Vec<FirewallTotals>) {
        (std::mem::take(&mut self.counted.series), self.counted.totals.clone())
    }
}
