//! Spot instances: the floor, notices, drains, replacements, and what they cost.

use simcap::outcome::Outcome;

use crate::kind::{activities, hundred_a_second, incidents};
use crate::run::run;

/// Ten instances in one zone with nearly nothing to do, EC2 runs each 20 s after a launch, and half of them get their notice
/// at 120 s. `rate` requests a second.
fn mixed(rate: &str, spot: &str, fleet: &str) -> Outcome {
    let fleet = format!(
        "boot = {{ decision = \"0s\", launch = \"20s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }}\n\
         spot = {{ {spot} }}\n{fleet}"
    );
    run(&hundred_a_second(rate, 600, &fleet), 1)
}

const TEN: &str = "min = 10\nmax = 20\nazs = [\"a\"]";

fn in_service(run: &Outcome) -> (Vec<f64>, Vec<f64>) {
    let fleet = &run.timeline.kinds.fleets[0];
    let all = fleet.in_service.iter().zip(&fleet.warming).map(|(warm, warming)| warm + warming);
    (all.collect(), fleet.spot[0].in_service.clone())
}

/// Two and a quarter of eight are four on demand, six are Spot. Half of these, three, get their notice at 150 s, drain at once
/// with nothing inside, and are replaced by three of the same market, 20 s later.
#[test]
fn half_of_the_spot_instances_drain_at_their_notice_and_are_replaced() {
    let wave =
        "on_demand_base = 2, on_demand_share = \"25%\", interruptions = [{ at = \"150s\", share = \"50%\" }]";
    let run = mixed("\"1/h\"", wave, TEN);
    let one = (150.0, Some(170.0), 10, 10);
    assert_eq!(activities(&run), [one, one, one]);
    assert_eq!(run.scaling[0].cause, "a Spot instance got its interruption notice");
    assert_eq!(incidents(&run), [(150.0, "3 Spot instances get their two-minute notice")]);
    let (all, spot) = in_service(&run);
    assert_eq!((all, spot), (vec![10.0; 10], vec![6.0; 10]), "at the end of each minute");
    let fleet = &run.kinds.fleets[0];
    assert_eq!((fleet.interrupted, fleet.launched, fleet.terminated), (3.0, 3.0, 3.0));
    // Billed from the launch, which is at the notice: no second is lost or counted twice.
    assert_eq!(fleet.instance_seconds, 6_000.0);
}

/// The floor is 4 of 10; its hours have the price of the list, and those of Spot 30 % of it.
#[test]
fn spot_hours_cost_a_share_of_those_on_demand() {
    let spot = "on_demand_base = 2, on_demand_share = \"25%\", price = 0.3, interruptions = []";
    let fleet = format!("{TEN}\n[prices]\n\"EC2/custom\" = 0.1");
    let run = mixed("\"1/h\"", spot, &fleet);
    let items = |unit: &str| -> Vec<f64> {
        run.bill.items.iter().filter(|it| it.service == "EC2" && it.unit == unit).map(|it| it.usd).collect()
    };
    let close =
        |seen: Vec<f64>, usd: f64| assert!(seen.len() == 1 && (seen[0] - usd).abs() < 1e-9, "{seen:?}");
    close(items("hour"), 4.0 * 600.0 / 3_600.0 * 0.1);
    close(items("on-demand hour"), 6.0 * 600.0 / 3_600.0 * 0.1 * 0.3);
    assert!(run.bill.items.iter().any(|it| it.what.ends_with("Spot instance-hours, at 30 % of the price")));
}

/// With Capacity Rebalancing the replacements come first: nothing is missing at any time, and the old ones end 20 s later.
#[test]
fn capacity_rebalancing_launches_before_it_drains() {
    let wave = |on_notice: &str| {
        let spot = format!(
            "on_demand_share = \"0%\", interruptions = [{{ at = \"110s\", count = 2 }}], on_notice = \"{on_notice}\""
        );
        mixed("\"1/h\"", &spot, &format!("{TEN}\nwarmup = \"0s\""))
    };
    let ahead = wave("rebalance");
    assert_eq!(activities(&ahead), [(110.0, Some(130.0), 10, 10), (110.0, Some(130.0), 10, 10)]);
    // At 120 s two are pending, and the two with a notice still serve.
    assert_eq!(in_service(&ahead).1, [10.0; 10]);
    assert_eq!(ahead.timeline.kinds.fleets[0].spot[0].noticed[..3], [0.0, 2.0, 0.0]);
    assert_eq!(ahead.kinds.fleets[0].instance_seconds, 6_000.0 + 2.0 * 20.0);
    // Drained at once, two are missing then.
    assert_eq!(in_service(&wave("drain")).1[..3], [10.0, 8.0, 10.0]);
    // Left alone they serve until 230 s, and are replaced then.
    let late = wave("nothing");
    assert_eq!(activities(&late), [(230.0, Some(250.0), 10, 10), (230.0, Some(250.0), 10, 10)]);
    assert_eq!(late.scaling[0].cause, "a Spot instance was interrupted");
    assert_eq!(in_service(&late).1[..6], [10.0, 10.0, 10.0, 8.0, 10.0, 10.0]);
}

