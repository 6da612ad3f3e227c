//! Names of Route 53. In: records. Out: names that lead to what requests enter by.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, Front, Onward, duration};
use super::front::entrance;
use super::resource::View;
use super::table::{Item, Table};

/// Records of one name, by the name; its text stays here.
pub fn read(draft: &mut Draft<'_>) {
    let world = draft.world;
    let mut sets: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (i, record) in world.of(&["aws_route53_record"]) {
        let view = record.view();
        let kind = view.text(&["type"]).unwrap_or_default();
        if !matches!(kind, "A" | "AAAA" | "CNAME") {
            draft.became.insert(i, "nothing: no address".into());
            continue;
        }
        let name = view.get(&["name"]).and_then(|name| name.as_str()).unwrap_or(&record.address);
        sets.entry((name.to_owned(), kind.to_owned())).or_default().push(i);
    }
    for ((_, kind), records) in sets {
        // An AAAA record says of the same name what its A record says.
        if kind == "AAAA" {
            records.iter().for_each(|at| _ = draft.became.insert(*at, "nothing: as its A record".into()));
            continue;
        }
        let mut items = Vec::new();
        let mut to = Vec::new();
        let mut places = BTreeSet::new();
        let mut policy = None;
        let mut others = 0;
        let mut ttl = None;
        for at in &records {
            let view = world.resources[*at].view();
            let alias = view.block(&["alias", "alias_target"]);
            let refs: BTreeSet<usize> = match alias {
                Some(alias) => world.refs(alias.value()),
                None => {
                    view.get(&["records", "resource_records"]).map(|it| world.refs(it)).unwrap_or_default()
                }
            };
            let Some(target) =
                entrance(draft, &refs).filter(|name| !draft.stores.iter().any(|it| it.table.name() == name))
            else {
                continue;
            };
            let Some((way, item)) = routed(view, Item::table([("to", target.as_str().into())])) else {
                continue;
            };
            // Records of one name have one policy, and one of each place of it: others are there instead of these, by a condition.
            let place = place(way, &item, *at);
            if policy.is_some_and(|policy| policy != way) || !places.insert(place) {
                others += 1;
                continue;
            }
            policy = Some(way);
            ttl = ttl.or(view.number(&["ttl"]).filter(|_| alias.is_none()));
            items.push((item, None));
            to.push(Onward::all(&target));
        }
        let Some(&first) = records.first() else { continue };
        let policy = policy.unwrap_or("simple");
        if others > 0 {
            draft.remarks.push(format!(
                "{}: {others} other records of this name lead elsewhere, and only one of them can be there at a time",
                draft.shown(first)
            ));
        }
        // A record that only leads on changes nothing.
        if items.is_empty() || (items.len() == 1 && policy == "simple") {
            let text =
                if items.is_empty() { "where it leads was not found" } else { "it leads to the entrance" };
            records.iter().for_each(|at| _ = draft.became.insert(*at, format!("nothing: {text}")));
            continue;
        }
        let mut table: Table = draft.table("dns", first);
        table.set("policy", policy);
        duration(&mut table, "ttl", ttl, 0.0, 604_800.0);
        table.lines("records", items);
        for at in &records {
            draft.part(*at, &table);
        }
        draft.fronts.push(Front { table, parts: BTreeSet::from_iter(records), to });
    }
}

/// The routing policy of a record, and the record with its keys.
fn routed(view: View<'_>, item: Item) -> Option<(&'static str, Item)> {
    let weighted = view.block(&["weighted_routing_policy"]).unwrap_or(view);
    if let Some(weight) = weighted.count(&["weight"]).filter(|weight| *weight <= 255) {
        return Some(("weighted", item.with("weight", weight)));
    }
    let failover = view.block(&["failover_routing_policy"]).and_then(|it| it.text(&["type"]));
    if let Some(role) = failover.or_else(|| view.text(&["failover"])) {
        let role = role.to_lowercase();
        return (role == "primary" || role == "secondary").then(|| ("failover", item.with("role", role)));
    }
    let latency = view.block(&["latency_routing_policy"]).and_then(|it| it.text(&["region"]));
    if let Some(region) = latency.or_else(|| view.text(&["region"])) {
        let known = super::hardware::is_region(region);
        return known.then(|| ("latency", item.with("region", region)));
    }
    Some(("simple", item))
}

/// What no two records of a name have in common: the same place twice is refused by Route 53.
fn place(policy: &str, item: &Item, at: usize) -> String {
    let Item::Table(entries) = item else { return String::new() };
    let of = |key: &str| entries.iter().find(|(name, _)| name == key).map(|(_, value)| value.to_string());
    match policy {
        "failover" => of("role"),
        "latency" => of("region"),
        "weighted" => Some(at.to_string()),
        _ => None,
    }
    .unwrap_or_default()
}
