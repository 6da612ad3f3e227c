//! Functions. In: Lambda functions with their aliases, their settings and the events of SAM. Out: functions.

use std::collections::BTreeSet;

use super::address::is_data;
use super::draft::{Draft, Function, duration, nearest_whole, seconds, whole};
use super::resource::View;
use super::table::{Item, Table};

/// Resources that stand for a function where others refer to it.
pub const KINDS: &[&str] =
    &["aws_lambda_function", "aws_lambda_alias", "aws_lambda_version", "aws_lambda_function_url"];

/// Adds every function.
pub fn read(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, function) in world.of(&["aws_lambda_function"]) {
        if is_data(&function.address) {
            continue;
        }
        let view = function.view();
        let mut table = draft.table("lambda", i);
        whole(&mut table, "memory", view.number(&["memory_size"]), 128, 10_240);
        if view.texts(&["architectures"]).contains(&"arm64") {
            table.set("architecture", "arm64");
        }
        runtime(&mut table, view);
        duration(&mut table, "timeout", view.number(&["timeout"]), 1.0, 900.0);
        // Terraform writes -1 for no reservation.
        let reserved = view.number(&["reserved_concurrent_executions"]).filter(|it| *it >= 0.0);
        match reserved {
            Some(0.0) => {
                _ = table.note("reserved_concurrent_executions is 0: the function is switched off; left out")
            }
            reserved => whole(&mut table, "reserved_concurrency", reserved, 1, 100_000),
        }
        let mut parts = BTreeSet::from([i]);
        for (at, other) in world.of(&KINDS[1..]) {
            if world.linked(other.view(), &["function_name", "target_function_arn"], KINDS).contains(&i) {
                parts.insert(at);
                draft.part(at, &table);
            }
        }
        provisioned(draft, &mut table, view, &parts);
        let helper = world.resources.iter().any(|it| {
            let custom = it.kind.starts_with("Custom::") || it.kind == "AWS::CloudFormation::CustomResource";
            custom
                && it.values.get("service_token").is_some_and(|token| !world.refs(token).is_disjoint(&parts))
        });
        draft.functions.push(Function { table, parts, helper });
    }
}

fn runtime(table: &mut Table, view: View<'_>) {
    let stated = view.text(&["runtime"]);
    let known = ["python", "nodejs", "java", "dotnet", "ruby", "go"];
    let found = stated.and_then(|stated| known.into_iter().find(|name| stated.starts_with(name)));
    match (found, stated) {
        (Some(name), _) => _ = table.set("runtime", name),
        (None, Some(stated)) if stated.starts_with("provided") => {
            table.assumed("runtime", "go", "a runtime of its own");
        }
        _ => _ = table.assumed("runtime", "python", "it is an image, or its runtime is not known"),
    }
}

fn provisioned(draft: &mut Draft<'_>, table: &mut Table, view: View<'_>, parts: &BTreeSet<usize>) {
    let world = draft.world;
    let names = ["provisioned_concurrent_executions"];
    let own = view.block(&["provisioned_concurrency_config"]).and_then(|it| it.count(&names));
    let of_parts = parts
        .iter()
        .find_map(|at| world.resources[*at].view().block(&["provisioned_concurrency_config"])?.count(&names));
    let apart = world.of(&["aws_lambda_provisioned_concurrency_config"]).find(|(_, config)| {
        let refs =
            config.view().get(&["function_name", "qualifier"]).map(|it| world.refs(it)).unwrap_or_default();
        !refs.is_disjoint(parts)
    });
    if let Some((at, _)) = apart {
        draft.part(at, table);
    }
    let count = own.or(of_parts).or_else(|| apart?.1.view().count(&names)).filter(|count| *count > 0);
    let count = count.map(|count| nearest_whole(table, "provisioned_concurrency", count, 0, 100_000));
    table.maybe("provisioned_concurrency", count);
}

/// Retries and destinations of events, once queues and topics are known.
pub fn events(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, config) in world.of(&["aws_lambda_function_event_invoke_config"]) {
        let view = config.view();
        let function =
            world.linked(view, &["function_name"], KINDS).into_iter().find_map(|at| draft.function_of(at));
        let Some(function) = function else { continue };
        let table = &draft.functions[function].table;
        let became = format!("lambda {}", table.name());
        let mut item = asynchronous(view);
        let to = view.block(&["destination_config"]);
        for (key, name) in [("on_failure", "on_failure"), ("on_success", "on_success")] {
            let target = to.and_then(|to| to.block(&[name])?.get(&["destination"]));
            let found = target.and_then(|value| destination(draft, &world.refs(value)));
            if let Some(name) = found {
                item = item.with(key, name);
            }
        }
        draft.became.insert(i, became);
        draft.functions[function].table.set("asynchronous", item);
    }
    for at in 0..draft.functions.len() {
        let Some(&first) = draft.functions[at].parts.first() else { continue };
        if draft.functions[at].table.has("asynchronous") {
            continue;
        }
        let view = world.resources[first].view();
        let sam = view.block(&["event_invoke_config"]);
        let letter = view.block(&["dead_letter_config", "dead_letter_queue"]);
        let target = letter.and_then(|it| it.get(&["target_arn"]));
        let target = target.and_then(|value| destination(draft, &world.refs(value)));
        if sam.is_none() && target.is_none() {
            continue;
        }
        let mut item = sam.map_or(Item::Table(Vec::new()), |sam| asynchronous(sam));
        if let Some(name) = target {
            item = item.with("on_failure", name);
        }
        draft.functions[at].table.set("asynchronous", item);
    }
}

fn asynchronous(view: View<'_>) -> Item {
    let mut item = Item::Table(Vec::new());
    if let Some(retries) = view.count(&["maximum_retry_attempts"]).filter(|retries| *retries <= 2) {
        item = item.with("retries", retries);
    }
    let age = view.number(&["maximum_event_age_in_seconds"]).filter(|age| (60.0..=21_600.0).contains(age));
    age.map_or(item.clone(), |age| item.with("maximum_event_age", seconds(age)))
}

/// The table that one of these resources became, if events can go there.
fn destination(draft: &Draft<'_>, refs: &BTreeSet<usize>) -> Option<String> {
    let store = draft.store_of(refs, "queue").or_else(|| draft.store_of(refs, "topic"));
    let function = || refs.iter().find_map(|at| draft.function_of(*at));
    store
        .map(|at| draft.stores[at].table.name().to_owned())
        .or_else(|| function().map(|at| draft.functions[at].table.name().to_owned()))
}
