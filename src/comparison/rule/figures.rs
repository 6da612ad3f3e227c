//! The figures that a rule can name. In: a scenario or an outcome. Out: [`Figures`], of which one is found by its words.

use crate::language::names::{closest, list};
use crate::objective::quantity::{Quantity, Unread};
use crate::outcome::Outcome;
use crate::scenario::Scenario;

/// The figures of one side by their names, before it is run.
#[derive(Clone, Debug)]
pub struct Figures {
    pub(super) classes: Vec<String>,
    pub(super) named: Vec<(String, Quantity)>,
    /// Whether any percentile can be had, because it is still to be run.
    is_to_run: bool,
    pub(super) has_objectives: bool,
}

impl Figures {
    /// Those of a scenario that will be run.
    pub fn of_scenario(scenario: &Scenario) -> Figures {
        let named = Quantity::all(scenario).into_iter().map(|it| (it.name(scenario), it));
        Figures {
            classes: scenario.classes.iter().map(|class| class.name.clone()).collect(),
            named: named.collect(),
            is_to_run: true,
            has_objectives: !scenario.objectives.is_empty(),
        }
    }

    /// Those of a stored outcome.
    pub fn of_outcome(outcome: &Outcome) -> Figures {
        let named = outcome.estimates.iter().filter_map(|it| Some((it.name.clone(), it.of.clone()?)));
        Figures {
            classes: outcome.classes.iter().map(|class| class.name.clone()).collect(),
            named: named.collect(),
            is_to_run: false,
            has_objectives: !outcome.objectives.is_empty(),
        }
    }

    /// The figure of a name; first by the words of the page, then as `--precision` has it.
    pub(super) fn find(&self, words: &str) -> Result<Quantity, Unread> {
        if let Some((_, of)) = self.named.iter().find(|(name, _)| name == words) {
            return Ok(of.clone());
        }
        let classes: Vec<&str> = self.classes.iter().map(String::as_str).collect();
        let read = Quantity::read(words, &classes);
        let is_there = |of: &Quantity| self.named.iter().any(|(_, known)| known == of);
        match read {
            Ok(of) if is_there(&of) => Ok(of),
            // The maximum is no estimate: more runs do not make it more certain.
            Ok(of @ Quantity::Latency { quantile: ..1.0, .. }) if self.is_to_run => Ok(of),
            Err(unread) if unread.hint.is_some() && self.closest(words).is_none() => Err(unread),
            _ => Err(Unread { message: format!("no figure `{words}`"), hint: Some(self.hint(words)) }),
        }
    }

    fn closest(&self, words: &str) -> Option<&str> {
        closest(words, self.named.iter().map(|(name, _)| name.as_str()))
    }

    fn hint(&self, words: &str) -> String {
        if let Some(meant) = self.closest(words) {
            return format!("did you mean `{meant}`?");
        }
        // Who has the name of a resource wants one of its figures.
        let all = || self.named.iter().map(|(name, _)| name.as_str());
        let with: Vec<&str> = all().filter(|name| name.contains(words)).collect();
        match with.is_empty() {
            false => format!("there are {}", list(&with)),
            true => format!("there are {}; compare --all shows every one", list(&all().collect::<Vec<_>>())),
        }
    }
}
