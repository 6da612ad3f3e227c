//! What requests and messages do on a tier. In: what each tier uses. Out: steps and pools; all demands are placeholders.

use std::collections::BTreeSet;

use super::draft::{Draft, Worker};
use super::table::{Item, Table};
use super::tier::{Tier, Tiers};

/// Sets the steps of a table, one a line.
pub fn lines(table: &mut Table, steps: Vec<(Item, String)>) {
    match steps.is_empty() {
        true => table.set("steps", Item::List(Vec::new())),
        false => table.lines("steps", steps.into_iter().map(|(item, why)| (item, Some(why))).collect()),
    };
}

/// The last tier on the way through inner balancers.
pub fn deepest(draft: &Draft<'_>, tiers: &Tiers, tier: Tier, depth: usize) -> Tier {
    let next = tiers.inner(tier).first().and_then(|(at, _)| draft.balancers[*at].default.first());
    match next {
        Some(fleet) if depth < 5 => deepest(draft, tiers, Worker::Fleet(*fleet), depth + 1),
        _ => tier,
    }
}

/// Most inner balancers that a request is proposed to call from one tier, and most of them one behind the other.
const CALLS: usize = 4;

/// What a request does on a tier, behind a chain of inner balancers. Every demand is a placeholder.
pub fn steps(draft: &Draft<'_>, tiers: &Tiers, tier: Tier, chain: &[usize]) -> Vec<(Item, String)> {
    let mut steps =
        vec![(Item::table([("cpu", "exponential 10ms".into())]), "ASSUMED: CPU of a request".to_owned())];
    let of = |kind: &'static str| {
        tiers
            .uses(tier)
            .iter()
            .filter(move |it| draft.stores[it.store].table.kind() == kind)
            .collect::<Vec<_>>()
    };
    let named = |store: usize| Item::from(draft.stores[store].table.name());
    let databases = of("database");
    let read = |store: usize| Item::table([("read", named(store)), ("demand", "exponential 2ms".into())]);
    let caches = of("cache");
    for (i, it) in caches.iter().enumerate() {
        let mut step = Item::table([("cache", named(it.store)), ("hit_ratio", "80%".into())]);
        // What is not in the first cache comes from the first database.
        if let Some(database) = databases.first().filter(|_| i == 0) {
            step = step.with("miss", Item::List(vec![read(database.store)]));
        }
        steps.push((step, format!("ASSUMED: hit ratio and demands; {}", it.by)));
    }
    for (i, it) in databases.iter().enumerate() {
        if caches.is_empty() || i > 0 {
            steps.push((read(it.store), format!("ASSUMED: demand; {}", it.by)));
        }
        let write = Item::table([("write", named(it.store)), ("demand", "exponential 1ms".into())]);
        steps.push((write, format!("ASSUMED: each request writes once, and its demand; {}", it.by)));
    }
    let plain = [
        ("dynamodb", "get_item", "reads one item"),
        ("s3", "get", "reads one object"),
        ("efs", "read_file", "reads one file"),
        ("queue", "send", "sends one message"),
        ("topic", "send", "sends one message"),
        ("stream", "put_record", "puts one record"),
    ];
    for (kind, key, does) in plain {
        for it in of(kind) {
            steps.push((
                Item::table([(key, named(it.store))]),
                format!("ASSUMED: each request {does}; {}", it.by),
            ));
        }
    }
    for (at, by) in tiers.inner(tier).iter().filter(|(at, _)| !chain.contains(at)).take(CALLS) {
        let balancer = &draft.balancers[*at];
        let Some(fleet) = balancer.default.first().filter(|_| chain.len() < CALLS) else { continue };
        let longer: Vec<usize> = chain.iter().copied().chain([*at]).collect();
        let inner =
            self::steps(draft, tiers, Worker::Fleet(*fleet), &longer).into_iter().map(|(item, _)| item);
        let call =
            Item::table([("call", balancer.table.name().into()), ("steps", Item::List(inner.collect()))]);
        steps.push((call, format!("ASSUMED: each request calls it once, and its demands; {by}")));
    }
    steps
}

/// Steps of those who work on messages, and of functions that topics invoke.
pub fn work(draft: &mut Draft<'_>, tiers: &Tiers) {
    for at in 0..draft.stores.len() {
        let Some(tier) = draft.stores[at].workers else {
            // How long a receive waits needs somebody who receives.
            draft.stores[at].table.drop("wait");
            continue;
        };
        let steps = steps(draft, tiers, tier, &[]);
        lines(&mut draft.stores[at].table, steps);
    }
    let invoked: BTreeSet<String> = draft
        .stores
        .iter()
        .filter_map(|store| store.table.shown("functions"))
        .chain(draft.functions.iter().filter_map(|function| function.table.shown("asynchronous")))
        .collect();
    for at in 0..draft.functions.len() {
        let name = format!("\"{}\"", draft.functions[at].table.name());
        if draft.functions[at].table.has("asynchronous") || invoked.iter().any(|list| list.contains(&name)) {
            let steps = steps(draft, tiers, Worker::Function(at), &[]);
            lines(&mut draft.functions[at].table, steps);
        }
    }
}

/// Pools of connections: of instances and of environments.
pub fn pools(draft: &mut Draft<'_>, tiers: &Tiers) {
    let together = together(draft);
    for tier in tiers.all().collect::<Vec<_>>() {
        // The steps of a class are those of the first fleet that it can come to, whichever it comes to.
        let firsts =
            together.iter().filter(|fleets| matches!(tier, Worker::Fleet(at) if fleets.contains(&at)));
        let firsts = firsts.filter_map(|fleets| Some(Worker::Fleet(*fleets.first()?)));
        let uses = std::iter::once(tier).chain(firsts).flat_map(|tier| tiers.uses(tier));
        let stores: Vec<usize> = uses.map(|it| it.store).collect();
        let first = |at: usize| stores.iter().position(|store| *store == stores[at]) == Some(at);
        let stores = (0..stores.len()).filter(|at| first(*at)).map(|at| &draft.stores[stores[at]].table);
        let databases =
            stores.filter(|table| table.kind() == "database").map(|table| table.name().to_owned());
        let (size, why) = match tier {
            Tier::Fleet(_) => (10, "connections of each instance"),
            Tier::Function(_) => (1, "a connection of each environment"),
        };
        let pools: Vec<(String, Item)> = databases.map(|name| (name, Item::from(size as u64))).collect();
        if pools.is_empty() {
            continue;
        }
        let table = match tier {
            Tier::Fleet(at) => &mut draft.fleets[at].table,
            Tier::Function(at) => &mut draft.functions[at].table,
        };
        table.assumed("pools", Item::Table(pools), why);
    }
}

/// Fleets that one request comes to any of: those of a balancer, of one of its rules, and of the places of a name.
fn together(draft: &Draft<'_>) -> Vec<Vec<usize>> {
    let mut sets = Vec::new();
    for balancer in &draft.balancers {
        sets.push(balancer.default.clone());
        sets.extend(balancer.rules.iter().map(|(.., fleets)| fleets.clone()));
    }
    for front in draft.fronts.iter().filter(|front| front.table.kind() == "dns") {
        let of = |name: &str| {
            let balancer = draft.balancers.iter().find(|it| it.table.name() == name);
            let fleet = draft.fleets.iter().position(|it| it.table.name() == name);
            balancer.map(|it| it.default.clone()).unwrap_or_default().into_iter().chain(fleet)
        };
        sets.push(front.to.iter().flat_map(|onward| of(&onward.to)).collect());
    }
    sets
}
