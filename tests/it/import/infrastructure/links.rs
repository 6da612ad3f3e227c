//! References of plans that only their configuration shows. In: small plans. Out: what belongs to what in the scenario.

use serde_json::{Value, json};
use simcap::import::infrastructure::{Imported, read_text};
use std::path::Path;

/// The scenario of a plan, which passes the check.
fn import(planned: Value, written: Value) -> Imported {
    let plan = json!({
        "format_version": "1.2",
        "terraform_version": "1.9.5",
        "planned_values": { "root_module": planned },
        "configuration": { "root_module": written },
    });
    let imported = read_text(&plan.to_string(), "plan").unwrap();
    super::check(Path::new("plan"), &imported);
    imported
}

/// A table of a scenario, from its head to the next one.
fn table(imported: &Imported, head: &str) -> String {
    let lines = imported.scenario.lines().skip_while(|line| *line != head);
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn resource(address: &str, kind: &str, name: &str, values: Value) -> Value {
    json!({ "address": address, "mode": "managed", "type": kind, "name": name, "values": values })
}

fn written(kind: &str, name: &str, expressions: Value) -> Value {
    json!({ "address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "expressions": expressions })
}

/// Two groups of one module, each with a template of its own, which a reference or a local leads to.
fn groups(keys: [&str; 2], template: Value) -> Imported {
    let module = |key: &str, class: &str, most: u64| {
        let place = format!("module.asg[{key}]");
        json!({ "address": place, "resources": [
            resource(&format!("{place}.aws_launch_template.this[0]"), "aws_launch_template", "this", json!({ "instance_type": class })),
            resource(&format!("{place}.aws_autoscaling_group.this[0]"), "aws_autoscaling_group", "this", json!({ "min_size": 1, "max_size": most, "launch_template": [{}] })),
            resource(&format!("{place}.aws_autoscaling_policy.this[\"cpu.a\"]"), "aws_autoscaling_policy", "this", json!({
                "policy_type": "TargetTrackingScaling",
                "target_tracking_configuration": [{ "target_value": most, "predefined_metric_specification": [{ "predefined_metric_type": "ASGAverageCPUUtilization" }] }],
            })),
        ] })
    };
    let planned =
        json!({ "child_modules": [module(keys[0], "c7g.large", 11), module(keys[1], "m7i.4xlarge", 22)] });
    let group =
        ["aws_autoscaling_group.this[0].name", "aws_autoscaling_group.this[0]", "aws_autoscaling_group.this"];
    let own = json!({ "resources": [
        written("aws_launch_template", "this", json!({})),
        written("aws_autoscaling_group", "this", json!({ "launch_template": [{ "id": { "references": template } }] })),
        written("aws_autoscaling_policy", "this", json!({ "autoscaling_group_name": { "references": group } })),
    ] });
    import(planned, json!({ "module_calls": { "asg": { "module": own } } }))
}

#[test]
fn each_instance_of_a_module_has_its_own_resources() {
    let template =
        ["aws_launch_template.this[0].id", "aws_launch_template.this[0]", "aws_launch_template.this"];
    for keys in [["\"eu\"", "\"us.b\""], ["0", "1"]] {
        let imported = groups(keys, json!(template));
        for (head, class, target) in
            [("[fleet.asg]", "c7g.large", "target = 11"), ("[fleet.asg-fleet]", "m7i.4xlarge", "target = 22")]
        {
            let table = table(&imported, head);
            assert!(table.contains(class) && table.contains(target), "{keys:?}\n{}", imported.scenario);
            assert!(!table.contains("ASSUMED"), "{table}");
        }
    }
}

#[test]
fn a_local_leads_to_the_only_candidate_of_its_module_and_is_said() {
    let imported = groups(["0", "1"], json!(["local.launch_template_id"]));
    for (head, class) in [("[fleet.asg]", "c7g.large"), ("[fleet.asg-fleet]", "m7i.4xlarge")] {
        let table = table(&imported, head);
        assert!(table.contains(class) && table.contains("`launch_template` comes from a local"), "{table}");
    }
}

#[test]
fn an_argument_and_an_output_keep_the_key_that_they_name() {
    let lb = |name: &str| resource(&format!("module.alb.{name}"), "aws_lb", "this", json!({}));
    let groups = ["a", "b"].map(|key| {
        let address = format!("module.alb.aws_lb_target_group.this[\"{key}\"]");
        resource(
            &address,
            "aws_lb_target_group",
            "this",
            json!({ "deregistration_delay": if key == "a" { 11 } else { 22 } }),
        )
    });
    let listener = resource(
        "module.alb.aws_lb_listener.this",
        "aws_lb_listener",
        "this",
        json!({ "port": 80, "default_action": [{ "type": "forward" }] }),
    );
    let planned = json!({ "child_modules": [
        { "address": "module.alb", "resources": [lb("aws_lb.this"), groups[0], groups[1], listener] },
        { "address": "module.asg", "resources": [
            resource("module.asg.aws_autoscaling_group.this", "aws_autoscaling_group", "this", json!({ "min_size": 1, "max_size": 2 })),
        ] },
    ] });
    let to = ["module.alb.groups[\"b\"].arn", "module.alb.groups[\"b\"]", "module.alb.groups", "module.alb"];
    let configuration = json!({ "module_calls": {
        "alb": { "module": {
            "outputs": { "groups": { "expression": { "references": ["aws_lb_target_group.this"] } } },
            "resources": [written("aws_lb_listener", "this", json!({
                "load_balancer_arn": { "references": ["aws_lb.this.arn", "aws_lb.this"] },
                "default_action": [{ "target_group_arn": { "references": ["aws_lb_target_group.this", "each.value"] } }],
            }))],
        } },
        "asg": { "expressions": { "groups": { "references": to } }, "module": { "resources": [
            written("aws_autoscaling_group", "this", json!({ "target_group_arns": { "references": ["var.groups"] } })),
        ] } },
    } });
    let imported = import(planned, configuration);
    let balancer = table(&imported, "[balancer.alb]");
    assert!(balancer.contains("targets = \"asg\"") && balancer.contains("\"22s\""), "{balancer}");
}

#[test]
fn a_redrive_policy_that_is_not_known_yet_leads_where_its_text_refers_to() {
    let queues = json!({ "resources": [
        resource("aws_sqs_queue.dlq", "aws_sqs_queue", "dlq", json!({})),
        resource("aws_sqs_queue.jobs", "aws_sqs_queue", "jobs", json!({})),
    ] });
    let jobs = |references: Value| {
        let own = written("aws_sqs_queue", "jobs", json!({ "redrive_policy": { "references": references } }));
        let imported = import(queues.clone(), json!({ "resources": [own] }));
        table(&imported, "[queue.jobs]")
    };
    let known = jobs(json!(["aws_sqs_queue.dlq.arn", "aws_sqs_queue.dlq"]));
    assert!(known.contains("dead_letter = \"dlq\"") && known.contains("# - max_receive_count:"), "{known}");
    let open = jobs(json!(["local.policy"]));
    assert!(
        !open.contains("dead_letter =") && open.contains("# - redrive_policy: its dead letter"),
        "{open}"
    );
}
