//! Messages that are lost, or wait without end, are trouble that the page shows, and that objectives bound.

use simcap::outcome::{Outcome, Resource};
use simcap::scenario::ScenarioError;

use crate::run::run;

const MESSAGES: Resource = Resource::Messages { queue: 0 };
const WORKER: &str = "[fleet.w]\ninstance = \"m5.large\"\ninstances = 1\n";

fn text(duration: &str, rate: &str, rest: &str) -> String {
    format!(
        "duration = \"{duration}\"\nbucket = \"1s\"\n[traffic.jobs]\nrate = \"{rate}\"\ninterarrival = \"1s\"\n\
         [request.job]\nsteps = [{{ send = \"jobs\" }}]\n{rest}{WORKER}"
    )
}

/// All that the troubles say of the messages of the queue.
fn said(outcome: &Outcome) -> String {
    let links = outcome.phases.iter().filter(|phase| phase.trouble).flat_map(|phase| &phase.chain);
    links.filter(|link| link.resource == Some(MESSAGES)).map(|link| link.text.as_str()).collect()
}

/// A provider that is gone after a second: each message fails once and is moved.
#[test]
fn dead_letters_are_trouble_and_bounded() {
    let rest = "[service.down]\nservers = [[\"0s\", 1], [\"1s\", 0]]\ntime = \"10ms\"\nqueue = 0\n\
                [queue.jobs]\nworkers = \"w\"\nsteps = [{ service = \"down\" }]\npollers = 20\nwait = \"20s\"\n\
                visibility_timeout = \"5s\"\nmax_receive_count = 1\ndead_letter = \"dead\"\n[queue.dead]\n\
                [objectives]\nerrors = \"< 0.1%\"\ndead_lettered = \"< 0.1%\"\nexpired = \"jobs < 0.1%\"\n";
    let outcome = run(&text("2m", "5/s", rest), 1);
    let met: Vec<bool> = outcome.objectives.iter().map(|it| it.met).collect();
    assert_eq!(met, [true, false, true], "{:?}", outcome.objectives);
    let moved = outcome.queues[0].dead_lettered;
    assert!(moved > 500.0);
    // Of both queues a message counts once, though it has been in both.
    let share = outcome.objectives[1].min.unwrap();
    assert!((share - moved / outcome.queues[0].sent).abs() < 1e-12, "{share}");
    let said = said(&outcome);
    assert!(said.contains(" dead letters") && said.contains("work failed"), "{:#?}", outcome.phases);
}

/// One worker of 2.02 s for a message a second: half of the messages grow older than a minute.
#[test]
fn expired_messages_are_trouble_and_bounded() {
    let rest = "[queue.jobs]\nworkers = \"w\"\ntime = \"2s\"\nwait = \"20s\"\nretention = \"1m\"\n\
                [objectives]\nexpired = \"< 1%\"\n";
    let outcome = run(&text("6m", "1/s", rest), 1);
    assert!(!outcome.objectives[0].met && outcome.queues[0].expired > 100.0, "{:?}", outcome.queues[0]);
    assert!(said(&outcome).contains(" expired"), "{:#?}", outcome.phases);
    let pollers = outcome.headroom.iter().find(|it| it.of == Resource::Pollers { queue: 0 }).unwrap();
    assert!((pollers.limit().unwrap() - 1.0 / 2.02).abs() < 0.04, "{pollers:?}");
}

/// Four groups of 0.12 s a message take 33/s of 60/s, though six of the ten pollers are idle.
#[test]
fn groups_that_hold_messages_back_are_trouble_though_pollers_are_idle() {
    let rest = "[queue.jobs]\ntype = \"fifo\"\ngroups = { count = 4, zipf = 0 }\nworkers = \"w\"\ntime = \"100ms\"\n\
                pollers = 10\nwait = \"20s\"\n";
    let outcome = run(&text("2m", "60/s", rest), 1);
    let [phase] = &outcome.phases[..] else { panic!("{:#?}", outcome.phases) };
    let begins = "0:00 message groups of `jobs` full (each is worked on one message at a time, up to ";
    assert!(phase.trouble && phase.sentence.starts_with(begins), "{}", phase.sentence);
}

