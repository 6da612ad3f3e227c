//! Service stations that a program makes, instant by instant, and what happens to those that break their word.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use simcap::outcome::Outcome;
use simcap::own::{Call, Desk, Run, Station};
use simcap::{Error, Scenario, Simulation};

fn scenario(duration: &str, more: &str) -> Scenario {
    let text = format!(
        "duration = \"{duration}\"\ntraffic.all.interarrival = \"1s\"\nrequest.call.steps = [{{ service = \"desk\" }}]\n{more}\n"
    );
    simcap::parse(&text, &[]).unwrap()
}

fn run<S: Station + 'static>(
    scenario: Scenario,
    make: impl Fn(&Run) -> S + Send + Sync + 'static,
) -> Outcome {
    Simulation::of(&scenario.with_service("desk", make).unwrap()).run().unwrap()
}

/// A gate that opens every five seconds and lets all through who wait.
#[derive(Default)]
struct Gate(Vec<Call>);

impl Station for Gate {
    fn asked(&mut self, call: Call, desk: &mut Desk<'_>) {
        self.0.push(call);
        desk.wake_at(Duration::from_secs(desk.now().as_secs() / 5 * 5 + 5));
    }

    fn gone(&mut self, call: Call, _: &mut Desk<'_>) {
        self.0.retain(|it| *it != call);
    }

    fn woken(&mut self, desk: &mut Desk<'_>) {
        self.0.drain(..).for_each(|call| desk.serve(call, call.time()));
    }
}

/// Call k comes at k s and waits for the next multiple of five, and the one that comes then for the one after: an arrival from outside
/// is the last of its instant.
#[test]
fn calls_wait_until_the_program_serves_them() {
    let outcome =
        run(scenario("20.5s", "service.desk = { servers = 1, time = \"1s\" }"), |_: &Run| Gate::default());
    let desk = &outcome.services[0];
    // Those of 15 to 19 s are being served at the end, and that of 20 s waits.
    assert_eq!((desk.arrived, desk.served, desk.delayed, desk.rejected), (20.0, 14.0, 20.0, 0.0));
    let waits: u64 = (1..=19).map(|k| 5 - k % 5).sum();
    assert!((desk.mean_wait_ms - waits as f64 * 1e3 / 19.0).abs() < 1e-6, "{}", desk.mean_wait_ms);
    assert_eq!(desk.wait_ms.max, 5_000.0);
    // 14 calls of a second, and half a second of five.
    assert!((desk.utilisation - 16.5 / 20.5).abs() < 1e-9, "{}", desk.utilisation);
    // Little's law: all that are there, and the time that each of them was.
    let there = waits as f64 + 0.5 + 16.5;
    assert!((desk.mean_in_station - there / 20.5).abs() < 1e-9, "{}", desk.mean_in_station);
    assert_eq!(outcome.requests.completed, 14.0);
}

/// Calls of 1 and 6 s lose their patience of 3.5 s before the gate opens; the program must not serve them then.
#[test]
fn a_call_that_loses_its_patience_is_gone() {
    let desk = "service.desk = { servers = 1, time = \"1s\", patience = \"3.5s\" }";
    let outcome = run(scenario("11.5s", desk), |_: &Run| Gate::default());
    let desk = &outcome.services[0];
    // Of 11, those of 1, 5 and 6 s leave: the one of 5 s would wait for five seconds. Those of 10 and 11 s are still there.
    assert_eq!((desk.arrived, desk.abandoned, desk.served), (11.0, 3.0, 6.0));
    assert_eq!(outcome.requests.failed, 3.0);
    let causes: Vec<&str> = outcome.requests.failed_by_cause.keys().map(|cause| cause.name()).collect();
    assert_eq!(causes, ["impatience"]);
}

/// Serves one call at a time, and refuses those that come meanwhile.
#[derive(Default)]
struct Alone {
    is_busy: bool,
}

impl Station for Alone {
    fn asked(&mut self, call: Call, desk: &mut Desk<'_>) {
        match self.is_busy {
            true => desk.refuse(call),
            false => {
                self.is_busy = true;
                desk.serve(call, call.time());
            }
        }
    }

    fn done(&mut self, _: Call, _: &mut Desk<'_>) {
        self.is_busy = false;
    }
}

/// The same as a station of the file without a queue, call by call, with a fault that makes it slow, and with one that
/// makes it fail.
#[test]
fn a_program_can_be_what_a_file_can_say() {
    let fault = |effect: &str| {
        format!("fault.bad = {{ service = \"desk\", at = \"40s\", for = \"60s\", effect = {effect} }}")
    };
    for more in [
        "".into(),
        fault("\"slow\", factor = 3"),
        fault("\"fails\", share = \"50%\""),
        fault("\"refuses\", share = \"50%\""),
    ] {
        let desk = format!("service.desk = {{ servers = 1, queue = 0, time = \"1700ms\" }}\n{more}");
        let file = Simulation::of(&scenario("200s", &desk)).run().unwrap();
        let own = run(scenario("200s", &desk), |_: &Run| Alone::default());
        let told = |outcome: &Outcome| {
            let desk = &outcome.services[0];
            (
                desk.arrived,
                desk.served,
                desk.rejected,
                desk.utilisation.to_bits(),
                outcome.latency_ms.mean.to_bits(),
            )
        };
        assert!(file.services[0].rejected > 20.0, "{more}: they differ where many are refused");
        assert_eq!(told(&own), told(&file), "{more}");
        assert_eq!(own.requests.failed, file.requests.failed, "{more}");
    }
}

