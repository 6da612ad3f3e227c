//! A log that nothing commits to. In: the traffic that is expected. Out: a warning.

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::database::language::Database;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;

/// `group_commit` or `quorum` of a database to which nothing commits.
pub(super) fn warning(
    index: usize,
    database: &Database,
    expected: &Expected<'_, Settings>,
) -> Option<Warning> {
    let of = (Kind::Database, index);
    let key = match (database.group_commit, database.quorum) {
        (Some(_), _) => "group_commit",
        (None, Some(_)) => "quorum",
        (None, None) => return None,
    };
    let is_idle = expected.used.contains(&of) && !expected.counts.contains(&(of, "commits"));
    is_idle.then(|| {
        let message = format!("nothing commits at database `{}`, so `{key}` is never felt", database.name);
        Warning::new(Code::Unused, &["database", &database.name, key], message, "remove it")
    })
}
