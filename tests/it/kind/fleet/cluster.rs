//! Tasks and pods on the instances of a cluster, by hand: where they are placed, how long they wait for an instance, and what becomes of them
//! when one ends.

use simcap::outcome::Outcome;

use crate::kind::{activities, incidents};
use crate::run::run;

/// A service of tasks of half a vCPU on instances of two, both without a request to speak of. The instances take tasks 30 s after the decision.
fn on_nodes(seconds: u32, cluster: &str, nodes: &str, tasks: &str, service: &str) -> Outcome {
    let text = format!(
        "duration = \"{seconds}s\"\nbucket = \"1s\"\nregion = \"us-east-1\"\n[traffic.all]\nrate = \"1/s\"\n\
         [request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"1ms\" }}]\n\
         [fleet.web]\ninstance = {{ vcpus = 0.5, memory = \"1 GiB\" }}\ntasks = {{ on = \"nodes\"{tasks} }}\n{service}\n\
         [fleet.nodes]\ninstance = {{ vcpus = 2, memory = \"8 GiB\" }}\ncluster = {{ {cluster}, reserved = {{}} }}\n\
         boot = {{ decision = \"0s\", launch = \"20s\", system = \"5s\", bootstrap = \"0s\", application = \"5s\" }}\n{nodes}\n"
    );
    run(&text, 1)
}

/// The activities of a fleet.
fn of(outcome: &Outcome, fleet: &str) -> Vec<(f64, Option<f64>, u32, u32)> {
    let own: Vec<bool> = outcome.scaling.iter().map(|activity| activity.fleet == fleet).collect();
    activities(outcome).into_iter().zip(own).filter(|(_, own)| *own).map(|(activity, _)| activity).collect()
}

const AT_ONCE: &str = "boot = { decision = \"0s\", launch = \"0s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }";
const ECS: &str = "orchestrator = \"ecs\"";
const EKS: &str = "orchestrator = \"eks\"";

/// Two instances have room for four tasks each: the ninth waits for ever where nothing adds one.
#[test]
fn a_task_without_room_waits() {
    let more = format!("min = 4\nmax = 20\nschedule = [{{ at = \"10s\", desired = 9 }}]\n{AT_ONCE}");
    let outcome = on_nodes(60, "orchestrator = \"ecs\", scaler = \"none\"", "instances = 2", "", &more);
    let fleet = &outcome.timeline.fleets[0];
    assert_eq!((fleet.in_service[12], fleet.pending[12], fleet.pending[59]), (8.0, 1.0, 1.0));
    // Memory can be what is scarce: each instance has 8 GiB, for eight tasks of one.
    let tasks = ", requests = { vcpus = 0.1, memory = \"1 GiB\" }";
    let outcome = on_nodes(
        60,
        "orchestrator = \"ecs\", scaler = \"none\"",
        "instances = 2",
        tasks,
        &more.replace("desired = 9", "desired = 20"),
    );
    assert_eq!(
        (outcome.timeline.fleets[0].in_service[59], outcome.timeline.fleets[0].tasks[0].waiting[59]),
        (16.0, 4.0)
    );
}

/// The first task on an instance pulls 50 MB at 100 Mbit/s for 4 s; the second one finds the image there.
#[test]
fn an_image_is_pulled_once_on_each_instance() {
    let more = "min = 0\nmax = 4\nschedule = [{ at = \"10s\", desired = 1 }, { at = \"30s\", desired = 2 }]\n\
                boot = { decision = \"0s\", launch = \"0s\", bootstrap = \"1s\", application = \"0s\" }";
    let tasks = ", image = \"50 MB\", pull = \"100 Mbit/s\"";
    let outcome = on_nodes(60, "orchestrator = \"ecs\", scaler = \"none\"", "instances = 1", tasks, more);
    assert_eq!(of(&outcome, "web"), [(10.0, Some(15.0), 0, 1), (30.0, Some(31.0), 1, 2)]);
}

/// Spread over two instances, or all on one while it has room.
#[test]
fn tasks_are_spread_or_packed() {
    let more = format!("min = 4\nmax = 20\n{AT_ONCE}");
    for (placement, lost) in [("spread", 2.0), ("binpack", 4.0)] {
        let nodes = "instances = 2\nazs = [\"a\"]";
        let tasks = format!(", placement = \"{placement}\"");
        let text = format!(
            "{more}\nazs = [\"a\"]\n[fault.node]\nfleet = \"nodes\"\ninstances = 1\neffect = \"dies\"\nat = \"20s\""
        );
        let outcome = on_nodes(22, "orchestrator = \"ecs\", scaler = \"none\"", nodes, &tasks, &text);
        assert_eq!(outcome.timeline.fleets[0].lost[21], lost, "{placement}: {:?}", incidents(&outcome));
    }
}