#[test]
fn rows_have_who_is_served_who_waits_and_who_is_refused() {
    let outcome = run(
        scenario("20s", "bucket = \"5s\"\nservice.desk = { servers = 2, time = \"1.5s\" }"),
        |_: &Run| Alone::default(),
    );
    // Calls of 1, 3, 5 … s are served for 1.5 s each, and those between are refused.
    let desk = &outcome.timeline.services[0];
    assert_eq!(desk.busy_percent, [30.0, 40.0, 35.0, 40.0].map(|share| share), "{:?}", desk.busy_percent);
    assert_eq!(desk.refused.iter().sum::<f64>() * 5.0, outcome.services[0].rejected);
}

/// Draws from its own random numbers, and asks for the class of each call.
struct Dice(Duration);

impl Station for Dice {
    fn asked(&mut self, call: Call, desk: &mut Desk<'_>) {
        assert_eq!(desk.class(call), Some("call"));
        let time = desk.random().exponential(self.0);
        desk.serve(call, time);
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let scenario = scenario("10m", "service.desk = { servers = 1, time = \"1s\" }");
    let scenario = scenario.with_service("desk", |_: &Run| Dice(Duration::from_millis(300))).unwrap();
    let told = |threads| {
        let outcome = Simulation::of(&scenario).runs(5).threads(threads).run().unwrap();
        simcap::report::to_json(&outcome)
    };
    assert_eq!(told(1), told(3));
    let mean = |seed| Simulation::of(&scenario).seed(seed).run().unwrap().latency_ms.mean;
    assert_ne!(mean(1), mean(2));
    assert!((mean(1) - 300.0).abs() < 60.0, "{}", mean(1));
}

/// The numbers of calls, to serve one that has gone.
struct Late {
    first: Option<Call>,
}

impl Station for Late {
    fn asked(&mut self, call: Call, desk: &mut Desk<'_>) {
        desk.serve(*self.first.get_or_insert(call), Duration::from_millis(10));
    }
}

#[test]
fn a_call_that_is_not_there_cannot_be_served() {
    let text = "service.desk = { servers = 1, time = \"1s\" }";
    let broken = scenario("10s", text).with_service("desk", |_: &Run| Late { first: None }).unwrap();
    let error = Simulation::of(&broken).runs(3).run().unwrap_err();
    assert!(matches!(error, Error::Own(_)));
    let told = error.to_string();
    assert!(
        told.contains("service `desk` serves call 0 at 2s under seed 1") && told.contains("`gone`"),
        "{told}"
    );
    assert!(matches!(simcap::headroom(&broken), Err(Error::Search(error)) if error.to_string() == told));
    let unknown = scenario("10s", text).with_service("dask", |_: &Run| Gate::default()).unwrap_err();
    assert!(unknown.to_string().contains("there is no [service.dask]"), "{unknown}");
    assert!(unknown.to_string().contains("there is `desk`"), "{unknown}");
}

/// A gate that counts those who go away.
struct Counted {
    gate: Gate,
    gone: Arc<AtomicU32>,
}

impl Station for Counted {
    fn asked(&mut self, call: Call, desk: &mut Desk<'_>) {
        self.gate.asked(call, desk);
    }

    fn gone(&mut self, call: Call, desk: &mut Desk<'_>) {
        self.gone.fetch_add(1, Ordering::Relaxed);
        self.gate.gone(call, desk);
    }

    fn woken(&mut self, desk: &mut Desk<'_>) {
        self.gate.woken(desk);
    }
}

/// Those of 1, 2 and 3 s wait when the Region is lost: the program is told that they are gone, and nobody answers them. Those of 8 and 9 s
/// find it again.
#[test]
fn calls_are_gone_with_the_region_of_their_station() {
    let more = "service.desk = { servers = 1, time = \"1s\", region = \"us-east-1\" }\n\
                fault.lost = { region = \"us-east-1\", at = \"3.5s\", for = \"4s\" }";
    let gone = Arc::<AtomicU32>::default();
    let counts = Arc::clone(&gone);
    let counted = move |_: &Run| Counted { gate: Gate::default(), gone: Arc::clone(&counts) };
    let scenario = scenario("12s", more).with_service("desk", counted).unwrap();
    let outcome = Simulation::of(&scenario).runs(1).run().unwrap();
    assert_eq!(gone.load(Ordering::Relaxed), 3);
    assert_eq!((outcome.services[0].served, outcome.requests.completed), (2.0, 2.0));
}
