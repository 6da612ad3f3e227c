//! The way of a request, as far as infrastructure shows it. In: a draft. Out: its classes with their steps, pools, and the work on
//! messages; all demands are placeholders.

use std::collections::BTreeSet;

use super::clean;
use super::draft::{Draft, Worker};
use super::steps::{deepest, lines, pools, steps, work};
use super::table::{Item, Table};
use super::tier::{self, Tier, Tiers};

/// Most classes that a proposal has.
const MOST: usize = 12;

/// A class of requests that is proposed.
#[derive(Debug)]
struct Way {
    via: Option<String>,
    path: Option<String>,
    host: Option<String>,
    to: Option<Tier>,
    bucket: Option<String>,
    kept: bool,
}

/// The classes of a draft, and remarks on what has no way to it.
pub fn propose(draft: &mut Draft<'_>) -> Vec<Table> {
    let mut tiers = Tiers::of(draft);
    let ways = ways(draft);
    let entrance = ways.iter().find_map(|way| way.to);
    tiers.lonely(draft, entrance);
    let deepest = entrance.map(|tier| deepest(draft, &tiers, tier, 0));
    tiers.rest(draft, deepest);
    let mut classes = Vec::new();
    let mut taken = BTreeSet::new();
    for way in ways {
        let base = match (&way.path, &way.host, way.to, &way.bucket) {
            (Some(path), ..) => clean::name(path.trim_matches(['/', '*'])),
            (None, Some(host), ..) => clean::name(host.split('.').next().unwrap_or_default()),
            (None, None, _, Some(bucket)) => bucket.clone(),
            (None, None, Some(tier @ Tier::Function(_)), None) => tier::name(draft, tier).to_owned(),
            _ => "page".to_owned(),
        };
        let name = unique(if base.is_empty() { "page" } else { &base }, &mut taken);
        let mut table = Table::new("request", &name);
        if let Some(via) = &way.via {
            table.set("via", via);
        }
        table.maybe("path", way.path.as_deref().map(example));
        table.maybe("host", way.host.as_deref().map(|host| example(host).trim_start_matches('/').to_owned()));
        if way.kept {
            table.assumed("keys", "objects", "which object each asks for");
        }
        match way.to {
            Some(tier) => {
                let mut steps = steps(draft, &tiers, tier, &[]);
                // What copies are kept of changes nothing.
                if way.kept {
                    steps.retain(|(_, why)| {
                        !why.contains("writes") && !why.contains("sends") && !why.contains("puts")
                    });
                }
                lines(&mut table, steps);
            }
            None => _ = table.note("a bucket answers it"),
        }
        let to =
            way.via.as_deref().and_then(|via| draft.fronts.iter().find(|front| front.table.name() == via));
        if to.is_some_and(|front| front.table.kind() == "dns" && front.to.len() > 1) {
            table.note("its name leads to several places: the steps are those behind the first one");
        }
        classes.push(table);
    }
    for at in draft.direct.clone() {
        let store = &draft.stores[at].table;
        let key = match store.kind() {
            "queue" | "topic" => "send",
            "stream" => "put_record",
            "dynamodb" => "get_item",
            _ => "get",
        };
        let mut table = Table::new("request", &unique(store.name(), &mut taken));
        table.head("ASSUMED: what an API does that calls another service by itself.");
        table.lines("steps", vec![(Item::table([(key, store.name().into())]), None)]);
        classes.push(table);
    }
    work(draft, &tiers);
    sent(draft, &tiers, &mut classes, &mut taken);
    pools(draft, &tiers);
    if classes.is_empty() {
        let mut table = Table::new("request", "page");
        table.note("nothing was found that requests could enter by: say what they do");
        table.lines(
            "steps",
            vec![(Item::table([("delay", "10ms".into())]), Some("ASSUMED: a placeholder".to_owned()))],
        );
        classes.push(table);
    }
    unused(draft, &tiers);
    classes
}