/// One instance with four tasks. At 70 s four more find no room: the capacity provider needs 2 of 1, which is 200 at 120 s and seen at 150 s. The
/// second instance runs at 170 s and takes tasks at 180 s.
#[test]
fn a_capacity_provider_adds_what_its_tasks_need() {
    let more = format!("min = 4\nmax = 20\nschedule = [{{ at = \"70s\", desired = 8 }}]\n{AT_ONCE}");
    let outcome = on_nodes(240, ECS, "min = 1\nmax = 5", "", &more);
    assert_eq!(of(&outcome, "nodes"), [(150.0, Some(170.0), 1, 2)]);
    assert_eq!(of(&outcome, "web"), [(70.0, Some(180.0), 4, 8)]);
    assert_eq!(
        (outcome.timeline.fleets[0].pending[178], outcome.timeline.fleets[0].pending[181]),
        (4.0, 0.0)
    );
}

/// Without an instance the metric is 200, and two are launched.
#[test]
fn a_capacity_provider_begins_with_two() {
    let more = format!("min = 0\nmax = 20\nschedule = [{{ at = \"70s\", desired = 1 }}]\n{AT_ONCE}");
    let outcome = on_nodes(240, ECS, "min = 0\nmax = 5", "", &more);
    assert_eq!(of(&outcome, "nodes")[0], (150.0, Some(170.0), 0, 2));
}

/// Eight tasks on two instances become four at 600 s, those of the second one. Its reservation is 50 from 660 s to 1,500 s, which is 15 points: it ends at
/// 1,530 s. The instance with tasks is protected.
#[test]
fn a_capacity_provider_ends_what_is_empty() {
    let more = format!(
        "min = 4\nmax = 20\ndesired = 8\ntermination = [\"NewestInstance\"]\nschedule = [{{ at = \"600s\", desired = 4 }}]\n{AT_ONCE}"
    );
    let outcome = on_nodes(
        1_600,
        ECS,
        "min = 1\nmax = 5\ndesired = 2\nazs = [\"a\"]",
        ", placement = \"binpack\"",
        &format!("{more}\nazs = [\"a\"]"),
    );
    assert_eq!(of(&outcome, "nodes"), [(1_530.0, Some(1_530.0), 2, 1)]);
    assert_eq!(outcome.timeline.fleets[0].in_service[1_590], 4.0);
    assert_eq!(outcome.fleets[0].terminated, 4.0);
}

/// Both instances have tasks: neither is ended though fewer are desired.
#[test]
fn an_instance_with_tasks_is_protected() {
    let more = format!("min = 4\nmax = 20\n{AT_ONCE}");
    let nodes = "min = 1\nmax = 5\ndesired = 2\nschedule = [{ at = \"20s\", desired = 1 }]";
    let outcome = on_nodes(60, "orchestrator = \"ecs\", scaler = \"none\"", nodes, "", &more);
    assert_eq!((outcome.timeline.fleets[1].in_service[59], outcome.fleets[1].terminated), (2.0, 0.0));
}

/// Four pods are pending at 33 s. The Cluster Autoscaler looks at 40 s, and the node takes pods at 70 s.
#[test]
fn the_cluster_autoscaler_looks_every_ten_seconds() {
    let more = format!("min = 4\nmax = 20\nschedule = [{{ at = \"33s\", desired = 8 }}]\n{AT_ONCE}");
    let outcome = on_nodes(120, EKS, "min = 1\nmax = 5", "", &more);
    assert_eq!(of(&outcome, "nodes"), [(40.0, Some(60.0), 1, 2)]);
    assert_eq!(of(&outcome, "web"), [(33.0, Some(70.0), 4, 8)]);
}

/// Karpenter waits for a second without a further pod, and launches as many nodes as nine pods fill.
#[test]
fn karpenter_launches_a_batch() {
    let more = format!("min = 4\nmax = 20\nschedule = [{{ at = \"33s\", desired = 13 }}]\n{AT_ONCE}");
    let outcome =
        on_nodes(120, "orchestrator = \"eks\", scaler = \"karpenter\"", "min = 1\nmax = 9", "", &more);
    assert_eq!(of(&outcome, "nodes"), [(34.0, Some(54.0), 1, 4)]);
    assert_eq!(of(&outcome, "web"), [(33.0, Some(64.0), 4, 13)]);
}

