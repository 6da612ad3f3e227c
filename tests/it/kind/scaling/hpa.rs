//! The HorizontalPodAutoscaler, look by look: every 15 s, by what was seen one look before.

use simcap::outcome::Outcome;

use crate::kind::{activities, decisions, hundred_a_second};
use crate::run::run;

/// Pods of a vCPU that answer 5 s after the decision, on nodes with room for all.
fn pods(rate: &str, seconds: u32, desired: u32, metric: &str) -> Outcome {
    let fleet = format!(
        "min = 2\nmax = 40\ndesired = {desired}\ntasks = {{ on = \"nodes\" }}\nhealth = \"ec2\"\n\
         boot = {{ decision = \"0s\", launch = \"5s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }}\n\
         scaling = [{metric}]\n[fleet.nodes]\ninstance = {{ vcpus = 64, memory = \"512 GiB\" }}\ninstances = 2\n\
         cluster = {{ orchestrator = \"eks\", scaler = \"none\" }}\n"
    );
    run(&hundred_a_second(rate, seconds, &fleet), 1)
}

const CPU: &str = "{ hpa = { metric = \"cpu\", target = 50 } }";

/// 580/s from 300 s on are 100 % of 4 pods. At 330 s what was used from 300 s to 315 s is seen: ceil(4 × 100/50) = 8, which answer at 335 s. At 345 s
/// and 360 s the four new ones have no sample and count as idle. At 375 s all are seen at 72.5 %: ceil(8 × 72.5/50) = 12. Then 48.3 %, which is
/// near enough. A group of instances with alarms has its second round at 660 s.
#[test]
fn a_surge_is_answered_within_half_a_minute() {
    let outcome = pods("[[\"300s\", \"160/s\"], [\"300s\", \"580/s\"]]", 900, 4, CPU);
    assert_eq!(activities(&outcome), [(330.0, Some(335.0), 4, 8), (375.0, Some(380.0), 8, 12)]);
}

/// 384/s are 48 % of 8 pods, near enough. 92/s from 300 s on want 2 from 330 s on; the last time that 8 were wanted is 315 s, which is more than five
/// minutes ago at 630 s.
#[test]
fn a_lull_is_answered_after_five_minutes() {
    let outcome = pods("[[\"300s\", \"384/s\"], [\"300s\", \"92/s\"]]", 900, 8, CPU);
    assert_eq!(activities(&outcome), [(630.0, Some(630.0), 8, 2)]);
}

/// Pods that answer so long after the decision, by a target of 47 % CPU; sizes go down at once.
fn slow_pods(rate: &str, seconds: u32, launch: &str) -> Outcome {
    let fleet = format!(
        "min = 2\nmax = 40\ndesired = 4\ntasks = {{ on = \"nodes\" }}\nhealth = \"ec2\"\n\
         boot = {{ decision = \"0s\", launch = \"{launch}\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }}\n\
         scaling = [{{ hpa = {{ metric = \"cpu\", target = 47, stabilization = \"0s\" }} }}]\n\
         [fleet.nodes]\ninstance = {{ vcpus = 64, memory = \"512 GiB\" }}\ninstances = 2\n\
         cluster = {{ orchestrator = \"eks\", scaler = \"none\" }}\n"
    );
    run(&hundred_a_second(rate, seconds, &fleet), 1)
}

/// 580/s are 100 % of 4 pods: ceil(4 × 100/47) = 9 are wanted at 330 s, of which a period lets 8 come. They are not ready before 370 s. At 345 s and 360 s the four that are
/// do 100 %: without the others 9 would be wanted again; with these as idle it is 50 %, which is near enough. At 375 s and 390 s they are ready and have no sample. At 405 s all
/// are seen at 72.5 %: ceil(8 × 72/47) = 13, and as many for 71 % to 76 %. (Kubernetes documentation, "Horizontal Pod Autoscaling", "Algorithm details".)
#[test]
fn pods_that_are_not_ready_count_as_idle_on_the_way_up() {
    let outcome = slow_pods("[[\"300s\", \"160/s\"], [\"300s\", \"580/s\"]]", 460, "40s");
    assert_eq!(activities(&outcome), [(330.0, Some(370.0), 4, 8), (405.0, Some(445.0), 8, 13)]);
}

