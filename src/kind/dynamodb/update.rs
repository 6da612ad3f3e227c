//! Changes of provisioned capacity. In: minutes that end, and updates that are done. Out: tables with other units, and incidents.

use super::deed::{HALVES, SORTS};
use super::model::{Tables, Timer};
use crate::flow::{Flow, number};
use crate::id::Kind;
use crate::number;

/// A minute.
const MINUTE: u64 = 60_000_000_000;
/// Words for the sorts.
const WORDS: [&str; SORTS] = ["read", "write"];

impl Tables<'_> {
    /// Auto scaling looks at each minute.
    pub(super) fn begin_minutes(&self, flow: &mut Flow) {
        for (table, _) in self.each.iter().enumerate().filter(|(_, it)| it.scaler.is_some()) {
            flow.set(Timer::Minute { table: number(table) }, MINUTE);
        }
    }

    /// A minute is over.
    pub(super) fn minute(&mut self, table: u16, flow: &mut Flow) {
        flow.set(Timer::Minute { table }, flow.now.saturating_add(MINUTE));
        let it = &mut self.each[usize::from(table)];
        let Some(scaler) = &mut it.scaler else { return };
        let before = std::mem::replace(&mut scaler.consumed, it.counts.consumed);
        let grown = |sort: usize| (it.counts.consumed[sort] - before[sort]) as f64;
        let units = std::array::from_fn(|sort| grown(sort) / HALVES / 60.0);
        let seen = scaler.minute(units, flow.now);
        flow.set(Timer::Seen { table }, seen.max(flow.now));
    }

    /// The alarms have seen another minute.
    pub(super) fn seen(&mut self, table: u16, flow: &mut Flow) {
        let it = &mut self.each[usize::from(table)];
        let provisioned = it.provisioned.map(|area| area.value() as u32);
        let Some(scaler) = &mut it.scaler else { return };
        if let Some(next) = scaler.see(flow.now) {
            flow.set(Timer::Seen { table }, next);
        }
        if let Some(wanted) = scaler.wants(provisioned, flow.now) {
            scaler.update = Some(wanted);
            flow.set(Timer::Updated { table }, flow.now.saturating_add(scaler.settings.update.0));
        }
    }

    /// An update of a table is done.
    pub(super) fn updated(&mut self, table: u16, flow: &mut Flow) {
        let index = usize::from(table);
        let (settings, it) = (&self.settings[index], &mut self.each[index]);
        let Some(units) = it.scaler.as_mut().and_then(|scaler| scaler.update.take()) else { return };
        for (sort, units) in units.into_iter().enumerate() {
            let Some(units) = units else { continue };
            let before = it.provisioned[sort].value();
            it.provision(settings, sort, units, flow.now);
            match f64::from(units) > before {
                true => it.counts.increases += 1,
                false => it.counts.decreases += 1,
            }
            let text = format!(
                "{} capacity from {} to {} units a second",
                WORDS[sort],
                number::number(before),
                number::number(units.into())
            );
            flow.incident(Kind::DynamoTable, &settings.name, text);
        }
    }
}
