//! Event buses, and the quotas of a Region that they share. In: topics that are buses. Out: when an event comes to a target. Deliveries beyond the quota are delayed
//! (Amazon EventBridge user guide, "Amazon EventBridge quotas").

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::catalog::region::Region;
use crate::dist::Sampler;
use crate::engine::bucket::Bucket;
use crate::id;
use crate::kind::part::Plan;
use crate::kind::topic::language::Topic;
use crate::rng::{Stream, stream};

/// A bus of the run.
#[derive(Debug)]
pub struct Bus {
    /// Which quotas it shares.
    pub quota: usize,
    delivery: (Sampler, Stream),
    pub jitter: Stream,
    /// When events come to functions, with the number of each and the place of its function.
    pub coming: BinaryHeap<Reverse<(u64, u64, usize)>>,
    pub sent: u64,
    /// Of each function, the op at which what brings it an event begins.
    pub first: Vec<u32>,
}

/// What the buses of a Region share.
#[derive(Debug)]
pub struct Quota {
    pub puts: Bucket,
    /// Deliveries beyond it are owed: they come later.
    invocations: Bucket,
    rate: f64,
}

impl Bus {
    /// Those of a file, one for each topic that is one, and the quotas that they share.
    pub(super) fn all(plan: &Plan<'_>) -> (Vec<Option<Bus>>, Vec<Quota>) {
        let home = Region::of(plan.region);
        let (mut regions, mut shared) = (Vec::new(), Vec::new());
        let of = |(at, topic): (usize, &Topic)| {
            let bus = topic.bus.as_ref()?;
            let region = topic.region.or(home);
            let quota = regions.iter().position(|known| *known == region).unwrap_or_else(|| {
                regions.push(region);
                let [puts, invocations] = topic.quotas(plan.kinds);
                shared.push(Quota {
                    puts: Bucket::new(puts, puts.max(1.0)),
                    invocations: Bucket::new(invocations, invocations.max(1.0)),
                    rate: invocations,
                });
                regions.len() - 1
            });
            let entries = plan.entries.iter().filter(|(of, _)| *of == (id::Kind::Topic, at));
            let purpose = |purpose: &str| stream(plan.seed, &format!("topic.{}/{purpose}", topic.name));
            Some(Bus {
                quota,
                delivery: (Sampler::new(&bus.delivery), purpose("delivery")),
                jitter: purpose("retry"),
                coming: BinaryHeap::new(),
                sent: 0,
                first: entries.filter_map(|(_, entries)| entries.first().copied()).collect(),
            })
        };
        (plan.kinds.topics.iter().enumerate().map(of).collect(), shared)
    }

    /// When an event comes to a target.
    pub fn due(&mut self, quota: &mut Quota, now: u64) -> u64 {
        let (sampler, stream) = &mut self.delivery;
        let way = sampler.time(stream).0;
        quota.invocations.owe(1.0, now);
        let owed = (-quota.invocations.tokens(now)).max(0.0);
        now.saturating_add(way).saturating_add(crate::dist::rounded(owed / quota.rate * 1e9))
    }
}
