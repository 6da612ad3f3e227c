//! Load balancers. In: Application, Network and Classic Load Balancers with their listeners, rules and target groups. Out: balancers
//! before fleets.

use std::collections::BTreeSet;

use super::draft::{Balancer, Draft, duration};
use super::listener::{importance, item, lonely, ways, ways_of};
use super::rules::rules;

use super::table::Table;
use super::targets::{attributes, target_group};

const LISTENER: &[&str] = &["aws_lb_listener"];

/// Adds a balancer for each one that stands before a fleet.
pub fn read(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, lb) in world.of(&["aws_lb"]) {
        let view = lb.view();
        let kind = view.text(&["load_balancer_type", "type"]).unwrap_or("application");
        if kind == "gateway" {
            draft.remark(i, "a Gateway Load Balancer: see `forwards` of a fleet");
            continue;
        }
        let application = kind == "application";
        let names = ["load_balancer_arn"];
        let mut listeners: Vec<usize> = world
            .of(LISTENER)
            .filter(|(_, listener)| world.linked(listener.view(), &names, &["aws_lb"]).contains(&i))
            .map(|(at, _)| at)
            .collect();
        listeners.sort_by_key(|at| importance(world.resources[*at].view()));
        let found = listeners.iter().find_map(|at| Some((*at, ways(draft, *at)?)));
        let Some((listener, ways)) = found.or_else(|| Some((i, lonely(draft)?))) else {
            draft.remark(i, "no fleet was found behind this balancer");
            continue;
        };
        let mut table = draft.table("balancer", i);
        let mut parts = BTreeSet::from([i]);
        if listener == i {
            table
                .note("ASSUMED: no target of it was found, and this fleet is the only one that could be one");
        }
        if ways.by_rule {
            table.note("ASSUMED: what no rule takes goes where the first rule leads, for no fleet of its own was found");
        }
        if !application {
            table.set("kind", "nlb");
            let listener = world.resources[listener].view();
            match listener.text(&["protocol"]) {
                Some("TLS") => _ = table.set("protocol", "tls"),
                Some("UDP" | "TCP_UDP") => _ = table.set("protocol", "udp"),
                _ => {}
            }
        }
        for at in &listeners {
            draft.part(*at, &table);
            parts.insert(*at);
            if *at != listener && ways_of(draft, *at) {
                table.note(format!("{}: one listener is read, and this is another one", draft.shown(*at)));
            }
        }
        let default = targets(draft, &mut table, &ways.default);
        let rules =
            if application { rules(draft, &mut table, &mut parts, listener, &default) } else { Vec::new() };
        let groups: Vec<usize> = ways.default.iter().map(|(group, ..)| *group).collect();
        parts.extend(&groups);
        for group in &groups {
            draft.part(*group, &table);
        }
        if let Some(first) = groups.first() {
            target_group(&mut table, world.resources[*first].view(), application);
            let by_rule = parts.iter().filter(|at| world.resources[**at].kind == "aws_lb_target_group");
            let others: BTreeSet<usize> = groups.iter().chain(by_rule).copied().collect();
            others
                .iter()
                .filter(|at| *at != first)
                .for_each(|at| differs(draft, &mut table, *first, *at, application));
        }
        if let Some(sticky) = ways.sticky.filter(|_| application) {
            duration(&mut table, "group_stickiness", Some(sticky), 1.0, 604_800.0);
        }
        attributes(&mut table, view, application);
        let internal = view.flag(&["internal"]) == Some(true) || view.text(&["scheme"]) == Some("internal");
        draft.balancers.push(Balancer { table, parts, internal, default, rules });
    }
}

/// Says which settings of a further target group are others: a balancer has one set of them, that of the first group.
fn differs(draft: &Draft<'_>, table: &mut Table, first: usize, other: usize, application: bool) {
    const KEYS: [&str; 5] = ["health_check", "deregistration_delay", "slow_start", "routing", "stickiness"];
    let of = |at: usize| {
        let mut own = Table::new("x", "");
        target_group(&mut own, draft.world.resources[at].view(), application);
        KEYS.map(|key| own.shown(key))
    };
    let (ours, theirs) = (of(first), of(other));
    let said: Vec<String> = (KEYS.iter().zip(ours).zip(theirs))
        .filter(|((_, ours), theirs)| ours != theirs)
        .map(|((key, _), theirs)| match theirs {
            Some(value) => format!("{key} = {value}"),
            None => format!("{key} at its default"),
        })
        .collect();
    if !said.is_empty() {
        let text = format!(
            "{}: {}; left out, for a balancer has one set of these here",
            draft.shown(other),
            said.join(", ")
        );
        table.note(text);
    }
}

fn targets(draft: &Draft<'_>, table: &mut Table, ways: &[(usize, Vec<usize>, u64)]) -> Vec<usize> {
    let mut weights: Vec<(usize, u64)> = Vec::new();
    for (_, fleets, weight) in ways {
        for fleet in fleets {
            if !weights.iter().any(|(other, _)| other == fleet) {
                weights.push((*fleet, *weight));
            }
        }
    }
    table.set("targets", item(draft, &weights));
    weights.iter().filter(|(_, weight)| *weight > 0).map(|(fleet, _)| *fleet).collect()
}
