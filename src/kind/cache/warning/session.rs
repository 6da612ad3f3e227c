//! Sessions that are lost. In: what a run came to. Out: a warning for a cache that keeps sessions and did not keep some.

use crate::kind::cache::language::Cache;
use crate::kind::cache::record::CacheOutcome;
use crate::kind::code::Code;
use crate::kind::warning::Warning;
use crate::number::compact;

pub(super) fn warning(cache: &Cache, told: &CacheOutcome) -> Option<Warning> {
    let parts = [
        (told.refused, "found no room"),
        (told.flushed, "flushed"),
        (told.lost_items, "gone with the shard that held them"),
        (told.lost_writes, "written last and lost when a replica took over"),
    ];
    let lost = parts.iter().filter(|(count, _)| *count > 0.0);
    let lost: Vec<String> = lost.map(|(count, how)| format!("{} {how}", compact(*count))).collect();
    (cache.sessions && !lost.is_empty()).then(|| {
        let message =
            format!("cache `{}` keeps sessions, of which some are lost: {}", cache.name, lost.join(", "));
        let hint =
            "whoever they belong to has to log in again: more memory, a shorter `ttl`, or sessions elsewhere";
        Warning::new(Code::SessionsLost, &["cache", &cache.name, "sessions"], message, hint)
    })
}
