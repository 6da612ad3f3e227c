//! What is rarely intended of volumes: more than they pass with as many instances as there may be, and files on instances that come and go. In: the traffic
//! that is expected. Out: warnings.
//!
//! Of gp2 the traffic is asked of what it does without credits: they are for moments.

use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::fleet::language::limits::largest_at;
use crate::kind::warning::Warning;
use crate::measure::resource::Resource;
use crate::number::{counted, excess};
use crate::units::Time;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let all = expected.block_volumes.iter().enumerate();
    let warnings = all.filter_map(|(ebs, it)| {
        let fleet = expected.fleets.get(it.fleet.index())?;
        let lasts = it.iops / it.most();
        let volumes = |time: Time| f64::from(largest_at(fleet, time));
        let asked = expected.load.per_second(|demand| demand.of(Resource::BlockIo { ebs }));
        let (time, times) = expected.load.worst(&asked, |time| lasts * volumes(time))?;
        let credits = if lasts < 1.0 { ", once their burst credits are spent" } else { "" };
        let message = format!(
            "the traffic at {time} asks for {} what the {} of `{}` can pass{credits}",
            excess(times),
            counted(largest_at(fleet, time).into(), "volume"),
            it.name,
        );
        let hint = match it.burst {
            Some(_) => "gp3 has 3,000 I/Os a second of any size, and more `size` raises what lasts",
            None => "more `iops` or `throughput` moves it, and so do more instances",
        };
        Some(Warning::new(Code::DemandAboveCapacity, &["ebs", &it.name, "type"], message, hint.to_owned()))
    });
    warnings.collect()
}
