//! Retries: a loss system with one retrial, and the storm that timeouts make of a short overload.

use simcap::outcome::Outcome;

use super::chain::{mean, stationary};
use super::confidence::replicate;

/// The chain (busy servers, clients that pause): a client that finds all busy pauses once and tries once more.
#[test]
fn one_retry_after_an_exponential_pause_is_a_retrial_queue() {
    const SERVERS: usize = 10;
    const SERVICE: f64 = 0.05;
    for (rate, pause, most) in [(160.0, 0.05, 60), (160.0, 1.0, 120), (220.0, 0.2, 120)] {
        let width = SERVERS + 1;
        let share = stationary((most + 1) * width, |state, go| {
            let (pausing, busy) = (state / width, state % width);
            let back = pausing as f64 / pause;
            if busy < SERVERS {
                go(state + 1, rate);
                if pausing > 0 {
                    go(state - width + 1, back);
                }
            } else {
                if pausing < most {
                    go(state + width, rate);
                }
                if pausing > 0 {
                    go(state - width, back);
                }
            }
            if busy > 0 {
                go(state - 1, busy as f64 / SERVICE);
            }
        });
        let all_busy = |state: usize| f64::from(state % width == SERVERS);
        let blocked = mean(&share, all_busy);
        let lost = mean(&share, |state| all_busy(state) * (state / width) as f64 / pause) / rate;

        let text = format!(
            "duration = \"{}s\"\n[traffic.all]\nrate = \"{rate}/s\"\n[client]\nretries = {{ max = 1, \
             backoff = \"{pause}s\", jitter = \"exponential\" }}\n[request.call]\n\
             steps = [{{ service = \"desk\" }}]\n[service.desk]\nservers = {SERVERS}\nqueue = 0\n\
             time = \"exponential 50ms\"\n",
            (250_000.0 / rate) as u64
        );
        let runs = replicate(&text, 10);
        let of_arrived = |count: f64, run: &Outcome| count / run.requests.arrived;
        let what = format!("{rate}/s, pause {pause} s");
        runs.expect(&format!("{what}: attempts a request"), 1.0 + blocked, 0.01, |run| {
            of_arrived(run.attempts.arrived, run)
        });
        runs.expect(&format!("{what}: share lost"), lost, 0.05, |run| of_arrived(run.requests.failed, run));
    }
}

/// A spike of 30 s at 1.5 times capacity, in front of servers that do not notice that their clients have gone.
///
/// Expected: 40 runs of an independent event simulation; its standard errors are given. The fluid limit agrees:
/// every attempt fails from 63.9 s to 449 s.
#[test]
fn timeouts_without_cancellation_make_a_retry_storm() {
    let text = "duration = \"760s\"\n[traffic.all]\nrate = [[\"0s\", \"20/s\"], [\"60s\", \"20/s\"], \
         [\"60s\", \"120/s\"], [\"90s\", \"120/s\"], [\"90s\", \"20/s\"], [\"700s\", \"20/s\"], \
         [\"700s\", \"0/s\"]]\n[client]\ntimeout = \"2s\"\nretries = { max = 2, backoff = \"0s\" }\n\
         [request.call]\nsteps = [{ service = \"desk\" }]\n[service.desk]\nservers = 4\n\
         time = \"exponential 50ms\"\n";
    let runs = replicate(text, 40);
    runs.expect_reference("share that fails", (0.605_622, 0.003_752), 0.03, |run| {
        run.requests.failed / run.requests.arrived
    });
    runs.expect_reference("attempts a request", (2.218_23, 0.007_513), 0.02, |run| {
        run.attempts.arrived / run.requests.arrived
    });
}