fn unique(base: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|i| format!("{base}-{i}"));
    let name =
        [base.to_owned()].into_iter().chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default();
    taken.insert(name.clone());
    name
}

/// A path that fits a pattern.
fn example(pattern: &str) -> String {
    let text = pattern.replace('*', "x").replace('?', "a");
    if text.starts_with('/') { text } else { format!("/{text}") }
}

/// The ways from each entrance to a tier or a bucket.
fn ways(draft: &Draft<'_>) -> Vec<Way> {
    let behind =
        |name: &str| draft.fronts.iter().any(|front| front.to.iter().any(|onward| onward.to == name));
    let fronts = draft.fronts.iter().map(|front| front.table.name().to_owned());
    let mut entrances: Vec<String> = fronts.filter(|name| !behind(name)).collect();
    let open = draft.balancers.iter().filter(|balancer| !balancer.internal);
    entrances.extend(open.map(|it| it.table.name().to_owned()).filter(|name| !behind(name)));
    let url = draft.functions.iter().filter(|function| {
        let kinds = function.parts.iter().map(|at| draft.world.resources[*at].kind.as_str());
        let sam = function
            .parts
            .first()
            .and_then(|at| draft.world.resources[*at].values.get("function_url_config"));
        kinds.into_iter().any(|kind| kind == "aws_lambda_function_url") || sam.is_some()
    });
    entrances.extend(url.map(|it| it.table.name().to_owned()).filter(|name| !behind(name)));
    if entrances.is_empty() {
        let inner = draft.balancers.iter().filter(|balancer| balancer.internal);
        entrances.extend(inner.map(|it| it.table.name().to_owned()).take(1));
    }
    if entrances.is_empty() {
        let works = |tier: Tier| draft.stores.iter().any(|store| store.workers == Some(tier));
        let free = draft
            .fleets
            .iter()
            .enumerate()
            .filter(|(at, fleet)| !fleet.cluster && !works(Worker::Fleet(*at)));
        let best = free.max_by_key(|(at, fleet)| (likely(&fleet.table), std::cmp::Reverse(*at)));
        entrances.extend(best.map(|(_, fleet)| fleet.table.name().to_owned()));
    }
    if entrances.is_empty() {
        let driven = |at: usize| {
            let name = draft.functions[at].table.name();
            let topic = |text: &str| text.contains(&format!("\"{name}\""));
            draft.stores.iter().any(|store| {
                store.workers == Some(Worker::Function(at))
                    || store.table.shown("functions").is_some_and(|text| topic(&text))
            })
        };
        let free = (0..draft.functions.len()).filter(|at| !driven(*at) && !draft.functions[*at].helper);
        entrances.extend(free.map(|at| draft.functions[at].table.name().to_owned()).take(4));
    }
    let mut ways = Vec::new();
    for entrance in entrances {
        let mut own = Vec::new();
        resolve(draft, &entrance, None, 0, &mut own);
        for way in &mut own {
            way.via = Some(entrance.clone());
        }
        ways.extend(own);
    }
    ways.truncate(MOST);
    ways
}

/// How likely people use a fleet that has no balancer: not one that administrators use.
fn likely(fleet: &Table) -> u32 {
    const INNER: [&str; 9] =
        ["bastion", "jump", "nat", "vpn", "runner", "jenkins", "build", "worker", "monitor"];
    let inner = INNER.iter().any(|word| fleet.name().split('-').any(|part| part == *word));
    u32::from(!inner) * 2 + u32::from(fleet.text("health") == Some("elb"))
}

