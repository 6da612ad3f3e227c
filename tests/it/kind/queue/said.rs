//! What a sentence says of one backlog: one figure, and nothing that contradicts it.

use simcap::outcome::{Action, Outcome, Phase, Resource, StageKind};

use crate::phases::troubles;
use crate::run::run;

const WORKER: &str = "[fleet.w]\ninstance = \"m5.large\"\ninstances = 1\n";

fn only(outcome: &Outcome) -> &Phase {
    let [phase] = troubles(outcome)[..] else { panic!("{:#?}", outcome.phases) };
    phase
}

/// Sixty messages a second for ten seconds come to one poller of 2 s: pollers are idle for a moment, and full from then on.
#[test]
fn a_backlog_has_one_figure_in_a_sentence() {
    let text = format!(
        "duration = \"4m\"\nbucket = \"1s\"\n[traffic.jobs]\nrate = [[\"0s\", \"60/s\"], [\"10s\", \"60/s\"], \
         [\"10s\", \"0/s\"]]\n[request.job]\nsteps = [{{ send = \"jobs\" }}]\n[queue.jobs]\nworkers = \"w\"\n\
         time = \"2s\"\n{WORKER}"
    );
    let run = run(&text, 1);
    let phase = only(&run);
    assert_eq!(phase.sentence.matches(" waiting").count(), 1, "{}", phase.sentence);
    assert_eq!(phase.sentence.matches("oldest").count(), 1, "{}", phase.sentence);
    assert!(!phase.sentence.contains("idle"), "{}", phase.sentence);
    let most = run.timeline.queues[0].backlog.iter().copied().fold(0.0, f64::max).round();
    assert!(
        phase.sentence.contains(&format!("up to {most} waiting, the oldest message")),
        "{}",
        phase.sentence
    );
}

/// One poller of 0.98 s for two messages a second, each of which is kept for two minutes: 240 are deleted in the first four
/// minutes, and from then on each expires while it is worked on. Of all that left the queue, that are 1,920 of 2,160.
#[test]
fn a_share_of_lost_messages_is_of_all_that_left_in_the_trouble() {
    let text = format!(
        "duration = \"20m\"\n[traffic.jobs]\nrate = \"2/s\"\ninterarrival = \"1s\"\n[request.job]\n\
         steps = [{{ send = \"jobs\" }}]\n[queue.jobs]\nworkers = \"w\"\ntime = \"980ms\"\nretention = \"2m\"\n\
         wait = \"20s\"\n{WORKER}"
    );
    let run = run(&text, 1);
    let queue = &run.queues[0];
    let share = queue.expired / (queue.expired + queue.deleted);
    assert!((0.8..0.95).contains(&share), "{queue:?}");
    let said = format!("expired ({:.0} % of those that left it)", 100.0 * share);
    assert!(only(&run).sentence.contains(&said), "{said}: {}", only(&run).sentence);
}

/// 150 sends a second of 100 that the queue takes: the burst of the first second lets more be received at once than may be.
/// Whichever of both limits shows first, a message is sent before it is received.
#[test]
fn calls_stand_in_the_order_in_which_a_message_goes() {
    let text = "duration = \"6m\"\nbucket = \"1s\"\n[traffic.t]\nrate = [[\"0s\", \"50/s\"], [\"2m\", \"50/s\"], \
                [\"2m\", \"150/s\"], [\"4m\", \"150/s\"], [\"4m\", \"50/s\"]]\n[client]\ntimeout = \"5s\"\n[request.o]\n\
                via = \"web\"\nsteps = [{ cpu = \"1ms\" }, { send = \"jobs\" }]\n[queue.jobs]\ntype = \"fifo\"\n\
                calls = \"100/s\"\ngroups = { count = 1000 }\nworkers = \"w\"\npollers = 40\ntime = \"100ms\"\n[fleet.web]\n\
                instance = \"m6i.large\"\ninstances = 2\n[fleet.w]\ninstance = \"m6i.large\"\ninstances = 2\n";
    let mut both = 0;
    for seed in 1..4 {
        let run = run(text, seed);
        let phase = troubles(&run)[0];
        let of = |action| {
            let of = Some(Resource::Calls { queue: 0, action });
            phase.chain.iter().position(|link| link.resource == of)
        };
        let send = of(Action::Send).unwrap_or_else(|| panic!("{}", phase.sentence));
        if let Some(receive) = of(Action::Receive) {
            both += 1;
            assert!(send < receive, "{}", phase.sentence);
        }
    }
    assert!(both > 0, "in no run both were full");
}

/// What a request waits for at two queues are two stages, each of its queue.
#[test]
fn each_queue_has_a_stage_of_its_own() {
    let run = run(
        "duration = \"1m\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\nvia = \"web\"\n\
         steps = [{ send = \"first\" }, { send = \"second\" }]\n[queue.first]\n[queue.second]\n\
         [fleet.web]\ninstances = 1\ninstance = { vcpus = 2, memory = \"4 GiB\" }",
        1,
    );
    let stages = run.stages.iter().filter(|stage| stage.kind == StageKind::Queue);
    let found: Vec<_> = stages.map(|stage| (stage.resource.as_str(), stage.of)).collect();
    let of = |queue| Some(Resource::Messages { queue });
    assert_eq!(found, [("first", of(0)), ("second", of(1))]);
}
