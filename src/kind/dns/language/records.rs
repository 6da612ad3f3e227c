//! The records of a name, and what they become. In: `records = [{ to, … }]`, `changes = [{ at, … }]`. Out: [`Record`]s and [`Change`]s, of which
//! what does not fit the policy is a problem.

use super::health::Check;
use super::{Dns, Policy};
use crate::catalog::region::Region;
use crate::id::AlarmOf;
use crate::id::{Kind, UNKNOWN};
use crate::kind::alarm::language::names::Names;
use crate::kind::location::{CONTINENTS, country};
use crate::kind::path::PathOwner;
use crate::kind::table::region;
use crate::kind::{Settings, Step};
use crate::language::names::list;
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Key, Shape};
use crate::language::value::{Name, Value};
use crate::units::Time;

/// Most records of a name: each is a way of its own in the program of a request. An assumption; Route 53 allows 100 weighted ones.
const RECORDS_MAX: usize = 32;
/// Most weight. Source: Route 53 API reference, ResourceRecordSet.
const WEIGHT_MAX: u32 = 255;
/// Most changes.
const CHANGES_MAX: usize = 1_000;
/// The key of the time of a change.
const AT: &str = "at";

/// A record.
#[derive(Clone, Debug)]
pub struct Record {
    /// The table that it leads to, by kind and position.
    pub to: PathOwner,
    /// Its weight at the start.
    pub weight: u32,
    /// Whether it is the one for as long as it is healthy.
    pub primary: bool,
    /// Which clients it is for.
    pub place: Option<Place>,
    /// Whether it is an alias, and not an address or another name.
    pub alias: bool,
    /// Whether it is unhealthy where its target is.
    pub evaluates: bool,
    /// Its health check.
    pub check: Option<Check>,
}

/// Which clients a record is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// Those that are nearer to this Region than to those of other records.
    Region(Region),
    /// Those in a country.
    Country(String),
    /// Those on a continent.
    Continent(String),
    /// All others.
    Default,
}

/// What the records of a name are from an instant on.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// When it is made.
    pub at: Time,
    /// Each record after it.
    pub after: Vec<Switch>,
}

/// What can change of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch {
    /// Its weight.
    pub weight: u32,
    /// Whether it is there.
    pub on: bool,
}

/// The language of a record.
pub const RECORD_SHAPE: Shape = Shape {
    title: "records = [{ to, … }]",
    about: "A record: where it leads, and when it is the answer.",
    keys: &[
        Key::required(
            "to",
            "name of a balancer or a fleet, or of what else requests enter by",
            "where it leads; to a fleet, it has the address of each instance",
        ),
        Key::optional(
            "weight",
            "whole number, 0 to 255",
            "required with the policy \"weighted\"",
            "part of the answers that the record gets: this over the sum of all weights",
        ),
        Key::optional(
            "role",
            "\"primary\" or \"secondary\"",
            "required with the policy \"failover\"",
            "whether it is the primary record or the secondary one",
        ),
        Key::optional(
            "region",
            "code of a Region",
            "required with the policy \"latency\"",
            "the Region that it leads to: a client gets the record of the one that is nearest to its location",
        ),
        Key::optional(
            "country",
            "two letters, as in ISO 3166",
            "none",
            "with \"geolocation\": it is for clients there",
        ),
        Key::optional(
            "continent",
            "\"AF\", \"AN\", \"AS\", \"EU\", \"NA\", \"OC\" or \"SA\"",
            "none",
            "with \"geolocation\": it is for clients there, if no record is for their country",
        ),
        Key::optional(
            "default",
            "true",
            "none: clients that no record is for get no answer",
            "with \"geolocation\": it is for all others, and for clients without a location",
        ),
        Key::optional(
            "alias",
            "true or false",
            "true unless it leads to a fleet, which has addresses (assumption: what AWS advises for its own resources)",
            "whether it is an alias: kept for 60 s, not charged for, and by `evaluate_target_health` as healthy as its target. Else it is another \
             name (CNAME), which is charged for and kept for `ttl`",
        ),
        Key::optional(
            "evaluate_target_health",
            "true or false",
            "that of `alias` (assumption: what the console proposes)",
            "whether an alias is unhealthy while its target is: a balancer of which a group of targets has no healthy one, or of which no node \
             answers because its zones are lost; a name without a healthy record; a bucket whose Region is lost",
        ),
        Key::optional(
            "health_check",
            "true, false or { … }",
            "false: it is always healthy, unless it is an alias (assumption: a record is checked if the file says so)",
            "the health check of the record",
        ),
    ],
};

