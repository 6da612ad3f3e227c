//! `refresh` of a fleet: instants at which all its instances are replaced. In: an array of tables. Out: [`Refresh`]es.

use super::maintenance::{Healthy, from_all_to_twice};
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
            "as `maintenance`, else `\"90%\"` (EC2 Auto Scaling API reference, RefreshPreferences: MinHealthyPercentage)",
            "share of the desired capacity that stays in service and warm; one instance at a time is always replaced",
        ),
        Key::optional(
            "max_healthy",
            "percentage from \"100%\" to \"200%\"",
            "as `maintenance`, else `\"100%\"` (EC2 Auto Scaling API reference, RefreshPreferences: MaxHealthyPercentage)",
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
    /// How many instances stay, and may be there.
    pub healthy: Healthy,
    /// When a new instance counts, after it is in service; `None` is as in the fleet.
    pub warmup: Option<Time>,
}

impl Refresh {
    pub(super) fn read_all(value: Value, usual: Option<Healthy>) -> Option<Vec<Refresh>> {
        let usual = usual.unwrap_or(Healthy { min: 0.9, max: 1.0 });
        let mut all: Vec<Refresh> = Vec::new();
        for entry in value.elements(REFRESHES_MAX)? {
            let refresh = entry.table(&SHAPE, |reader| Refresh {
                at: reader.must("at", Value::time, Time::ZERO),
                healthy: Healthy {
                    min: reader.or("min_healthy", Value::share, usual.min),
                    max: reader.or("max_healthy", from_all_to_twice, usual.max),
                },
                warmup: reader.maybe("warmup", Value::time),
            });
            let Some(refresh) = refresh else { continue };
            bounds::in_order(all.last().map(|last| last.at), refresh.at, &entry);
            refresh.healthy.check(&entry);
            all.push(refresh);
        }
        Some(all)
    }
}
