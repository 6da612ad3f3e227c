//! Items that are removed though no request asks for it: by a flush, and by the active expiry of Redis.
//!
//! In: timers. Out: fewer items. As in Redis since 6.0 (`expire.c`), ten times a second 20 keys are sampled, and 20 more as long as more
//! than a tenth of a sample has expired, for a quarter of the time at the most.

use super::language::Cache as Settings;
use super::model::{Caches, Timer};
use crate::dist::uniform;
use crate::flow::{Flow, number};
use crate::id;
use crate::number::things;

/// Time between two searches. Source: `redis.conf`, `hz 10`.
const PERIOD: u64 = 100_000_000;
/// Keys of a sample. Source: Redis, `expire.c`, `ACTIVE_EXPIRE_CYCLE_KEYS_PER_LOOP`.
const SAMPLE: u32 = 20;
/// Percent of a sample that may have expired when a search ends. Source: Redis 6, `ACTIVE_EXPIRE_CYCLE_ACCEPTABLE_STALE`.
const STALE: u32 = 10;
/// Most samples of a search: 25 ms (`ACTIVE_EXPIRE_CYCLE_SLOW_TIME_PERC`, 25 %) at 1 us a key, which is an assumption.
const SAMPLES: u32 = 25_000 / SAMPLE;

impl Caches<'_> {
    /// Sets the timers of a run.
    pub(super) fn set_timers(caches: &[Settings], flow: &mut Flow) {
        for (index, cache) in caches.iter().enumerate() {
            let cache_number: u16 = number(index);
            for (which, (at, _)) in cache.flush.iter().enumerate() {
                flow.set(Timer::Flush { cache: cache_number, which: number(which) }, at.0);
            }
            if cache.active_expiry {
                flow.set(Timer::Sweep { cache: cache_number }, PERIOD);
            }
        }
    }

    /// Removes a share of all items.
    pub(super) fn flush(&mut self, cache: u16, which: u16, flow: &mut Flow) {
        let settings = &self.settings[usize::from(cache)];
        let share = settings.flush[usize::from(which)].1;
        let state = &mut self.each[usize::from(cache)];
        let gone = state.forget(|state, _| share >= 1.0 || uniform(state.spread()) < share);
        state.counts.flushed += gone;
        let text = format!("{} flushed", things(gone as f64, "item"));
        flow.incident(id::Kind::Cache, &settings.name, text);
    }

    /// Searches for what has expired.
    pub(super) fn sweep(&mut self, cache: u16, flow: &mut Flow) {
        let now = flow.now;
        flow.set(Timer::Sweep { cache }, now.saturating_add(PERIOD));
        let state = &mut self.each[usize::from(cache)];
        for _ in 0..SAMPLES {
            let mut expired = 0;
            for _ in 0..SAMPLE {
                let Some(item) = state.draw_held() else { break };
                if state.has_expired(item, now) && state.remove(item) {
                    expired += 1;
                    state.counts.expirations += 1;
                }
            }
            if expired * 100 <= STALE * SAMPLE {
                return;
            }
        }
    }
}
