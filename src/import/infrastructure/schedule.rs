//! Scheduled actions. In: those of EC2 Auto Scaling and of Application Auto Scaling. Out: the `schedule` of fleets.

use super::cron;
use super::draft::Draft;
use super::resource::View;
use super::scaling::{GROUP, note, service_of};
use super::table::Item;

/// Adds all actions to fleets that exist.
pub fn read(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, action) in world.of(&["aws_autoscaling_schedule", "aws_appautoscaling_scheduled_action"]) {
        let view = action.view();
        let group = world.link(i, view, GROUP, &["aws_autoscaling_group"]);
        let Some(fleet) = group.or_else(|| service_of(draft, view)).and_then(|at| draft.fleet_of(at)) else {
            draft.remark(i, "what this action scales was not found");
            continue;
        };
        let sizes = view.block(&["scalable_target_action"]).unwrap_or(view);
        scheduled(draft, i, fleet, view, sizes);
    }
    // CloudFormation writes the actions of a service into its target.
    for (i, target) in world.of(&["aws_appautoscaling_target"]) {
        let Some(fleet) = service_of(draft, target.view()).and_then(|at| draft.fleet_of(at)) else {
            continue;
        };
        for action in target.view().blocks(&["scheduled_actions"]) {
            scheduled(draft, i, fleet, action, action.block(&["scalable_target_action"]).unwrap_or(action));
        }
    }
}

fn scheduled(draft: &mut Draft<'_>, of: usize, fleet: usize, view: View<'_>, sizes: View<'_>) {
    let stated = view.text(&["recurrence", "schedule"]).and_then(cron::five);
    let Some(stated) = stated else {
        note(
            draft,
            of,
            fleet,
            "an action at one time, or by an expression that is not read: write it with `at`",
        );
        return;
    };
    let mut item = Item::table([("cron", stated.into())]);
    if let Some(zone) = view.text(&["time_zone", "timezone"]).filter(|zone| cron::is_zone(zone)) {
        item = item.with("time_zone", zone);
    }
    let mut sized = false;
    let names: [(&str, &[&str]); 3] = [
        ("min", &["min_size", "min_capacity"]),
        ("max", &["max_size", "max_capacity"]),
        ("desired", &["desired_capacity"]),
    ];
    for (key, names) in names {
        // Terraform writes -1 for a size that stays.
        if let Some(size) = sizes.count(names).filter(|size| *size <= 10_000) {
            item = item.with(key, size);
            sized = true;
        }
    }
    if sized {
        draft.fleets[fleet].schedule.push(item);
        draft.dated = true;
    }
    let name = format!("fleet {}", draft.fleets[fleet].table.name());
    draft.became.entry(of).or_insert(name);
}
