//! Whether a recording was seen before. In: what a file was fitted to, and a recording. Out: yes, if the one is in the other: the whole of it, a
//! part of it from any period on, or the same counts over longer periods.

use crate::backtest::Compared;
use crate::measured::{Measured, What};

/// Part of the values in common from which two recordings are one. Those of two days hardly ever agree to the last digit but for zeros; in a
/// copy somebody may have mended some.
const SEEN: f64 = 0.6;
/// Fewest values of which a part is enough.
const FEWEST: u32 = 12;
/// Fewest values that say anything, if all of them agree.
const FEW: u32 = 4;

/// Where a recording lies in one that was seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The old period at which it begins.
    offset: isize,
    /// Old periods in one of its own.
    many: usize,
}

impl Place {
    /// The old periods that a new one is made of; those that are before the start have negative numbers.
    pub(super) fn of(self, period: usize) -> std::ops::Range<isize> {
        let from = self.offset + (period * self.many) as isize;
        from..from + self.many as isize
    }
}

/// Where `measured` lies in what was `compared` before, in periods of so many seconds; nothing if it is new.
pub(super) fn place(compared: &[Compared], width_s: f64, measured: &Measured) -> Option<Place> {
    let times = measured.width_s / width_s;
    let many = times.round() as usize;
    if many == 0 || (times - many as f64).abs() > 1e-6 {
        return None;
    }
    let longest = compared.iter().flat_map(|it| it.pairs.last()).map(|it| it.period + 1).max().unwrap_or(0);
    // The same place first; then anywhere in what was seen, which may also begin later than the new one.
    let others = -((measured.periods * many) as isize)..=longest as isize;
    let all = std::iter::once(0).chain(others).map(|offset| Place { offset, many });
    all.into_iter().find(|place| agrees(compared, *place, measured))
}

/// Whether values agree there.
fn agrees(compared: &[Compared], place: Place, measured: &Measured) -> bool {
    let (mut same, mut all) = (0_u32, 0_u32);
    for compared in compared {
        // Only counts of requests add up; a number of instances is the same on many days.
        if place.many > 1 && compared.of.what != What::Requests || compared.of.what == What::Instances {
            continue;
        }
        let first = compared.pairs.first().map(|it| it.measured);
        // What never changes is the same on all days.
        if compared.pairs.iter().all(|it| Some(it.measured) == first) {
            continue;
        }
        let Some(values) = measured.column(&compared.of) else { continue };
        let seen = |period: isize| {
            let period = usize::try_from(period).ok()?;
            let at = compared.pairs.binary_search_by_key(&period, |it| it.period).ok()?;
            Some(compared.pairs[at].measured)
        };
        for (period, value) in values.iter().enumerate() {
            let before: Option<f64> = place.of(period).map(seen).sum();
            let (Some(value), Some(before)) = (value, before) else { continue };
            all += 1;
            same += u32::from((value - before).abs() <= rounded(*value).max(1e-9 * before.abs()));
        }
    }
    all >= FEWEST && f64::from(same) >= SEEN * f64::from(all) || all >= FEW && same == all
}

/// By how much a value may be off because it was written with so few digits.
fn rounded(value: f64) -> f64 {
    let digits = value.to_string().split_once('.').map_or(0, |(_, after)| after.len());
    [0.5, 0.05, 5e-3, 5e-4, 5e-5, 5e-6].get(digits).copied().unwrap_or(0.0)
}
