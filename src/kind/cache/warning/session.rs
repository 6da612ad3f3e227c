//! Sessions that are lost. In: what a run came to. Out: a warning for a cache that keeps sessions and did not keep some.

use crate::kind::cache::language::Cache;
use crate::kind::cache::record::CacheOutcome;
use crate::kind::code::Code;
use crate::kind::warning::Warning;
use crate::number::{compact, counted};

pub(super) fn warning(cache: &Cache, told: &CacheOutcome) -> Option<Warning> {
    let lost = told.refused + told.flushed + told.lost_writes;
    (cache.sessions && lost > 0.0).then(|| {
        let message = format!(
            "cache `{}` keeps sessions, and {} of them found no room, {} were flushed and {} lost with a node",
            cache.name,
            compact(told.refused),
            compact(told.flushed),
            counted(told.lost_writes.round() as u64, "write")
        );
        let hint = "whoever they belong to has to log in again: more memory, a shorter `ttl`, or sessions elsewhere";
        Warning::new(Code::SessionsLost, &["cache", &cache.name, "sessions"], message, hint)
    })
}
