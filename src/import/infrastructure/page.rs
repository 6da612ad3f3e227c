//! The scenario as a file. In: a draft and its classes. Out: TOML that says at its top what was read, assumed and left out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::address::is_data;
use super::draft::Draft;
use super::kinds;
use super::source::Sources;
use super::table::{Item, Table, comment};
use crate::cost::prices::PriceList;

/// Properties that say nothing of capacity.
const SILENT: &[&str] = &[
    "tag",
    "name",
    "arn",
    "id",
    "description",
    "subnet",
    "vpc",
    "security_group",
    "role",
    "kms",
    "encrypt",
    "owner",
    "log",
    "certificate",
    "ssl",
    "password",
    "iam",
    "key_name",
    "image_id",
    "ami",
    "comment",
    "protection",
    "snapshot",
    "maintenance",
    "backup_window",
    "parameter_group",
    "option_group",
    "port",
    "timeouts",
    "code",
    "handler",
    "filename",
    "s3_",
    "hash",
    "environment",
    "layers",
    "tracing",
    "publish",
    "version",
    "simcap_depends_on",
    "aliases",
    "viewer",
    "update_policy",
    "deployment",
    "propagate",
    "force_",
    "wait_for",
    "public",
    "performance_insights",
    "monitoring_",
    "apply_immediately",
    "domain",
    "access",
    "endpoint",
    "url",
    "status",
    "region",
    "cidr",
    "at_rest",
    "transit_encryption",
    "auth_token",
    "skip_final",
    "policy",
    "acl",
    "cors",
    "website",
    "object_lock",
    "billing",
    "retain",
    "comparison",
    "attribute",
    "key",
    "server_side",
    "point_in_time",
    "web_acl",
    "availability_zone",
    "user_data",
    "type",
    "address",
    "enabled_metrics",
    "metrics_granularity",
    "metadata_options",
    "enclave",
    "private_",
    "source_dest",
    "instance_initiated",
    "instance_state",
    "capacity_reservation",
    "tenancy",
    "license",
    "latest_restorable",
    "hibernation",
    "cpu_core_count",
    "cpu_threads",
    "data_encrypted",
    "events",
    "policies",
    "character_set",
    "engine_lifecycle",
    "primary_node",
    "delete",
    "deletion",
    "bucket",
    "performance_mode",
    "enable_http2",
    "enabled",
    "cluster",
    "engine_mode",
    "az_mode",
    "source_code",
    "dead_letter",
    "snap_start",
    "ephemeral",
    "package",
    "image",
];

/// Writes the file.
pub fn write(draft: &mut Draft<'_>, sources: &Sources, classes: &[Table], name: &str) -> String {
    finish(draft);
    let mut text = String::new();
    for line in head(draft, sources, classes) {
        text.push_str(&match line.is_empty() {
            true => "#\n".to_owned(),
            false => comment(&line),
        });
    }
    let region = sources.region.as_deref().filter(|region| super::hardware::is_region(region));
    _ = writeln!(text, "\nname = {}", Item::from(shown_name(name)));
    match region {
        Some(region) => _ = writeln!(text, "region = {}", Item::from(region)),
        None => text.push_str("region = \"us-east-1\" # ASSUMED: the files do not say one that is known\n"),
    }
    if region.is_some_and(|region| !PriceList::embedded().regions().contains(&region)) {
        text.push_str("# The program has no prices of this Region, so its bill is $0: `simcap prices` makes a `price_list`.\n");
    }
    text.push_str("duration = \"30m\" # ASSUMED\n");
    if draft.dated {
        text.push_str("starts = \"2026-11-23T08:00:00Z\" # ASSUMED: a Monday; scheduled actions go by it\n");
    }
    text.push_str("\n# What must hold. Take what you promise.\n# [objectives]\n# latency = \"p99 < 1s\"\n# errors = \"< 0.1%\"\n");
    text.push_str("\n# ASSUMED: how much comes, and of what. Write here what you measured or expect.\n[traffic.visitors]\n");
    let weights = classes.iter().map(|class| (class.name().to_owned(), Item::from(1u64))).collect();
    _ = writeln!(text, "rate = \"10/s\"\nrequests = {}", Item::Table(weights));
    if classes.iter().any(|class| class.has("keys")) {
        text.push_str(
            "\n# ASSUMED: the objects that people ask a distribution for.\n[keys.objects]\ncount = 10_000\n",
        );
    }
    for class in classes {
        _ = write!(text, "\n{class}");
    }
    for table in tables(draft) {
        _ = write!(text, "\n{table}");
    }
    tail(&mut text, draft);
    text
}

fn shown_name(name: &str) -> String {
    let shown: String = super::clean::address(name).chars().filter(|c| !c.is_control()).take(60).collect();
    if shown.is_empty() { "imported".to_owned() } else { shown }
}