/// A group of ten that may be no larger than ten launches one ahead; when it is in service and the old one leaves, there is room for
/// the next one. The last of seven would be next at 230 s, when it is gone.
#[test]
fn a_full_group_rebalances_a_tenth_at_once() {
    let spot =
        "on_demand_share = \"0%\", interruptions = [{ at = \"110s\", count = 7 }], on_notice = \"rebalance\"";
    let run = mixed("\"1/h\"", spot, "instances = 10\nazs = [\"a\"]\nwarmup = \"0s\"");
    let starts = [110.0, 130.0, 150.0, 170.0, 190.0, 210.0, 230.0];
    assert_eq!(activities(&run), starts.map(|at| (at, Some(at + 20.0), 10, 10)));
    assert_eq!(run.scaling[6].cause, "a Spot instance was interrupted");
    assert_eq!(run.kinds.fleets[0].peak_instances, 11);
}

/// Of eight four get their notice; one may be launched ahead. When they are gone, three more are launched: what leaves at that
/// instant does not count beside them, so there were nine and no more.
#[test]
fn what_leaves_is_not_among_the_most_instances() {
    let spot =
        "on_demand_share = \"0%\", interruptions = [{ at = \"110s\", count = 4 }], on_notice = \"rebalance\"";
    let run = mixed("\"1/h\"", spot, "instances = 8\nazs = [\"a\"]\nwarmup = \"0s\"");
    assert_eq!(run.kinds.fleets[0].peak_instances, 9);
}

/// A request of 300 s is inside when the notice comes at 100 s. It would end at 310 s, and within the draining of the balancer;
/// the instance is gone at 220 s, drained or not.
#[test]
fn an_instance_is_gone_after_two_minutes_whether_it_has_drained_or_not() {
    let file = |interruptions: &str| {
        format!(
            "duration = \"600s\"\nbucket = \"60s\"\n[client]\ntimeout = \"10m\"\n[traffic.all]\nrate = [[\"0s\", \"0/s\"], [\"9s\", \"0/s\"], \
             [\"9s\", \"1/s\"], [\"14s\", \"1/s\"], [\"14s\", \"0/s\"]]\n[request.page]\nvia = \"front\"\nsteps = [{{ delay = \"300s\" }}]\n\
             [balancer.front]\ntargets = \"web\"\nidle_timeout = \"1000s\"\nderegistration_delay = \"500s\"\n[fleet.web]\n\
             instance = \"m6i.large\"\ninstances = 1\nazs = [\"a\"]\nspot = {{ on_demand_share = \"0%\", interruptions = \
             [{interruptions}] }}\n"
        )
    };
    let calm = run(&file(""), 1);
    assert!(calm.requests.completed > 0.0 && calm.requests.failed == 0.0, "{:?}", calm.requests);
    let cut = run(&file("{ at = \"100s\" }"), 1);
    assert_eq!(cut.requests.completed, 0.0, "all were inside");
    assert!(cut.requests.failed > 0.0);
    let fleet = &cut.timeline.kinds.fleets[0];
    // Terminating at 120 s and 180 s, gone at 240 s.
    assert_eq!(fleet.terminating[..4], [0.0, 1.0, 1.0, 0.0]);
    assert_eq!(fleet.spot[0].noticed[..4], [0.0, 1.0, 1.0, 0.0]);
}

/// The pool of zone `a` is lost at 100 s and has nothing until 300 s: its three instances come back in `c`, and spread when it has
/// capacity again. The on-demand floor is not concerned.
#[test]
fn a_pool_that_is_taken_falls_back_to_another_zone() {
    let fleet = "min = 6\nmax = 12\nazs = [\"a\", \"c\"]\nwarmup = \"0s\"\n\
                 launch_failures = [{ at = \"100s\", until = \"300s\", zone = \"a\", market = \"spot\" }]";
    let run = mixed(
        "\"1/h\"",
        "on_demand_share = \"0%\", interruptions = [{ at = \"100s\", zone = \"a\" }]",
        fleet,
    );
    let one = (100.0, Some(120.0), 6, 6);
    assert_eq!(activities(&run)[..3], [one, one, one]);
    let spread: Vec<_> = run.scaling[3..].iter().map(|it| (it.at_s, it.cause.as_str())).collect();
    let cause = "instances are spread evenly over the zones again";
    assert_eq!(spread.first(), Some(&(300.0, cause)));
    let said = [
        (100.0, "3 Spot instances in zone a get their two-minute notice"),
        (100.0, "launch failed in zone a, which lacks capacity: launched in zone c"),
    ];
    assert_eq!(incidents(&run), said);
    assert_eq!(run.kinds.fleets[0].failed_launches, 0.0);
    // Where there is no other pool, launches fail until the first try after the end.
    let alone = fleet.replace("\"a\", \"c\"", "\"a\"");
    let spot =
        "on_demand_base = 3, on_demand_share = \"0%\", interruptions = [{ at = \"100s\", zone = \"a\" }]";
    let alone = mixed("\"1/h\"", spot, &alone);
    assert_eq!(in_service(&alone).1[..7], [3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0], "tried at 340 s");
}

