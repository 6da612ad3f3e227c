//! What is rarely intended of a distribution: more traffic than its quotas, and purges of nothing. In: the traffic that is expected. Out: warnings.

use super::language::{Distribution, Purge};
use super::objects::is_purged_by;
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
        found.extend(it.purges.iter().filter_map(|purge| of_nothing(it, index, purge, expected)));
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

/// A purge of paths that nobody asks for.
fn of_nothing(
    distribution: &Distribution,
    index: usize,
    purge: &Purge,
    expected: &Expected<'_, Settings>,
) -> Option<Warning> {
    let pattern = purge.path.as_ref()?;
    let mut own = expected.asked_for.iter().filter(|(of, _)| *of == (Kind::Distribution, index)).peekable();
    // Where nobody asks for anything, that is said already.
    own.peek()?;
    let is_of_none = !own.any(|(_, path)| is_purged_by(purge, path));
    is_of_none.then(|| {
        let message = format!(
            "the invalidation of distribution `{}` of \"{pattern}\" fits the `path` of no class",
            distribution.name
        );
        let hint = "it removes nothing: is the pattern right? It goes by the `path` of each class";
        Warning::new(
            Code::SettingWithoutEffect,
            &["distribution", &distribution.name, "purge"],
            message,
            hint,
        )
    })
}
