//! How many instances a fleet has. In: `instances`, or `min`, `max` and `desired`. Out: [`Sizes`] in the right order.

use super::shapes::INSTANCES_MAX;
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::value::Value;

/// The three sizes of a fleet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) min: u32,
    pub(crate) max: u32,
    pub(crate) desired: u32,
}

/// Reads `instances`, or `min`, `max` and `desired`, and checks that they are in order.
pub(super) fn read(reader: &Reader) -> Sizes {
    let count = |value: Value| value.count(0..=INSTANCES_MAX);
    let [fixed, min, max, desired] = ["instances", "min", "max", "desired"].map(|key| reader.get(key));
    if let Some(fixed) = fixed {
        for (key, value) in [("min", min), ("max", max), ("desired", desired)] {
            if let Some(value) = value {
                let problem = Problem::at(&value.span(), format!("`{key}` does not go with `instances`"))
                    .also(&fixed.span(), "this sets all three sizes")
                    .hint("write `instances` for a fixed size, or `min` and `max` for a range");
                reader.cx.push(problem);
            }
        }
        let size = count(fixed).unwrap_or(1);
        return Sizes { min: size, max: size, desired: size };
    }
    match (min, max) {
        (None, None) => reader.missing(&["instances", "min"]),
        (None, _) => reader.missing(&["min"]),
        (_, None) => reader.missing(&["max"]),
        _ => {}
    }
    let low = min.and_then(count);
    let high = max.and_then(count);
    let start = desired.and_then(count);
    if let (Some(low), Some(high), Some(min), Some(max)) = (low, high, min, max)
        && low > high
    {
        let problem = Problem::at(&min.span(), format!("min of {low} is above max of {high}"))
            .also(&max.span(), "the largest size")
            .hint(format!("raise `max` to {low} or more, or lower `min`"));
        reader.cx.push(problem);
    } else if let (Some(start), Some(value)) = (start, desired) {
        let bound = match (low, high) {
            (Some(low), _) if start < low => Some(("below min", low, min)),
            (_, Some(high)) if start > high => Some(("above max", high, max)),
            _ => None,
        };
        if let Some((side, bound, Some(other))) = bound {
            let problem = Problem::at(&value.span(), format!("desired of {start} is {side} of {bound}"))
                .also(&other.span(), "the bound")
                .hint("desired lies between min and max");
            reader.cx.push(problem);
        }
    }
    let min = low.unwrap_or(1);
    Sizes { min, max: high.unwrap_or(min), desired: start.unwrap_or(min) }
}
