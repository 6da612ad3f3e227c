//! Invalidations: what is removed from all caches at some time. In: `purge = [{ … }]`. Out: [`Purge`]s.

use crate::kind::pattern;
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// An invalidation.
#[derive(Clone, Debug, PartialEq)]
pub struct Purge {
    /// When it has come to all caches.
    pub at: Time,
    /// The pattern of the paths of classes whose objects it removes; all of them without.
    pub path: Option<String>,
    /// The share of these objects.
    pub share: f64,
}

/// Most invalidations.
const PURGES_MAX: usize = 1_000;

/// The language of an invalidation.
pub const PURGE_SHAPE: Shape = Shape {
    title: "purge = [{ … }]",
    about: "Remove copies from all caches: an invalidation. What is asked for next comes from the origin.",
    keys: &[
        Key::required("at", "duration", "when it has come to all caches"),
        Key::optional(
            "path",
            "pattern",
            "all",
            "the paths of classes whose objects are removed, for example \"/static/*\"",
        ),
        Key::optional(
            "share",
            "share",
            "\"100%\" (assumption: all that the path names)",
            "the share of the objects that is purged, drawn by chance",
        ),
    ],
};

/// Reads all invalidations.
pub(super) fn read(value: Value) -> Option<Vec<Purge>> {
    let all = value.one_or_more(PURGES_MAX)?;
    Some(all.into_iter().filter_map(|value| value.table(&PURGE_SHAPE, purge)).collect())
}

fn purge(reader: &Reader) -> Purge {
    Purge {
        at: reader.must("at", Value::time, Time::ZERO),
        path: reader.maybe("path", pattern::read),
        share: reader.or("share", Value::share, 1.0),
    }
}
