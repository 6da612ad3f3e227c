//! What requests pass or leave by. In: web ACLs, NAT gateways. Out: firewalls, gateways.

use super::draft::Draft;
use super::names;
use super::table::Item;

/// Adds all of them.
pub fn read(draft: &mut Draft<'_>) {
    firewalls(draft);
    gateways(draft);
    names::read(draft);
}

fn firewalls(draft: &mut Draft<'_>) {
    let world = draft.world;
    const ACL: &[&str] = &["aws_wafv2_web_acl"];
    for (i, acl) in world.of(ACL) {
        let rules = acl.view().blocks(&["rule", "rules"]);
        let mut items = Vec::new();
        let mut others = 0;
        for rule in rules {
            let rate = rule.block(&["statement"]).and_then(|it| it.block(&["rate_based_statement"]));
            let Some(rate) = rate else {
                others += 1;
                continue;
            };
            let Some(limit) = rate.count(&["limit"]).filter(|limit| (10..=2_000_000_000).contains(limit))
            else {
                draft.remark(
                    i,
                    "a rule of rates whose limit is not in the files, or outside of what AWS takes",
                );
                continue;
            };
            let mut item = Item::table([("limit", limit.into())]);
            let window = rate.count(&["evaluation_window_sec"]).filter(|it| [60, 120, 300, 600].contains(it));
            if let Some(window) = window {
                item = item.with("window", format!("{window}s"));
            }
            let action = rule.block(&["action"]).and_then(|it| it.value().as_object());
            if action.is_some_and(|action| action.get("count").is_some_and(counts)) {
                item = item.with("action", "count");
            }
            items.push((item, None));
        }
        let mut before = Vec::new();
        for (at, association) in world.of(&["aws_wafv2_web_acl_association"]) {
            if world.linked(association.view(), &["web_acl_arn"], ACL).contains(&i) {
                let to = association
                    .view()
                    .get(&["resource_arn"])
                    .map(|value| world.refs(value))
                    .unwrap_or_default();
                before.extend(
                    to.iter()
                        .filter_map(|to| draft.balancer_of(*to))
                        .map(|at| draft.balancers[at].table.name()),
                );
                draft.became.insert(at, "part of a web ACL".into());
            }
        }
        for (at, _) in world.of(&["aws_cloudfront_distribution"]) {
            let view = world.resources[at].view();
            let view = view.block(&["distribution_config"]).unwrap_or(view);
            if world.linked(view, &["web_acl_id"], ACL).contains(&i) {
                before.extend(
                    draft.fronts.iter().filter(|it| it.parts.contains(&at)).map(|it| it.table.name()),
                );
            }
        }
        let before = before.first().map(|name| (*name).to_owned());
        let (Some(before), false) = (before, items.is_empty()) else {
            draft.remark(i, "a web ACL without a rule of rates, or before nothing that was found");
            continue;
        };
        let mut table = draft.table("firewall", i);
        table.set("before", before);
        table.lines("rules", items);
        if others > 0 {
            table.note(format!("{others} other rules: what share of the requests they match is not in these files; see `matches`"));
        }
        draft.others.push(table);
    }
}

fn counts(value: &serde_json::Value) -> bool {
    value.is_object() || value.as_array().is_some_and(|list| !list.is_empty())
}

fn gateways(draft: &mut Draft<'_>) {
    let world = draft.world;
    let gateways: Vec<usize> = world
        .of(&["aws_nat_gateway"])
        .filter(|(_, it)| it.view().text(&["connectivity_type"]) != Some("private"))
        .map(|(at, _)| at)
        .collect();
    let Some(&first) = gateways.first() else { return };
    let fleets: Vec<&str> = draft.fleets.iter().map(|fleet| fleet.table.name()).collect();
    if fleets.is_empty() {
        gateways.iter().for_each(|at| _ = draft.became.insert(*at, "nothing".to_owned()));
        draft.remark(first, "no fleet uses this NAT gateway");
        return;
    }
    let fleets = Item::list(fleets);
    let mut table = draft.table("nat", first);
    table.assumed("fleets", fleets, "all of them are in private subnets");
    if gateways.len() > 1 {
        table.set("per_zone", true);
    }
    let endpoint = world.of(&["aws_vpc_endpoint"]).find(|(_, it)| {
        let view = it.view();
        let kind = view.text(&["vpc_endpoint_type"]).unwrap_or("Gateway");
        kind == "Gateway" && view.text(&["service_name"]).is_some_and(|name| name.ends_with(".s3"))
    });
    if let Some((at, _)) = endpoint {
        table.set("endpoint", true);
        draft.part(at, &table);
    }
    for at in gateways {
        draft.part(at, &table);
    }
    draft.others.push(table);
}
