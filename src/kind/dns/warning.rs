//! What is rarely intended of names: answers that outlive a failover, addresses that nothing takes out, changes that nobody sees, clients that hold
//! nothing. In: the tables.
//! Out: warnings.

use super::language::{Dns, Policy};
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::number::clock;
use crate::units::Time;

/// Longest time to live with health checks. Source: Route 53 developer guide, values that you specify when you create records: 60 s or less.
const TTL_MAX: Time = Time::from_secs(60);

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let each = expected.domains.iter();
    each.flat_map(|it| {
        let late = too_late(it, expected.duration);
        long_ttl(it).into_iter().chain(late).chain(holds_nothing(it)).chain(grows(it, expected))
    })
    .collect()
}

/// Health checks take a record out, and clients keep it for longer than Route 53 advises.
fn long_ttl(dns: &Dns) -> Option<Warning> {
    let is_checked =
        dns.records.iter().enumerate().any(|(at, it)| it.check.is_some() && dns.ttl_of(at) > TTL_MAX);
    is_checked.then(|| {
        let message = format!(
            "clients keep the answers of `{}` for {}, and health checks take records out of it",
            dns.name, dns.ttl
        );
        let hint =
            "Route 53 advises 60 s or less: so long a dead address gets requests after it was found out";
        Warning::new(Code::TtlAboveMinute, &["dns", &dns.name, "ttl"], message, hint)
    })
}

/// Clients that hold an answer for no longer than they may.
fn holds_nothing(dns: &Dns) -> Option<Warning> {
    let span = dns.holds?.span?;
    let least = (0..dns.records.len()).map(|record| dns.ttl_of(record)).min()?;
    (span <= least).then(|| {
        let message = format!(
            "clients of `{}` that hold an answer do so for {span}, and all of them may keep it for {least}",
            dns.name
        );
        let hint = "nothing comes of `holds` then: let `for` be longer than the time to live, or remove it";
        Warning::new(Code::SettingWithoutEffect, &["dns", &dns.name, "holds"], message, hint)
    })
}

/// A change that no lookup of the run has.
fn too_late(dns: &Dns, duration: Time) -> Option<Warning> {
    let late = dns.changes.iter().find(|it| it.at + dns.propagation >= duration)?;
    let message = format!(
        "the change of `{}` at {} is answered {} later, which is after the end of the run",
        dns.name,
        clock(late.at.as_secs_f64()),
        dns.propagation
    );
    let hint = "is `at` right? else make the run longer";
    Some(Warning::new(Code::ScheduleAfterEnd, &["dns", &dns.name, "changes"], message, hint))
}

/// Instances of a fleet that shrinks leave addresses behind at which nothing answers.
fn grows(dns: &Dns, expected: &Expected<'_, Settings>) -> Option<Warning> {
    let fleet = |(kind, index): (Kind, usize)| expected.fleets.get(index).filter(|_| kind == Kind::Fleet);
    let is_checked = dns.policy == Policy::Multivalue;
    let scales =
        dns.records.iter().filter(|it| !(is_checked && it.check.is_some())).filter_map(|it| fleet(it.to));
    let scaling = scales.into_iter().find(|it| it.max > it.min && dns.fixed)?;
    let message = format!(
        "`{}` has fixed addresses of the instances of `{}`, whose number changes: one that ends leaves an address at which nothing answers",
        dns.name, scaling.name
    );
    let hint = "put a balancer before it, or use policy = \"multivalue\" with a `health_check`, or addresses = \"changing\"";
    Some(Warning::new(Code::AddressesLeftBehind, &["dns", &dns.name, "addresses"], message, hint))
}