/// Two nodes with two pods of 0.4 vCPU each: one is not needed, which is seen at 10 s and lasts for a minute at 70 s. Its pods leave at once, and
/// those in their place answer 5 s later; with a budget of one the second leaves at 75 s.
#[test]
fn a_node_that_is_not_needed_is_drained() {
    for (budget, fewest, ends) in [("", 2.0, 70.0), (", max_unavailable = 1", 3.0, 75.0)] {
        let more = "min = 4\nmax = 20\nazs = [\"a\"]\n\
                    boot = { decision = \"0s\", launch = \"0s\", system = \"0s\", bootstrap = \"0s\", application = \"5s\" }";
        let cluster = "orchestrator = \"eks\", unneeded = \"60s\", delay_after_add = \"0s\"";
        let tasks = format!(", requests = {{ vcpus = 0.4, memory = \"0.5 GiB\" }}{budget}");
        let outcome = on_nodes(120, cluster, "min = 1\nmax = 2\ndesired = 2\nazs = [\"a\"]", &tasks, more);
        assert_eq!(of(&outcome, "nodes"), [(70.0, Some(ends), 2, 1)], "{budget}");
        let serving = &outcome.timeline.fleets[0].serving;
        assert_eq!(
            (serving[72], serving[60], serving[90]),
            (fewest, 4.0, 4.0),
            "{budget}: {:?}",
            &serving[68..82]
        );
        assert_eq!(outcome.fleets[0].launched, 2.0);
    }
}

/// A cluster of EKS costs $0.10 an hour, and its nodes what instances cost; pods cost nothing.
#[test]
fn a_cluster_of_eks_costs_by_the_hour() {
    let outcome = on_nodes(3_600, EKS, "instances = 1", "", &format!("instances = 4\n{AT_ONCE}"));
    let item = outcome.bill.items.iter().find(|item| item.service == "EKS").unwrap();
    assert_eq!((item.unit_price_usd, item.quantity), (0.1, 1.0));
    assert!(outcome.bill.items.iter().all(|item| item.service != "Fargate"));
    assert!(
        on_nodes(60, ECS, "instances = 1", "", "instances = 4")
            .bill
            .items
            .iter()
            .all(|item| item.service != "EKS")
    );
}

/// Tasks that cannot be placed are a mistake of the file.
#[test]
fn a_task_that_fits_nowhere_is_a_mistake() {
    let text = |vcpus: &str, cluster: &str| {
        format!(
            "duration = \"1m\"\n[traffic.all]\nrate = \"1/s\"\n[request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"1ms\" }}]\n\
             [fleet.web]\ninstance = {{ vcpus = {vcpus}, memory = \"1 GiB\" }}\ntasks = {{ on = \"nodes\" }}\ninstances = 1\n\
             [fleet.nodes]\ninstance = \"m6i.large\"\n{cluster}\ninstances = 1\n"
        )
    };
    let problem =
        |vcpus: &str, cluster: &str| simcap::parse(&text(vcpus, cluster), &[]).unwrap_err().to_string();
    assert!(problem("0.5", "").contains("which is no cluster"));
    // 1.93 vCPUs are for pods.
    assert!(problem("2", "cluster = { orchestrator = \"eks\" }").contains("each has 1.93 vCPUs"));
    assert!(
        problem("0.5", "cluster = { orchestrator = \"ecs\", scaler = \"karpenter\" }")
            .contains("not of this orchestrator")
    );
}

/// A task without room at the end is told, and limits that are more than an instance has.
#[test]
fn warnings_tell_of_tasks_without_room_and_of_limits() {
    use simcap::warning::Code;
    let told = |tasks: &str, desired: u32| {
        let more =
            format!("min = 4\nmax = 20\nschedule = [{{ at = \"10s\", desired = {desired} }}]\n{AT_ONCE}");
        let outcome =
            on_nodes(60, "orchestrator = \"ecs\", scaler = \"none\"", "instances = 2", tasks, &more);
        let codes: Vec<Code> = outcome.warnings.iter().map(|it| it.code).collect();
        [Code::TasksWithoutRoom, Code::LimitsAboveInstance].map(|code| codes.contains(&code))
    };
    assert_eq!(told("", 8), [false, false]);
    assert_eq!(told("", 9), [true, false]);
    // Eight of a quarter fit on two vCPUs, and may use half of one each.
    assert_eq!(told(", requests = { vcpus = 0.25, memory = \"0.5 GiB\" }", 9), [false, true]);
}
