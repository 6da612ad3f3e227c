//! `[firewall.NAME]`: a web ACL of AWS WAF. In: what it stands before, and rules. Out: a [`Firewall`].

mod foreign;
mod rule;

pub use rule::{CHECK_EVERY, Look, REACTION, RULE_SHAPE, Rule, WINDOW};

use crate::id::{Dial, Kind};
use crate::kind::Settings;
use crate::kind::effort::{Work, often};
use crate::kind::path::{PathOwner, Written};
use crate::kind::table::{Foreign, Table, named};
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::number::counted;
use crate::units::Time;

/// A web ACL.
#[derive(Clone, Debug)]
pub struct Firewall {
    /// Name in the file.
    pub name: String,
    /// The balancer or the distribution that it stands before; nothing where the name is broken.
    pub before: Option<PathOwner>,
    /// Its rules, in the order in which they look at a request.
    pub rules: Vec<Rule>,
    /// How much longer each request takes.
    pub latency: Time,
    /// The names of all sources of traffic: it counts the requests of each.
    pub sources: Vec<Source>,
}

/// A source of traffic, open or closed.
#[derive(Clone, Debug)]
pub struct Source {
    /// Which of the two.
    pub kind: Kind,
    /// Its name in the file.
    pub name: String,
}

/// Firewalls have no gauges.
pub(crate) const GAUGES: &[Dial] = &[];

/// How much longer a request takes.
pub const LATENCY: Given<Time> = Given::new(
    Time::from_millis(1),
    "assumption: AWS publishes no time; a few rules take about a millisecond",
);
/// Most rules here: which of them look at a path is a bit each.
const RULES_MAX: usize = u32::BITS as usize;
/// Most rate rules. Source: AWS WAF developer guide, quotas: rate-based rules for each web ACL.
const RATE_RULES_MAX: usize = 10;
/// Most capacity units. Source: AWS WAF developer guide, quotas: WCUs for each web ACL.
const UNITS_MAX: u32 = 5_000;

/// The language of a firewall.
pub const SHAPE: Shape = Shape {
    title: "[firewall.NAME]",
    about: "A web ACL of AWS WAF before an Application Load Balancer or a CloudFront distribution. A request that a rule blocks is answered with 403, and the client \
            takes that as a failed attempt like any other. Shield Standard is always there, and takes nothing of what is simulated.",
    keys: &[
        Key::required(
            "before",
            "name of a balancer or a distribution",
            "what it stands before: all requests of clients that enter there pass it",
        ),
        Key::required(
            "rules",
            "array of { limit, … } or { matches, … }",
            "the rules, in the order in which they look at a request; one that blocks it is the last",
        ),
        Key::given("latency", "duration", || LATENCY.show(), "how much longer each request takes"),
    ],
};

impl Firewall {
    /// Whether it has a managed group of rules that finds bots.
    pub(crate) fn has_bot_control(&self) -> bool {
        self.rules.iter().any(|rule| rule.managed)
    }
}

impl Table<Settings> for Firewall {
    const ABOUT: &'static str = "web ACLs that block requests before a balancer or a distribution";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE, &RULE_SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Firewall {
        let names = &reader.cx.names;
        let of = |kind| names.iter(kind).map(move |name| Source { kind, name: name.to_owned() });
        Firewall {
            name: name.to_owned(),
            before: reader.must("before", before, None),
            rules: reader.must("rules", rules, Vec::new()),
            latency: reader.or("latency", Value::time, LATENCY.value),
            sources: of(Kind::Traffic).chain(of(Kind::Users)).collect(),
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn can_fill(&self) -> bool {
        false
    }

    fn own_work(&self, _: &Settings, seconds: f64, _: impl Fn() -> f64) -> Work {
        let checks = self.rules.iter().filter_map(|rule| match rule.look {
            Look::Rate { check_every, .. } => Some(often(check_every, seconds)),
            Look::Match { .. } => None,
        });
        Work::of_events(checks.sum())
    }

    fn check(&self, index: usize, all: &Settings, cx: &Context) {
        let span = || cx.names.span(Kind::Firewall, index);
        let balancer = self.before.filter(|(kind, _)| *kind == Kind::Balancer);
        let balancer = balancer.and_then(|(_, index)| all.balancers.get(index));
        let unfit = balancer.filter(|balancer| balancer.network.is_some() || balancer.classic.is_some());
        if let Some((balancer, span)) = unfit.zip(span()) {
            let kind = if balancer.network.is_some() { "Network" } else { "Classic" };
            let message = format!("AWS WAF cannot stand before a {kind} Load Balancer");
            let hint =
                format!("let `{}` be an Application Load Balancer: leave out its `kind`", balancer.name);
            cx.push(Problem::at(span, message).hint(hint));
        }
        let other = all.firewalls[..index].iter().find(|other| other.before == self.before);
        if let Some((other, span)) = other.filter(|_| self.before.is_some()).zip(span()) {
            let message = format!("firewall `{}` stands there already", other.name);
            cx.push(Problem::at(span, message).hint("there is one web ACL for each: put all rules into one"));
        }
    }
}

/// What it stands before.
fn before(value: Value) -> Option<Option<PathOwner>> {
    named(value, &[Kind::Balancer, Kind::Distribution]).map(Some)
}

/// Reads all rules.
fn rules(value: Value) -> Option<Vec<Rule>> {
    let values = value.elements(RULES_MAX)?;
    let rules: Vec<Rule> =
        values.into_iter().filter_map(|value| value.table(&RULE_SHAPE, rule::read)).collect();
    if value.is_empty_array() {
        value.problem("a firewall without rules", "write { limit = 2000 }, or leave the firewall out");
    }
    let rates = rules.iter().filter(|rule| matches!(rule.look, Look::Rate { .. })).count();
    if rates > RATE_RULES_MAX {
        value.problem(
            format!("{rates} rate rules in one web ACL"),
            format!("AWS allows {RATE_RULES_MAX}: leave the others out"),
        );
    }
    let units: u32 = rules.iter().map(|rule| rule.units).fold(0, u32::saturating_add);
    if units > UNITS_MAX {
        value.problem(
            format!("these rules take {}", counted(units.into(), "capacity unit")),
            format!("AWS allows {UNITS_MAX} in one web ACL: use fewer or simpler rules"),
        );
    }
    Some(rules)
}
