//! Availability side by side. In: a [`Comparison`]. Out: a table with the nines of both; nothing where nothing failed in either.

use super::super::nines;
use super::super::section::Section;
use super::super::table::{Cell, QUIET, Side, Table};
use crate::comparison::Comparison;
use crate::number::available;
use crate::outcome::Availability;
use crate::outcome::availability::{Share, Year};
use crate::units::Time;

/// What is counted of one of them.
struct Counted<'a> {
    failed: f64,
    /// How many ended, of all runs.
    of: f64,
    year: &'a Year,
}

pub(super) fn section(comparison: &Comparison) -> Option<Section> {
    let both = [comparison.availability_a.as_ref()?, comparison.availability_b.as_ref()?];
    let failed = |of: &Option<Share>| of.is_some_and(|it| it.failed > 0.0);
    if !both.iter().any(|it| failed(&it.requests) || failed(&it.attempts)) {
        return None;
    }
    let runs = comparison.seeds.len() as f64;
    let mut table = Table::new(&[Side::Left, Side::Right]);
    table.sparing(&[6, 3]);
    table.titles(&["", "A", "nines", "a year like A", "B", "nines", "a year like B"]);
    let mut add = |name: String, of: &dyn for<'a> Fn(&'a Availability) -> Option<Counted<'a>>| {
        let cells = both.iter().flat_map(|it| match of(it) {
            Some(Counted { failed, of, year }) => {
                [available(failed, of), nines::of_event(year), nines::lost(year)].map(Cell::from)
            }
            None => ["–", "–", "–"].map(|none| Cell::new(none, QUIET)),
        });
        table.row([Cell::from(name)].into_iter().chain(cells));
    };
    let counted = |share: &Share| (share.failed / share.ended, share.ended * runs);
    add("requests".into(), &|it| {
        let share = it.requests.as_ref()?;
        let (failed, of) = counted(share);
        Some(Counted { failed, of, year: &share.year })
    });
    // Without retries each attempt is a request.
    if both.iter().any(|it| it.attempts != it.requests) {
        add("attempts".into(), &|it| {
            let share = it.attempts.as_ref()?;
            let (failed, of) = counted(share);
            Some(Counted { failed, of, year: &share.year })
        });
    }
    if both[0].by_time.interval_s == both[1].by_time.interval_s {
        let interval = Time::from_secs_f64(both[0].by_time.interval_s);
        add(format!("by {interval} intervals"), &|it| {
            let of = it.requests?.ended * runs;
            Some(Counted { failed: 1.0 - it.by_time.availability, of, year: it.by_time.year.as_ref()? })
        });
    }
    Some(Section::new("Availability", "of what ended").table(table))
}