/// Puts policies into their fleets, and says of each main resource which of its properties nobody read.
fn finish(draft: &mut Draft<'_>) {
    for fleet in &mut draft.fleets {
        if !fleet.policies.is_empty() {
            let lines = std::mem::take(&mut fleet.policies).into_iter().map(|item| (item, None)).collect();
            fleet.table.lines("scaling", lines);
        }
        if !fleet.schedule.is_empty() {
            let lines = std::mem::take(&mut fleet.schedule).into_iter().map(|item| (item, None)).collect();
            fleet.table.lines("schedule", lines);
        }
    }
    let world = draft.world;
    let mains = &draft.mains;
    let left = |table: &Table| {
        let resource = &world.resources[*mains.get(table.name())?];
        let known = |name: &&str| !SILENT.iter().any(|part| name.contains(part)) && name.len() < 48;
        let names: Vec<&str> = resource.left().into_iter().filter(known).take(12).collect();
        (!names.is_empty()).then(|| format!("not read: {}", names.join(", ")))
    };
    let fleets = draft.fleets.iter_mut().map(|fleet| &mut fleet.table);
    let functions = draft.functions.iter_mut().map(|function| &mut function.table);
    let balancers = draft.balancers.iter_mut().map(|balancer| &mut balancer.table);
    let stores = draft.stores.iter_mut().map(|store| &mut store.table);
    let fronts = draft.fronts.iter_mut().map(|front| &mut front.table);
    for table in fleets.chain(functions).chain(balancers).chain(stores).chain(fronts) {
        if let Some(text) = left(table) {
            table.note(text);
        }
    }
}

fn head(draft: &Draft<'_>, sources: &Sources, classes: &[Table]) -> Vec<String> {
    let mut lines = vec!["Made by `simcap import` from infrastructure as code.".to_owned(), String::new()];
    for (name, format) in &sources.read {
        lines.push(format!("Read: {} ({format})", super::clean::address(name)));
    }
    if sources.passed > 0 {
        lines.push(format!("Passed over: {} other files of the folder", sources.passed));
    }
    lines.push(format!(
        "Found: {} resources; {} tables are made of them",
        draft.world.resources.len(),
        tables(draft).len()
    ));
    if !sources.open.is_empty() {
        let names: Vec<String> =
            sources.open.iter().take(20).map(|name| super::clean::address(name)).collect();
        lines.push(format!("Without a value: the parameters {}", names.join(", ")));
    }
    lines.push(String::new());
    lines.push(
        "Infrastructure does not say what a request does, how much comes, and how long work takes. So the way of each of the \
         classes below is a proposal, and each number marked ASSUMED is a placeholder: replace it by what you measured."
            .to_owned(),
    );
    lines.push(format!(
        "Proposed classes: {}",
        classes.iter().map(Table::name).collect::<Vec<_>>().join(", ")
    ));
    lines.push(
        "Values of environments, keys, names of accounts and the like are not written here.".to_owned(),
    );
    lines
}

/// All tables, in the order in which a request meets them.
pub fn tables<'d>(draft: &'d Draft<'_>) -> Vec<&'d Table> {
    let mut all: Vec<&Table> = draft.fronts.iter().map(|front| &front.table).rev().collect();
    all.extend(draft.balancers.iter().map(|balancer| &balancer.table));
    all.extend(draft.fleets.iter().map(|fleet| &fleet.table));
    all.extend(draft.functions.iter().filter(|function| !function.helper).map(|function| &function.table));
    all.extend(draft.stores.iter().map(|store| &store.table));
    all.extend(draft.others.iter());
    all
}

/// Kinds of resources that became nothing, with their number: those that are known and that nothing refers to, or those that are not.
pub fn left_out(draft: &Draft<'_>, known: bool) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (i, resource) in draft.world.resources.iter().enumerate() {
        let data = is_data(&resource.address);
        if !draft.became.contains_key(&i)
            && !kinds::is_silent(&resource.kind)
            && !data
            && kinds::is_known(&resource.kind) == known
        {
            *counts.entry(super::clean::address(&resource.kind.replace("::", "/"))).or_default() += 1;
        }
    }
    counts
}

fn tail(text: &mut String, draft: &Draft<'_>) {
    if !draft.remarks.is_empty() {
        text.push_str("\n# Remarks on what has no table of its own:\n");
        for remark in &draft.remarks {
            text.push_str(&comment(&format!("- {remark}")));
        }
    }
    let lists = [
        (true, "Resources of known kinds that nothing here refers to, or whose kind has no table:"),
        (false, "Resources of kinds that are not known:"),
    ];
    for (known, title) in lists {
        let kinds = left_out(draft, known);
        if !kinds.is_empty() {
            _ = writeln!(text, "\n# {title}");
            kinds.iter().for_each(|(kind, count)| text.push_str(&comment(&format!("- {count} × {kind}"))));
        }
    }
}
