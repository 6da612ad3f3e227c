//! Every scenario of `scenarios/` at its own seed: its page, the numbers of the page, its exit code.
//!
//! A change that is meant to change values makes new snapshots with
//! `INSTA_UPDATE=always cargo test --release golden`; the diff then shows what has changed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::{Value, json};
use simcap::outcome::Outcome;
use simcap::{report, scenario};

use crate::gallery;

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// Runs a scenario as a user does, except for the number of runs, and compares the results with the snapshots.
fn golden(name: &str, exit_code: i32) {
    let (page, outcome) = run(name, exit_code, &["--runs", "1"]);
    gallery::shows(name, &outcome, &page);
    let name = name.replace('/', "-");
    snapshot(&format!("{name}-page"), without_files(&page));
    snapshot(&format!("{name}-digest"), &digest(&outcome));
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({
        omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "golden"
    }, {
        insta::assert_snapshot!(name.to_owned(), text);
    });
}

fn run(name: &str, exit_code: i32, args: &[&str]) -> (String, Outcome) {
    let place = tempfile::tempdir().unwrap();
    let file = scenarios().join(name).with_extension("toml");
    let mut command = Command::cargo_bin("simcap").unwrap();
    command.current_dir(place.path()).env_remove("CLICOLOR_FORCE");
    let output =
        command.arg("run").arg(&file).args(["--no-progress", "--no-charts"]).args(args).output().unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(exit_code), "{page}{}", String::from_utf8_lossy(&output.stderr));

    let folder = file.file_stem().unwrap();
    let outcome = report::read(&place.path().join("out").join(folder).join(report::OUTCOME_FILE)).unwrap();
    assert_eq!(outcome.objectives_met(), exit_code == 0);
    (page, outcome)
}

/// The part of the page that does not depend on where the run was made.
fn without_files(page: &str) -> &str {
    let (before, _) = page.split_once("\nFiles\n").expect("a page names the files that it wrote");
    before
}

/// The key numbers to the last bit, without the series.
fn digest(outcome: &Outcome) -> String {
    let classes: Vec<Value> = outcome
        .classes
        .iter()
        .map(
            |class| json!({ "name": class.name, "requests": class.requests, "latency_ms": class.latency_ms }),
        )
        .collect();
    let items: Vec<Value> = outcome
        .bill
        .items
        .iter()
        .map(|item| json!([item.service, item.resource, item.what, item.quantity, item.usd]))
        .collect();
    let mut digest = json!({
        "requests": outcome.requests,
        "attempts": outcome.attempts,
        "abandoned": outcome.abandoned,
        "latency_ms": outcome.latency_ms,
        "classes": classes,
        "scaling": outcome.scenario.tables.within(|| json!(outcome.scaling)),
        "incidents": outcome.incidents.len(),
        "fleets": outcome.fleets,
        "caches": outcome.caches,
        "databases": outcome.databases,
        "services": outcome.services,
        "bill": { "total_usd": outcome.bill.total_usd, "items": items },
    });
    if !outcome.queues.is_empty() {
        digest["queues"] = json!(outcome.queues);
    }
    if !outcome.kinds.resiliences.is_empty() {
        digest["resiliences"] = json!(outcome.kinds.resiliences);
    }
    if !outcome.kinds.lambdas.is_empty() {
        digest["lambdas"] = json!(outcome.kinds.lambdas);
    }
    if !outcome.kinds.streams.is_empty() {
        digest["streams"] = json!(outcome.kinds.streams);
    }
    if !outcome.kinds.apis.is_empty() {
        digest["apis"] = json!(outcome.kinds.apis);
    }
    if !outcome.kinds.firewalls.is_empty() {
        digest["firewalls"] = json!(outcome.kinds.firewalls);
    }
    if !outcome.kinds.waiting_rooms.is_empty() {
        digest["waiting_rooms"] = json!(outcome.kinds.waiting_rooms);
    }
    if !outcome.deployments.is_empty() {
        digest["deployments"] = outcome.scenario.tables.within(|| json!(outcome.deployments));
    }
    if !outcome.faults.is_empty() {
        digest["faults"] = json!(outcome.faults);
    }
    // Read back from the text of the file: there, counts are whole numbers without a point.
    let written: Value = serde_json::from_str(&report::to_json(&digest)).unwrap();
    serde_json::to_string_pretty(&written).unwrap()
}

