//! On what each number of a file acts. In: a scenario, and dials. Out: [`Influence`]: how much of each class and resource a dial is, by
//! reading the file once more with that number twice as large. So no key has to be known by name.

use std::collections::BTreeSet;
use std::path::Path;

use super::dial::{Dial, Setting};
use crate::kind::demand::Demand;
use crate::measure::resource::Resource;
use crate::scenario::{self, Scenario, demand};

/// What dials act on.
#[derive(Clone, Debug)]
pub(super) struct Influence {
    /// What a request of each class asks for, as the file has it.
    base: Vec<Demand>,
    /// Of each dial the same, with its number larger.
    larger: Vec<Option<(Vec<Demand>, f64)>>,
}

impl Influence {
    pub(super) fn of(file: &Path, overrides: &[String], scenario: &Scenario, dials: &[Dial]) -> Influence {
        let larger = |dial: &Dial| {
            // One of them is no value that the file could have, such as a share of more than all.
            [2.0, 0.5].into_iter().find_map(|factor| {
                let changes = dial.overrides(Setting { factor, cv: None });
                if changes.is_empty() {
                    return None;
                }
                let changed = scenario::load(file, &[overrides, &changes].concat()).ok()?;
                Some((demand::of_classes(&changed), factor - 1.0))
            })
        };
        Influence { base: demand::of_classes(scenario), larger: dials.iter().map(larger).collect() }
    }

    /// Seconds of a resource that a request of a class asks for because of a dial, as the file has it.
    pub(super) fn work_s(&self, dial: usize, class: usize, of: Resource) -> f64 {
        let Some((demands, by)) = &self.larger[dial] else { return 0.0 };
        (demands[class].of(of) - self.base[class].of(of)) / by
    }

    /// Seconds of a resource that a request of a class asks for.
    pub(super) fn all_work_s(&self, class: usize, of: Resource) -> f64 {
        self.base[class].of(of)
    }

    /// The classes that a dial acts on: on their work or on their time.
    pub(super) fn classes(&self, dial: usize) -> BTreeSet<usize> {
        let Some((demands, _)) = &self.larger[dial] else { return BTreeSet::new() };
        let acts = |class: &usize| {
            let (now, then) = (&self.base[*class], &demands[*class]);
            now.work_s != then.work_s || now.alone_s != then.alone_s
        };
        (0..self.base.len()).filter(acts).collect()
    }
}