/// A surge from 300 s to 315 s makes 8 of 4 at 330 s, of which four are not ready for five minutes. On the way down these are left out. 160/s are 40 % of the four that are: ceil(4
/// × 40/47) = 4 are wanted at 345 s, and as many for 36 % to 47 %; as busy, as pods without a sample count, they would keep all 8. 184/s are 46 %, which is near enough, so that
/// all stay; as idle they would make it 23 %, and four would go.
#[test]
fn pods_that_are_not_ready_are_left_out_on_the_way_down() {
    let after = |rate: &str| {
        let rate = format!(
            "[[\"300s\", \"{rate}\"], [\"300s\", \"580/s\"], [\"315s\", \"580/s\"], [\"315s\", \"{rate}\"]]"
        );
        decisions(&slow_pods(&rate, 420, "300s"))
    };
    assert_eq!(after("160/s"), [(330.0, 4, 8), (345.0, 8, 4)]);
    assert_eq!(after("184/s"), [(330.0, 4, 8)]);
}

/// 1,900/s on 2 pods: 200/s are answered. Four more at most come in 15 s, or as many as there are. From 2 to 4, which is all that 100 % of a target
/// of 50 want, then by what the pods that have a sample do.
#[test]
fn the_largest_of_several_metrics_counts() {
    let both = "{ hpa = { metric = \"cpu\", target = 50 } }, { hpa = { metric = \"requests_per_target\", target = 3000 } }";
    let text = |more: &str| more.to_owned();
    let outcome = pods("[[\"300s\", \"160/s\"], [\"300s\", \"580/s\"]]", 400, 4, &text(CPU));
    assert_eq!(activities(&outcome)[0].3, 8);
    let fleet = pods_behind_a_balancer("[[\"300s\", \"160/s\"], [\"300s\", \"580/s\"]]", 400, both);
    // 34,800 a minute for 3,000 each are 12, of which four pods may become eight in a period.
    assert_eq!(activities(&fleet)[..2], [(330.0, Some(335.0), 4, 8), (345.0, Some(350.0), 8, 12)]);
}

fn pods_behind_a_balancer(rate: &str, seconds: u32, metrics: &str) -> Outcome {
    let fleet = format!(
        "min = 2\nmax = 40\ndesired = 4\ntasks = {{ on = \"nodes\" }}\nhealth = \"ec2\"\n\
         boot = {{ decision = \"0s\", launch = \"5s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }}\n\
         scaling = [{metrics}]\n[fleet.nodes]\ninstance = {{ vcpus = 64, memory = \"512 GiB\" }}\ninstances = 2\n\
         cluster = {{ orchestrator = \"eks\", scaler = \"none\" }}\n[balancer.alb]\ntargets = \"web\"\nhealth_check = {{ cpu = \"0ms\" }}\n"
    );
    run(&hundred_a_second(rate, seconds, &fleet).replace("via = \"web\"", "via = \"alb\""), 1)
}

/// CPU is in percent of what a pod requests: of half of its vCPU 160/s on 4 pods are 80 %, so that ceil(4 × 80/50) = 7 are wanted at the second look.
#[test]
fn cpu_is_of_the_request() {
    let fleet = format!(
        "min = 2\nmax = 40\ndesired = 4\ntasks = {{ on = \"nodes\", requests = {{ vcpus = 0.5, memory = \"1 GiB\" }} }}\n\
         boot = {{ decision = \"0s\", launch = \"5s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }}\n\
         scaling = [{CPU}]\n[fleet.nodes]\ninstance = {{ vcpus = 64, memory = \"512 GiB\" }}\ninstances = 2\n\
         cluster = {{ orchestrator = \"eks\", scaler = \"none\" }}\n"
    );
    let outcome = run(&hundred_a_second("\"160/s\"", 60, &fleet), 1);
    assert_eq!(activities(&outcome)[0], (30.0, Some(35.0), 4, 7));
}