fn resolve(draft: &Draft<'_>, name: &str, path: Option<&str>, depth: usize, ways: &mut Vec<Way>) {
    if depth > 6 || ways.len() > MOST {
        return;
    }
    let way =
        |to, bucket| Way { via: None, path: path.map(str::to_owned), host: None, to, bucket, kept: false };
    if let Some(front) = draft.fronts.iter().find(|front| front.table.name() == name) {
        // The records of a name lead to the same thing at different places.
        let several = front.table.kind() != "dns";
        for onward in front.to.iter().take(if several { MOST } else { 1 }) {
            let from = ways.len();
            resolve(draft, &onward.to, onward.path.as_deref().or(path), depth + 1, ways);
            ways[from..].iter_mut().for_each(|way| way.kept |= onward.kept);
        }
    } else if let Some(balancer) = draft.balancers.iter().find(|balancer| balancer.table.name() == name) {
        ways.push(way(balancer.default.first().map(|at| Worker::Fleet(*at)), None));
        for (own, host, fleets) in balancer.rules.iter().filter(|_| path.is_none()) {
            let to = fleets.first().map(|at| Worker::Fleet(*at));
            ways.push(Way {
                via: None,
                path: own.clone(),
                host: host.clone(),
                to,
                bucket: None,
                kept: false,
            });
        }
    } else if let Some(at) = draft.functions.iter().position(|function| function.table.name() == name) {
        ways.push(way(Some(Worker::Function(at)), None));
    } else if let Some(at) = draft.fleets.iter().position(|fleet| fleet.table.name() == name) {
        ways.push(way(Some(Worker::Fleet(at)), None));
    } else {
        ways.push(way(None, Some(name.to_owned())));
    }
}

/// A class for messages of which nobody is known to send them.
fn sent(draft: &Draft<'_>, tiers: &Tiers, classes: &mut Vec<Table>, taken: &mut BTreeSet<String>) {
    let fed: BTreeSet<String> = draft.stores.iter().filter_map(|store| store.table.shown("queues")).collect();
    for (at, store) in draft.stores.iter().enumerate() {
        let name = store.table.name();
        let (key, drives) = match store.table.kind() {
            "queue" => ("send", store.workers.is_some()),
            "topic" => ("send", true),
            "stream" => ("put_record", store.workers.is_some()),
            _ => continue,
        };
        let by_topic = fed.iter().any(|list| list.contains(&format!("\"{name}\"")));
        if told(draft, at) || draft.direct.contains(&at) {
            continue;
        }
        if !drives || by_topic || tiers.is_used(at) || classes.len() >= MOST * 2 {
            continue;
        }
        let mut table = Table::new("request", &unique(&format!("{name}-in"), taken));
        table.head(format!("ASSUMED: who sends to `{name}` is not in the files."));
        table.lines("steps", vec![(Item::table([(key, name.into())]), None)]);
        classes.push(table);
    }
}

/// Whether alarms, hooks and the like tell of events by a topic or a queue: that is no traffic.
fn told(draft: &Draft<'_>, store: usize) -> bool {
    const KINDS: &[&str] = &[
        "aws_cloudwatch_metric_alarm",
        "aws_cloudwatch_composite_alarm",
        "aws_autoscaling_lifecycle_hook",
        "aws_autoscaling_group",
        "aws_autoscaling_notification",
        "aws_db_event_subscription",
        "aws_budgets_budget",
    ];
    let parts = &draft.stores[store].parts;
    draft.world.of(KINDS).any(|(_, it)| !draft.world.refs(&it.values).is_disjoint(parts))
}

/// Says of each store that no step reaches it.
fn unused(draft: &mut Draft<'_>, tiers: &Tiers) {
    for at in 0..draft.stores.len() {
        let store = &draft.stores[at];
        let origin =
            draft.fronts.iter().any(|front| front.to.iter().any(|onward| onward.to == store.table.name()));
        let driven = store.workers.is_some() || store.table.kind() == "topic";
        if !tiers.is_used(at) && !origin && !driven && !draft.direct.contains(&at) {
            draft.stores[at]
                .table
                .note("nothing in the files says who uses it: add a step to the requests that do");
        }
    }
}
