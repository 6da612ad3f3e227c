//! `instance`: a type of the catalogue, or hardware that the file describes. In: a name or a table. Out: an [`InstanceType`].

use super::shapes::{HARDWARE_SHAPE, PERIOD, PERIOD_RANGE, STRENGTH};
use crate::catalog::{self, InstanceType, Quota};
use crate::language::reader::Reader;
use crate::language::value::Value;
use crate::units::Bytes;

/// What stands for an instance type that is not in the list.
const OWN_HARDWARE: &str = "describe it: { vcpus = 2, memory = \"8 GiB\", strength = 1 }";

/// vCPUs of an instance, or a part of one, of which a container gets so much in each period.
fn vcpus(value: Value) -> Option<f64> {
    let is_part = value.value.as_float().is_some();
    if is_part { value.number(LEAST..=1_024.0) } else { value.count(1..=1_024).map(f64::from) }
}

/// The least CPU limit of a container. Source: Kubernetes documentation, "Resource Management for Pods and Containers": the precision of
/// a CPU resource is a thousandth.
const LEAST: f64 = 0.001;

/// The vCPUs that can work at once, and the limit where that is more than is allowed on the mean.
fn processors(reader: &Reader) -> (u32, Option<Quota>) {
    let vcpus = reader.must("vcpus", vcpus, 1.0);
    let whole = vcpus.ceil().max(1.0) as u32;
    let cores = reader.maybe("cores", |value| {
        let cores = value.count(1..=1_024)?;
        if cores < whole {
            value.problem(
                format!("{cores} cores are less than {vcpus} vCPUs"),
                "`cores` is how many can work at once: at least as many as `vcpus`",
            );
        }
        Some(cores.max(whole))
    });
    let cores = cores.unwrap_or(whole);
    let period = reader.or("period", |value| value.time_within(PERIOD_RANGE), PERIOD.value);
    let is_limited = vcpus < f64::from(cores);
    if let (false, Some(value)) = (is_limited, reader.get("period")) {
        value.problem(
            "`period` does nothing here: all vCPUs can work all the time",
            "it is of a limit below them: `vcpus` is a part of one, or less than `cores`",
        );
    }
    (cores, is_limited.then_some(Quota { vcpus, period }))
}

/// A type of the catalogue, or one that the file describes.
pub(super) fn instance(value: Value) -> Option<InstanceType> {
    if !value.is_table() {
        return value
            .listed("an instance type", OWN_HARDWARE, catalog::instance_type, catalog::instance_type_names)
            .cloned();
    }
    value.table(&HARDWARE_SHAPE, |reader| {
        let (vcpus, quota) = processors(reader);
        InstanceType {
            name: reader.or("name", |value| value.text().map(str::to_owned), "custom".to_owned()),
            vcpus,
            quota,
            memory: reader.must("memory", Value::some_bytes, Bytes(1)),
            strength: reader.or("strength", |value| value.number(0.001..=1_000.0), STRENGTH.value),
        }
    })
}
