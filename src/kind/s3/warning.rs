//! What is rarely intended of a bucket: more requests than its partitions take. In: the traffic that is expected. Out: warnings.

use super::deed::Deed;
use super::model::of;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::number::{counted, excess};

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, bucket) in expected.buckets.iter().enumerate() {
        for (key, deed) in [("reads", Deed::Get), ("writes", Deed::Put)] {
            let asked = expected.load.per_second(|demand| demand.of(of(index, deed)));
            let Some((time, times)) = expected.load.worst(&asked, |_| 1.0) else { continue };
            let message = format!(
                "the traffic at {time} asks for {} the {key} that {} of bucket `{}` can take",
                excess(times),
                counted(bucket.at_start().into(), "partition"),
                bucket.name
            );
            let hint = "spread the names over more `prefixes`, or put a cache before it; if it is prepared for that, say so by `partitions`";
            found.push(Warning::new(
                Code::DemandAboveCapacity,
                &["s3", &bucket.name, key],
                message,
                hint.to_owned(),
            ));
        }
    }
    found
}
