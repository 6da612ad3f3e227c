//! More commits than the volume of a writer can take. In: the traffic that is expected. Out: a warning.

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::database::language::Database;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::number::excess;

/// Writes of the log, where each commit has its own, against what the volume does at most.
pub(super) fn warning(
    index: usize,
    database: &Database,
    expected: &Expected<'_, Settings>,
) -> Option<Warning> {
    let volume = database.volume.filter(|_| database.group_commit.is_none())?;
    let (load, of) = (&expected.load, (Kind::Database, index));
    let asked = load.per_second(|demand| demand.count(of, "commits") * f64::from(volume.log_writes));
    load.worst(&asked, |_| volume.most()).map(|(time, times)| {
        let message = format!(
            "commits of the traffic at {time} ask for {} what the volume of database `{}` can write",
            excess(times),
            database.name
        );
        let hint = "a larger or faster volume, or `group_commit`, with which many commits are one write";
        Warning::new(Code::DemandAboveCapacity, &["database", &database.name, "storage"], message, hint)
    })
}