#[test]
#[cfg_attr(debug_assertions, ignore = "tens of millions of requests: minutes without optimisation")]
fn black_friday_meets_its_objectives() {
    golden("black-friday", 0);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "tens of millions of requests: minutes without optimisation")]
fn black_friday_unprepared_misses_its_objectives() {
    golden("black-friday-unprepared", 99);
}

#[test]
fn a_flash_sale_of_one_row_misses_its_objectives() {
    golden("flash-sale", 99);
}

#[test]
fn bots_take_a_sale_from_its_customers_until_they_are_blocked() {
    golden("bots", 99);
}

#[test]
fn a_sale_on_functions_is_short_of_concurrency_and_connections() {
    golden("serverless", 99);
}

#[test]
fn a_table_with_provisioned_capacity_throttles_a_function_for_a_minute() {
    golden("serverless-table", 99);
}

#[test]
fn a_leaderboard_behind_a_stream_is_late_while_players_wait_for_nothing() {
    golden("leaderboard", 99);
}

#[test]
fn a_study_on_spot_instances_is_done_in_half_an_hour() {
    golden("study-on-spot", 0);
}

#[test]
fn events_of_orders_survive_a_service_that_is_away() {
    golden("fan-out", 0);
}

#[test]
fn a_waiting_room_makes_an_opening_minutes_in_line() {
    golden("waiting-room", 99);
}

#[test]
fn one_stock_row_is_sold_more_slowly_the_more_wait_for_it() {
    golden("hot-item", 99);
}

/// The command that the scenario opens with: four ways out.
#[test]
fn four_ways_out_of_a_hot_row() {
    compare_variants("hot-item", 4, 1);
}

#[test]
fn a_queue_makes_a_spike_waiting_time() {
    golden("decoupled-orders", 0);
}

#[test]
fn a_fifo_queue_throttles_and_its_most_popular_group_waits() {
    golden("orders-fifo", 99);
}

#[test]
fn without_the_queue_the_same_spike_is_errors() {
    golden("direct-orders", 99);
}

#[test]
fn a_retry_storm_outlives_what_began_it() {
    golden("retry-storm", 99);
}

#[test]
fn a_keep_alive_below_the_balancers_is_a_few_502s() {
    golden("keep-alive-502", 99);
}

#[test]
fn a_balancer_that_grows_rejects_a_steep_spike() {
    golden("steep-spike", 99);
}

#[test]
fn a_rolling_deployment_at_the_peak_leaves_too_few() {
    golden("deploy-under-load", 99);
}

#[test]
fn a_scale_out_takes_all_connections_of_the_database() {
    golden("connection-storm", 99);
}

/// The command that the scenario opens with.
#[test]
fn with_a_proxy_the_same_scale_out_finds_connections() {
    compare_variants("connection-storm", 1, 1);
}

/// The command that the scenario opens with: six ways to deploy, one run of each.
#[test]
fn six_ways_to_deploy_differ_in_capacity_errors_and_duration() {
    compare_variants("deploy-under-load", 5, 1);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "tens of millions of requests: minutes without optimisation")]
fn a_zone_lost_at_the_peak_of_black_friday_is_noticed_mitigated_and_recovered_from() {
    golden("zone-lost", 99);
}

#[test]
fn a_lost_cache_node_is_half_a_minute_of_timeouts() {
    golden("cache-failover", 0);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "millions of requests: half a minute without optimisation")]
fn baskets_in_the_memory_of_instances_are_lost_with_them() {
    golden("myclothes-stickiness", 99);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "millions of requests: half a minute without optimisation")]
fn baskets_in_cookies_make_requests_heavier() {
    golden("myclothes-cookies", 99);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "millions of requests: half a minute without optimisation")]
fn baskets_in_redis_outlive_instances() {
    golden("myclothes-redis", 99);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "millions of requests: half a minute without optimisation")]
fn baskets_in_dynamodb_outlive_a_zone() {
    golden("myclothes-dynamodb", 99);
}

#[test]
fn a_global_table_outlives_a_region_but_for_its_last_changes() {
    golden("global-table", 99);
}

#[test]
fn a_writer_that_dies_at_the_peak_is_a_minute_without_orders() {
    golden("aurora-failover", 99);
}

#[test]
fn a_rush_and_a_failover_on_aurora() {
    golden("mysql-vs-aurora", 0);
}

