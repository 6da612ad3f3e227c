//! What is rarely intended of a file system: more than it passes. In: the traffic that is expected. Out: warnings.
//!
//! In bursting mode that is asked of what it passes without credits: they are for moments.

use super::language::Mode;
use super::limits;
use super::model::of;
use super::view::words;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::kind::way::Way;
use crate::measure::resource::Resource;
use crate::number::excess;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, it) in expected.file_systems.iter().enumerate() {
        let both = it.metered().map(|_| Resource::FileThroughput { efs: index });
        let ways = Way::ALL.map(|way| of(index, way));
        for resource in both.into_iter().chain(ways) {
            // A burst is much more than what lasts.
            let room = match (resource, it.mode) {
                (Resource::FileThroughput { .. }, Mode::Bursting) => {
                    limits::baseline(it.storage) / limits::burst(it.storage)
                }
                _ => 1.0,
            };
            let asked = expected.load.per_second(|demand| demand.of(resource));
            let Some((time, times)) = expected.load.worst(&asked, |_| room) else { continue };
            let what = if room < 1.0 { ", once its burst credits are spent" } else { "" };
            let message = format!(
                "the traffic at {time} asks for {} the {} can pass{what}",
                excess(times),
                words(resource, &it.name, "`").to_string().replacen(" of", " that file system", 1),
            );
            let hint = match it.mode {
                Mode::Elastic => "spread the files over more file systems, or keep them on S3",
                _ => "throughput = \"elastic\" has no such limit, and more `provisioned` moves it",
            };
            found.push(Warning::new(
                Code::DemandAboveCapacity,
                &["efs", &it.name, "throughput"],
                message,
                hint.to_owned(),
            ));
        }
    }
    found
}
