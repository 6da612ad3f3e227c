//! Warnings of an outcome: those of the scenario, and those that only a run shows.
//!
//! In: the scenario and the outcome of its runs. Out: [`Warning`]s. What a run has shown stands in the place of what
//! was expected of it.

use std::collections::BTreeSet;

use super::headroom::Headroom;
use super::phases::Held;
use super::scene::scene;
use super::{Outcome, Resource};
use crate::id::Kind;
use crate::kind::{self, Ended};
use crate::scenario::Scenario;
use crate::warning::{Code, Warning, allowed, of_scenario};

/// Times a figure that is as much, by chance. Assumption: what is full at the same time lets the same through, and its figure differs by
/// the rows that count.
const AS_MUCH: f64 = 1.03;

/// Every warning of an outcome: of the file as it is, and of what ran. They differ where a run was ended early: what comes later in the file
/// is no mistake there.
pub(crate) fn warnings(file: &Scenario, scenario: &Scenario, outcome: &Outcome) -> Vec<Warning> {
    let mut found = of_scenario(file, outcome.runs.count as u32);
    // A run that has ended is not too long any more, and its CPU is known.
    found.retain(|it| !matches!(it.code, Code::LongRun | Code::BurstableAboveBaseline));
    let scene = scene(scenario, &outcome.timeline, None);
    found.extend(kind::ended(&Ended { scene, outcomes: &outcome.kinds }));
    for warning in found.iter_mut().filter(|it| it.code == Code::ScalingAtMaximum) {
        let names = scenario.kinds.names(Kind::Fleet);
        let fleet = names.iter().position(|name| warning.at.get(1).is_some_and(|at| at == name));
        if let Some(nearer) = fleet.and_then(|fleet| nearer(fleet, scenario, outcome)) {
            let (is, it) = (nearer.of.agreeing("is", "are"), nearer.of.agreeing("it", "them"));
            warning.hint = format!(
                "{} {is} full, and more instances only wait for {it}: make {it} larger first",
                nearer.name()
            );
        }
    }
    allowed(scenario, found)
}

