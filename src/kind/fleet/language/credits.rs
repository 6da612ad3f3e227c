//! `credits` of a fleet of a T type: what its instances earn, keep and begin with. In: a table, and the type. Out:
//! [`Credits`].

use super::cpu::some_share;
use super::shapes::CREDITS_SHAPE;
use crate::catalog::{InstanceType, burstable};
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::value::Value;

/// CPU credits of an instance. A credit is one vCPU at 100 % for a minute.
#[derive(Clone, Debug, PartialEq)]
pub struct Credits {
    /// Without credits an instance goes on at full speed and owes for it, instead of being held to its baseline.
    pub unlimited: bool,
    /// CPU share of each vCPU that the earned credits pay for, 0 to 1.
    pub baseline: f64,
    /// The most earned credits that an instance keeps; also the most surplus that it can owe before it is charged.
    pub most: f64,
    /// Credits that a launched instance begins with; they are spent first, and do not count towards the most.
    pub launch: f64,
    /// Credits of the instances that the run begins with.
    pub initial: f64,
    /// Whether an instance that is stopped keeps what it has earned.
    pub kept: bool,
}

/// Largest number of credits in a file.
const MOST: f64 = 1e6;

impl Credits {
    /// Those of a fleet: as its type has them, if it has some, where the file says nothing else.
    pub(super) fn read(reader: &Reader, instance: &InstanceType) -> Option<Credits> {
        let table = reader.maybe("credits", |value| {
            value.table(&CREDITS_SHAPE, |reader| Credits::of_table(reader, instance))
        });
        match (table, reader.get("credits")) {
            (Some(given), Some(value)) if given.is_none() => {
                let message = format!("{} has no CPU credits", instance.name);
                let hint = "only T types have them; for hardware of your own say `baseline`, such as \"20%\"";
                reader.cx.push(Problem::at(&value.span(), message).hint(hint));
                None
            }
            (Some(given), _) => given,
            (None, Some(_)) => None,
            (None, None) => Credits::of_type(instance),
        }
    }

    /// What a type has without a word in the file.
    fn of_type(instance: &InstanceType) -> Option<Credits> {
        let known = burstable(&instance.name)?;
        Some(Credits {
            // The standard mode of T2 gives credits at launch.
            unlimited: known.launch == 0.0,
            baseline: known.baseline,
            most: known.balance,
            launch: known.launch,
            initial: known.balance,
            // A T2 that is stopped loses its credits; the others keep them for seven days.
            kept: known.launch == 0.0,
        })
    }

    /// Those of a type to which instances change: as the type has them, in the mode that they had.
    pub(super) fn resized(from: Option<&Credits>, to: &InstanceType) -> Option<Credits> {
        let own = Credits::of_type(to)?;
        let unlimited = from.map_or(own.unlimited, |from| from.unlimited);
        // Credits at launch are of the standard mode only.
        Some(Credits { unlimited, launch: if unlimited { 0.0 } else { own.launch }, ..own })
    }

    /// What a table says; nothing where neither it nor the type names a baseline.
    fn of_table(reader: &Reader, instance: &InstanceType) -> Option<Credits> {
        let known = Credits::of_type(instance);
        let modes = [("standard", false), ("unlimited", true)];
        let usual = known.as_ref().is_some_and(|known| known.unlimited);
        let unlimited = reader.or("mode", |value| value.choice(&modes), usual);
        let number = |value: Value| value.number(0.0..=MOST);
        let baseline = reader.maybe("baseline", some_share);
        let baseline = baseline.or(known.as_ref().map(|known| known.baseline));
        let a_day = baseline.unwrap_or(0.0) * f64::from(instance.vcpus) * 60.0 * 24.0;
        let most = reader.or("most", number, known.as_ref().map_or(a_day, |known| known.most));
        let kept = reader.or("kept", Value::flag, known.as_ref().is_none_or(|known| known.kept));
        // Credits at launch are of the standard mode only.
        let launch = known.filter(|_| !unlimited).map_or(0.0, |known| known.launch);
        let launch = reader.or("launch", number, launch);
        let initial = reader.or("initial", number, most);
        Some(Credits { unlimited, baseline: baseline?, most, launch, initial, kept })
    }
}
