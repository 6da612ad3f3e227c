//! How an instance shares its CPU, and how little of it is enough. In: values. Out: a [`Discipline`], a share.

use crate::catalog::InstanceType;
use crate::language::reader::Reader;
use crate::language::value::Value;

/// How CPU is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discipline {
    /// Every runnable thread gets an equal share of the cores.
    ProcessorSharing,
    /// One thread per core runs to its end, in order of arrival.
    Fifo,
}

/// The words for how CPU is shared.
pub(super) const DISCIPLINES: [(&str, Discipline); 2] =
    [("fifo", Discipline::Fifo), ("processor_sharing", Discipline::ProcessorSharing)];

/// A limit stops what is on the CPU, and a step that has a core keeps it.
pub(super) fn check(reader: &Reader, instance: &InstanceType, discipline: Discipline) {
    if let (Some(_), Discipline::Fifo, Some(value)) = (instance.quota, discipline, reader.get("discipline")) {
        value.problem(
            "`discipline = \"fifo\"` does not go with a CPU limit",
            "leave it out, or write whole `vcpus`: with \"fifo\" a step keeps the speed with which it began",
        );
    }
}

/// A share of the CPU with which work ends some time.
pub(super) fn some_share(value: Value) -> Option<f64> {
    let share = value.share()?;
    if share >= 0.01 {
        return Some(share);
    }
    value.problem("with so little CPU, no work is ever done", "write 1% or more");
    None
}