/// The command that the scenario opens with.
#[test]
fn the_same_rush_and_failover_on_mysql() {
    compare_variants("mysql-vs-aurora", 1, 1);
}

#[test]
fn a_published_benchmark_of_two_engines_at_three_numbers_of_connections() {
    golden("sysbench", 0);
}

#[test]
fn the_loss_of_a_zone_is_minutes_of_errors() {
    golden("zone-outage", 99);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "millions of requests: a minute without optimisation")]
fn replica_lag_is_minutes_on_mysql_and_milliseconds_on_aurora() {
    golden("replica-lag", 0);
}

#[test]
fn a_wave_of_spot_interruptions_leaves_the_floor() {
    golden("spot-floor", 99);
}

#[test]
fn credits_run_out_after_half_an_hour_of_a_campaign() {
    golden("credits", 99);
}

#[test]
fn the_auto_scaling_lab_has_no_objectives_to_miss() {
    golden("asg-lab", 0);
}

#[test]
fn the_policy_of_today_carries_the_day_of_the_dry_run() {
    golden("policy-dry-run", 0);
}

/// The command that the scenario opens with: one day under five policies, each of two runs.
#[test]
fn a_dry_run_shows_when_each_policy_acts_and_what_it_costs() {
    compare_variants("policy-dry-run", 4, 2);
}

/// The variants of the commands in a scenario's comment, one a line.
fn variants_in(name: &str) -> Vec<String> {
    let text = fs::read_to_string(scenarios().join(name).with_extension("toml")).unwrap();
    let variant = |line: &str| Some(line.split_once("--variant '")?.1.split('\'').next()?.to_owned());
    text.lines().filter_map(variant).collect()
}

/// The command that a scenario opens with, which has so many variants.
fn compare_variants(name: &str, count: usize, runs: u32) {
    let file = format!("scenarios/{name}.toml");
    let variants = variants_in(name);
    assert_eq!(variants.len(), count);
    let place = tempfile::tempdir().unwrap();
    let mut command = Command::cargo_bin("simcap").unwrap();
    command.current_dir(scenarios().join("..")).env_remove("CLICOLOR_FORCE");
    let runs = runs.to_string();
    command.args(["compare", &file, "--runs", &runs, "--no-progress", "--out"]).arg(place.path());
    let output = command.args(variants.iter().flat_map(|it| ["--variant", it.as_str()])).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let page = String::from_utf8(output.stdout).unwrap();
    let (page, files) = page.split_once("\nFiles\n").unwrap();
    assert!(files.trim_end().ends_with("policies.png"), "{files}");
    snapshot(&format!("{name}-comparison-page"), page);
    for file in ["compare.png", "policies.png"] {
        let picture = fs::read(place.path().join(file));
        assert!(picture.unwrap().starts_with(b"\x89PNG"), "{file}");
    }
}

#[test]
fn a_forecast_knows_the_morning_and_not_the_sale() {
    golden("predictive", 0);
}

#[test]
fn a_warm_pool_starts_what_a_cold_group_installs() {
    golden("warm-pool", 0);
}

#[test]
fn hooks_hold_instances_that_come_and_that_go() {
    golden("lifecycle-hooks", 0);
}

#[test]
fn a_rush_on_fargate_waits_for_a_cooldown() {
    golden("fargate", 99);
}

#[test]
fn one_spike_is_answered_by_three_kinds_of_compute() {
    golden("eks", 0);
}

/// Each rung but the last misses an objective.
#[test]
fn each_rung_of_the_growth_ladder_buys_something() {
    (1..=8).for_each(|rung| golden(&format!("growth-ladder/{rung}"), 99));
    golden("growth-ladder/9", 0);
}

