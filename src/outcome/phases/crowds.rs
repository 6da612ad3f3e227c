//! Requests that share nothing with others. In: what each class uses, and how its requests ended. Out: [`Crowd`]s, each with its rows.
//!
//! Two sites in one scenario fail for reasons of their own: what failed is told of each of them, beside what it uses.

use super::held::Held;
use crate::kind;
use crate::kind::path::PathOwner;
use crate::measure::Recorder;
use crate::measure::stage::Cause;
use crate::outcome::Resource;
use crate::scenario::Scenario;
use crate::warning::used_by_class;

/// Most classes of a crowd that are named.
const MOST_NAMES: usize = 2;

/// Classes that can act on each other, and on none of the others.
#[derive(Clone, Debug)]
pub(super) struct Crowd {
    /// `requests of `pay``, or `requests` of all of them.
    pub name: String,
    /// What they use.
    tables: Vec<PathOwner>,
    /// Requests that were answered, and that failed, in each row.
    pub rows: Vec<(f64, f64)>,
    /// Why most of them failed, and whether all did.
    pub cause: Option<(Cause, bool)>,
}

impl Crowd {
    /// Whether something concerns it: they use it, or it strikes what they use.
    pub fn feels(&self, of: Resource, held: &Held) -> bool {
        held.tables(of).iter().any(|table| self.tables.contains(table))
    }
}

/// All crowds of which there are requests.
pub(super) fn of(scenario: &Scenario, held: &Held, recorder: &Recorder) -> Vec<Crowd> {
    let mut groups: Vec<(Vec<usize>, Vec<PathOwner>)> = Vec::new();
    for (class, record) in recorder.classes.iter().enumerate() {
        if record.requests.arrived == 0 {
            continue;
        }
        let mut tables: Vec<PathOwner> = used_by_class(scenario, class).into_iter().collect();
        let shared: Vec<PathOwner> =
            tables.iter().filter_map(|it| kind::shares_with(&scenario.kinds, *it)).collect();
        tables.extend(shared);
        let meets = |other: &(Vec<usize>, Vec<PathOwner>)| {
            tables.iter().any(|one| other.1.iter().any(|two| held.are_together(*one, *two)))
        };
        match groups.iter_mut().find(|it| meets(it)) {
            Some((classes, all)) => {
                classes.push(class);
                all.extend(tables);
            }
            None => groups.push((vec![class], tables)),
        }
    }
    let is_one = groups.len() == 1;
    let crowd = |(classes, tables): (Vec<usize>, Vec<PathOwner>)| {
        let names: Vec<String> =
            classes.iter().take(MOST_NAMES).map(|&it| format!("`{}`", scenario.classes[it].name)).collect();
        let more = match classes.len() - names.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let name = if is_one { "requests".into() } else { format!("requests of {}{more}", names.join(", ")) };
        let mut rows: Vec<(f64, f64)> = Vec::new();
        let mut failed = vec![0; Cause::ALL.len()];
        for class in classes {
            let record = &recorder.classes[class];
            let own = of_rows(&record.ended_by);
            rows.resize(own.len(), (0.0, 0.0));
            for (sum, more) in rows.iter_mut().zip(own) {
                *sum = (sum.0 + more.0, sum.1 + more.1);
            }
            failed.iter_mut().zip(record.requests.failed).for_each(|(sum, more)| *sum += more);
        }
        let all: u64 = failed.iter().sum();
        let most = Cause::ALL.into_iter().max_by_key(|cause| failed[*cause as usize]);
        let cause = most.map(|cause| (cause, failed[cause as usize] == all)).filter(|_| all > 0);
        Crowd { name, tables, rows, cause }
    };
    groups.into_iter().map(crowd).collect()
}

/// What came in each row, of what had come by the end of it.
pub(super) fn of_rows(by: &[(u64, u64)]) -> Vec<(f64, f64)> {
    let before = std::iter::once(&(0, 0)).chain(by);
    by.iter().zip(before).map(|(by, before)| ((by.0 - before.0) as f64, (by.1 - before.1) as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_what_comes_between_their_ends() {
        assert_eq!(of_rows(&[(3, 0), (3, 2), (10, 2)]), [(3.0, 0.0), (0.0, 2.0), (7.0, 0.0)]);
        assert!(of_rows(&[]).is_empty());
    }
}
