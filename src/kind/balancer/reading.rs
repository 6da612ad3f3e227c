//! What is read of balancers: a row of the timeline when it ends, totals at the end.
//!
//! In: counters since the start, and what passed in the row. Out: what they grew by, as rates.

use super::capacity::Capacity;
use super::counts::Marks;
use super::model::Balancers;
use super::record::{BalancerSeries, BalancerTotals};
use crate::flow::Flow;
use crate::kind::record::Recorded;
use crate::measure::column::the_one;

impl Balancers<'_> {
    /// Balancers with a table in the file: further target groups stand behind them.
    fn roots(&self) -> usize {
        self.settings.iter().take_while(|it| it.group_of.is_none()).count()
    }

    /// Reads a row of every balancer, of which the traffic has been read.
    pub(super) fn read_all(&mut self, span: f64, flow: &Flow) {
        for root in 0..self.roots() {
            if self.series.len() <= root {
                let name = self.settings[root].name.clone();
                self.series.push(BalancerSeries { name, ..BalancerSeries::default() });
                self.marks.push(Marks::default());
            }
            let now = self.counts(root);
            let [rejected, own, of_targets, closed, spilled, dropped] = self.marks[root].grown(&now);
            let groups = self.settings.iter().zip(&self.each).enumerate();
            let groups = groups.filter(|(index, (it, _))| it.root(*index) == root);
            let (healthy, unhealthy) = groups.fold((0, 0), |(healthy, unhealthy), (_, (_, state))| {
                (healthy + state.healthy(), unhealthy + state.unhealthy())
            });
            let row = self.traffic.row(root);
            let series = &mut self.series[root];
            let per_second = |count: f64| count * 1e9 / span;
            series.requests.push(per_second(row.requests as f64));
            series.new_connections.push(per_second(row.hour.new_connections));
            series.active_connections.push(row.hour.active_connections);
            series.rejected.push(per_second(rejected as f64));
            series.own_5xx.push(per_second(own as f64));
            series.target_5xx.push(per_second(of_targets as f64));
            series.closed_by_client.push(per_second(closed as f64));
            series.healthy.push(healthy.into());
            series.unhealthy.push(unhealthy.into());
            let [new, active, bytes, rules] = self.traffic.asked(root);
            series.units_new.push(new);
            series.units_active.push(active);
            series.units_bytes.push(bytes);
            series.units_rules.push(rules);
            series.units.push(new.max(active).max(bytes).max(rules));
            if let Some(surge) = &mut self.each[root].surge {
                let (_, waiting) = flow.areas_of(surge.station);
                let queued = waiting - std::mem::replace(&mut surge.mark, waiting);
                let queue = the_one(&mut series.surge);
                queue.waiting.push(queued / span);
                queue.spilled.push(per_second(spilled as f64));
            }
            if let Some((taken, opened)) = self.each[root].ports_in_row(flow.now, span) {
                let ports = the_one(&mut series.ports);
                ports.taken_percent.push(100.0 * taken);
                ports.opened.push(per_second(opened));
                ports.failed.push(per_second(dropped as f64));
            }
            let asked = [new, active, bytes];
            let capacity = &mut self.each[root].capacity;
            series.carries.push(capacity.as_mut().map_or(0.0, |it| it.units(asked)));
            if let Some([new, active, bytes]) = capacity.as_ref().and_then(Capacity::limits) {
                let limit = the_one(&mut series.limit);
                limit.new.push(new);
                limit.active.push(active);
                limit.bytes.push(bytes);
            }
        }
    }

    fn totals(&self) -> Vec<BalancerTotals> {
        let of = |root: usize| {
            let counts = self.counts(root);
            let [own_502, own_503, own_504] = counts.own;
            let (requests, new_connections) = self.traffic.sum(root);
            let [new, active, bytes, rules] = self.traffic.dimensions(root);
            BalancerTotals {
                name: self.settings[root].name.clone(),
                requests,
                new_connections,
                rejected: counts.rejected,
                own_502,
                own_503,
                own_504,
                target_5xx: counts.of_targets,
                closed_by_client: counts.closed,
                resets: counts.resets,
                target_resets: counts.target_resets,
                client_resets: counts.client_resets,
                port_errors: counts.port_errors,
                spilled: counts.spilled,
                refused: counts.refused,
                rebound: counts.rebound,
                opened: counts.opened,
                reused: counts.reused,
                unit_hours_new: new,
                unit_hours_active: active,
                unit_hours_bytes: bytes,
                unit_hours_rules: rules,
            }
        };
        (0..self.roots()).map(of).collect()
    }
}

impl Recorded for Balancers<'_> {
    type Series = BalancerSeries;
    type Totals = BalancerTotals;

    fn close(&mut self, _flow: &mut Flow) -> (Vec<BalancerSeries>, Vec<BalancerTotals>) {
        (std::mem::take(&mut self.series), self.totals())
    }
}
