//! What keeps messages waiting though pollers are idle, or are not there: each is a limit, and the cause.

use simcap::outcome::{Headroom, Link, Outcome, Resource};
use simcap::warning::{Code, of_scenario};

use crate::run::{run, scenario};

const WORKER: &str = "[fleet.w]\ninstance = \"m6i.large\"\ninstances = 2\n";

/// Messages at equal intervals in a queue `q`.
fn text(duration: &str, interval: &str, queue: &str) -> String {
    format!(
        "duration = \"{duration}\"\n[traffic.t]\ninterarrival = \"{interval}\"\n[request.o]\nsteps = [{{ send = \"q\" }}]\n\
         [queue.q]\n{queue}"
    )
}

fn of(outcome: &Outcome, resource: Resource) -> &Headroom {
    let found = outcome.headroom.iter().find(|it| it.of == resource);
    found.unwrap_or_else(|| panic!("{:#?}", outcome.headroom))
}

fn chain(outcome: &Outcome) -> Vec<&Link> {
    outcome.phases.iter().flat_map(|phase| &phase.chain).collect()
}

/// Ten in flight of 1.02 s, the answer and half of the delete included: 10 / 1.01 = 9.9/s of 20/s.
#[test]
fn messages_in_flight_are_a_limit_and_a_cause() {
    let queue =
        format!("workers = \"w\"\npollers = 50\ntime = \"1s\"\nin_flight = 10\nwait = \"20s\"\n{WORKER}");
    let outcome = run(&text("5m", "50ms", &queue), 1);
    let limit = of(&outcome, Resource::InFlight { queue: 0 }).limit().unwrap();
    assert!((limit - 9.9 / 20.0).abs() < 0.02, "{limit}");
    assert_eq!(outcome.headroom[0].of, Resource::InFlight { queue: 0 }, "{:#?}", outcome.headroom);
    let first = chain(&outcome)[0];
    assert_eq!((first.resource, first.cause), (Some(Resource::InFlight { queue: 0 }), true), "{first:?}");
    assert!(first.text.starts_with("messages in flight of `q` full (10, up to "), "{}", first.text);
}

/// One group of 110 ms a message, 9.09/s: of 8/s it takes 1 / 0.88, of 16/s a good half; pollers are idle.
#[test]
fn message_groups_are_a_limit_below_and_above_it() {
    let queue =
        format!("type = \"fifo\"\nworkers = \"w\"\npollers = 10\ntime = \"100ms\"\nwait = \"20s\"\n{WORKER}");
    for (interval, rate) in [("125ms", 8.0), ("62500us", 16.0)] {
        let outcome = run(&text("5m", interval, &queue), 1);
        let limit = of(&outcome, Resource::Groups { queue: 0 }).limit().unwrap();
        assert!((limit - 1.0 / 0.11 / rate).abs() < 0.02, "{rate}/s: {limit}");
        assert_eq!(outcome.headroom[0].of, Resource::Groups { queue: 0 }, "{:#?}", outcome.headroom);
        assert_eq!(chain(&outcome).is_empty(), rate < 9.0, "{:#?}", outcome.phases);
        if let Some(first) = chain(&outcome).first() {
            assert_eq!(
                (first.resource, first.cause),
                (Some(Resource::Groups { queue: 0 }), true),
                "{first:?}"
            );
        }
    }
}

/// Two groups with 2/3 and 1/3 of 20/s, and 110 ms a message: the first takes 9.09/s of its 13.3/s, the other all.
#[test]
fn the_group_that_gets_most_is_the_limit() {
    let queue = format!(
        "type = \"fifo\"\ngroups = {{ count = 2, zipf = 1 }}\nworkers = \"w\"\npollers = 10\ntime = \"100ms\"\n\
         wait = \"20s\"\n{WORKER}"
    );
    let outcome = run(&text("10m", "50ms", &queue), 1);
    let limit = of(&outcome, Resource::Groups { queue: 0 }).limit().unwrap();
    assert!((limit - 1.0 / 0.11 / (20.0 * 2.0 / 3.0)).abs() < 0.04, "{limit}");
}

/// 20/s are sent, of which each group takes 10/s; one group of 60 ms a message works on 16.7/s. Of what is sent it takes five
/// sixths, however little of that is let in, and however often clients try again.
#[test]
fn messages_that_were_throttled_were_asked_of_their_group() {
    let queue = "type = \"fifo\"\nworkers = \"w\"\npollers = 10\ntime = \"50ms\"\nwait = \"20s\"\n";
    let clients = ["", "[client]\nretries = { max = 2, backoff = \"1s\" }\n"];
    for (mode, client) in
        clients.into_iter().flat_map(|it| [("high_throughput = true\n", it), ("batch = 10\n", it)])
    {
        let text = text("5m", "50ms", &format!("{queue}calls = \"10/s\"\n{mode}{WORKER}{client}"));
        let outcome = run(&text, 1);
        assert!((outcome.queues[0].sent / 300.0 - 10.0).abs() < 0.2, "{mode}: {}", outcome.queues[0].sent);
        let limit = of(&outcome, Resource::Groups { queue: 0 }).limit().unwrap();
        assert!((limit - 1.0 / 0.06 / 20.0).abs() < 0.03, "{mode}{client}: {limit}");
    }
}

