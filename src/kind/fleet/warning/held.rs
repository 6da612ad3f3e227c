//! The traffic against what requests hold at a fleet at its largest: threads, and connections of pools. In: what is expected of both. Out:
//! warnings.
//!
//! A request holds its thread until it is answered, and a connection until its statement or transaction ends, at the least for as long as
//! that takes with nothing waited for: what is too much here is too much.

use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::fleet::language::Fleet;
use crate::kind::fleet::language::limits::largest_at;
use crate::kind::warning::Warning;
use crate::measure::resource::{Node, Resource};
use crate::number::{bounded, counted, excess};
use crate::units::Time;

/// More requests at once than it has threads.
pub(super) fn threads(expected: &Expected<'_, Settings>, index: usize, fleet: &Fleet) -> Option<Warning> {
    let each = fleet.threads?;
    let of = (Resource::Threads { fleet: index }, f64::from(each));
    let (time, times, size) = worst(expected, fleet, of)?;
    let message = format!(
        "the traffic at {time} asks for {} the threads of fleet `{}` at its largest, {} of {}",
        excess(times),
        fleet.name,
        counted(size.into(), "instance"),
        counted(each.into(), "thread")
    );
    let hint = format!(
        "a request holds one until it is answered; about {} on each instance would carry it",
        bounded((times * f64::from(each)).ceil())
    );
    Some(Warning::new(Code::DemandAboveCapacity, &["fleet", &fleet.name, "threads"], message, hint))
}

/// More connections at once than its pools may open.
pub(super) fn pools(expected: &Expected<'_, Settings>, index: usize, fleet: &Fleet) -> Vec<Warning> {
    let mut found = Vec::new();
    for (pool, settings) in fleet.pools.iter().enumerate() {
        for (node, each) in [(Node::Writer, settings.writer), (Node::Reader, settings.reader)] {
            let of = (Resource::Pool { fleet: index, pool, node }, f64::from(each));
            let Some((time, times, size)) = worst(expected, fleet, of) else { continue };
            let database =
                expected.databases.get(settings.database.index()).map_or("", |it| it.name.as_str());
            let message = format!(
                "the traffic at {time} asks for {} the connections of the {} pool of fleet `{}` to `{database}` at its largest, {} \
                 of {each}",
                excess(times),
                node.name(),
                fleet.name,
                counted(size.into(), "instance"),
            );
            let hint = format!(
                "a statement or a transaction holds one to its end; about {} on each instance would carry it",
                bounded((times * f64::from(each)).ceil())
            );
            found.push(Warning::new(
                Code::DemandAboveCapacity,
                &["fleet", &fleet.name, "pools"],
                message,
                hint,
            ));
        }
    }
    found
}

/// When most is asked for of what each instance has so much of, how many times what all have, and how many there may be then.
fn worst(
    expected: &Expected<'_, Settings>,
    fleet: &Fleet,
    (of, each): (Resource, f64),
) -> Option<(Time, f64, u32)> {
    let asked = expected.load.busy(|demand| demand.of(of), 1.0);
    let (time, times) = expected.load.worst(&asked, |time| each * f64::from(largest_at(fleet, time)))?;
    Some((time, times, largest_at(fleet, time)))
}
