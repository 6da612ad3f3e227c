//! Fleets whose instances fill together. In: the program, and how balancers choose. Out: of each fleet, whether all that enters
//! it goes to an instance that has less to do than others.
//!
//! Pollers take work when they are free, so they change nothing of this.

use super::program::{Line, Program};
use crate::measure::resource::Resource;
use crate::scenario::Scenario;

/// Of each fleet, whether its instances are evened out.
#[derive(Debug)]
pub(super) struct Evened(Vec<Option<bool>>);

impl Evened {
    pub fn of(program: &Program, scenario: &Scenario) -> Evened {
        let mut found = vec![None; scenario.fleets.len()];
        for Line { op, .. } in program.ops.iter() {
            let (fleet, looks) = match op.chosen_by() {
                Some(balancer) => {
                    let balancer = &scenario.balancers[usize::from(balancer)];
                    let fleet = balancer.targets.index();
                    (fleet, balancer.evens_out(scenario.fleets[fleet].zones()))
                }
                // By DNS, in turn.
                None => match op.entered() {
                    Some(fleet) => (fleet, false),
                    None => continue,
                },
            };
            found[fleet] = Some(looks && found[fleet] != Some(false));
        }
        Evened(found)
    }

    /// Whether the members of a resource are: what an instance has of it fills with its requests.
    pub fn has(&self, of: Resource) -> bool {
        let (Resource::Cpu { fleet } | Resource::Threads { fleet } | Resource::Pool { fleet, .. }) = of
        else {
            return false;
        };
        self.0.get(fleet).copied().flatten() == Some(true)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Whether the CPU of `web` is evened out, with a further request that enters in another way.
    fn is_evened(lb: &str, further: &str) -> bool {
        let text = format!(
            "duration = \"1m\"\ntraffic.all.rate = \"1/s\"\ntraffic.all.requests = \"page\"\n[request.page]\nvia = \"lb\"\n\
             steps = [{{ cpu = \"1ms\" }}]\n[balancer.lb]\ntargets = \"web\"\n{lb}\n[fleet.web]\n\
             instance = \"m5.large\"\ninstances = 3\n{further}"
        );
        let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
        let measured = crate::model::run(&scenario, 1, &mut |_| {});
        let loads = &measured.recorder.timeline.loads;
        loads.iter().find(|load| load.of == Resource::Cpu { fleet: 0 }).unwrap().evened
    }

    #[test]
    fn instances_are_evened_out_where_all_that_enters_looks_at_their_load() {
        let [least, two] =
            ["least_outstanding_requests", "two_choices"].map(|it| format!("routing = \"{it}\""));
        assert!(is_evened(&least, "") && is_evened(&two, ""));
        assert!(!is_evened("", "") && !is_evened("routing = \"random\"", ""));
        assert!(!is_evened(&format!("{least}\ncross_zone = false"), ""), "zones may get unequal parts");
        assert!(is_evened(&format!("{least}\ncross_zone = false"), "azs = 1\n"), "there is one zone");
        let other = |lb: &str| {
            format!(
                "[request.b]\nvia = \"{lb}\"\nsteps = [{{ cpu = \"1ms\" }}]\n[traffic.b]\nrate = \"1/s\"\nrequests = \"b\"\n"
            )
        };
        assert!(!is_evened(&least, &other("web")), "directly, in turn");
        let second =
            |routing: &str| format!("{}[balancer.second]\ntargets = \"web\"\n{routing}\n", other("second"));
        assert!(!is_evened(&least, &second("")) && is_evened(&least, &second(&two)));
    }
}