/// The command with which the first rung opens: one screen says what each rung buys and costs.
#[test]
fn the_growth_ladder_is_one_comparison() {
    let rungs = (1..=9).map(|rung| format!("scenarios/growth-ladder/{rung}.toml"));
    let mut command = Command::cargo_bin("simcap").unwrap();
    command.current_dir(scenarios().join("..")).env_remove("CLICOLOR_FORCE").arg("compare").args(rungs);
    let output = command.args(["--runs", "2", "--no-progress"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let page = String::from_utf8(output.stdout).unwrap();
    let (screen, _) = page.split_once("\nComparison").unwrap();
    assert!(
        screen.lines().count() <= 24 && screen.lines().all(|line| line.chars().count() <= 160),
        "{screen}"
    );
    snapshot("growth-ladder-comparison-page", screen);
}

/// The command that the scenario opens with.
#[test]
fn the_cluster_autoscaler_takes_longer_than_karpenter() {
    compare_variants("eks", 1, 1);
}

#[test]
fn the_bill_of_a_thrifty_shop_beside_that_of_a_plain_one() {
    golden("money", 0);
}

#[test]
fn an_upload_is_missing_on_the_volumes_of_other_instances() {
    golden("uploads", 0);
}

#[test]
fn each_stage_of_a_page_without_a_database_fails_in_its_own_way() {
    golden("whatistime", 0);
}

#[test]
fn a_failover_by_dns_takes_as_long_as_its_answers_are_kept() {
    golden("dns-ttl", 0);
}

#[test]
fn a_release_by_weights_moves_clients_as_their_answers_run_out() {
    golden("blue-green", 0);
}

#[test]
fn a_magazine_is_read_where_its_readers_are_and_written_in_one_region() {
    golden("mywordpress", 0);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "tens of millions of requests: minutes without optimisation")]
fn a_sale_in_two_regions_outlives_one_of_them_and_goes_back() {
    golden("black-friday-global", 0);
}

#[test]
fn a_lost_region_is_taken_over_by_what_stands_by() {
    golden("dr/pilot-light", 99);
    golden("dr/warm-standby", 99);
    golden("dr/multi-site", 99);
}

#[test]
fn a_lost_region_is_taken_over_by_what_is_restored_from_a_backup() {
    golden("dr/backup", 99);
}

#[test]
fn spoiled_data_is_right_again_when_it_is_restored() {
    golden("dr/corruption", 99);
}

#[test]
fn a_purge_of_everything_has_busy_servers_replaced_in_a_loop() {
    golden("incidents/purge", 99);
}

#[test]
fn a_grace_shorter_than_the_start_ends_whatever_is_launched() {
    golden("incidents/grace", 99);
}

#[test]
fn health_checks_that_ask_a_full_database_take_all_targets_out() {
    golden("incidents/deep-check", 99);
}

#[test]
fn a_second_set_of_servers_finds_no_connections_and_is_rolled_back() {
    golden("incidents/deploy-pools", 0);
}

#[test]
fn an_import_takes_the_concurrency_of_an_api() {
    golden("incidents/lambda-shared", 99);
}

#[test]
fn a_table_that_scales_step_by_step_throttles_for_twelve_minutes() {
    golden("incidents/table-scaling", 99);
}

#[test]
fn a_cold_application_cannot_do_the_share_of_a_warm_one() {
    golden("incidents/cold-start", 99);
}

#[test]
fn rebalancing_ends_instances_that_are_full_of_sessions() {
    golden("incidents/rebalance", 99);
}

/// The command that each incident opens with: every variant has a third of the failures, at most.
#[test]
fn what_would_have_helped_helps() {
    for (name, variants) in [
        ("purge", 4),
        ("grace", 3),
        ("deep-check", 2),
        ("lambda-shared", 3),
        ("table-scaling", 3),
        ("cold-start", 2),
        ("rebalance", 3),
    ] {
        let errors: Vec<f64> =
            incident(name, variants).iter().map(|side| side["errors"].as_f64().unwrap()).collect();
        assert!(errors[1..].iter().all(|share| share * 3. < errors[0]), "{name}: {errors:?}");
    }
}

/// Nothing fails in that one but the deployment.
#[test]
fn what_would_have_helped_a_deployment_completes_it() {
    let ends: Vec<Value> =
        incident("deploy-pools", 4).iter().map(|side| side["deployments"][0]["ended"].clone()).collect();
    assert_eq!(ends[0], "rolled_back");
    assert!(ends[1..].iter().all(|end| *end == "complete"), "{ends:?}");
}

/// The sides of the comparison that an incident opens with, which has so many variants: the incident itself comes first.
fn incident(name: &str, variants: usize) -> Vec<Value> {
    let name = format!("incidents/{name}");
    let mut command = Command::cargo_bin("simcap").unwrap();
    command.current_dir(scenarios().join("..")).env_remove("CLICOLOR_FORCE");
    command.arg("compare").arg(format!("scenarios/{name}.toml"));
    command.args(["--runs", "1", "--no-progress", "--format", "json"]);
    let found = variants_in(&name);
    assert_eq!(found.len(), variants, "{name}");
    command.args(found.iter().flat_map(|variant| ["--variant", variant.as_str()]));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let compared: Value = serde_json::from_slice(&output.stdout).unwrap();
    compared["sides"].as_array().unwrap().clone()
}

#[test]
fn a_slow_inner_tier_fills_the_threads_of_the_outer_one() {
    golden("two-tiers", 99);
}

#[test]
fn appliances_of_an_inspected_path_run_out_of_ports_first() {
    golden("inspected-path", 99);
}

/// Published traces, as their files have them.
#[test]
fn recorded_traffic_is_traffic() {
    golden("traces/worldcup98", 0);
    golden("traces/elb-request-count", 0);
}

/// The same lab under eight seeds: a page with intervals.
#[test]
fn the_auto_scaling_lab_of_eight_runs_tells_what_is_chance() {
    let (page, outcome) = run("asg-lab", 0, &[]);
    assert_eq!(outcome.runs.count, 8);
    snapshot("asg-lab-of-eight-runs-page", without_files(&page));
}

/// The search for the limits of the flash sale, as the book shows it.
#[test]
#[cfg_attr(debug_assertions, ignore = "two dozen multiples of the scenario: minutes without optimisation")]
fn the_limits_of_the_flash_sale_are_found() {
    let mut command = Command::cargo_bin("simcap").unwrap();
    command.current_dir(scenarios().join("..")).env_remove("CLICOLOR_FORCE");
    let output = command.args(["headroom", "scenarios/flash-sale.toml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    snapshot("flash-sale-headroom-page", &String::from_utf8(output.stdout).unwrap());
}

#[test]
fn every_scenario_passes_the_check_opens_with_its_story_and_is_golden() {
    let tests = include_str!("golden.rs");
    let mut seen = BTreeSet::new();
    let folders = ["", "dr", "incidents", "traces"].map(|folder| scenarios().join(folder));
    for entry in folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()) {
        let path = entry.unwrap().path();
        // The reference workloads are compared with their known answers, and the gallery is no scenario.
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let relative = path.strip_prefix(scenarios()).unwrap().with_extension("");
        let name = relative.to_str().unwrap().replace('\\', "/");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# "), "{name} does not say what it shows");
        if let Err(error) = scenario::load(&path, &[]) {
            panic!("{error}");
        }
        assert!(tests.contains(&format!("golden(\"{name}\"")), "{name} has no golden test");
        seen.insert(name);
    }
    assert!(seen.contains("black-friday") && seen.len() >= 5, "{seen:?}");
}

#[test]
fn the_pages_of_the_book_are_golden() {
    let body = |snapshot: &'static str| snapshot.splitn(3, "---\n").nth(2).unwrap().trim_end();
    let block =
        |chapter: &'static str, start| chapter.split_once(start).unwrap().1.split_once("```").unwrap().0;
    let page = block(include_str!("../../src/book/page.md"), "```text\n");
    assert_eq!(page.trim_end(), body(include_str!("golden/black-friday-page.snap")));
    let limits = body(include_str!("golden/flash-sale-headroom-page.snap"));
    let first =
        block(include_str!("../../src/book/headroom.md"), "$ simcap headroom scenarios/flash-sale.toml\n");
    assert!(first.lines().count() == 4 && limits.contains(first.trim_end()), "{first}");
    let page = body(include_str!("golden/asg-lab-of-eight-runs-page.snap"));
    let shown = block(include_str!("../../src/book/sure.md"), "$ simcap run scenarios/asg-lab.toml\n");
    let shown = shown.lines().filter(|line| *line != "…");
    assert_eq!(shown.clone().count(), 5);
    for line in shown {
        assert!(page.lines().any(|golden| golden == line), "{line}");
    }
}

#[test]
fn the_first_scenario_of_the_book_runs_and_misses_its_objective_as_told() {
    let chapter = include_str!("../../src/book/scenario.md");
    let (text, _) = chapter.split_once("```toml\n").unwrap().1.split_once("```").unwrap();
    let meets = |overrides: &[String]| {
        let scenario =
            scenario::parse("shop.toml", text.as_bytes(), Path::new("nowhere"), overrides).unwrap();
        simcap::simulate(&scenario, scenario.seed, &mut |_| {}).objectives_met()
    };
    assert!(!meets(&[]));
    assert!(meets(&["fleet.web.min=6".into()]));
}