/// As many as come are worked on: nothing is wrong.
#[test]
fn a_queue_that_keeps_up_is_no_trouble() {
    let rest = "[queue.jobs]\nworkers = \"w\"\ntime = \"100ms\"\npollers = 2\nwait = \"20s\"\n\
                [objectives]\nage = \"p99 < 5s\"\ndead_lettered = \"< 0.1%\"\n";
    let outcome = run(&text("2m", "5/s", rest), 1);
    assert!(outcome.phases.iter().all(|phase| !phase.trouble), "{:#?}", outcome.phases);
    assert!(outcome.objectives_met(), "{:?}", outcome.objectives);
}

/// A message a second. The work on those of the minute from 1:00 to 1:20 fails at once, and they are hidden for two minutes.
fn hidden(visibility: &str, objective: &str) -> Outcome {
    let rest = format!(
        "[service.desk]\nservers = [[\"0s\", 10], [\"60s\", 0], [\"80s\", 10]]\ntime = \"10ms\"\nqueue = 0\n\
         [queue.jobs]\nworkers = \"w\"\nsteps = [{{ service = \"desk\" }}]\npollers = 40\nwait = \"20s\"\n\
         visibility_timeout = \"{visibility}\"\n[objectives]\nage = \"{objective}\"\n"
    );
    run(&text("10m", "1/s", &rest), 1)
}

/// When trouble begins and ends.
fn troubles(outcome: &Outcome) -> Vec<(f64, f64)> {
    let troubles = outcome.phases.iter().filter(|phase| phase.trouble);
    troubles.map(|phase| (phase.from_s, phase.to_s)).collect()
}

/// Twenty of six hundred are done two minutes after they came, the last one at 3:20. From 1:20 on nothing fails, and from 1:30 on
/// they are overdue: that is one trouble until all are done.
#[test]
fn a_phase_in_which_hidden_messages_are_overdue_is_not_normal() {
    let outcome = hidden("2m", "jobs p99 < 30s");
    let found = troubles(&outcome);
    let [(from, to)] = found[..] else { panic!("{:#?}", outcome.phases) };
    assert!((59.0..=62.0).contains(&from) && (199.0..=203.0).contains(&to), "{found:?}");
    let said = said(&outcome);
    assert!(said.contains("work failed 20 times, the oldest message 2m"), "{said}");
    // One in twenty may be later, or each may take three minutes: only the failures are trouble.
    for met in ["jobs p95 < 30s", "jobs p99 < 3m"] {
        let outcome = hidden("2m", met);
        let found = troubles(&outcome);
        assert!(outcome.objectives[0].met && found.iter().all(|(_, to)| *to <= 90.0), "{met}: {found:?}");
    }
}

/// What is still hidden at the end is overdue until then; of each minute by itself, the oldest message counts.
#[test]
fn messages_that_are_hidden_until_the_end_are_overdue_until_then() {
    for objective in ["jobs p99 < 30s", "jobs max < 30s every minute"] {
        let outcome = hidden("1h", objective);
        let found = troubles(&outcome);
        let [(from, to)] = found[..] else { panic!("{objective}: {:#?}", outcome.phases) };
        assert!((59.0..=62.0).contains(&from) && to == 600.0, "{objective}: {found:?}");
    }
}

/// A headroom of what nothing can fill is a mistake of the file.
#[test]
fn a_queue_that_nothing_can_fill_has_no_headroom_to_bound() {
    let rest = "[queue.jobs]\n[objectives]\nheadroom = \"of jobs >= 1.5\"\n";
    let text = text("2m", "5/s", rest);
    let found = simcap::scenario::parse("test.toml", text.as_bytes(), std::path::Path::new(""), &[]);
    let Err(ScenarioError::Invalid(report)) = found else { panic!("it was accepted") };
    assert!(report.render(false).contains("nothing of `jobs` can be full"), "{}", report.render(false));
}

/// No worker ever: nothing of the fleet is less than nothing.
#[test]
fn a_fleet_without_instances_has_zeros_without_a_sign() {
    let text = "duration = \"2m\"\nbucket = \"1s\"\ntraffic.jobs.rate = \"3/s\"\n\
                [request.job]\nsteps = [{ send = \"jobs\" }]\n[queue.jobs]\nworkers = \"w\"\ntime = \"1s\"\n\
                [fleet.w]\ninstance = \"m5.large\"\nmin = 0\nmax = 5\n\
                scaling = [{ target_tracking = { metric = \"queue.jobs.backlog\", target = 1000 } }]\n";
    let outcome = run(text, 1);
    assert!(outcome.fleets[0].instance_seconds == 0.0);
    let json = simcap::report::to_json(&outcome);
    let negative = json.lines().find(|line| line.contains("-0.0"));
    assert_eq!(negative, None);
    let first = outcome.phases.iter().flat_map(|phase| &phase.chain).next().unwrap();
    assert_eq!(first.resource, Some(Resource::Pollers { queue: 0 }), "{:#?}", outcome.phases);
    let said = "no pollers of `jobs` (no instance of `w` serves, ";
    assert!(first.text.starts_with(said), "{}", first.text);
}

