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

/// Two messages a second, and no server from 10:00 to 13:00: work fails at once and is tried again each minute. Then those of all three
/// minutes come back at the same seconds as new ones: eight a second for six pollers and three servers without a queue, so that for another
/// minute some fail while more are done. All of them are told.
#[test]
fn work_that_failed_is_counted_to_the_end_of_the_trouble() {
    let text = format!(
        "duration = \"30m\"\n[traffic.src]\nrate = \"2/s\"\ninterarrival = \"constant 500ms\"\n[request.order]\n\
         steps = [{{ send = \"mail\" }}]\n[queue.mail]\nworkers = \"w\"\nsteps = [{{ service = \"smtp\" }}]\npollers = 6\n\
         wait = \"20s\"\nvisibility_timeout = \"1m\"\n[service.smtp]\nservers = [[\"0s\", 3], [\"10m\", 0], [\"13m\", 3]]\n\
         time = \"constant 400ms\"\nqueue = 0\n[objectives]\nage = \"mail p99 < 5m\"\n{WORKER}"
    );
    let run = run(&text, 1);
    let failed = run.queues[0].failed;
    let said = format!("work failed {failed} times");
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

/// Four in flight of one second each let four a second through, and as many come: they wait from the start, and the limit is full once one
/// waits on the mean. That is said once.
#[test]
fn messages_that_only_wait_for_a_limit_are_said_by_that() {
    let text = format!(
        "duration = \"40m\"\n[traffic.t]\nrate = \"4/s\"\ninterarrival = \"constant 250ms\"\n[request.put]\nsteps = [{{ send = \"jobs\" }}]\n\
         [queue.jobs]\nworkers = \"w\"\ntime = \"1s\"\npollers = 40\nin_flight = 4\nwait = \"5s\"\nretention = \"1h\"\n\
         [objectives]\nage = \"jobs p99 < 1s\"\n{WORKER}"
    );
    let run = run(&text, 1);
    let phase = only(&run);
    let of: Vec<_> = phase.chain.iter().map(|link| link.resource).collect();
    assert_eq!(of, [Some(Resource::InFlight { queue: 0 })], "{}", phase.sentence);
    assert_eq!(phase.sentence.matches("in flight").count(), 1, "{}", phase.sentence);
    assert_eq!(phase.sentence.matches(" waiting").count(), 1, "{}", phase.sentence);
}

/// The service has no server from 2:00 to 4:00: the work on each message fails at once, its group is kept from the next one, and these wait.
#[test]
fn what_the_work_waits_for_is_the_cause_of_full_groups() {
    let text = format!(
        "duration = \"10m\"\n[traffic.src]\nrate = \"1/s\"\ninterarrival = \"constant 1s\"\n[request.order]\n\
         steps = [{{ send = \"line\" }}]\n[queue.line]\ntype = \"fifo\"\nworkers = \"w\"\nsteps = [{{ service = \"gate\" }}]\n\
         pollers = 2\nwait = \"20s\"\nvisibility_timeout = \"10s\"\nmax_receive_count = 2\ndead_letter = \"bin\"\n\
         [queue.bin]\ntype = \"fifo\"\n[service.gate]\nservers = [[\"0s\", 1], [\"2m\", 0], [\"4m\", 1]]\n\
         time = \"constant 200ms\"\nqueue = 0\n{WORKER}"
    );
    let run = run(&text, 1);
    let links = &only(&run).chain;
    let of: Vec<_> = links.iter().map(|link| (link.resource, link.cause)).collect();
    let (gate, groups) = (Resource::Service { service: 0 }, Resource::Groups { queue: 0 });
    assert_eq!(of[..2], [(Some(gate), true), (Some(groups), false)], "{}", only(&run).sentence);
    assert_eq!((links[0].at_s, links[0].until_s), (120.0, 240.0), "{}", only(&run).sentence);
    assert_eq!(links[0].text, "`gate` without a server until 4:00", "{}", only(&run).sentence);
}

/// Two messages a second of four seconds each are too many for five pollers: all are busy after three seconds, whoever waits in the queue or in the
/// batch of one of them.
#[test]
fn messages_that_wait_in_a_batch_wait_for_pollers() {
    let text = format!(
        "duration = \"20m\"\n[traffic.src]\nrate = \"2/s\"\ninterarrival = \"constant 500ms\"\n[request.order]\n\
         steps = [{{ send = \"slow\" }}]\n[queue.slow]\nworkers = \"w\"\ntime = \"4s\"\nbatch = 10\nwait = \"20s\"\npollers = 5\n\
         {WORKER}"
    );
    let run = run(&text, 1);
    let link = &only(&run).chain[0];
    assert_eq!(link.resource, Some(Resource::Pollers { queue: 0 }), "{}", only(&run).sentence);
    assert!(link.at_s <= 5.0 && only(&run).from_s <= 5.0, "{:?}", run.phases);
}

/// Of two queues that get the same messages, one has worked them off in the middle of the trouble of the other, and that is said.
#[test]
fn what_was_over_long_before_its_trouble_says_until_when_it_was() {
    let text = "duration = \"15m\"\n[traffic.src]\nrate = [[\"0s\", \"2/s\"], [\"5m\", \"2/s\"], [\"5m\", \"12/s\"], [\"7m\", \"12/s\"], \
                [\"7m\", \"2/s\"]]\n[request.order]\nsteps = [{ send = \"t\" }]\n[topic.t]\nqueues = [\"l\", \"r\"]\n[queue.l]\n\
                workers = \"cl\"\ntime = \"980ms\"\npollers = 5\nwait = \"20s\"\n[queue.r]\nworkers = \"cr\"\ntime = \"980ms\"\n\
                pollers = 3\nwait = \"20s\"\n[fleet.cl]\ninstance = \"c6i.large\"\ninstances = 1\n[fleet.cr]\ninstance = \"c6i.large\"\n\
                instances = 1\n[objectives]\nage = [\"l p99 < 3m\", \"r p99 < 3m\"]\n";
    let run = run(text, 1);
    let phase = only(&run);
    let of = |queue| phase.chain.iter().find(|it| it.resource == Some(Resource::Pollers { queue })).unwrap();
    // 7/s too many for two minutes are 840, of which three a second are worked off in 280 s.
    assert!((of(0).until_s - 700.0).abs() < 60.0 && of(0).text.contains(" until 1"), "{}", phase.sentence);
    assert!(!of(1).text.contains(" until "), "{}", phase.sentence);
}

/// It has none from 2:00 to 4:00, and what came back after that is more than its one server does: the same is said of both times.
#[test]
fn a_station_without_a_server_says_until_when() {
    let text = |servers: &str| {
        format!(
            "duration = \"10m\"\n[traffic.src]\nrate = \"2/s\"\ninterarrival = \"constant 500ms\"\n[request.order]\n\
             steps = [{{ send = \"mail\" }}]\n[queue.mail]\nworkers = \"w\"\nsteps = [{{ service = \"smtp\" }}]\npollers = 6\n\
             wait = \"20s\"\nvisibility_timeout = \"1m\"\n[service.smtp]\nservers = {servers}\ntime = \"constant 400ms\"\n\
             queue = 0\n{WORKER}"
        )
    };
    let outcome = run(&text("[[\"0s\", 1], [\"2m\", 0], [\"4m\", 1]]"), 1);
    let sentence = &only(&outcome).sentence;
    assert!(sentence.starts_with("2:00 `smtp` without a server until 4:00, then full"), "{sentence}");
    let page = simcap::page(&outcome);
    assert!(
        page.contains("smtp had nothing that serves for a time, while work waited for it; apart from that"),
        "{page}"
    );
    let outcome = run(&text("[[\"0s\", 0]]"), 1);
    let sentence = &only(&outcome).sentence;
    assert!(sentence.starts_with("0:00 `smtp` without a server from the start"), "{sentence}");
}

/// M/M/4/4 at 2 of 4 servers turns a tenth away from the start; the first dead letters come 20 s later, when the messages are visible again.
#[test]
fn what_turns_messages_away_stands_before_their_dead_letters() {
    let text = format!(
        "duration = \"20m\"\n[traffic.src]\nrate = \"10/s\"\n[request.order]\nsteps = [{{ send = \"q\" }}]\n[queue.q]\n\
         workers = \"w\"\nsteps = [{{ service = \"third\" }}]\npollers = 12\nwait = \"20s\"\nvisibility_timeout = \"20s\"\n\
         max_receive_count = 1\ndead_letter = \"d\"\n[queue.d]\n[service.third]\nservers = 4\nqueue = 0\n\
         time = \"exponential 200ms\"\n[objectives]\ndead_lettered = \"q < 20%\"\n{WORKER}"
    );
    let outcome = run(&text, 1);
    let links = &only(&outcome).chain;
    assert_eq!(links[0].resource, Some(Resource::Service { service: 0 }), "{}", only(&outcome).sentence);
    assert!(links[0].cause && links[1].text.contains("dead letters"), "{}", only(&outcome).sentence);
}

/// Work of 3 s and a visibility of 2 s: each message is received again, and four pollers are busy all the time. Nobody waits for long.
#[test]
fn a_phase_says_of_full_workers_what_the_headroom_says() {
    let text = "duration = \"20m\"\n[traffic.src]\nrate = \"1/s\"\ninterarrival = \"constant 1s\"\n[request.order]\n\
         steps = [{ send = \"m\" }]\n[queue.m]\nworkers = \"w\"\ntime = \"constant 3s\"\npollers = 4\nwait = \"20s\"\n\
         visibility_timeout = \"2s\"\nmax_receive_count = 2\ndead_letter = \"d\"\nretention = \"5m\"\n[queue.d]\n\
         retention = \"2m\"\n[fleet.w]\ninstance = \"c6i.large\"\ninstances = 1\n";
    let outcome = run(text, 1);
    let [phase] = &outcome.phases[..] else { panic!("{:#?}", outcome.phases) };
    assert!(outcome.headroom[0].saturated, "{:?}", outcome.headroom[0]);
    assert!(
        phase.sentence.contains("tightest: pollers of `m` 99") && phase.sentence.ends_with("on, saturated"),
        "{}",
        phase.sentence
    );
}
