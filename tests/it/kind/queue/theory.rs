//! A queue with workers that wait for messages is M/M/c.

use simcap::outcome::Outcome;

use crate::theory::confidence::replicate;
use crate::theory::formula::erlang_c;

/// Messages by a Poisson process, four pollers on two instances, exponential work. The wait of a message and its age are the
/// wait and the sojourn of the textbook, and the backlog is that of Little's law.
#[test]
fn workers_that_wait_are_the_servers_of_a_textbook_queue() {
    let (rate, time, servers) = (7.0, 0.4, 4);
    let text = format!(
        "duration = \"20000s\"\nwarmup = \"400s\"\n[traffic.all]\nrate = \"{rate}/s\"\n[request.order]\nsteps = [{{ send = \"orders\" }}]\n\
         [queue.orders]\nlatency = \"0s\"\nworkers = \"worker\"\npollers = 2\nwait = \"20s\"\nvisibility_timeout = \"10m\"\n\
         time = \"exponential {}ms\"\n[fleet.worker]\ninstance = \"m5.large\"\ninstances = 2\n",
        1e3 * time
    );
    let runs = replicate(&text, 10);
    let load = rate * time;
    let wait = erlang_c(servers, load) * time / (f64::from(servers) - load);
    let of = |read: fn(&simcap::outcome::QueueOutcome) -> f64| move |run: &Outcome| read(&run.queues[0]);
    runs.expect("mean wait", 1e3 * wait, 0.06, of(|queue| queue.wait_ms.mean));
    runs.expect("mean age", 1e3 * (wait + time), 0.03, of(|queue| queue.age_ms.mean));
    runs.expect("mean backlog", rate * wait, 0.06, of(|queue| queue.mean_backlog));
}
