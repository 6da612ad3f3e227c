//! `threads_per_core` of a fleet: two vCPUs that are the threads of one core. In: two keys, and the type. Out: a [`Cores`].

use super::cpu::Discipline;
use super::shapes::SECOND_THREAD;
use crate::catalog::{InstanceType, threads_per_core};
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::value::Value;

/// vCPUs that are threads, two of them a core.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cores {
    /// vCPUs.
    pub vcpus: u32,
    /// What the second thread of a core adds while both are busy, in parts of a thread that has its core alone.
    pub second: f64,
}

impl Cores {
    /// What so many busy vCPUs do together, in vCPUs that have their cores alone: each core gets a first thread before any gets a
    /// second one.
    pub fn work_of(&self, busy: u32) -> f64 {
        let busy = busy.min(self.vcpus);
        let cores = self.vcpus / 2;
        f64::from(busy.min(cores)) + self.second * f64::from(busy.saturating_sub(cores))
    }

    /// The part of all that its vCPUs can do together that is done while so large a part of them is busy, on the mean: as if that many
    /// were busy all the time, which is the most that it can be.
    pub fn share_of_work(&self, busy: f64) -> f64 {
        let all = f64::from(self.vcpus);
        let (busy, cores) = (busy * all, all / 2.0);
        (busy.min(cores) + self.second * (busy - cores).max(0.0)) / self.work_of(self.vcpus)
    }

    /// Those of a type to which instances change, if it has two threads on a core.
    pub(super) fn resized(from: Option<&Cores>, to: &InstanceType) -> Option<Cores> {
        let has_two = threads_per_core(&to.name) != Some(1) && to.vcpus.is_multiple_of(2);
        from.filter(|_| has_two).map(|from| Cores { vcpus: to.vcpus, ..*from })
    }

    /// Those of a fleet, if the file asks for it.
    pub(super) fn read(reader: &Reader, instance: &InstanceType, discipline: Discipline) -> Option<Cores> {
        let threads = reader.maybe("threads_per_core", |value| value.count(1..=2));
        let second = reader.maybe("second_thread", Value::share);
        let problem = |key: &'static str, message: String, hint: &str| {
            if let Some(value) = reader.get(key) {
                reader.cx.push(Problem::at(&value.span(), message).hint(hint.to_owned()));
            }
            None
        };
        if threads != Some(2) {
            return match second {
                Some(_) => problem(
                    "second_thread",
                    "`second_thread` does nothing here: each vCPU counts as a core".into(),
                    "add `threads_per_core = 2`",
                ),
                None => None,
            };
        }
        if instance.quota.is_some() {
            let hint = "a container shares its cores with others: leave the key out";
            return problem(
                "threads_per_core",
                "`threads_per_core = 2` does not go with a CPU limit".into(),
                hint,
            );
        }
        let InstanceType { name, vcpus, .. } = instance;
        if threads_per_core(name) == Some(1) {
            let hint =
                "leave the key out: only types of Intel, and of AMD before the seventh generation, have two";
            return problem("threads_per_core", format!("{name} has one thread per core"), hint);
        }
        if !vcpus.is_multiple_of(2) {
            let hint = "two vCPUs are one core: leave the key out, or take an even number of vCPUs";
            return problem(
                "threads_per_core",
                format!("{vcpus} vCPUs are no whole number of cores with two threads each"),
                hint,
            );
        }
        if discipline == Discipline::Fifo {
            let hint = "leave out `discipline`: with \"fifo\" a step keeps the speed with which it began";
            return problem(
                "threads_per_core",
                "`threads_per_core = 2` does not go with `discipline = \"fifo\"`".into(),
                hint,
            );
        }
        Some(Cores { vcpus: *vcpus, second: second.unwrap_or(SECOND_THREAD) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of four vCPUs on two cores the first two have a core each.
    #[test]
    fn a_core_gets_a_second_thread_when_each_has_one() {
        let cores = Cores { vcpus: 4, second: 0.25 };
        assert_eq!(
            [0.0, 0.25, 0.5, 0.75, 1.0].map(|busy| 2.5 * cores.share_of_work(busy)),
            [0.0, 1.0, 2.0, 2.25, 2.5]
        );
        assert_eq!([0, 1, 2, 3, 4, 9].map(|busy| cores.work_of(busy)), [0.0, 1.0, 2.0, 2.25, 2.5, 2.5]);
    }
}
