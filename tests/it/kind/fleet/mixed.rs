//! Groups of several types with weights: what is launched and ended, and what each instance is, by hand.
//!
//! Prices an hour in us-east-1: m5.large $0.096, m5.xlarge $0.192, m5.2xlarge $0.384, c5.xlarge $0.17.

use simcap::outcome::{AlarmState, Outcome};

use crate::kind::{activities, decisions};
use crate::run::run;

/// A group in one zone that gets so many requests of 10 ms. EC2 runs an instance 20 s after its launch, and it answers at once.
fn group(rate: &str, fleet: &str) -> Outcome {
    let text = format!(
        "duration = \"600s\"\nbucket = \"60s\"\n[traffic.all]\nrate = \"{rate}\"\n[request.page]\nvia = \"web\"\nsteps = [{{ cpu = \
         \"10ms\" }}]\n[fleet.web]\nazs = [\"a\"]\nmin = 1\nmax = 100\nwarmup = \"30s\"\nboot = {{ decision = \"0s\", launch = \"20s\", \
         system = \"0s\", bootstrap = \"0s\", application = \"0s\" }}\n{fleet}"
    );
    run(&text, 1)
}

/// Desired units and units in service at the end.
fn units(run: &Outcome) -> (f64, f64) {
    let mixed = &run.timeline.kinds.fleets[0].mixed[0];
    (*mixed.desired.last().unwrap(), *mixed.in_service.last().unwrap())
}

/// Hours on the bill by what they are of, without those that nothing was used of.
fn hours(run: &Outcome) -> Vec<(String, f64)> {
    let hours =
        run.bill.items.iter().filter(|item| item.what.contains("instance-hours") && item.quantity > 0.0);
    hours.map(|item| (item.what.clone(), (item.quantity * 600.0).round() / 100.0)).collect()
}

const XLARGE_THEN_LARGE: &str =
    "overrides = [{ instance = \"m5.xlarge\", weight = 4 }, { instance = \"m5.large\", weight = 2 }]";

/// The example of the user guide, "Configuring instance weighting": weights of 2 and 12, and 5 units that are left: with one of 12 there
/// are 7 too many.
#[test]
fn a_launch_may_bring_more_than_is_desired() {
    let of_types = |first: &str, second: &str, more: &str| {
        let schedule = "schedule = [{ at = \"100s\", desired = 17 }]";
        group("1/h", &format!("desired = 12\noverrides = [{first}, {second}]\n{more}{schedule}"))
    };
    let of = |first: &str, second: &str| of_types(first, second, "");
    let (small, large) =
        ("{ instance = \"c5.2xlarge\", weight = 2 }", "{ instance = \"c5.12xlarge\", weight = 12 }");
    let run = of(large, small);
    assert_eq!(units(&run), (17.0, 17.0 + 7.0));
    assert_eq!(activities(&run), [(100.0, Some(120.0), 12, 17)]);
    assert_eq!(run.scaling[0].launches, 1);
    // With the large one first from 90 s on, the six small ones stay beside it.
    let lacks = "launch_failures = [{ until = \"90s\", instance = \"c5.12xlarge\" }]\n";
    let run = of_types(large, small, lacks);
    assert_eq!((units(&run), run.kinds.fleets[0].terminated), ((17.0, 24.0), 0.0));
    // With the small one first six are there, and three more come.
    let run = of(small, large);
    assert_eq!((units(&run), run.scaling[0].launches), ((17.0, 18.0), 3));
}

/// Eight units are two of four. One of them would leave less than five or seven, and leaves just four.
#[test]
fn a_scale_in_never_leaves_less_than_is_desired() {
    let to = |desired: u32| {
        let fleet = format!(
            "desired = 8\n{XLARGE_THEN_LARGE}\nschedule = [{{ at = \"100s\", desired = {desired} }}]"
        );
        let run = group("1/h", &fleet);
        (units(&run), run.kinds.fleets[0].terminated)
    };
    assert_eq!(to(7), ((7.0, 8.0), 0.0));
    assert_eq!(to(5), ((5.0, 8.0), 0.0));
    assert_eq!(to(4), ((4.0, 4.0), 1.0));
    assert_eq!(to(3), ((3.0, 4.0), 1.0));
}

