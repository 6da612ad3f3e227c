//! What is rarely intended of a firewall: more requests than AWS lets one look at. In: the traffic that is expected. Out: warnings.

use super::language::Firewall;
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::number::bounded;

/// Requests a second. Source: AWS WAF developer guide, quotas (2023): for each web ACL of a Region.
const REQUESTS_PER_S: f64 = 25_000.0;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let of_region =
        |(_, firewall): &(usize, &Firewall)| firewall.before.is_some_and(|(kind, _)| kind == Kind::Balancer);
    let all = expected.firewalls.iter().enumerate().filter(of_region);
    let many = all.filter_map(|(index, firewall)| {
        let load = &expected.load;
        let rates = load.per_second(|demand| demand.count((Kind::Firewall, index), "requests"));
        let most = (0..rates.len()).max_by(|&one, &other| rates[one].total_cmp(&rates[other]))?;
        (rates[most] > REQUESTS_PER_S).then(|| {
            let message = format!(
                "{} requests a second come to firewall `{}` at {}, and a web ACL of a Region may have {}",
                bounded(rates[most]),
                firewall.name,
                load.instants[most],
                bounded(REQUESTS_PER_S)
            );
            let hint = "the run turns none away for that: ask AWS for a higher quota";
            Warning::new(Code::FirewallAboveQuota, &["firewall", &firewall.name], message, hint)
        })
    });
    many.collect()
}
