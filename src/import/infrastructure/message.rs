//! Queues, topics and streams. In: SQS, SNS, EventBridge and Kinesis, with who works on their messages. Out: queues, topics, streams.

use std::collections::BTreeSet;

use super::address::is_data;
use super::draft::{Draft, Store, Worker, duration, whole};
use super::resource::View;
use super::table::{Item, Table};

/// Adds queues and streams, then their functions, then topics.
pub fn read(draft: &mut Draft<'_>) {
    queues(draft);
    streams(draft);
    mappings(draft);
    topics(draft);
    buses(draft);
}

const QUEUE: &[&str] = &["aws_sqs_queue"];

fn queues(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, queue) in world.of(QUEUE) {
        if is_data(&queue.address) {
            continue;
        }
        let view = queue.view();
        let mut table = draft.table("queue", i);
        let fifo = view.flag(&["fifo_queue"]) == Some(true);
        if fifo {
            table.set("type", "fifo");
            if view.text(&["fifo_throughput_limit"]) == Some("perMessageGroupId") {
                table.set("high_throughput", true);
            }
        }
        let hidden = view.number(&["visibility_timeout", "visibility_timeout_seconds"]);
        duration(&mut table, "visibility_timeout", hidden, 1.0, 43_200.0);
        let delay = view.number(&["delay_seconds"]).filter(|delay| *delay > 0.0);
        duration(&mut table, "delivery_delay", delay, 0.0, 900.0);
        let kept = view.number(&["message_retention_period", "message_retention_seconds"]);
        duration(&mut table, "retention", kept, 60.0, 1_209_600.0);
        let wait = view.number(&["receive_wait_time_seconds", "receive_message_wait_time_seconds"]);
        duration(&mut table, "wait", wait.filter(|wait| *wait > 0.0), 0.0, 20.0);
        draft.stores.push(Store { table, parts: BTreeSet::from([i]), workers: None });
    }
    for (i, queue) in world.of(&["aws_sqs_queue", "aws_sqs_queue_redrive_policy"]) {
        let Some(value) = queue.view().get(&["redrive_policy"]) else { continue };
        let policy = queue.view().block(&["redrive_policy"]);
        let own = match queue.kind.as_str() {
            "aws_sqs_queue" => BTreeSet::from([i]),
            _ => queue.view().get(&["queue_url"]).map(|value| world.refs(value)).unwrap_or_default(),
        };
        let Some(own) = draft.store_of(&own, "queue") else {
            draft.remark(i, "the queue of this redrive policy was not found");
            continue;
        };
        if queue.kind != "aws_sqs_queue" {
            let name = draft.stores[own].table.name().to_owned();
            draft.became.entry(i).or_insert(format!("queue {name}"));
        }
        // A plan knows the text of a policy only once the other queue is there; what the text refers to is known before.
        let to = match policy {
            Some(policy) => policy.get(&["dead_letter_target_arn"]).map(|value| world.refs(value)),
            None => Some(world.refs(value)),
        };
        let to = draft.store_of(&to.unwrap_or_default(), "queue").filter(|to| *to != own);
        let Some(to) = to else {
            draft.stores[own].table.note("redrive_policy: its dead letter queue was not found");
            continue;
        };
        let name = draft.stores[to].table.name().to_owned();
        if draft.stores[own].table.text("type") != draft.stores[to].table.text("type") {
            draft.stores[own]
                .table
                .note("redrive_policy: its dead letter queue is of the other type, which SQS refuses");
            continue;
        }
        let table = &mut draft.stores[own].table;
        table.set("dead_letter", name);
        match policy.and_then(|policy| policy.number(&["max_receive_count"])) {
            Some(most) => whole(table, "max_receive_count", Some(most), 1, 1_000),
            None => {
                _ = table.note(
                    "max_receive_count: its number is not in the files, so the default of the language holds",
                )
            }
        }
    }
}

fn streams(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, stream) in world.of(&["aws_kinesis_stream"]) {
        let view = stream.view();
        let mut table = draft.table("stream", i);
        let mode = view.block(&["stream_mode_details"]).and_then(|it| it.text(&["stream_mode"]));
        let shards = view.count(&["shard_count"]).filter(|shards| (1..=10_000).contains(shards));
        if mode != Some("ON_DEMAND") {
            table.maybe("shards", shards);
        }
        let hours = view.number(&["retention_period", "retention_period_hours"]).map(|hours| hours * 3_600.0);
        duration(&mut table, "retention", hours, 86_400.0, 31_536_000.0);
        draft.stores.push(Store { table, parts: BTreeSet::from([i]), workers: None });
    }
}

