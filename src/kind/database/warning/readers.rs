//! Replicas that are added and get no connection. In: pools. Out: a warning.

use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::database::language::Database;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;

/// Every pool keeps the connections that it has, and no instance opens others later.
pub(super) fn warning(
    index: usize,
    database: &Database,
    expected: &Expected<'_, Settings>,
) -> Option<Warning> {
    database.replica_scaling.as_ref()?;
    let leads = |fleet: &&crate::kind::fleet::language::Fleet| {
        fleet.pools.iter().any(|pool| pool.database.index() == index)
    };
    let mut fleets = expected.fleets.iter().filter(leads).peekable();
    if database.proxy.is_some() || fleets.peek().is_none() {
        return None;
    }
    let keeps = fleets.all(|fleet| {
        let mut pools = fleet.pools.iter().filter(|pool| pool.database.index() == index);
        fleet.min == fleet.max && pools.all(|pool| pool.growth.is_none())
    });
    keeps.then(|| {
        let name = &database.name;
        let message = format!(
            "replicas that are added to database `{name}` get no connection: the pools that lead to it keep theirs"
        );
        let hint = "the reader endpoint chooses a replica for each connection, once: give the pools a `max_lifetime`";
        Warning::new(Code::Unused, &["database", name, "replica_scaling"], message, hint)
    })
}