/// The same where workers of another queue send, whose own messages all come: a message sends two, 20/s in all.
#[test]
fn messages_that_workers_could_not_send_were_asked_for() {
    let queue = format!(
        "workers = \"w\"\npollers = 50\nwait = \"20s\"\nvisibility_timeout = \"1h\"\n\
         steps = [{{ send = \"next\", messages = 2 }}]\n\
         [queue.next]\ntype = \"fifo\"\nhigh_throughput = true\ncalls = \"5/s\"\nworkers = \"v\"\npollers = 10\n\
         time = \"50ms\"\nwait = \"20s\"\n[fleet.v]\ninstance = \"m6i.large\"\ninstances = 1\n{WORKER}"
    );
    let outcome = run(&text("5m", "100ms", &queue), 1);
    assert!((outcome.queues[1].sent / 300.0 - 10.0).abs() < 0.5, "{}", outcome.queues[1].sent);
    let limit = of(&outcome, Resource::Groups { queue: 1 }).limit().unwrap();
    assert!((limit - 1.0 / 0.06 / 20.0).abs() < 0.04, "{limit}");
}

/// 2/s, and workers whose only zone is lost at 3:00, with the rest of the file.
fn workers_lost(rest: &str) -> String {
    let queue = "workers = \"w\"\npollers = 4\ntime = \"1s\"\nwait = \"20s\"\n\
                 [fleet.w]\ninstance = \"m6i.large\"\ninstances = 2\nazs = [\"a\"]\n\
                 [fault.x]\nzone = \"a\"\nat = \"3m\"\n";
    text("10m", "500ms", &format!("{queue}{rest}"))
}

/// The only zone of the workers is lost for good at 3:00: 2/s of which nothing takes any more.
#[test]
fn workers_that_are_gone_do_not_carry_the_traffic() {
    let outcome = run(&workers_lost("[objectives]\nheadroom = \">= 1\"\n"), 1);
    assert!(!outcome.objectives[0].met, "{:?}", outcome.objectives);
    let pollers = Resource::Pollers { queue: 0 };
    assert!(of(&outcome, pollers).saturated);
    let links = chain(&outcome);
    assert_eq!((links[0].resource, links[0].cause), (Some(Resource::Zone { fault: 0 }), true), "{links:#?}");
    let gone = links.iter().find(|link| link.resource == Some(pollers)).unwrap();
    assert!(gone.text.starts_with("no pollers of `q` (no instance of `w` serves, up to "), "{}", gone.text);
    assert!((180.0..=190.0).contains(&gone.at_s), "{gone:?}");
}

/// The zone is back at 6:00, and the backlog is worked off: that nothing worked from 3:00 on is where the trouble begins.
#[test]
fn a_time_without_workers_is_trouble_from_its_start() {
    let outcome = run(&workers_lost("for = \"3m\"\n[objectives]\nage = \"p99 < 20s\"\n"), 1);
    let links = chain(&outcome);
    assert_eq!(links[0].resource, Some(Resource::Zone { fault: 0 }), "{links:#?}");
    let gone = links.iter().find(|link| link.resource == Some(Resource::Pollers { queue: 0 })).unwrap();
    assert!((180.0..=190.0).contains(&gone.at_s), "{gone:?}");
    assert!(gone.text.contains("none of them there for 3m"), "{}", gone.text);
}

/// What nothing receives, or requests receive half of, is trouble; a warning says so before, but not of dead letters.
#[test]
fn messages_that_nothing_receives_are_trouble_and_warned_of() {
    let unused = |text: &str| {
        let found = of_scenario(&scenario(text), 1).into_iter().filter(|it| it.code == Code::Unused);
        found.map(|it| it.path()).collect::<Vec<_>>()
    };
    let nobody = text("5m", "50ms", "");
    assert_eq!(unused(&nobody), ["queue.q"]);
    let links = run(&nobody, 1);
    let links = chain(&links);
    assert_eq!(links[0].resource, Some(Resource::Messages { queue: 0 }), "{links:#?}");
    assert!(links[0].text.contains("nothing receives them"), "{}", links[0].text);

    let half = format!(
        "duration = \"5m\"\n[traffic.s]\ninterarrival = \"100ms\"\nrequests = \"put\"\n\
         [traffic.r]\ninterarrival = \"200ms\"\nrequests = \"get\"\n[request.put]\nsteps = [{{ send = \"q\" }}]\n\
         [request.get]\nvia = \"w\"\nsteps = [{{ receive = \"q\", wait = \"5s\", steps = [{{ cpu = \"5ms\" }}] }}]\n\
         [queue.q]\n{WORKER}"
    );
    assert_eq!(unused(&half), Vec::<String>::new());
    let outcome = run(&half, 1);
    let links = chain(&outcome);
    assert!(links[0].text.contains("fewer are received than come"), "{links:#?}");

    let dead = "workers = \"w\"\ntime = \"40s\"\npollers = 40\nvisibility_timeout = \"30s\"\nmax_receive_count = 3\n\
                dead_letter = \"dead\"\n[queue.dead]\n";
    assert_eq!(unused(&text("5m", "10s", &format!("{dead}{WORKER}"))), Vec::<String>::new());
}

