//! What is rarely intended of a distribution: more traffic than its quotas. In: the traffic that is expected. Out: warnings.

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::number::excess;

/// By chance as much may be asked for.
const TOO_MUCH: f64 = 1.02;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, it) in expected.distributions.iter().enumerate() {
        let of = (Kind::Distribution, index);
        let asked = expected.load.per_second(|demand| demand.count(of, "requests"));
        let peak = expected.load.peak(&asked).filter(|(_, rate)| *rate > TOO_MUCH * it.requests.0);
        found.extend(peak.map(|(at, rate)| {
            let message = format!(
                "the traffic at {at} asks for {} the requests that distribution `{}` takes",
                excess(rate / it.requests.0),
                it.name
            );
            let hint = "AWS raises `requests` if it is asked to: without that, what is above is turned away";
            Warning::new(
                Code::DemandAboveCapacity,
                &["distribution", &it.name, "requests"],
                message,
                hint.to_owned(),
            )
        }));
        for purge in it.purges.iter().filter(|purge| purge.at >= expected.duration) {
            let message =
                format!("an invalidation of distribution `{}` at {}, after the end", it.name, purge.at);
            let hint = "let it come before the end of the run, or remove it";
            found.push(Warning::new(
                Code::ScheduleAfterEnd,
                &["distribution", &it.name, "purge"],
                message,
                hint.to_owned(),
            ));
        }
    }
    found
}
