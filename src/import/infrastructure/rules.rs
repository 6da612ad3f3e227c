//! Rules of a listener. In: their conditions and actions. Out: paths and hosts with their fleets.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::listener::{forwards, item, rules_of};
use super::resource::View;
use super::table::{Item, Table};

pub type Rules = Vec<(Option<String>, Option<String>, Vec<usize>)>;

pub fn rules(
    draft: &mut Draft<'_>,
    table: &mut Table,
    parts: &mut BTreeSet<usize>,
    listener: usize,
    default: &[usize],
) -> Rules {
    let (mut items, mut rules) = (Vec::new(), Vec::new());
    for at in rules_of(draft, listener) {
        draft.part(at, table);
        parts.insert(at);
        let view = draft.world.resources[at].view();
        let found =
            view.blocks(&["action", "actions"]).into_iter().find_map(|action| forwards(draft, action));
        let Some(ways) = found else {
            table.note(format!("{}: a rule that forwards to no fleet that was found", draft.shown(at)));
            continue;
        };
        let (paths, hosts, others) = conditions(view);
        if others || (paths.is_empty() && hosts.is_empty()) {
            table.note(format!("{}: a rule that looks at more than path and host", draft.shown(at)));
            continue;
        }
        let mut weights: Vec<(usize, u64)> = Vec::new();
        for (group, fleets, weight) in &ways.default {
            draft.part(*group, table);
            parts.insert(*group);
            weights.extend(fleets.iter().map(|fleet| (*fleet, *weight)));
        }
        weights.sort_unstable();
        weights.dedup_by_key(|(fleet, _)| *fleet);
        let or_any = |list: Vec<String>| match list.is_empty() {
            true => vec![None],
            false => list.into_iter().map(Some).collect::<Vec<_>>(),
        };
        let hosts = or_any(hosts);
        for path in or_any(paths) {
            for host in &hosts {
                // A rule for everything that leads where the rest goes as well says nothing.
                let everything = matches!(path.as_deref(), Some("*" | "/*")) && host.is_none();
                if everything && weights.iter().map(|(fleet, _)| fleet).eq(default) {
                    continue;
                }
                let mut rule = Item::Table(Vec::new());
                if let Some(path) = &path {
                    rule = rule.with("path", path);
                }
                if let Some(host) = host {
                    rule = rule.with("host", host);
                }
                items.push((rule.with("targets", item(draft, &weights)), None));
                let fleets = weights.iter().map(|(fleet, _)| *fleet).collect();
                rules.push((path.clone(), host.clone(), fleets));
            }
        }
    }
    if !items.is_empty() {
        table.lines("rules", items);
    }
    rules
}

/// Paths and hosts of a rule, and whether it looks at anything else. Names of hosts are those of somebody: they become examples.
fn conditions(rule: View<'_>) -> (Vec<String>, Vec<String>, bool) {
    let (mut paths, mut hosts, mut others) = (Vec::new(), Vec::new(), false);
    for condition in rule.blocks(&["condition", "conditions"]) {
        let values = |names: &[&str]| {
            let inner = condition.block(names).map(|inner| inner.texts(&["values", "regex_values"]));
            inner.unwrap_or_default().into_iter().map(str::to_owned).collect::<Vec<String>>()
        };
        let plain = condition.texts(&["values"]).into_iter().map(str::to_owned).collect::<Vec<String>>();
        let field = condition.text(&["field"]);
        let mut path = values(&["path_pattern", "path_pattern_config"]);
        let mut host = values(&["host_header", "host_header_config"]);
        match field {
            Some("path-pattern") => path.extend(plain),
            Some("host-header") => host.extend(plain),
            _ => {}
        }
        path.retain(|path| is_pattern(path) && path.starts_with(['/', '*']));
        host.retain(|host| is_pattern(host));
        others |= path.is_empty() && host.is_empty();
        paths.extend(path);
        hosts.extend(host);
    }
    (paths, hosts, others)
}

fn is_pattern(text: &str) -> bool {
    let long = text.chars().filter(char::is_ascii_digit).count() >= 10;
    let fits = text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '@'));
    !text.is_empty() && text.len() <= 128 && fits && !long
}
