//! A writer that a fault takes and from which nothing takes over. In: faults, and where the nodes are. Out: warnings.

use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::database::language::{Database, Engine};
use crate::kind::expected::Expected;
use crate::kind::fault::language::Fault;
use crate::kind::warning::Warning;
use crate::units::Time;

/// The first fault that takes the writer while all that could take over is lost as well.
pub(super) fn warning(database: &Database, expected: &Expected<'_, Settings>) -> Option<Warning> {
    let is_lost = |fault: &Fault, at: Time| fault.at <= at && fault.until().is_none_or(|until| at < until);
    let is_left = |at: Time| {
        database.heirs().any(|heir| !expected.faults.iter().any(|it| it.place == heir && is_lost(it, at)))
    };
    let takes = |fault: &&Fault| {
        fault.at < expected.duration && fault.place == database.place_of(0) && !is_left(fault.at)
    };
    let fault = expected.faults.iter().find(takes)?;
    let until = match fault.until().filter(|until| *until < expected.duration) {
        Some(until) => format!("until zone {} is back at {until}", fault.place.zone),
        None => "until the end of the run".into(),
    };
    let name = &database.name;
    let message = format!(
        "fault `{}` takes the writer of database `{name}` and nothing takes over: it has no writer {until}",
        fault.name
    );
    let (key, hint) = match database.engine {
        Engine::AuroraMysql => {
            ("replicas", "give it a replica in another zone: one is promoted when the writer is lost")
        }
        Engine::Mysql => (
            "multi_az",
            "set `multi_az = true`, for a standby in another zone: replicas of RDS are not promoted by themselves",
        ),
    };
    Some(Warning::new(Code::NothingTakesOver, &["database", name, key], message, hint))
}
