//! The zones of a resource, as the file gives them. In: `azs` or `zone`. Out: [`Zone`]s.

use crate::catalog::zone::Zone;
use crate::language::shape::Given;
use crate::language::value::Value;

/// Availability Zones: 2.
pub const AZS: Given<u32> = Given::new(2, "assumption: the least that survives the loss of one");
/// The value of a key with zones.
pub(crate) const ZONES: &str = "whole number, up to 6, or array of letters such as [\"a\", \"c\"]";

/// A zone by its letter.
pub(crate) fn zone(value: Value) -> Option<Zone> {
    let text = value.text()?;
    let found = Zone::of(text);
    if found.is_none() {
        value.problem(format!("`{text}` is not a zone"), "zones are \"a\" to \"f\", as in us-east-1a");
    }
    found
}

/// The first zones of the Region, or those that an array names; one place for each of them, so none may come twice if they
/// are to be `distinct`. Else places go to them in turn, so one that comes twice gets more of them.
pub(crate) fn zones(value: Value, distinct: bool) -> Option<Vec<Zone>> {
    if !value.is_array() {
        return value.count(1..=Zone::MOST).map(Zone::first);
    }
    if value.is_empty_array() {
        value.problem("no zone at all", "name at least one: [\"a\"]");
        return None;
    }
    let mut found: Vec<Zone> = Vec::new();
    for element in value.elements(MOST_PLACES)? {
        let Some(zone) = zone(element) else { continue };
        if distinct && found.contains(&zone) {
            element.problem(format!("zone `{zone}` comes twice"), "name each zone once");
        }
        found.push(zone);
    }
    if !distinct && found.len() > 1 && found.iter().all(|zone| *zone == found[0]) {
        let zone = found[0];
        value.problem(
            format!("zone `{zone}` and no other"),
            format!("name it once, as in [\"{zone}\"], or others too"),
        );
    }
    Some(found)
}

/// The longest array of zones: one for each shard of the largest cache.
const MOST_PLACES: usize = 500;

/// What applies without the key.
pub(crate) fn usual() -> Vec<Zone> {
    Zone::first(AZS.value)
}
