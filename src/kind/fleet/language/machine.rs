//! `instance`: a type of the catalogue, or hardware that the file describes. In: a name or a table. Out: an [`InstanceType`].

use super::shapes::{HARDWARE_SHAPE, STRENGTH};
use crate::catalog::{self, InstanceType};
use crate::language::value::Value;
use crate::units::Bytes;

/// What stands for an instance type that is not in the list.
const OWN_HARDWARE: &str = "describe it: { vcpus = 2, memory = \"8 GiB\", strength = 1 }";

/// vCPUs of an instance; a part of one is a slower one.
fn vcpus(value: Value) -> Option<u32> {
    let part = value.value.as_float().and_then(|number| number.as_str().parse::<f64>().ok());
    match part.filter(|part| *part > 0.0 && *part <= 1_024.0 && part.fract() != 0.0) {
        Some(part) => {
            let whole = part.ceil();
            let strength = (part / whole * 1e4).round() / 1e4;
            value.problem(
                format!("{part} vCPUs are not a whole number"),
                format!(
                    "write {{ vcpus = {whole}, strength = {strength} }}: as much work a second, and each request takes \
                     {} times as long as on a whole vCPU",
                    (whole / part * 100.0).round() / 100.0
                ),
            );
            None
        }
        None => value.count(1..=1_024),
    }
}

/// A type of the catalogue, or one that the file describes.
pub(super) fn instance(value: Value) -> Option<InstanceType> {
    if !value.is_table() {
        return value
            .listed("an instance type", OWN_HARDWARE, catalog::instance_type, catalog::instance_type_names)
            .cloned();
    }
    value.table(&HARDWARE_SHAPE, |reader| InstanceType {
        name: reader.or("name", |value| value.text().map(str::to_owned), "custom".to_owned()),
        vcpus: reader.must("vcpus", vcpus, 1),
        memory: reader.must("memory", Value::some_bytes, Bytes(1)),
        strength: reader.or("strength", |value| value.number(0.001..=1_000.0), STRENGTH.value),
    })
}
