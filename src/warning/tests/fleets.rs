//! Fleets that cannot grow, end instances too early, or act when nobody sees it. In: the healthy scenario with changes. Out: its warnings.

use super::*;

#[test]
fn scaling_needs_room() {
    only(Code::ScalingWithoutRoom, "fleet.web.max", &["fleet.web.max=2"]);
    assert_eq!(codes(&["fleet.web.max=2", "fleet.web.schedule=[{ at = '10m', max = 5 }]"]), []);
    let warning = only(Code::ScalingWithoutRoom, "fleet.web.max", &["fleet.web.scaling=[]"]);
    assert!(warning.message.ends_with("it stays at 2"), "{warning:?}");
}

#[test]
fn a_grace_period_outlasts_the_boot() {
    let late = ["fleet.web.health='elb'", "fleet.web.boot={ bootstrap = '5m' }", "fleet.web.grace='60s'"];
    let warning = only(Code::GraceShorterThanBoot, "fleet.web.grace", &late);
    assert!(warning.message.contains("but its grace period is 1m"), "{warning:?}");
    // EC2's own checks do not see the application, and a hook holds the grace period back until it answers.
    assert_eq!(codes(&late[1..]), []);
    let hook = "fleet.web.launch_hook={}";
    assert_eq!(codes(&[&late[..], &[hook]].concat()), []);
    assert_eq!(codes(&[late[0], late[1], "fleet.web.grace='10m'"]), []);
}

