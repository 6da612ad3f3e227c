//! `refresh` of a fleet: instants at which all its instances are replaced. In: an array of tables. Out: [`Refresh`]es.

use crate::language::bounds;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Most refreshes of a fleet.
const REFRESHES_MAX: usize = 100;

/// The language of instance refreshes.
pub const SHAPE: Shape = Shape {
    title: "refresh = [ { at, min_healthy, max_healthy, warmup } ]",
    about: "Instance refreshes: every instance that is there then is replaced, a few at a time.",
    keys: &[
        Key::required("at", "duration", "when it begins"),
        Key::optional(
            "min_healthy",
            "share",
            "`\"90%\"` (EC2 Auto Scaling API reference, RefreshPreferences: MinHealthyPercentage)",
            "share of the desired capacity that stays in service and warm; one instance at a time is always replaced",
        ),
        Key::optional(
            "max_healthy",
            "percentage from \"100%\" to \"200%\"",
            "`\"100%\"` (EC2 Auto Scaling API reference, RefreshPreferences: MaxHealthyPercentage)",
            "how many instances there may be, of the desired capacity: above 100% new ones come before old ones end",
        ),
        Key::optional(
            "warmup",
            "duration",
            "`warmup` of the fleet",
            "a new instance counts this long after it is in service, and the next ones follow",
        ),
    ],
};

/// An instance refresh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refresh {
    /// When it begins.
    pub at: Time,
    /// Share of the desired capacity that stays in service, 0 to 1.
    pub min_healthy: f64,
    /// How many instances there may be, of the desired capacity, 1 to 2.
    pub max_healthy: f64,
    /// When a new instance counts, after it is in service; `None` is as in the fleet.
    pub warmup: Option<Time>,
}

/// What a product of decimals is off by is no instance.
const ROUNDING: f64 = 1e-9;

impl Refresh {
    /// Instances of a group that stay in service, at least.
    pub fn fewest(&self, desired: u32) -> u32 {
        (f64::from(desired) * self.min_healthy - ROUNDING).ceil().max(0.0) as u32
    }

    /// Instances that there may be, at most.
    pub fn most(&self, desired: u32) -> u32 {
        let most = (f64::from(desired) * self.max_healthy + ROUNDING).floor() as u32;
        // Above 100 % something must be possible.
        if self.max_healthy > 1.0 { most.max(desired.saturating_add(1)) } else { desired }
    }

    pub(super) fn read_all(value: Value) -> Option<Vec<Refresh>> {
        let mut all: Vec<Refresh> = Vec::new();
        for entry in value.elements(REFRESHES_MAX)? {
            let refresh = entry.table(&SHAPE, |reader| Refresh {
                at: reader.must("at", Value::time, Time::ZERO),
                min_healthy: reader.or("min_healthy", Value::share, 0.9),
                max_healthy: reader.or("max_healthy", from_all_to_twice, 1.0),
                warmup: reader.maybe("warmup", Value::time),
            });
            let Some(refresh) = refresh else { continue };
            bounds::in_order(all.last().map(|last| last.at), refresh.at, &entry);
            if refresh.max_healthy - refresh.min_healthy > 1.0 {
                entry.problem(
                    "the two percentages are more than 100 points apart",
                    "raise `min_healthy` or lower `max_healthy` (EC2 Auto Scaling API reference, InstanceMaintenancePolicy)",
                );
            }
            all.push(refresh);
        }
        Some(all)
    }
}

/// A percentage of all instances, and more.
fn from_all_to_twice(value: Value) -> Option<f64> {
    let text = value.text()?;
    let number = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
    let share = number.filter(|number| (100.0..=200.0).contains(number)).map(|number| number / 100.0);
    if share.is_none() {
        value.problem(format!("`{text}` is no percentage from 100% to 200%"), "such as \"110%\"");
    }
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_become_instances() {
        let of =
            |min_healthy, max_healthy| Refresh { at: Time::ZERO, min_healthy, max_healthy, warmup: None };
        let both = |it: Refresh, desired| (it.fewest(desired), it.most(desired));
        assert_eq!(both(of(0.9, 1.0), 10), (9, 10));
        assert_eq!(both(of(0.9, 1.0), 4), (4, 4));
        assert_eq!(both(of(0.5, 1.0), 5), (3, 5));
        assert_eq!(both(of(1.0, 1.1), 10), (10, 11));
        assert_eq!(both(of(1.0, 1.1), 4), (4, 5));
        assert_eq!(both(of(0.0, 1.0), 4), (0, 4));
    }
}