/// A mapping from a source to a function, wherever it is written.
fn mappings(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, mapping) in world.of(&["aws_lambda_event_source_mapping"]) {
        let view = mapping.view();
        let function =
            view.get(&["function_name", "function_arn"]).map(|it| world.refs(it)).unwrap_or_default();
        let function = function.into_iter().find_map(|at| draft.function_of(at));
        let source = view.get(&["event_source_arn"]).map(|value| world.refs(value)).unwrap_or_default();
        match function {
            Some(function) => map(draft, Some(i), function, &source, view),
            None => draft.remark(i, "the function of this mapping was not found"),
        }
    }
    for at in 0..draft.functions.len() {
        let Some(&first) = draft.functions[at].parts.first() else { continue };
        let Some(events) = world.resources[first].view().block(&["events"]) else { continue };
        for event in super::resource::entries(Some(events.value())).into_values().map(View::of) {
            let Some(properties) = event.block(&["properties"]) else { continue };
            let source =
                properties.get(&["queue", "stream"]).map(|value| world.refs(value)).unwrap_or_default();
            if matches!(event.text(&["type"]), Some("SQS" | "Kinesis")) {
                map(draft, None, at, &source, properties);
            }
        }
    }
}

fn map(draft: &mut Draft<'_>, of: Option<usize>, function: usize, source: &BTreeSet<usize>, view: View<'_>) {
    let kinds = ["queue", "stream"];
    let Some((kind, at)) = kinds.iter().find_map(|kind| Some((*kind, draft.store_of(source, kind)?))) else {
        let name = draft.functions[function].table.name().to_owned();
        if let Some(of) = of {
            draft.remark(
                of,
                &format!("function {name} gets events of something that is no queue and no stream here"),
            );
        }
        return;
    };
    if let Some(of) = of {
        let name = format!("{kind} {}", draft.stores[at].table.name());
        draft.became.insert(of, name);
    }
    if draft.stores[at].workers.is_some() {
        draft.stores[at].table.note("a second function works on it: the language has one");
        return;
    }
    let name = draft.functions[function].table.name().to_owned();
    draft.stores[at].workers = Some(Worker::Function(function));
    let table = &mut draft.stores[at].table;
    table.set("workers", name);
    let failures = view.texts(&["function_response_types"]).contains(&"ReportBatchItemFailures");
    let window = view.number(&["maximum_batching_window_in_seconds"]).filter(|window| *window >= 1.0);
    let batch = view.number(&["batch_size"]);
    if kind == "queue" {
        let most = if window.is_some() { 10_000 } else { 10 };
        whole(table, "batch", batch, 1, most);
        duration(table, "batching_window", window, 1.0, 300.0);
        let most = view.block(&["scaling_config"]).and_then(|it| it.number(&["maximum_concurrency"]));
        whole(table, "maximum_concurrency", most, 2, 1_000);
        if failures {
            table.set("report_batch_item_failures", true);
        }
        // Lambda polls by itself: the wait of a queue does not matter.
        table.drop("wait");
        return;
    }
    whole(table, "batch", batch, 1, 10_000);
    duration(table, "batch_window", window, 1.0, 300.0);
    let factor = view.number(&["parallelization_factor"]);
    whole(table, "parallelization_factor", factor, 1, 10);
    let tries = view.number(&["maximum_retry_attempts"]).filter(|tries| *tries >= 0.0);
    whole(table, "maximum_retry_attempts", tries, 0, 10_000);
    let age = view.number(&["maximum_record_age_in_seconds"]).filter(|age| *age > 0.0);
    duration(table, "maximum_record_age", age, 60.0, 604_800.0);
    if view.flag(&["bisect_batch_on_function_error"]) == Some(true) {
        table.set("bisect", true);
    }
    if failures {
        table.set("report_failures", true);
    }
}