impl Record {
    /// A record that leads to a table, and says no more.
    pub fn to(to: PathOwner) -> Record {
        Record { to, weight: 0, primary: false, place: None, alias: true, evaluates: true, check: None }
    }
}

/// Reads the records.
pub(super) fn read(value: Value, policy: Policy) -> Option<Vec<Record>> {
    let elements = value.one_or_more(RECORDS_MAX)?;
    if elements.is_empty() {
        value.problem("a name without a record", "write at least one: { to = \"lb\" }");
    }
    let mut records: Vec<Record> = Vec::new();
    for element in elements {
        let record = element.table(&RECORD_SHAPE, |reader| record(reader, policy))?;
        if record.to.1 != UNKNOWN as usize && records.iter().any(|other| other.to == record.to) {
            element.problem("a second record that leads there", "let each lead to something else");
        }
        if record.place.is_some() && records.iter().any(|other| other.place == record.place) {
            element.problem("a second record for the same place", "give each a place of its own");
        }
        records.push(record);
    }
    fits(&value, policy, &records);
    Some(records)
}

fn record(reader: &Reader, policy: Policy) -> Record {
    let to = reader.must("to", Step::entered, (Kind::Fleet, UNKNOWN as usize));
    let is_fleet = to.0 == Kind::Fleet;
    let alias = reader.or("alias", Value::flag, !is_fleet);
    let evaluates = reader.or("evaluate_target_health", Value::flag, alias);
    let known = to.1 != UNKNOWN as usize;
    if let (Some(value), true, true, true) = (reader.get("alias"), alias, is_fleet, known) {
        value.problem(
            "an alias to instances",
            "an alias leads to a balancer or another resource with a name; a fleet has addresses",
        );
    }
    if let (Some(value), true, false) = (reader.get("evaluate_target_health"), evaluates, alias) {
        value.problem(
            "the health of a target without an alias",
            "remove it, or give the record a `health_check`",
        );
    }
    let role = reader.maybe("role", |value| value.choice(&[("primary", true), ("secondary", false)]));
    let weight = reader.maybe("weight", |value| value.count(0..=WEIGHT_MAX));
    let region = reader.maybe("region", region);
    let country = reader.maybe("country", country);
    let continents = CONTINENTS.map(|it| (it, it));
    let continent = reader.maybe("continent", |value| value.choice(&continents));
    let default = reader.maybe("default", Value::flag).unwrap_or(false);
    let of_policy: &[(&'static [&'static str], Policy)] = &[
        (&["weight"], Policy::Weighted),
        (&["role"], Policy::Failover),
        (&["region"], Policy::Latency),
        (&["country", "continent", "default"], Policy::Geolocation),
    ];
    for (keys, of) in of_policy {
        let given: Vec<Value> = keys.iter().filter_map(|key| reader.get(key)).collect();
        match (*of == policy, given.as_slice()) {
            (true, []) => reader.missing(keys),
            (true, [_, second, ..]) => {
                second.problem(
                    "a record for two sorts of places",
                    "write one of `country`, `continent` and `default`",
                );
            }
            (false, [first, ..]) => first.problem(
                format!("a key of another policy: `{}`", keys[0]),
                "remove it, or choose the `policy` that goes by it",
            ),
            _ => {}
        }
    }
    let check = reader.maybe("health_check", Check::read);
    if let (Some(value), true, Policy::Simple) = (reader.get("health_check"), check.is_some(), policy) {
        let hint = "remove it, or use policy = \"multivalue\" or \"failover\": simple records are answered whatever their health";
        value.problem("a health check of a simple record", hint);
    }
    let place = region.map(Place::Region).or_else(|| country.map(Place::Country));
    let place = place.or_else(|| continent.map(|it| Place::Continent(it.to_owned())));
    Record {
        to,
        weight: weight.unwrap_or(0),
        primary: role.unwrap_or(false),
        place: place.or_else(|| default.then_some(Place::Default)),
        alias: alias && !is_fleet,
        evaluates: evaluates && alias && !is_fleet,
        check,
    }
}