/// What the instances of a fleet wait for and what carries no more of the traffic than they do at their largest size: a larger fleet
/// would not help.
fn nearer<'o>(fleet: usize, scenario: &Scenario, outcome: &'o Outcome) -> Option<&'o Headroom> {
    let held = Held::of(scenario);
    // What its instances hold on paths of their own is on them too, as pollers are.
    let paths = scenario.paths.iter().filter(|path| path.fleet.index() == fleet);
    let mut own: BTreeSet<Resource> = paths.map(|path| scenario.kinds.holder(path.of, fleet)).collect();
    own.extend([Resource::Threads { fleet }, Resource::Cpu { fleet }]);
    let below: BTreeSet<Resource> = own.iter().flat_map(|of| held.below(*of)).collect();
    let limit = |it: &Headroom| it.limit().unwrap_or(f64::INFINITY);
    let of_fleet = outcome.headroom.iter().filter(|it| own.contains(&it.of)).map(limit);
    let least = AS_MUCH * of_fleet.fold(f64::INFINITY, f64::min);
    let others = outcome.headroom.iter().filter(|it| it.saturated && !own.contains(&it.of));
    others
        .filter(|it| below.contains(&it.of) && it.at_maximum.is_none() && limit(it) <= least)
        .min_by(|a, b| limit(a).total_cmp(&limit(b)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The warnings of a run with changes.
    fn found(overrides: &[&str]) -> Vec<(Code, String, String)> {
        let text = r#"
            duration = "20m"
            traffic.all.rate = "200/s"
            [request.page]
            via = "web"
            steps = [{ cpu = "5ms" }]
            [fleet.web]
            instance = "m5.large"
            min = 1
            max = 4
            scaling = [{ target_tracking = { metric = "cpu", target = 50 } }]
        "#;
        let overrides: Vec<String> = overrides.iter().map(|it| (*it).to_owned()).collect();
        let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &overrides).unwrap();
        let outcome = crate::outcome::simulate(&scenario, 1, &mut |_| {});
        outcome.warnings.into_iter().map(|it| (it.code, it.at.join("."), it.message)).collect()
    }

    #[test]
    fn a_group_that_cannot_grow_further_is_named_after_a_minute_of_it() {
        // One vCPU of two: at the target, and never at the largest size.
        assert_eq!(found(&[]), []);
        // 350/s × 5 ms are 1.75 vCPUs: 44 % of two instances, 88 % of one that stays alone.
        assert_eq!(found(&["traffic.all.rate=350/s"]), []);
        let short = found(&[
            "traffic.all.rate=350/s",
            "fleet.web.max=2",
            "fleet.web.scaling=[{ target_tracking = { metric = 'cpu', target = 30 } }]",
        ]);
        assert_eq!(
            (short.len(), short[0].0, short[0].1.as_str()),
            (1, Code::ScalingAtMaximum, "fleet.web.max")
        );
        assert!(short[0].2.contains("largest size, 2, and its CPU above 30 %"), "{short:?}");
        let allowed = "allow=['scaling-at-maximum']";
        let quiet = found(&[
            "traffic.all.rate=350/s",
            "fleet.web.max=2",
            allowed,
            "fleet.web.scaling=[{ target_tracking = { metric = 'cpu', target = 30 } }]",
        ]);
        assert_eq!(quiet, []);
    }

    #[test]
    fn a_group_whose_launches_are_abandoned_does_not_grow() {
        let text = r#"
            duration = "20m"
            traffic.all.rate = "150/s"
            objectives.headroom = ">= 3"
            [request.page]
            via = "web"
            steps = [{ cpu = "10ms" }]
            [fleet.web]
            instance = "m5.large"
            min = 1
            max = 6
            boot = { decision = "5s", launch = "20s", system = "15s", bootstrap = "60s", application = "10s" }
            scaling = [{ simple = { metric = "cpu", above = 40, change = "+1", cooldown = "90s" } }]
            launch_hook = { heartbeat = "40s" }
        "#;
        let run = |heartbeat: &str| {
            let heartbeat = [format!("fleet.web.launch_hook.heartbeat={heartbeat}")];
            let scenario =
                crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &heartbeat).unwrap();
            crate::outcome::simulate(&scenario, 1, &mut |_| {})
        };
        let short = run("40s");
        let codes: Vec<Code> = short.warnings.iter().map(|it| it.code).collect();
        assert_eq!(codes, [Code::HookShorterThanBoot, Code::InstancesNeverServed], "{:?}", short.warnings);
        let message = &short.warnings[1].message;
        assert!(message.contains("its launch hook abandons what is not up in time"), "{message}");
        let abandoned = short.fleets[0].never_served;
        assert!(abandoned >= 10.0 && abandoned >= short.fleets[0].launched - 1.0, "{:?}", short.fleets[0]);
        assert!(short.headroom.iter().all(|it| it.at_maximum.is_none()), "{:?}", short.headroom);
        assert!(!short.objectives[0].met, "one instance is 79 % busy");
        let long = run("90s");
        assert_eq!((long.warnings.len(), long.fleets[0].never_served), (0, 0.0), "{:?}", long.warnings);
        assert!(long.objectives[0].met, "{:?}", long.objectives);
    }

    #[test]
    fn a_run_tells_what_a_type_used_beyond_its_credits() {
        // 50/s × 5 ms of 2 × 0.95: 13 % of a type that may have 30 %, and of one that may have 10 % and has no credits left.
        let small = [
            "traffic.all.rate=50/s",
            "fleet.web.min=1",
            "fleet.web.max=1",
            "fleet.web.scaling=[]",
            "fleet.web.credits={ initial = 0 }",
        ];
        let with = |instance: &'static str| found(&[&small[..], &[instance]].concat());
        assert_eq!(with("fleet.web.instance=t3.large"), []);
        let micro = with("fleet.web.instance=t3.micro");
        assert_eq!((micro.len(), micro[0].0), (1, Code::BurstableAboveBaseline));
        // 3.2 % of two vCPUs for a third of an hour.
        assert!(
            micro[0].2.starts_with(
                "fleet `web` went on without CPU credits: a surplus of 0 vCPU-hours is charged, and 0.02"
            ),
            "{micro:?}"
        );
    }
}