/// Nothing divided by no instance starts the first one.
#[test]
fn a_backlog_for_each_instance_starts_no_first_one() {
    let text = |min: u32, metric: &str| {
        let fleet = format!(
            "[fleet.w]\ninstance = \"m6i.large\"\nmin = {min}\nmax = 5\n\
             scaling = [{{ target_tracking = {{ metric = \"{metric}\", target = 60 }} }}]\n"
        );
        text("30m", "1s", &format!("workers = \"w\"\npollers = 10\ntime = \"1s\"\nwait = \"20s\"\n{fleet}"))
    };
    let warned = |text: &str| of_scenario(&scenario(text), 1).iter().any(|it| it.path() == "fleet.w.min");
    assert!(warned(&text(0, "backlog_per_instance")) && warned(&text(0, "queue.q.backlog_per_instance")));
    assert!(!warned(&text(1, "backlog_per_instance")) && !warned(&text(0, "queue.q.backlog")));
}

/// A message every 100 s of which each fails three times by its timeout of 30 s: six dead letters, told of one by one or
/// together; each request takes 10 ms and is not slow.
#[test]
fn rare_dead_letters_are_all_told_and_no_request_is_slow() {
    let queue = "workers = \"w\"\npollers = 4\ntime = \"40s\"\nvisibility_timeout = \"30s\"\nmax_receive_count = 3\n\
                 dead_letter = \"dlq\"\n[queue.dlq]\n[objectives]\ndead_lettered = \"< 1%\"\n";
    let outcome = run(&text("20m", "100s", &format!("{queue}{WORKER}")), 1);
    let troubles: Vec<_> = outcome.phases.iter().filter(|phase| phase.trouble).collect();
    assert!(!troubles.is_empty() && outcome.queues[0].dead_lettered >= 6.0, "{:#?}", outcome.phases);
    for phase in troubles {
        let said = &phase.sentence;
        assert!(
            said.contains("dead letter") && !said.contains("slow") && !said.contains("completed"),
            "{said}"
        );
    }
}

/// Each limit of a queue beside one that is enough: 400/s of 300 calls, 20 in flight of 10, 12/s of the 10/s of one group.
#[test]
fn what_a_queue_lets_through_is_warned_of_before() {
    let warned = |rate: &str, queue: &str| {
        let text = format!(
            "duration = \"5m\"\n[traffic.t]\nrate = \"{rate}\"\n[request.o]\nsteps = [{{ send = \"q\", messages = 2 }}]\n\
             [queue.q]\nworkers = \"w\"\npollers = 100\nwait = \"20s\"\n{queue}{WORKER}"
        );
        let found = of_scenario(&scenario(&text), 1);
        found.iter().map(|it| format!("{} {}", it.path(), it.message)).collect::<Vec<_>>().join("; ")
    };
    let fifo = "type = \"fifo\"\ngroups = { count = 10_000, zipf = 0 }\ntime = \"10ms\"\n";
    let found = warned("200/s", fifo);
    assert!(found.contains("queue.q.calls") && found.contains("need 1.33 times the"), "{found}");
    let found = warned("200/s", &format!("{fifo}batch = 10\n"));
    assert!(found.contains("the delete calls that it takes") && !found.contains("receive"), "{found}");
    assert_eq!(warned("200/s", &format!("{fifo}batch = 10\ndelete = \"batch\"\n")), "");
    let found = warned("10/s", "time = \"1s\"\nin_flight = 10\n");
    assert!(
        found.contains("queue.q.in_flight")
            && found.contains("need 2.02 times the messages in flight that it allows"),
        "{found}"
    );
    assert_eq!(warned("10/s", "time = \"1s\"\nin_flight = 30\n"), "");
    // 20/s for 1.01 s, and for the second alone they would be as many as can be: the calls that receive and delete take 10 ms.
    let found = warned("10/s", "time = \"1s\"\nin_flight = 20\n");
    assert!(found.contains("1.01 times the messages in flight that it allows"), "{found}");
    assert_eq!(warned("10/s", "time = \"990ms\"\nin_flight = 20\n"), "");
    let one = "type = \"fifo\"\ntime = \"100ms\"\n";
    // 12/s for 110 ms each: the delete of a message is a part of it.
    let found = warned("6/s", one);
    assert!(
        found.contains("queue.q.groups")
            && found.contains("need 1.32 times the message groups that it has: "),
        "{found}"
    );
    assert_eq!(warned("6/s", &format!("{one}groups = {{ count = 10, zipf = 0 }}\n")), "");
    // Of two groups with 2/3 and 1/3 the first is full first: its two thirds of that.
    let found = warned("12/s", &format!("{one}groups = {{ count = 2, zipf = 1 }}\n"));
    let words = "the messages of the most popular message group of `q`, 67 % of all, at 0s need 1.76 times the time that there is";
    assert!(found.contains(words), "{found}");
}
