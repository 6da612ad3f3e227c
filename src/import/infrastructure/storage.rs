//! Tables of DynamoDB, buckets and file systems. In: those of S3, DynamoDB and EFS. Out: their tables.

use std::collections::{BTreeMap, BTreeSet};

use super::address::is_data;
use super::draft::{Draft, Store};
use super::resource::View;
use super::table::{Item, Table};

/// Adds all of them.
pub fn read(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, it) in world.of(&["aws_dynamodb_table"]) {
        if is_data(&it.address) {
            continue;
        }
        let mut table = draft.table("dynamodb", i);
        dynamodb(draft, i, &mut table, it.view());
        draft.stores.push(Store { table, parts: BTreeSet::from([i]), workers: None });
    }
    for (i, it) in world.of(&["aws_s3_bucket"]) {
        if is_data(&it.address) {
            continue;
        }
        let table = draft.table("s3", i);
        draft.stores.push(Store { table, parts: BTreeSet::from([i]), workers: None });
    }
    for (i, it) in world.of(&["aws_efs_file_system"]) {
        let view = it.view();
        let mut table = draft.table("efs", i);
        let provisioned =
            view.number(&["provisioned_throughput_in_mibps"]).filter(|it| (1.0..=10_240.0).contains(it));
        match (view.text(&["throughput_mode"]), provisioned) {
            (Some("provisioned"), Some(rate)) => {
                table.set("throughput", "provisioned");
                table.set("provisioned", format!("{rate} MiB/s"));
            }
            (Some(mode @ ("elastic" | "bursting")), _) => _ = table.set("throughput", mode),
            _ => _ = table.beside("throughput", "bursting", "the default of the API"),
        }
        draft.stores.push(Store { table, parts: BTreeSet::from([i]), workers: None });
    }
}

fn dynamodb(draft: &mut Draft<'_>, of: usize, table: &mut Table, view: View<'_>) {
    let world = draft.world;
    let through = view.block(&["provisioned_throughput"]).unwrap_or(view);
    let read = through.number(&["read_capacity_units", "read_capacity"]).filter(|it| *it >= 1.0);
    let write = through.number(&["write_capacity_units", "write_capacity"]).filter(|it| *it >= 1.0);
    let mode = view.text(&["billing_mode"]);
    // CloudFormation and Terraform both take PROVISIONED where nothing is said.
    if mode == Some("PAY_PER_REQUEST") || (mode.is_none() && read.is_none() && write.is_none()) {
        table.set("capacity", "on-demand");
        return;
    }
    let (read, write) = (read.unwrap_or(5.0), write.unwrap_or(5.0));
    let bounds = |dimension: &str, least: f64| {
        let target = world.of(&["aws_appautoscaling_target"]).find(|(_, target)| {
            let view = target.view();
            let refs = view.get(&["resource_id"]).map(|value| world.refs(value)).unwrap_or_default();
            view.text(&["scalable_dimension"]) == Some(dimension)
                && (refs.contains(&of) || names(view, &world.resources[of].values))
        });
        let (at, target) = target?;
        let min = target.view().number(&["min_capacity"]).unwrap_or(least).max(1.0);
        let max = target.view().number(&["max_capacity"]).unwrap_or(min).max(min);
        let policy = world.of(&["aws_appautoscaling_policy"]).find_map(|(i, policy)| {
            let view = policy.view();
            let own = view.text(&["scalable_dimension"]) == Some(dimension)
                || view.get(&["scaling_target_id"]).is_some_and(|value| world.refs(value).contains(&at));
            let tracking = view.block(&["target_tracking_scaling_policy_configuration"])?;
            own.then(|| Some((i, tracking.number(&["target_value"])?))).flatten()
        });
        let mut item = Item::table([("min", min.into()), ("max", max.into())]);
        if let Some(percent) = policy.map(|(_, percent)| percent).filter(|it| (20.0..=90.0).contains(it)) {
            item = item.with("target", format!("{percent}%"));
        }
        Some((at, policy.map(|(at, _)| at), item, (min, max)))
    };
    let found = [
        ("read", bounds("dynamodb:table:ReadCapacityUnits", read)),
        ("write", bounds("dynamodb:table:WriteCapacityUnits", write)),
    ];
    let mut units = BTreeMap::from([("read", read), ("write", write)]);
    let mut scaling = Item::Table(Vec::new());
    let mut any = false;
    for (key, found) in found {
        if let Some((at, policy, item, (min, max))) = found {
            units.insert(key, units[key].clamp(min, max));
            draft.part(at, table);
            policy.into_iter().for_each(|policy| draft.part(policy, table));
            scaling = scaling.with(key, item);
            any = true;
        }
    }
    // It begins within the bounds of its scaling.
    for (key, units) in units {
        table.set(&format!("{key}_units"), units);
    }
    if any {
        table.set("scaling", scaling);
    }
}

/// Whether a target says `table/NAME` of this table.
fn names(target: View<'_>, table: &serde_json::Value) -> bool {
    let name = View::of(table).text(&["name", "table_name"]);
    let id = target.text(&["resource_id"]).and_then(|id| id.strip_prefix("table/"));
    name.is_some() && id == name
}
