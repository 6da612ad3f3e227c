//! What an API takes a second. In: tables. Out: a [`Throttle`], or a [`Route`] with one.

use crate::kind::pattern;
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Rate;

/// Largest burst.
pub(super) const BURST_MAX: u32 = 10_000_000;
/// Most routes with a throttle of their own.
const ROUTES_MAX: usize = 100;

/// The keys of a bucket.
pub(super) const RATE: Key = Key::required("rate", "rate", "tokens a second");
/// See there.
pub(super) const BURST: Key = Key::required("burst", "whole number", "tokens that the bucket holds");

/// The language of a throttle.
pub const SHAPE: Shape = Shape {
    title: "throttle = { … } of an API",
    about: "A token bucket: each request takes a token, and is throttled if there is none.",
    keys: &[RATE, BURST],
};

/// The language of a route.
pub const ROUTE_SHAPE: Shape = Shape {
    title: "routes = [{ … }] of an API",
    about: "A token bucket of the requests for some paths, before that of the stage. The first one that fits counts.",
    keys: &[Key::required("path", "pattern", "paths, with `*` and `?`"), RATE, BURST],
};

/// A token bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Throttle {
    /// Tokens a second.
    pub rate: Rate,
    /// Tokens that it holds.
    pub burst: u32,
}

/// The bucket of some paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Which.
    pub path: String,
    /// Their bucket.
    pub throttle: Throttle,
}

impl Throttle {
    /// The keys of a bucket among others.
    pub(super) fn keys(reader: &Reader) -> Throttle {
        Throttle {
            rate: reader.must("rate", Value::rate, Rate(1.0)),
            burst: reader.must("burst", |value| value.count(1..=BURST_MAX), 1),
        }
    }

    pub(super) fn read(value: Value) -> Option<Throttle> {
        value.table(&SHAPE, Throttle::keys)
    }
}

impl Route {
    pub(super) fn read_all(value: Value) -> Option<Vec<Route>> {
        let routes = value.elements(ROUTES_MAX)?.into_iter().filter_map(|value| {
            value.table(&ROUTE_SHAPE, |reader| Route {
                path: reader.must("path", pattern::read, String::new()),
                throttle: Throttle::keys(reader),
            })
        });
        Some(routes.collect())
    }
}