/// Queues and functions among these resources.
fn takers(draft: &Draft<'_>, refs: &BTreeSet<usize>, queues: &mut Vec<String>, functions: &mut Vec<String>) {
    let stores = draft.stores.iter().filter(|it| it.table.kind() == "queue" && !it.parts.is_disjoint(refs));
    let own = draft.functions.iter().filter(|it| !it.parts.is_disjoint(refs));
    for (list, name) in stores
        .map(|it| (true, it.table.name()))
        .chain(own.map(|it| (false, it.table.name())))
        .collect::<Vec<_>>()
    {
        let list = if list { &mut *queues } else { &mut *functions };
        if !list.iter().any(|other| other == name) {
            list.push(name.to_owned());
        }
    }
}

fn topic(draft: &mut Draft<'_>, mut table: Table, of: usize, queues: Vec<String>, functions: Vec<String>) {
    if !queues.is_empty() {
        table.set("queues", Item::list(queues));
    }
    if !functions.is_empty() {
        table.set("functions", Item::list(functions));
    }
    draft.stores.push(Store { table, parts: BTreeSet::from([of]), workers: None });
}

fn topics(draft: &mut Draft<'_>) {
    let world = draft.world;
    const TOPIC: &[&str] = &["aws_sns_topic"];
    for (i, it) in world.of(TOPIC) {
        if is_data(&it.address) {
            continue;
        }
        let (mut queues, mut functions) = (Vec::new(), Vec::new());
        for (at, subscription) in world.of(&["aws_sns_topic_subscription"]) {
            let view = subscription.view();
            if world.linked(view, &["topic_arn"], TOPIC).contains(&i) {
                let refs = view.get(&["endpoint"]).map(|value| world.refs(value)).unwrap_or_default();
                takers(draft, &refs, &mut queues, &mut functions);
                let name = draft.shown(i).to_owned();
                draft.became.insert(at, format!("topic of {name}"));
            }
        }
        for inline in it.view().blocks(&["subscription"]) {
            let refs = inline.get(&["endpoint"]).map(|value| world.refs(value)).unwrap_or_default();
            takers(draft, &refs, &mut queues, &mut functions);
        }
        for function in &draft.functions {
            let first = function.parts.first().map(|at| &world.resources[*at]);
            let events = first.and_then(|it| it.values.get("events")).map(|events| world.refs(events));
            let known = functions.iter().any(|name| name == function.table.name());
            if events.is_some_and(|refs| refs.contains(&i)) && !known {
                functions.push(function.table.name().to_owned());
            }
        }
        if queues.is_empty() && functions.is_empty() {
            draft.remark(i, "no queue and no function was found behind this topic");
            continue;
        }
        let table = draft.table("topic", i);
        topic(draft, table, i, queues, functions);
    }
}

/// Rules of EventBridge: each is a topic that passes on what its bus gets.
fn buses(draft: &mut Draft<'_>) {
    let world = draft.world;
    const RULE: &[&str] = &["aws_cloudwatch_event_rule"];
    for (i, rule) in world.of(RULE) {
        let (mut queues, mut functions) = (Vec::new(), Vec::new());
        let view = rule.view();
        for (at, target) in world.of(&["aws_cloudwatch_event_target"]) {
            if world.linked(target.view(), &["rule"], RULE).contains(&i) {
                let refs = target.view().get(&["arn"]).map(|value| world.refs(value)).unwrap_or_default();
                takers(draft, &refs, &mut queues, &mut functions);
                let name = draft.shown(i).to_owned();
                draft.became.insert(at, format!("target of {name}"));
            }
        }
        let inline = view.get(&["targets"]).map(|value| world.refs(value)).unwrap_or_default();
        takers(draft, &inline, &mut queues, &mut functions);
        if queues.is_empty() && functions.is_empty() {
            draft.remark(i, "no queue and no function was found behind this rule");
        } else if let Some(every) = view.text(&["schedule_expression"]) {
            let rate = every.strip_prefix("rate(").is_some();
            let how = if rate { "at a fixed rate" } else { "by a clock" };
            draft.remark(
                i,
                &format!(
                    "it invokes {} {how}: no traffic of people",
                    [queues, functions].concat().join(", ")
                ),
            );
        } else {
            let mut table = draft.table("topic", i);
            table.set("service", "eventbridge");
            topic(draft, table, i, queues, functions);
        }
    }
}
