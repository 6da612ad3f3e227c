//! Instances of EC2 that are in no group. In: instances. Out: a fleet of a fixed size for those that are alike.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{is_data, written};
use super::draft::{Draft, Fleet, nearest_whole};
use super::{group, hardware};

/// Adds a fleet for each set of equal instances.
pub fn read(draft: &mut Draft<'_>) {
    let world = draft.world;
    let mut alike: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (i, instance) in world.of(&["aws_instance"]) {
        if is_data(&instance.address) {
            continue;
        }
        let view = instance.view();
        let template = world.link(i, view, &["launch_template"], &["aws_launch_template"]);
        let stated = view
            .text(&["instance_type"])
            .or_else(|| group::launch_data(world.resources[template?].view()).text(&["instance_type"]));
        let kind = stated.unwrap_or_default().to_owned();
        alike.entry((written(&instance.address), kind)).or_default().push(i);
    }
    for ((_, kind), instances) in alike {
        let Some(&first) = instances.first() else { continue };
        let mut table = draft.table("fleet", first);
        if kind.is_empty() {
            table.assumed("instance", "m5.large", "the files do not say the instance type");
        } else {
            let (item, remark) = hardware::instance(&kind);
            match remark {
                Some(remark) => table.beside("instance", item, &remark),
                None => table.set("instance", item),
            };
        }
        let count = nearest_whole(&mut table, "instances", instances.len() as u64, 1, 10_000);
        table.set("instances", count);
        let view = world.resources[first].view();
        let mode = view.block(&["credit_specification"]).and_then(|block| block.text(&["cpu_credits"]));
        group::set_credits(&mut table, Some(kind.as_str()), mode);
        if instances.len() == 1 {
            table.set("azs", 1u64);
        }
        for i in &instances {
            draft.part(*i, &table);
        }
        draft.fleets.push(Fleet::of(table, BTreeSet::from_iter(instances)));
    }
}