/// A scale-in keeps the shares of the markets: of 10 with 4 on demand to 6 with 3, it ends one on demand and three Spot.
#[test]
fn a_scale_in_keeps_the_shares() {
    let fleet = "min = 2\nmax = 10\ndesired = 10\nazs = [\"a\"]\nschedule = [{ at = \"100s\", desired = 6 }]";
    let run = mixed("\"1/h\"", "on_demand_base = 2, on_demand_share = \"25%\"", fleet);
    let (all, spot) = in_service(&run);
    assert_eq!((all[0], spot[0]), (10.0, 6.0));
    assert_eq!((all[2], spot[2]), (6.0, 3.0));
    let oldest = mixed(
        "\"1/h\"",
        "on_demand_base = 2, on_demand_share = \"25%\"",
        &format!("{fleet}\ntermination = [\"OldestInstance\"]"),
    );
    assert_eq!(in_service(&oldest).1[2], 6.0, "the oldest four are those on demand");
}

/// Ten instances for ten hours with 0.5 interruptions an hour each are interrupted 50 times; each is replaced in 20 s.
#[test]
fn instances_are_taken_by_chance_at_the_stated_rate() {
    let fleet = "boot = { decision = \"0s\", launch = \"20s\" }\nspot = { on_demand_share = \"0%\", rate = 0.5 }\ninstances = 10";
    let file = hundred_a_second("\"1/h\"", 36_000, fleet);
    let counts: Vec<f64> = (1..=20).map(|seed| run(&file, seed).kinds.fleets[0].interrupted).collect();
    let mean = counts.iter().sum::<f64>() / 20.0;
    // A Poisson count of 1,000 in all: four standard errors are 6.3 of the mean.
    assert!((mean - 50.0).abs() < 6.4, "{mean}");
    assert!(counts.iter().any(|count| *count != counts[0]), "by chance");
}

/// The only instance is gone at 220 s. The one in its place would answer at 560 s; it is the only one that can be taken at 300 s, and gone
/// at 420 s. Nothing else can end what boots, and the warning names nothing else.
#[test]
fn an_instance_that_is_taken_while_it_boots_never_served_for_that_reason() {
    let spot = "on_demand_share = \"0%\", on_notice = \"nothing\", interruptions = [{ at = \"100s\" }, { at = \"300s\" }]";
    let fleet = format!(
        "instances = 1\nazs = [\"a\"]\nspot = {{ {spot} }}\nboot = {{ decision = \"0s\", launch = \"20s\", system = \"0s\", \
         bootstrap = \"310s\", application = \"10s\" }}"
    );
    let run = run(&hundred_a_second("\"1/h\"", 900, &fleet), 1);
    assert_eq!(run.kinds.fleets[0].never_served, 1.0);
    let warning = run.warnings.iter().find(|it| it.code.name() == "instances-never-served").unwrap();
    assert_eq!(
        warning.hint,
        "EC2 took Spot instances back before their application answered: a shorter boot helps"
    );
}

/// One is missing from 210 s to 230 s, and in the other file again from 510 s to 530 s: not all the time in between.
#[test]
fn what_is_missing_twice_is_missing_at_times() {
    let with = |interruptions: &str| {
        let spot =
            format!("on_demand_share = \"0%\", on_notice = \"nothing\", interruptions = [{interruptions}]");
        let run = mixed("\"1/s\"", &spot, TEN);
        run.phases.iter().map(|phase| phase.sentence.as_str()).collect::<Vec<_>>().join("\n")
    };
    let one = "{ at = \"90s\", count = 1 }";
    let (once, twice) = (with(one), with(&format!("{one}, {{ at = \"390s\", count = 1 }}")));
    assert!(once.contains("(1 instance missing) from 3:00 to 4:00"), "{once}");
    assert!(twice.contains("(1 instance missing) at times from 3:00 to 9:00"), "{twice}");
}
