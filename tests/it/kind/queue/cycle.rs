//! Messages that make more messages than they are: a warning before the run, with what one becomes.

use simcap::outcome::Resource;
use simcap::warning::of_scenario;

use crate::run::{run, scenario};

/// What is warned of.
fn warned(text: &str) -> Vec<String> {
    let found =
        of_scenario(&scenario(text), 1).into_iter().filter(|it| it.code.name() == "messages-multiply");
    found.map(|it| it.message).collect()
}

fn text(request: &str, queues: &str) -> String {
    format!(
        "duration = \"2m\"\ntraffic.t.rate = \"1/s\"\nrequest.o.steps = [{request}]\n{queues}\n\
         [fleet.w]\ninstance = \"m5.large\"\ninstances = 2\n"
    )
}

fn queue(name: &str, steps: &str) -> String {
    format!("[queue.{name}]\nworkers = \"w\"\nsteps = [{{ delay = \"1s\" }}, {steps}]\n")
}

#[test]
fn a_queue_that_sends_itself_two_for_one_doubles() {
    let doubles = text("{ send = \"a\" }", &queue("a", "{ send = \"a\", messages = 2 }"));
    assert_eq!(warned(&doubles), ["one message of queue `a` becomes 2 when it comes back to it"]);
    // And it does: with enough pollers the messages of a run of 12 s double each second or so.
    let many = doubles
        .replace("duration = \"2m\"", "duration = \"12s\"")
        .replace("steps = [{ delay", "pollers = 1000\nsteps = [{ delay");
    assert!(run(&many, 1).queues[0].sent > 2_000.0);
    let same = text("{ send = \"a\" }", &queue("a", "{ send = \"a\" }"));
    assert_eq!(warned(&same), ["each message of queue `a` comes back to it: it never ends"]);
}

/// a sends 3 to b, which sends 2 to a topic of c and d, of which c sends one back to a for each: 3 · 2 · 1.
#[test]
fn the_way_round_multiplies() {
    let queues = [
        queue("a", "{ send = \"b\", messages = 3 }"),
        queue("b", "{ send = \"all\", messages = 2 }"),
        queue("c", "{ send = \"a\" }"),
        queue("d", "{ delay = \"1ms\" }"),
        "[topic.all]\nqueues = [\"c\", \"d\"]\n".into(),
    ];
    let text = text("{ send = \"b\" }", &queues.concat());
    assert_eq!(
        warned(&text),
        ["one message of queue `a` becomes 6 when it comes back to it, through `b` and `c`"]
    );
}

/// What leads on and not back, what comes back less than once, and a cycle to which nothing is sent, are no fault.
#[test]
fn what_ends_is_no_cycle_that_grows() {
    let on = [queue("a", "{ send = \"b\", messages = 10 }"), queue("b", "{ delay = \"1ms\" }")].concat();
    assert_eq!(warned(&text("{ send = \"a\" }", &on)), [""; 0]);
    // Two messages for each miss.
    let missing = |hits: &str| {
        let step =
            format!("{{ cache = \"c\", hit_ratio = {hits}, miss = {{ send = \"a\", messages = 2 }} }}");
        text("{ send = \"a\" }", &(queue("a", &step) + "[cache.c]\nnode = \"cache.r6g.large\"\n"))
    };
    assert_eq!(warned(&missing("\"60%\"")), [""; 0]);
    assert_eq!(
        warned(&missing("\"40%\"")),
        ["one message of queue `a` becomes 1.2 when it comes back to it"]
    );
    let unused = text("{ delay = \"1ms\" }", &queue("a", "{ send = \"a\", messages = 2 }"));
    assert_eq!(warned(&unused), [""; 0]);
}

/// A queue whose messages come back to it, at once or through another, carries nothing, however little comes: 2/s on five pollers of
/// 120 ms each. Nor does a service that only its workers use. What comes back for every second message is two for one: 2 × 2 × 0.12 of
/// five.
#[test]
fn messages_that_never_end_leave_no_headroom() {
    let of = |queues: &str| {
        let text = format!(
            "duration = \"10m\"\ntraffic.t.interarrival = \"500ms\"\nrequest.o.steps = [{{ send = \"a\" }}]\n{queues}\n\
             [fleet.w]\ninstance = \"m5.large\"\ninstances = 1\n"
        );
        run(&text, 1).headroom
    };
    let queue = |name: &str, steps: &str| {
        format!("[queue.{name}]\nworkers = \"w\"\nwait = \"20s\"\npollers = 5\nsteps = [{steps}]\n")
    };
    let itself = queue("a", "{ delay = \"90ms\" }, { send = \"a\" }");
    let round = queue("a", "{ delay = \"90ms\" }, { send = \"b\" }") + &queue("b", "{ send = \"a\" }");
    let served = queue("a", "{ service = \"pay\" }, { send = \"a\" }")
        + "[service.pay]\nservers = 1\ntime = \"constant 90ms\"\n";
    for queues in [itself, round, served] {
        let found = of(&queues);
        let full: Vec<_> = found.iter().filter(|it| it.saturated).collect();
        assert!(!full.is_empty(), "{queues}");
        assert!(full.iter().all(|it| it.endless && it.limit() == Some(0.0)), "{queues}: {full:?}");
    }
    let half = "{ delay = \"80ms\" }, { cache = \"c\", hit_ratio = \"50%\", miss = [{ send = \"a\" }] }";
    let ends = of(&(queue("a", half) + "[cache.c]\nnode = \"cache.r6g.large\"\n"));
    let pollers = ends.iter().find(|it| it.of == Resource::Pollers { queue: 0 }).unwrap();
    assert!(!pollers.endless && pollers.limit().unwrap() > 5.0, "{pollers:?}");
}
