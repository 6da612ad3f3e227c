//! Termination policies: which instance a scale-in ends.

use crate::kind::hundred_a_second;
use crate::run::run;

/// Two instances from the start, two of 600 s and one of 1,200 s; at 3,900 s one ends. Returns the number of that one.
///
/// A request takes 1, 2, 3, 4, 5 times 10 ms on instances 1 to 5, and each of four gets 10 a second: the mean CPU of those that
/// are left is 2.5 % for each of their 10 ms.
fn ended(fleet: &str) -> f64 {
    let fleet = format!(
        "min = 1\nmax = 9\ndesired = 2\nspeeds = [1, 0.5, 0.33333333, 0.25, 0.2]\nboot = {{ decision = \"0s\", launch = \
         \"20s\", application = \"0s\" }}\nschedule = [{{ at = \"600s\", desired = 4 }}, {{ at = \"1200s\", desired = 5 }}, {{ at \
         = \"3900s\", desired = 4 }}]\n{fleet}"
    );
    let run = run(&hundred_a_second("\"40/s\"", 4_800, &fleet), 1);
    let cpu = &run.timeline.kinds.fleets[0].cpu_percent[66..80];
    15.0 - cpu.iter().sum::<f64>() / 14.0 / 2.5
}

/// At 3,900 s those of the start are 300 s into their second hour, those of 600 s have 300 s to the end of their first one, and
/// the last one 900 s.
#[test]
fn each_policy_ends_the_instance_that_it_names() {
    let one_zone = "azs = [\"a\"]\n";
    let table = [
        ("", 1.0),
        ("termination = [\"OldestInstance\"]", 1.0),
        ("termination = [\"NewestInstance\"]", 5.0),
        ("termination = [\"ClosestToNextInstanceHour\"]", 3.0),
        ("termination = [\"ClosestToNextInstanceHour\", \"NewestInstance\"]", 4.0),
        ("termination = [\"Default\"]", 3.0),
        ("termination = [\"AllocationStrategy\", \"NewestInstance\"]", 5.0),
    ];
    for (policy, number) in table {
        let seen = ended(&format!("{one_zone}{policy}"));
        assert!((seen - number).abs() < 0.4, "{policy}: {seen}");
    }
}

/// Instances 1, 3 and 5 are in zone `a`, 2 and 4 in `c`: whatever the policy, one of the fullest zone ends. The third zone of
/// the last case has one instance, so that both `a` and `c` have two.
#[test]
fn the_fullest_zone_comes_before_any_policy() {
    let of = |zones: &str, policy: &str| ended(&format!("azs = [{zones}]\ntermination = [\"{policy}\"]"));
    for (zones, policy, number) in [
        ("\"a\", \"c\"", "NewestInstance", 5.0),
        ("\"a\", \"c\"", "OldestInstance", 1.0),
        ("\"a\", \"c\"", "ClosestToNextInstanceHour", 3.0),
        ("\"a\", \"c\", \"b\"", "NewestInstance", 4.0),
    ] {
        let seen = of(zones, policy);
        assert!((seen - number).abs() < 0.4, "{zones} {policy}: {seen}");
    }
}
