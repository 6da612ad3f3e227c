//! Settings of target groups and of balancers. In: their properties and attributes. Out: keys of a balancer.

use super::draft::{duration, in_range, whole};
use super::resource::View;
use super::table::{Item, Table};

/// Keys of a target group.
pub fn target_group(table: &mut Table, view: View<'_>, application: bool) {
    let attribute = |key: &str| view.attribute(&["target_group_attributes"], key);
    let number = |name: &str, key: &str| view.number(&[name]).or_else(|| attribute(key)?.parse().ok());
    let check = view.block(&["health_check"]).unwrap_or(view);
    let enabled = check.flag(&["enabled"]).unwrap_or(true);
    let mut health = Table::new("x", "");
    if enabled {
        let stated = |names: &[&str]| check.number(names);
        duration(&mut health, "interval", stated(&["interval", "health_check_interval_seconds"]), 5.0, 300.0);
        duration(&mut health, "timeout", stated(&["timeout", "health_check_timeout_seconds"]), 2.0, 120.0);
        whole(&mut health, "healthy", stated(&["healthy_threshold", "healthy_threshold_count"]), 2, 10);
        whole(&mut health, "unhealthy", stated(&["unhealthy_threshold", "unhealthy_threshold_count"]), 2, 10);
    }
    if let Some(item) = health.inline() {
        table.set("health_check", item);
    }
    let delay = number("deregistration_delay", "deregistration_delay.timeout_seconds");
    duration(table, "deregistration_delay", delay, 0.0, 3_600.0);
    if !application {
        return;
    }
    let routing =
        view.text(&["load_balancing_algorithm_type"]).or_else(|| attribute("load_balancing.algorithm.type"));
    let turns = routing.is_none_or(|routing| routing == "round_robin");
    let slow = number("slow_start", "slow_start.duration_seconds").filter(|slow| *slow > 0.0);
    if slow.is_some() && !turns {
        table.note("slow_start: it works with round robin only, and another algorithm is set");
    }
    let slow = slow.filter(|_| turns);
    duration(table, "slow_start", slow, 30.0, 900.0);
    if let Some(rule @ ("least_outstanding_requests" | "weighted_random")) = routing {
        table.set("routing", rule);
    }
    let sticky = view.block(&["stickiness"]);
    let on = sticky.is_some_and(|it| it.flag(&["enabled"]).unwrap_or(true))
        || attribute("stickiness.enabled") == Some("true");
    if on {
        let kind = sticky.and_then(|it| it.text(&["type"])).or_else(|| attribute("stickiness.type"));
        let kind = if kind == Some("app_cookie") { "app_cookie" } else { "lb_cookie" };
        let lasts = sticky
            .and_then(|it| it.number(&["cookie_duration"]))
            .or_else(|| attribute("stickiness.lb_cookie.duration_seconds")?.parse().ok());
        let item = Item::table([("kind", kind.into())]);
        let lasts = in_range(table, "duration of stickiness", lasts, 1.0, 604_800.0);
        table.set(
            "stickiness",
            lasts.map_or(item.clone(), |it| item.with("duration", super::draft::seconds(it))),
        );
    }
}

/// Sets what a load balancer says itself.
pub fn attributes(table: &mut Table, view: View<'_>, application: bool) {
    let attribute = |key: &str| view.attribute(&["load_balancer_attributes", "load_balancer_attribute"], key);
    let idle =
        view.number(&["idle_timeout"]).or_else(|| attribute("idle_timeout.timeout_seconds")?.parse().ok());
    if application {
        duration(table, "idle_timeout", idle, 1.0, 4_000.0);
    }
    let cross = view.flag(&["enable_cross_zone_load_balancing"]);
    let cross = cross.or_else(|| attribute("load_balancing.cross_zone.enabled").map(|text| text == "true"));
    // An Application Load Balancer always does, and Terraform says false.
    if let Some(cross) = cross.filter(|_| !application) {
        table.set("cross_zone", cross);
    }
}