/// What the records are together must fit the policy.
fn fits(value: &Value, policy: Policy, records: &[Record]) {
    let primaries = records.iter().filter(|it| it.primary).count();
    match policy {
        Policy::Failover if records.len() != 2 || primaries != 1 => {
            value.problem("failover needs a primary and a secondary record", "write one of each");
        }
        Policy::Simple if records.len() > 1 && records.iter().any(|it| it.to.0 != Kind::Fleet) => {
            let hint = "choose a policy, such as \"weighted\", or let the name lead to one thing";
            value.problem("a simple record with several targets that have no addresses", hint);
        }
        Policy::Multivalue if records.iter().any(|it| it.to.0 != Kind::Fleet) => {
            let hint = "let it lead to a fleet, each instance of which has an address";
            value.problem("a multivalue record that is no address", hint);
        }
        _ => {}
    }
}

/// Reads the changes. A record that one does not name stays as it is.
pub(super) fn changes(value: Value, policy: Policy, records: &[Record]) -> Option<Vec<Change>> {
    let mut now: Vec<Switch> = records.iter().map(|it| Switch { weight: it.weight, on: true }).collect();
    let mut found: Vec<Change> = Vec::new();
    for element in value.one_or_more(CHANGES_MAX)? {
        let example = "{ at = \"10m\", blue = 50, green = 50 }";
        let mut at = None;
        for (name, value) in element.entries(example, RECORDS_MAX + 1)? {
            match (name.text, position(&value, &name, records)) {
                (AT, _) => at = value.time(),
                (_, Some(index)) => now[index] = switch(value, policy, now[index]).unwrap_or(now[index]),
                _ => {}
            }
        }
        match (at, found.last()) {
            (Some(at), Some(before)) if at <= before.at => {
                element
                    .problem("a change that is not after the one before it", "put them in the order of time");
            }
            (Some(at), _) => found.push(Change { at, after: now.clone() }),
            (None, _) if element.as_table(example).is_some_and(|table| table.contains_key(AT)) => {}
            (None, _) => element.problem("a change without its time", format!("write {example}")),
        }
    }
    Some(found)
}

fn switch(value: Value, policy: Policy, now: Switch) -> Option<Switch> {
    if value.is_text() || policy != Policy::Weighted {
        let on = value.choice(&[("on", true), ("off", false)])?;
        return Some(Switch { on, ..now });
    }
    Some(Switch { weight: value.count(0..=WEIGHT_MAX)?, ..now })
}

/// Which record leads to a table of this name.
fn position(value: &Value, name: &Name, records: &[Record]) -> Option<usize> {
    let names = &value.cx.names;
    let own: Vec<&str> = records
        .iter()
        .filter(|it| it.to.1 != UNKNOWN as usize)
        .map(|it| names.name(it.to.0, it.to.1))
        .collect();
    if name.text == AT || own.len() < records.len() {
        return None;
    }
    let found = own.iter().position(|it| *it == name.text);
    if found.is_none() {
        let problem = Problem::at(&name.span, format!("no record leads to `{}`", name.text));
        value.cx.push(problem.hint(format!("possible here: {}", list(&own))));
    }
    found
}

/// What only shows when all tables are read: alarms, and checks of what has no instances.
pub(super) fn check(dns: &Dns, all: &Settings, cx: &Context) {
    let named = dns.records.iter().filter_map(|it| it.check.as_ref()?.alarm.as_ref());
    let names = Names::of(all);
    names.check(named.clone(), cx);
    for alarm in named {
        let own = match names.find(&alarm.name) {
            Some(AlarmOf::Own(index)) => &all.alarms[index],
            _ => continue,
        };
        let (message, hint) = match own.watched() {
            None => ("a health check by a composite alarm", "Route 53 reads a metric: name the alarm of one"),
            Some(it) if it.alarm.datapoints != it.alarm.evaluation_periods => (
                "a health check by an alarm of M of N points",
                "Route 53 does not know them: give the alarm no `datapoints`",
            ),
            Some(_) => continue,
        };
        cx.push(Problem::at(&alarm.span, message).hint(hint));
    }
}