/// A unit costs $0.048 an hour with m5, and $0.0425 with c5.
#[test]
fn the_allocation_strategy_chooses_the_type() {
    let of = |more: &str| {
        let types = "{ instance = \"m5.xlarge\", weight = 4 }, { instance = \"c5.xlarge\", weight = 4 }";
        hours(&group("1/h", &format!("desired = 8\noverrides = [{types}]\n{more}")))
    };
    let two = |name: &str| [(format!("{name} instance-hours"), 2.0)];
    assert_eq!(of(""), two("m5.xlarge"));
    assert_eq!(of("allocation = \"prioritized\""), two("m5.xlarge"));
    assert_eq!(of("allocation = \"lowest-price\""), two("c5.xlarge"));
    // What the file says of prices holds.
    assert_eq!(of("allocation = \"lowest-price\"\n[prices]\n\"EC2/m5.xlarge\" = 0.16"), two("m5.xlarge"));
}

/// From 100 s on there is no m5.xlarge: for eight more units four m5.large come.
#[test]
fn what_cannot_be_had_is_launched_as_another_type() {
    let lacks = "launch_failures = [{ at = \"90s\", instance = \"m5.xlarge\" }]";
    let fleet = format!("desired = 4\n{XLARGE_THEN_LARGE}\n{lacks}");
    let run = group("1/h", &format!("{fleet}\nschedule = [{{ at = \"100s\", desired = 12 }}]"));
    assert_eq!((units(&run), run.kinds.fleets[0].launched), ((12.0, 12.0), 4.0));
    assert_eq!(run.kinds.fleets[0].instance, "m5.xlarge, m5.large");
    // 600 s of the first one, and of four others the 500 s since their launch.
    let expected = [("m5.xlarge instance-hours", 1.0), ("m5.large instance-hours", 4.0 * 500.0 / 600.0)];
    let expected = expected.map(|(name, hours)| (name.to_owned(), (hours * 100.0_f64).round() / 100.0));
    assert_eq!(hours(&run), expected);
    // The other way round: what a refresh replaces counts for two each, so that twice as many come.
    let refresh = "desired = 12\nrefresh = [{ at = \"100s\", min_healthy = \"0%\" }]";
    let run = group("1/h", &format!("{refresh}\n{XLARGE_THEN_LARGE}\n{lacks}"));
    let fleet = &run.kinds.fleets[0];
    assert_eq!((units(&run), fleet.launched, fleet.terminated), ((12.0, 12.0), 6.0, 3.0));
}

/// Of twenty units the base of four and half of the others are on demand: twelve units are three instances of four, and two are Spot.
#[test]
fn base_and_share_are_units() {
    let types =
        "overrides = [{ instance = \"m5.xlarge\", weight = 4 }, { instance = \"m5.2xlarge\", weight = 8 }]";
    let spot = |more: &str| {
        format!("desired = 20\n{types}\nspot = {{ on_demand_base = 4, on_demand_share = \"50%\", {more} }}")
    };
    let run = group("1/h", &spot("pools = 1"));
    assert_eq!((units(&run), run.timeline.kinds.fleets[0].spot[0].in_service[0]), ((20.0, 20.0), 2.0));
    // An hour of Spot is 0.35 of an hour on demand on the bill.
    let expected =
        [("m5.xlarge instance-hours", 3.0), ("m5.xlarge Spot instance-hours, at 35 % of the price", 0.7)];
    assert_eq!(hours(&run), expected.map(|(name, hours)| (name.to_owned(), hours)));
}

/// Two pools in turn, those with the lowest price of a unit: a unit of c5.xlarge is $0.0425, and one of the others $0.048, of which the
/// first in the list counts. Where m5.2xlarge has a Spot price of its own it is the lowest.
#[test]
fn spot_launches_take_turns_among_the_cheapest_pools() {
    let of = |pools: u32, share: &str| {
        let types = format!(
            "overrides = [{{ instance = \"m5.xlarge\", weight = 4 }}, {{ instance = \"m5.2xlarge\", weight = 8{share} }}, \
             {{ instance = \"c5.xlarge\", weight = 4 }}]"
        );
        let spot = format!("spot = {{ on_demand_share = \"0%\", price = 0.5, pools = {pools} }}");
        let run = group("1/h", &format!("desired = 16\n{types}\n{spot}"));
        hours(&run)
            .into_iter()
            .map(|(name, hours)| (name.split(' ').next().unwrap().to_owned(), hours))
            .collect::<Vec<_>>()
    };
    let named = |all: &[(&str, f64)]| {
        all.iter().map(|(name, hours)| ((*name).to_owned(), *hours)).collect::<Vec<_>>()
    };
    assert_eq!(of(1, ""), named(&[("c5.xlarge", 4.0 * 0.5)]));
    assert_eq!(of(2, ""), named(&[("m5.xlarge", 2.0 * 0.5), ("c5.xlarge", 2.0 * 0.5)]));
    assert_eq!(of(1, ", spot_price = 0.2"), named(&[("m5.2xlarge", 2.0 * 0.2)]));
}

