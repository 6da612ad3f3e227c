//! `maintenance` of a fleet: how many instances stay, and may be there, while some are replaced. In: a table. Out: [`Healthy`].

use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;

/// The language of an instance maintenance policy.
pub const SHAPE: Shape = Shape {
    title: "maintenance = { min_healthy, max_healthy }",
    about: "Instance maintenance policy: how instances are replaced that are unhealthy, too old, or refreshed.",
    keys: &[
        Key::required("min_healthy", "share", "share of the desired capacity that stays in service and warm"),
        Key::required(
            "max_healthy",
            "percentage from \"100%\" to \"200%\"",
            "how many healthy or pending instances there may be, of the desired capacity: above 100% new ones come first, and old ones \
             end when these are warm",
        ),
    ],
};

/// How many instances stay, and may be there, while some are replaced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Healthy {
    /// Share of the desired capacity that stays in service, 0 to 1.
    pub min: f64,
    /// How many instances there may be, of the desired capacity, 1 to 2.
    pub max: f64,
}

/// What a product of decimals is off by is no instance.
pub(super) const ROUNDING: f64 = 1e-9;

impl Healthy {
    /// Instances of a group that stay in service, at least.
    pub fn fewest(&self, desired: u32) -> u32 {
        (f64::from(desired) * self.min - ROUNDING).ceil().max(0.0) as u32
    }

    /// Instances that there may be, at most.
    pub fn most(&self, desired: u32) -> u32 {
        let most = (f64::from(desired) * self.max + ROUNDING).floor() as u32;
        // Above 100 % something must be possible.
        if self.max > 1.0 { most.max(desired.saturating_add(1)) } else { desired }
    }

    /// The two are at most 100 points apart.
    pub(super) fn check(&self, value: &Value) {
        if self.max - self.min > 1.0 {
            value.problem(
                "the two percentages are more than 100 points apart",
                "raise `min_healthy` or lower `max_healthy` (EC2 Auto Scaling API reference, InstanceMaintenancePolicy)",
            );
        }
    }

    pub(super) fn read(value: Value) -> Option<Healthy> {
        let healthy = value.table(&SHAPE, |reader: &Reader| Healthy {
            min: reader.must("min_healthy", Value::share, 0.9),
            max: reader.must("max_healthy", from_all_to_twice, 1.0),
        })?;
        healthy.check(&value);
        Some(healthy)
    }
}

/// A percentage of all instances, and more.
pub(super) fn from_all_to_twice(value: Value) -> Option<f64> {
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
        let both = |min, max, desired| {
            let healthy = Healthy { min, max };
            (healthy.fewest(desired), healthy.most(desired))
        };
        assert_eq!(both(0.9, 1.0, 10), (9, 10));
        assert_eq!(both(0.9, 1.0, 4), (4, 4));
        assert_eq!(both(0.5, 1.0, 5), (3, 5));
        assert_eq!(both(1.0, 1.1, 10), (10, 11));
        assert_eq!(both(1.0, 1.1, 4), (4, 5));
        assert_eq!(both(0.0, 1.0, 4), (0, 4));
    }
}