/// A queue that nothing receives from is ill all the time. A desk that no message needs is busy 60 % of the time, and full for a
/// second now and then by chance: that is no part of it.
#[test]
fn what_is_full_by_chance_beside_an_ill_queue_is_no_cause() {
    let text = "duration = \"10m\"\n[traffic.s]\nrate = \"10/s\"\nrequests = \"s\"\n[traffic.q]\nrate = \"1/s\"\n\
                requests = \"q\"\n[request.s]\nsteps = [{ service = \"desk\" }]\n[request.q]\nsteps = [{ send = \"a\" }]\n\
                [queue.a]\n[service.desk]\nservers = 1\ntime = \"exponential 60ms\"\n";
    let mut full = 0;
    for seed in 1..=3 {
        let outcome = run(text, seed);
        let desk = &outcome.timeline.services[0];
        full += desk
            .busy_percent
            .iter()
            .zip(&desk.waiting)
            .filter(|(busy, waiting)| **busy >= 95.0 && **waiting >= 1.0)
            .count();
        for phase in outcome.phases.iter().filter(|phase| phase.trouble) {
            let of: Vec<_> = phase.chain.iter().map(|link| link.resource).collect();
            assert_eq!(of, [Some(MESSAGES)], "{}", phase.sentence);
        }
    }
    assert!(full > 0, "it was full now and then");
}

/// Ten messages every 2 s for five groups that take a second over their work on each, less or more: at 4/5 of it a dozen wait all of
/// the time, and fit. At 6/5 the groups are full.
#[test]
fn a_steady_backlog_that_fits_is_no_trouble() {
    let of = |time: &str| {
        run(
            &format!(
                "duration = \"30m\"\n[traffic.t]\ninterarrival = \"2s\"\n[request.o]\nsteps = [{{ send = \"q\", messages = 10 }}]\n\
                 [queue.q]\ntype = \"fifo\"\ngroups = {{ count = 5, zipf = 0 }}\nworkers = \"w\"\ntime = \"{time}\"\nwait = \"20s\"\n\
                 pollers = 20\n[fleet.w]\ninstance = \"m6i.large\"\ninstances = 1\n"
            ),
            1,
        )
    };
    let fits = of("800ms");
    assert!(fits.queues[0].mean_backlog > 5.0, "{}", fits.queues[0].mean_backlog);
    assert!(fits.phases.iter().all(|phase| phase.chain.is_empty()), "{:#?}", fits.phases);
    let full = of("1200ms");
    let first = &full.phases.iter().find(|phase| !phase.chain.is_empty()).unwrap().chain[0];
    assert_eq!(first.resource, Some(simcap::outcome::Resource::Groups { queue: 0 }), "{first:?}");
}

/// A message each 20 s whose work outlasts its visibility is a dead letter at its third time: one loss that goes on, and one trouble.
#[test]
fn a_dead_letter_every_so_often_is_one_trouble() {
    let text = "duration = \"10m\"\n[traffic.src]\nrate = \"0.05/s\"\ninterarrival = \"constant 20s\"\n[request.order]\n\
                steps = [{ send = \"long\" }]\n[queue.long]\nworkers = \"w\"\ntime = \"12s\"\npollers = 4\nwait = \"20s\"\n\
                visibility_timeout = \"5s\"\nmax_receive_count = 3\ndead_letter = \"grave\"\n[queue.grave]\n[objectives]\n\
                dead_lettered = \"long < 5%\"\n";
    let outcome = run(&format!("{text}{WORKER}"), 1);
    let troubles: Vec<_> = outcome.phases.iter().filter(|phase| phase.trouble).collect();
    let [one] = troubles[..] else { panic!("{:#?}", outcome.phases) };
    assert_eq!(
        (one.from_s, one.to_s),
        (35.0, 600.0),
        "the first message came at 20 s, and was received three times"
    );
    assert!(one.sentence.contains("29 dead letters"), "{}", one.sentence);
}
