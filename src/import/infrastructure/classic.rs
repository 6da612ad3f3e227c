//! Classic Load Balancers, which groups and instances name themselves. In: those. Out: balancers.

use std::collections::BTreeSet;

use super::draft::{Balancer, Draft, duration};
use super::targets::target_group;

/// Classic Load Balancers, which groups and services name themselves.
pub fn read(draft: &mut Draft<'_>) {
    let world = draft.world;
    const KIND: &[&str] = &["aws_elb"];
    for (i, lb) in world.of(KIND) {
        let view = lb.view();
        let names = ["load_balancers", "load_balancer_names", "load_balancer", "elb", "elb_name"];
        let mut fleets = BTreeSet::new();
        for (at, resource) in world.resources.iter().enumerate() {
            let own = resource.view();
            if names.iter().any(|name| world.linked(own, &[name], KIND).contains(&i)) {
                fleets.extend(draft.fleet_of(at));
                let of =
                    own.get(&["autoscaling_group_name"]).map(|value| world.refs(value)).unwrap_or_default();
                fleets.extend(of.into_iter().filter_map(|at| draft.fleet_of(at)));
            }
        }
        let instances = view.get(&["instances"]).map(|value| world.refs(value)).unwrap_or_default();
        fleets.extend(instances.into_iter().filter_map(|at| draft.fleet_of(at)));
        if fleets.is_empty() {
            draft.remark(i, "no fleet was found behind this balancer");
            continue;
        }
        let mut table = draft.table("balancer", i);
        table.set("kind", "classic");
        let weights: Vec<(usize, u64)> = fleets.iter().map(|fleet| (*fleet, 1)).collect();
        if let [(only, _)] = weights.as_slice() {
            table.set("targets", draft.fleets[*only].table.name());
        } else {
            table.set("targets", draft.fleets[weights[0].0].table.name());
            table.note("several groups are behind it: the first one was taken");
        }
        target_group(&mut table, view, false);
        let drain = view.block(&["connection_draining_policy"]);
        let draining = view.flag(&["connection_draining"]).or_else(|| drain?.flag(&["enabled"]));
        if draining == Some(true) {
            let lasts = view.number(&["connection_draining_timeout"]).or_else(|| drain?.number(&["timeout"]));
            duration(&mut table, "deregistration_delay", Some(lasts.unwrap_or(300.0)), 0.0, 3_600.0);
        }
        let settings = view.block(&["connection_settings"]);
        let idle = view.number(&["idle_timeout"]).or_else(|| settings?.number(&["idle_timeout"]));
        duration(&mut table, "idle_timeout", idle, 1.0, 4_000.0);
        if let Some(cross) = view.flag(&["cross_zone_load_balancing", "cross_zone"]) {
            table.set("cross_zone", cross);
        }
        let internal = view.flag(&["internal"]) == Some(true) || view.text(&["scheme"]) == Some("internal");
        let default = weights.iter().take(1).map(|(fleet, _)| *fleet).collect();
        draft.balancers.push(Balancer {
            table,
            parts: BTreeSet::from([i]),
            internal,
            default,
            rules: Vec::new(),
        });
    }
}
