//! What is rarely intended of an API: more requests than it takes, or a time that what is behind it always exceeds. In: the traffic that is expected. Out: warnings.

use super::language::Api;
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::measure::resource::Resource;
use crate::number::excess;
use crate::units::Time;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let apis = expected.apis.iter().enumerate();
    apis.flat_map(|(index, api)| rate(expected, index, api).into_iter().chain(timeout(expected, api)))
        .collect()
}

/// The peak is more than it takes.
fn rate(expected: &Expected<'_, Settings>, index: usize, api: &Api) -> Option<Warning> {
    if Api::shares(index, &expected.apis) != index {
        return None; // it is said of the first one
    }
    let asked = expected.load.busy(|demand| demand.of(Resource::ApiRate { api: index }), 1.0);
    let (time, times): (Time, f64) = expected.load.worst(&asked, |_| 1.0)?;
    let message = format!(
        "the traffic at {time} asks for {} the requests a second that {} takes",
        excess(times),
        match Api::sharing(index, &expected.apis).count() {
            1 => format!("API `{}`", api.name),
            many => format!("the account, of {many} APIs,"),
        }
    );
    let hint = "requests beyond it are throttled: raise `throttle` of the API, or `api_rate` of [account]";
    Some(Warning::new(Code::DemandAboveCapacity, &["api", &api.name], message, hint))
}

/// A function behind it may take longer than it waits.
fn timeout(expected: &Expected<'_, Settings>, api: &Api) -> Option<Warning> {
    let Some((Kind::Lambda, function)) = api.to else { return None };
    let function = expected.lambdas.get(function)?;
    (function.timeout > api.timeout).then(|| {
        let message = format!(
            "function `{}` may take {}, and API `{}` waits for {}",
            function.name, function.timeout, api.name, api.timeout
        );
        let hint = "the client gets a 504 while the function works on, and pays for it: shorten its `timeout`, or invoke it without waiting";
        Warning::new(Code::WorkOutlastsTimeout, &["api", &api.name, "timeout"], message, hint)
    })
}
