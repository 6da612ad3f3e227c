//! What no request uses. In: the paths of the classes that traffic asks for. Out: warnings.

use std::collections::BTreeSet;

use crate::id::{ClassId, Kind};
use crate::kind;
use crate::kind::code::Code;
use crate::kind::path::PathOwner;
use crate::kind::step::Needs;
use crate::kind::warning::Warning;
use crate::language::names::Named;
use crate::scenario::Scenario;
use crate::scenario::request::{Step, Target};
use crate::scenario::traffic::Pattern;

/// What is used.
#[derive(Default)]
pub(super) struct Used {
    /// Tables of every kind, by position.
    pub tables: BTreeSet<(Kind, usize)>,
    /// What resources count.
    pub counts: BTreeSet<(PathOwner, &'static str)>,
    /// Populations by the resource at which they are used.
    pub keyed: BTreeSet<(PathOwner, usize)>,
    /// The paths by which resources know what requests ask for.
    pub paths: BTreeSet<(PathOwner, String)>,
}

pub(super) fn warnings(scenario: &Scenario, used: &Used) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut look = |kind: Kind, what: &str, names: Vec<&str>| {
        let unused =
            names.into_iter().enumerate().filter(|(index, _)| !used.tables.contains(&(kind, *index)));
        for (index, name) in unused {
            let but = if scenario.kinds.is_billed(kind, index) { ", but it is billed" } else { "" };
            let hint = "remove it, or look for a step or a weight that should lead there";
            let message = format!("{what} `{name}`{but}");
            found.push(Warning::new(Code::Unused, &[kind.table(), name], message, hint));
        }
    };
    let classes = scenario.classes.iter().map(|class| class.name.as_str());
    look(Kind::Class, "no traffic asks for class", classes.collect());
    for words in kind::TABLES.iter().filter(|words| !words.acts) {
        let what = format!("no request uses {}", words.kind.table());
        look(words.kind, &what, scenario.names(words.kind));
    }
    // A population that is written in place is used where it stands, and has a slash in its name.
    let named = scenario.key_spaces.iter().take_while(|space| !space.name.contains('/'));
    look(Kind::Keys, "no step uses keys", named.map(|space| space.name.as_str()).collect());
    let locations = scenario.locations.iter().map(|it| it.name.as_str());
    look(Kind::Location, "no client is at location", locations.collect());
    found
}

/// What the classes use that traffic asks for, and what that uses.
pub(super) fn used(scenario: &Scenario) -> Used {
    let mut used = used_by(scenario, &asked(scenario));
    let from = scenario.sources.iter().filter_map(|source| source.client.from);
    from.for_each(|location| used.add(Kind::Location, location.index()));
    used
}

/// The same of each of these classes by itself.
pub(super) fn used_by_each(scenario: &Scenario) -> impl Iterator<Item = Used> {
    asked(scenario).into_iter().map(|class| used_by(scenario, &[class].into()))
}

/// What one class uses.
pub(super) fn used_by_class(scenario: &Scenario, class: usize) -> Used {
    used_by(scenario, &[class].into())
}

/// The classes that traffic asks for.
fn asked(scenario: &Scenario) -> BTreeSet<usize> {
    let mut asked: BTreeSet<usize> = BTreeSet::new();
    for source in &scenario.sources {
        let mixed = source.mix.iter().filter(|(_, weight)| *weight > 0.0).map(|(class, _)| *class);
        asked.extend(mixed.map(ClassId::index));
        if let Pattern::Replay(replay) = &source.pattern {
            asked.extend(replay.classes.iter().flat_map(|classes| classes.iter()).map(|class| class.index()));
        }
    }
    asked
}

/// What some classes use, and what that uses.
fn used_by(scenario: &Scenario, asked: &BTreeSet<usize>) -> Used {
    let mut used = Used::default();
    for (index, class) in scenario.classes.iter().enumerate().filter(|(index, _)| asked.contains(index)) {
        used.add(Kind::Class, index);
        used.steps(scenario, &class.steps);
    }
    // What is used may own a path, which may use what owns another.
    let mut paths: Vec<_> = scenario.paths.iter().collect();
    loop {
        let before = used.tables.len();
        let leads = used
            .tables
            .iter()
            .flat_map(|&(kind, index)| scenario.kinds.uses(kind, index))
            .collect::<Vec<_>>();
        used.tables.extend(leads);
        while let Some(next) = paths.iter().position(|path| used.tables.contains(&path.of)) {
            let path = paths.swap_remove(next);
            let on = scenario.kinds.table_of(path.fleet.index());
            on.into_iter().for_each(|(kind, index)| used.add(kind, index));
            used.steps(scenario, &path.steps);
        }
        if used.tables.len() == before {
            break;
        }
    }
    used
}

impl Used {
    fn add(&mut self, kind: Kind, index: usize) {
        self.tables.insert((kind, index));
    }

    fn steps(&mut self, scenario: &Scenario, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Call { target, steps } => {
                    if let Target::Balancer(balancer) = target {
                        self.add(Kind::Balancer, balancer.index());
                    }
                    let group = target.group(&scenario.kinds);
                    if let Some((kind, index)) = group.and_then(|it| scenario.kinds.table_of(it.index())) {
                        self.add(kind, index);
                    }
                    self.steps(scenario, steps);
                }
                Step::Cpu(_) | Step::Delay(_) => {}
                Step::Of { step, inside } => {
                    self.paths.extend(step.asks_for().map(|(of, path)| (of, path.to_owned())));
                    for ((kind, index), keys) in step.keys() {
                        self.add(kind, index);
                        self.add(Kind::Keys, keys.index());
                        self.keyed.insert(((kind, index), keys.index()));
                    }
                    step.needs(&scenario.kinds, &mut Taken { used: self, scenario, inside });
                }
            }
        }
    }
}

/// A step of a kind.
struct Taken<'a> {
    used: &'a mut Used,
    scenario: &'a Scenario,
    inside: &'a [Step],
}

impl Needs for Taken<'_> {
    /// What is used is so wherever the step is.
    fn fleet(&self) -> Option<usize> {
        None
    }

    fn uses(&mut self, (kind, index): PathOwner) {
        self.used.add(kind, index);
    }

    fn counts(&mut self, of: PathOwner, what: &'static str, _times: f64) {
        self.used.counts.insert((of, what));
    }

    fn inside(&mut self, _share: f64) {
        self.used.steps(self.scenario, self.inside);
    }
}