/// One instance of four vCPUs and one of one, in turn: 20/s of 10 ms are 5 % of the one and 20 % of the other. CloudWatch has the mean of
/// the instances, 12.5 %, where all vCPUs together are 8 % busy.
#[test]
fn each_instance_is_of_its_own_type_and_their_metric_is_the_mean() {
    let big = "{ instance = { vcpus = 4, memory = \"16 GiB\", name = \"big\" }, weight = 4 }";
    let small = "{ instance = { vcpus = 1, memory = \"4 GiB\", name = \"small\" }, weight = 1 }";
    let alarm = "[alarm.busy]\nmetric = \"cpu\"\nfleet = \"web\"\nabove = 10\ndelay = \"0s\"";
    let fleet = format!(
        "desired = 5\noverrides = [{big}, {small}]\nlaunch_failures = [{{ instance = \"big\", beyond = 1 }}]\n{alarm}"
    );
    let run = group("40/s", &fleet);
    assert_eq!(units(&run), (5.0, 5.0));
    let cpu = &run.timeline.kinds.fleets[0].cpu_percent;
    assert!(cpu.iter().all(|cpu| (7.0..9.0).contains(cpu)), "{cpu:?}");
    let change = run.alarms.first().unwrap();
    assert_eq!((change.at_s, change.to), (60.0, AlarmState::Alarm));
    assert!((11.5..13.5).contains(&change.value.unwrap()), "{change:?}");
    assert_eq!(run.timeline.kinds.fleets[0].mixed[0].work[0], 5.0);
}

/// Two instances of four units each are 85 % busy: to have 60 % the group needs 11.3 units, and has eight. So one more instance comes.
#[test]
fn a_target_asks_for_units() {
    let types = "{ instance = { vcpus = 1, memory = \"4 GiB\", name = \"one\" }, weight = 4 }, { instance = { vcpus = 2, memory = \"4 \
                 GiB\", name = \"two\" }, weight = 8 }";
    let policy = "scaling = [{ target_tracking = { metric = \"cpu\", target = 60, high = { delay = \"0s\" }, warmup = \"120s\" } }]";
    let run = group("170/s", &format!("desired = 8\noverrides = [{types}]\n{policy}"));
    assert_eq!(decisions(&run), [(180.0, 8, 12)]);
    assert_eq!((run.scaling[0].launches, units(&run)), (1, (12.0, 12.0)));
}

/// Three of four units with half of twelve that stay: after one there are eight, and a second one would leave four.
#[test]
fn a_refresh_counts_units() {
    let fleet =
        format!("desired = 12\n{XLARGE_THEN_LARGE}\nrefresh = [{{ at = \"100s\", min_healthy = \"50%\" }}]");
    let run = group("1/h", &fleet);
    let all: Vec<(f64, Option<f64>)> =
        activities(&run).into_iter().map(|(at, done, ..)| (at, done)).collect();
    assert_eq!(all, [(100.0, Some(120.0)), (150.0, Some(170.0)), (200.0, Some(220.0))]);
    // With a third that stays two go at once.
    let run = group("1/h", &fleet.replace("50%", "33%"));
    let all: Vec<f64> = activities(&run).into_iter().map(|(at, ..)| at).collect();
    assert_eq!(all, [100.0, 100.0, 150.0]);
}

/// Until 90 s EC2 has no large instances: the small ones come in their place, which is said once for all launches.
#[test]
fn a_type_that_ec2_lacks_is_said_where_another_is_launched() {
    let fleet = "desired = 2\noverrides = [{ instance = \"c5.xlarge\", weight = 4 }, { instance = \"m5.large\", weight = 2 }]\n\
         launch_failures = [{ at = \"10s\", until = \"90s\", instance = \"c5.xlarge\" }]\n\
         schedule = [{ at = \"20s\", desired = 6 }, { at = \"40s\", desired = 10 }, { at = \"100s\", desired = 14 }]\n";
    let run = group("1/h", fleet);
    let said: Vec<(f64, &str)> = run.incidents.iter().map(|it| (it.at_s, it.text.as_str())).collect();
    let text = "launch of c5.xlarge failed in zone a, which lacks it: launched m5.large";
    assert_eq!(said, [(20.0, text)]);
}
