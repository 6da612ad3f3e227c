//! Where goodput stops growing: by theory, for open and closed traffic, from above and from below.

use simcap::breakpoint::{Breakpoints, Subject};

use super::{cell, found, of};

/// In which multiples of `base` goodput stops growing; the table agrees with it.
fn stops(text: &str, base: f64, precision: f64) -> (f64, f64) {
    let found = found(text, |search| search.precision = precision);
    let limit = of(&found, "goodput");
    let (holds, fails) = cell(limit.between);
    let probe = |wanted: f64| found.probes.iter().find(|it| it.multiplier == wanted).unwrap();
    let traffic = fails / holds;
    let goodput = probe(fails).goodput_per_s / probe(holds).goodput_per_s;
    // The growth is judged over 5 %, so a narrower cell may have a part of it on either side.
    assert!(
        goodput - 1.0 < 0.75 * (traffic - 1.0),
        "the table shows growth up to {fails}: {:?}",
        found.probes
    );
    (base * holds, base * fails)
}

fn never_stops(found: &Breakpoints) {
    let limit = of(found, "goodput");
    assert_eq!((limit.between.fails, &limit.subject), (None, &Subject::Goodput), "{:?}", found.probes);
}

const SERVERS: u32 = 4;
const SERVICE: f64 = 0.05;
const THINK: f64 = 1.0;

/// Throughput of N users at an exponential service of c servers, the machine repairman: with n of them there,
/// p(n) ∝ N! / (N - n)! Z⁻ⁿ / Π μ min(k, c).
fn throughput(users: u32, servers: u32) -> f64 {
    let (mut weight, mut total, mut served) = (1.0, 1.0, 0.0);
    for n in 1..=users {
        let rate = f64::from(n.min(servers)) / SERVICE;
        weight *= f64::from(users - n + 1) / THINK / rate;
        total += weight;
        served += weight * rate;
    }
    served / total
}

fn users(count: u32) -> String {
    format!(
        "duration = \"20m\"\nusers.c = {{ count = {count}, think = \"exponential {THINK}s\" }}\n\
         request.a.steps = [{{ service = \"desk\" }}]\n\
         service.desk = {{ servers = {SERVERS}, time = \"exponential {SERVICE}s\" }}\n"
    )
}

/// Asymptotic bounds: X(N) ≤ min(N / (Z + R), 1 / D), which cross at N* = (Z + R) / D = 1.05 s / 12.5 ms = 84 users.
/// Exactly, 5 % more users bring less than 2.5 % more answers from a number on that is a little above.
#[test]
fn users_stop_to_bring_more_answers_near_the_crossing_of_the_asymptotic_bounds() {
    let crossing = (THINK + SERVICE) / (SERVICE / f64::from(SERVERS));
    assert!((crossing - 84.0).abs() < 1e-9);
    let share = |users: u32| {
        let fewer = (f64::from(users) / 1.05).round() as u32;
        (throughput(users, SERVERS) / throughput(fewer, SERVERS) - 1.0)
            / (f64::from(users) / f64::from(fewer) - 1.0)
    };
    let exact = (2 * SERVERS..).find(|users| share(*users) < 0.5).map(f64::from).unwrap();
    assert!((exact / crossing - 1.0).abs() < 0.12, "{exact}");
    for count in [40, 100, 400] {
        let (holds, fails) = stops(&users(count), f64::from(count), 0.05);
        // The share falls by 0.03 for each user, and its chance is about as much: two users, and the width of a cell.
        assert!(holds < exact + 3.0 && fails > exact - 3.0, "{count}: {holds} {fails}, exact {exact}");
    }
}

/// One server of 50 ms and a second to think: bounds that cross at 21 users. One user more is more than 2 % of them, so the
/// next smaller number decides: exactly, the n-th user brings less than half of an n-th from some n on.
#[test]
fn of_few_users_each_one_counts() {
    let share = |n: u32| (throughput(n, 1) / throughput(n - 1, 1) - 1.0) * f64::from(n - 1);
    let exact = (2..).find(|n| share(*n) < 0.5).map(f64::from).unwrap();
    for count in [15, 60] {
        let text = users(count).replace("servers = 4", "servers = 1").replace("20m", "2h");
        let found = found(&text, |_| {});
        let (holds, fails) = cell(of(&found, "goodput").between);
        let (holds, fails) = (f64::from(count) * holds, f64::from(count) * fails);
        assert!(
            holds.round() + 2.0 >= exact && fails.round() <= exact + 1.0,
            "{count}: {holds} {fails}, exact {exact}"
        );
    }
}

/// Without a limit users get as many answers more as there are more of them, though seven of them are seven at ×1.02
/// and at ×1.04 as well, and half a user is none.
#[test]
fn whole_users_are_no_end_of_growth() {
    for count in [1, 7, 100] {
        let text = users(count).replace("servers = 4", "servers = 100000");
        never_stops(&found(&text, |search| search.up_to = 3.0));
    }
}

/// A server of 1 ms takes 1,000/s. With all of λ answered up to C, and C beyond, the growth up to λ from λ / 1.04 is
/// half answered where λ / 1.04 > 2 C - λ: at 1.02 C.
#[test]
fn open_traffic_brings_no_more_answers_beyond_the_capacity() {
    for rate in [100.0, 900.0, 4_000.0] {
        let text = format!(
            "duration = \"60s\"\ntraffic.all = {{ interarrival = \"{}us\" }}\n\
             request.a.steps = [{{ service = \"desk\" }}]\nservice.desk = {{ servers = 1, time = \"1ms\" }}\n",
            1e6 / rate
        );
        let (holds, fails) = stops(&text, rate, 0.02);
        assert!(holds < 1_020.0 * 1.02 && fails > 1_000.0, "{rate}: {holds} {fails}");
    }
}

/// 5 % more of 40 requests are two, by chance none: but all that come are answered.
#[test]
fn chance_in_what_arrives_is_no_end_of_growth() {
    for seed in 1..=10 {
        let text = format!(
            "duration = \"40s\"\nseed = {seed}\ntraffic.all.rate = \"1/s\"\nrequest.a.steps = [{{ delay = \"1ms\" }}]\n\
             objectives.latency = \"max < 500us\"\n"
        );
        never_stops(&found(&text, |search| search.up_to = 3.0));
    }
}
