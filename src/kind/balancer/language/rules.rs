//! Rules: requests of some paths or hosts go to another target group. In: `rules = [{ … }]`. Out: [`Rule`]s, and a balancer of its own
//! for each further group.
//!
//! A further target group is a [`Balancer`] like the first, with other targets: it has its own health checks, turns and cookies. Its
//! name, its bill, its gauges and what it carries are those of the balancer that it belongs to.

use super::{Balancer, Split};
use crate::id::{BalancerId, FleetId, Kind, UNKNOWN};
use crate::kind::path::{PathOwner, Written};
use crate::kind::pattern::{self, fits};
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;

/// Requests that go to another target group.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The pattern of their path; any if absent.
    pub path: Option<String>,
    /// The pattern of their host, in lower case; any if absent.
    pub host: Option<String>,
    /// The fleet whose instances are the targets, or the first of them.
    pub targets: FleetId,
    /// The target groups among which the requests are split, if they are.
    pub split: Option<Split>,
    /// The balancer that has these targets: this one, or one of the further groups.
    pub group: BalancerId,
}

/// Most rules. Source: Elastic Load Balancing user guide, quotas for Application Load Balancers.
const RULES_MAX: usize = 100;
/// The language of a rule.
pub const RULE_SHAPE: Shape = Shape {
    title: "rules = [{ … }]",
    about: "Requests whose class has such a `path` and `host` go to another fleet. The first rule that fits counts; requests that fit none \
            go to `targets`. In patterns `*` is any text and `?` is one character.",
    keys: &[
        Key::optional(
            "path",
            "pattern",
            "any path",
            "the path of the class, for example \"/api/*\"; upper and lower case differ",
        ),
        Key::optional("host", "pattern", "any host", "the host of the class, for example \"*.example.com\""),
        Key::required(
            "targets",
            "name of a fleet, { fleet, weight }, or an array of them",
            "the fleet whose instances are the targets then, or several with weights",
        ),
        super::split::WEIGHTS,
        super::split::GROUP_STICKINESS,
    ],
};

/// Reads all rules of a balancer.
pub(super) fn read(value: Value) -> Option<Vec<Rule>> {
    let rules = value.one_or_more(RULES_MAX)?;
    Some(rules.into_iter().filter_map(|value| value.table(&RULE_SHAPE, rule)).collect())
}

fn rule(reader: &Reader) -> Rule {
    let (targets, split) = super::split::targets(reader, false);
    let rule = Rule {
        path: reader.maybe("path", pattern::read),
        host: reader.maybe("host", pattern::read).map(|host| host.to_lowercase()),
        targets,
        split,
        group: BalancerId(UNKNOWN),
    };
    if reader.get("path").is_none() && reader.get("host").is_none() {
        let problem = reader.problem("a rule for every request");
        reader.cx.push(
            problem
                .hint("write a `path` or a `host`: without a rule requests go to `targets` of the balancer"),
        );
    }
    rule
}

impl Balancer {
    /// Whether a rule looks at the path or the host of a request.
    pub(crate) fn looks_at_paths(&self) -> bool {
        !self.rules.is_empty()
    }

    /// Where a request of this path and host goes by a rule, if one fits.
    pub(crate) fn rule_for(&self, path: &str, host: &str) -> Option<&Rule> {
        let is = |pattern: &Option<String>, text: &str| pattern.as_deref().is_none_or(|it| fits(it, text));
        self.rules.iter().find(|rule| is(&rule.path, path) && is(&rule.host, &host.to_lowercase()))
    }

    /// All splits of its requests: that of the requests that fit no rule, and those of rules.
    pub(crate) fn splits(&self) -> impl Iterator<Item = &Split> {
        self.split.iter().chain(self.rules.iter().filter_map(|rule| rule.split.as_ref()))
    }

    /// The position of the balancer that this is a target group of; its own, if it is no further one.
    pub(crate) fn root(&self, index: usize) -> usize {
        self.group_of.map_or(index, BalancerId::index)
    }
}

/// Makes a balancer for each further target group, with the path of its health checks.
pub(super) fn add_groups(balancers: &mut Vec<Balancer>, paths: &mut Vec<(PathOwner, Written<'_>)>) {
    let mut splits = 0;
    for index in 0..balancers.len() {
        let mut split = balancers[index].split.take();
        let mut rules = std::mem::take(&mut balancers[index].rules);
        for rule in &mut rules {
            rule.group = group(balancers, paths, index, rule.targets);
        }
        for split in split.iter_mut().chain(rules.iter_mut().filter_map(|rule| rule.split.as_mut())) {
            split.index = splits;
            splits += 1;
            for way in &mut split.ways {
                way.group = group(balancers, paths, index, way.fleet);
            }
        }
        (balancers[index].split, balancers[index].rules) = (split, rules);
    }
}

/// The balancer of the target group of a fleet, made if there is none yet.
fn group(
    balancers: &mut Vec<Balancer>,
    paths: &mut Vec<(PathOwner, Written<'_>)>,
    index: usize,
    targets: FleetId,
) -> BalancerId {
    let is_it = |(other, it): (usize, &Balancer)| it.root(other) == index && it.targets == targets;
    let known = balancers.iter().enumerate().position(is_it);
    let group = known.unwrap_or_else(|| {
        let group =
            Balancer { targets, group_of: Some(BalancerId(index as u32)), ..balancers[index].clone() };
        let path = paths.iter().find(|(of, _)| *of == (Kind::Balancer, index)).map(|(_, path)| Written {
            place: format!("{} of group {}", path.place, balancers.len()),
            on: (Kind::Fleet, targets.index()),
            cpu: path.cpu.clone(),
            time: path.time.clone(),
            steps: path.steps,
        });
        paths.extend(path.map(|path| ((Kind::Balancer, balancers.len()), path)));
        balancers.push(group);
        balancers.len() - 1
    });
    BalancerId(group as u32)
}