/// It answers after 315 s, and then has to pass five checks: half an interval and four more make 450 s; with one check it is 330 s.
#[test]
fn a_grace_period_outlasts_the_checks_that_a_new_target_has_to_pass() {
    let boot = "fleet.web.boot={ system = '10s', bootstrap = '5m', application = '5s' }";
    let with = |grace: &str| {
        let checks = "balancer.lb.health_check.first_passes=5";
        [
            "fleet.web.health='elb'".to_owned(),
            boot.to_owned(),
            checks.to_owned(),
            format!("fleet.web.grace='{grace}'"),
        ]
    };
    let found = |grace: &str| {
        let set = with(grace);
        codes(&set.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let set = with("7m");
    let warning = only(
        Code::GraceShorterThanBoot,
        "fleet.web.grace",
        &set.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    assert!(warning.message.contains("finds it healthy 7m30s after EC2 runs it"), "{warning:?}");
    assert_eq!(found("451s"), []);
    assert_eq!(codes(&["fleet.web.health='elb'", boot, "fleet.web.grace='331s'"]), []);
}

#[test]
fn a_launch_hook_waits_at_least_until_the_application_is_up() {
    let boot = "fleet.web.boot={ system = '15s', bootstrap = '60s', application = '10s' }";
    let hook = |hook: &str| format!("fleet.web.launch_hook={{ {hook} }}");
    let warning = only(
        Code::HookShorterThanBoot,
        "fleet.web.launch_hook.heartbeat",
        &[boot, &hook("heartbeat = '40s'")],
    );
    assert!(warning.message.contains("completed 1m25s after EC2 runs an instance"), "{warning:?}");
    let action = hook("heartbeat = '40s', complete = '41s'");
    only(Code::HookShorterThanBoot, "fleet.web.launch_hook.heartbeat", &[&action]);
    for fine in [
        "heartbeat = '85s'",
        "heartbeat = '40s', default_result = 'continue'",
        "heartbeat = '40s', complete = '40s'",
    ] {
        assert_eq!(codes(&[boot, &hook(fine)]), [], "{fine}");
    }
}

/// Of three actions the last one is at 2 h, an hour after the end, and one at the very end.
#[test]
fn a_scheduled_action_after_the_end_never_comes() {
    let schedule = |at: &str| {
        format!(
            "fleet.web.schedule=[{{ at = '10m', min = 3 }}, {{ at = '{at}', max = 60 }}, {{ at = '30m', max = 7 }}]"
        )
    };
    let warning = only(Code::ScheduleAfterEnd, "fleet.web.schedule.1.at", &[&schedule("2h")]);
    assert_eq!(warning.message, "a scheduled action of fleet `web` at 2h never comes: the run ends at 1h");
    only(Code::ScheduleAfterEnd, "fleet.web.schedule.1.at", &[&schedule("1h")]);
    assert_eq!(codes(&[&schedule("59m")]), []);
    // 600/s of 5 ms are three vCPUs, and what makes room only after the end is no key to look at.
    let much = ["traffic.all={ rate = '600/s', requests = 'page' }", "fleet.web.max=1", "fleet.web.min=1"];
    let late = "fleet.web.schedule=[{ at = '2h', max = 60 }]";
    let asked = found(HEALTHY, &[&much[..], &[late]].concat());
    let asked = asked
        .iter()
        .find(|it| it.code == Code::DemandAboveCapacity && it.path().starts_with("fleet"))
        .unwrap();
    assert_eq!(asked.path(), "fleet.web.max");
    assert!(!asked.hint.contains("comes late"), "{asked:?}");
}

/// Whatever has an `at` never comes after the end; each entry has its own place.
#[test]
fn no_action_of_a_fleet_comes_after_the_end() {
    let late =
        |key: &str, entry: &str| format!("fleet.web.{key}=[{{ at = '10m'{entry} }}, {{ at = '1h'{entry} }}]");
    for (key, entry, what) in [
        ("standby", ", until = '2h'", "a span of standby"),
        ("refresh", "", "an instance refresh"),
        ("deploy", ", strategy = 'rolling'", "a deployment"),
        ("suspend", ", processes = ['Launch']", "a suspension"),
        ("launch_failures", "", "a span of failed launches"),
    ] {
        let warning = only(Code::ScheduleAfterEnd, &format!("fleet.web.{key}.1.at"), &[&late(key, entry)]);
        assert_eq!(warning.message, format!("{what} of fleet `web` at 1h never comes: the run ends at 1h"));
        assert_eq!(codes(&[&late(key, entry), "duration=90m"]), [], "{key}");
    }
    let spot = "fleet.web.spot={ on_demand_share = '50%', interruptions = [{ at = '3h' }] }";
    only(Code::ScheduleAfterEnd, "fleet.web.spot.interruptions.0.at", &[spot]);
    let resize = [
        "fleet.web={ instance = 'm5.large', instances = 2, pools = { db = 20 }, resize = [{ at = '2h', instance = 'm5.xlarge' }] }",
    ];
    only(Code::ScheduleAfterEnd, "fleet.web.resize.0.at", &resize);
}

/// 2026-11-27 is a Friday. The run has the hour from 9:00 on.
#[test]
fn a_version_that_is_felt_nowhere_is_warned_of() {
    let versions = "fleet.web.versions={ v2 = { health = false }, v3 = {} }";
    let refresh = "fleet.web.refresh=[{ at = '1s', version = 'v2' }]";
    let warning = only(Code::Unused, "fleet.web.versions.v3", &[versions, refresh]);
    assert_eq!(warning.message, "no refresh and no deployment brings version `v3` of fleet `web`");
    let unchecked =
        HEALTHY.replace("via = \"lb\"", "via = \"web\"").replace("[balancer.lb]\ntargets = \"web\"\n", "");
    let found = found(&unchecked, &["fleet.web.versions={ v2 = { health = false } }", refresh]);
    let told: Vec<String> = found.iter().map(|it| it.path()).collect();
    assert_eq!(told, ["fleet.web.versions.v2"], "{found:?}");
}

#[test]
fn a_bake_time_that_no_alarm_watches_is_warned_of() {
    let deploy = |more: &str| format!("fleet.web.deploy=[{{ at = '1s', {more} }}]");
    let warning = only(Code::Unused, "fleet.web.deploy.0.bake", &[&deploy("strategy = 'canary'")]);
    assert_eq!(
        warning.message,
        "the canary deployment of fleet `web` at 1s waits 10m before it goes on, and no alarm can stop it"
    );
    only(Code::Unused, "fleet.web.deploy.0.bake", &[&deploy("strategy = 'rolling', bake = '5m'")]);
    // Blue instances are kept for that time.
    assert_eq!(codes(&[&deploy("strategy = 'blue_green', bake = '5m'")]), []);
    assert_eq!(codes(&[&deploy("strategy = 'rolling'")]), []);
}

#[test]
fn a_cron_without_a_time_of_the_run_is_warned_of() {
    let cron = |text: &str| {
        format!("fleet.web.schedule=[{{ at = '10m', min = 3 }}, {{ cron = '{text}', min = 3 }}]")
    };
    let with = |text: &str| {
        only(
            Code::ScheduleAfterEnd,
            "fleet.web.schedule.1.cron",
            &["starts='2026-11-27T09:00:00Z'", &cron(text)],
        )
    };
    let saturday = with("30 9 * * SAT");
    assert_eq!(
        saturday.message,
        "`30 9 * * SAT` of a scheduled action of fleet `web` names no time of the run"
    );
    assert!(saturday.hint.starts_with("it comes next at 2026-11-28 09:30: "), "{saturday:?}");
    let never = with("0 0 30 2 *");
    assert_eq!(
        never.message,
        "`0 0 30 2 *` of a scheduled action of fleet `web` names a time that never comes"
    );
    assert_eq!(codes(&["starts='2026-11-27T09:00:00Z'", &cron("30 9 * * FRI")]), []);
}
