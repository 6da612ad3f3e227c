//! Stickiness: clients that stay at their target, and what that makes uneven.

use simcap::outcome::Outcome;

use crate::run::{run, scenario};

/// Two users who ask at the same instants, of instances with one vCPU: a request works for 1 s, or for 2 s beside another, and each
/// thought takes 9 s. Of two instances one leaves at 100 s, and another one comes at 500 s.
fn two_users(lb: &str) -> Outcome {
    run(
        &format!(
            "duration = \"1000s\"\nbucket = \"10s\"\n[users.two]\ncount = 2\nthink = \"9s\"\n[request.go]\n\
             via = \"public\"\nsteps = [{{ cpu = \"1s\" }}]\n[balancer.public]\ntargets = \"web\"\nhop = \"0s\"\n\
             health_check = {{ cpu = \"0s\" }}\n{lb}\n[fleet.web]\ninstance = {{ vcpus = 1, memory = \"8 GiB\" }}\ninstances = 2\n\
             timetable = [[\"100s\", 1], [\"500s\", 2]]\n"
        ),
        1,
    )
}

const STICKY: &str = "stickiness = { kind = \"lb_cookie\" }";

/// Requests and the sum of their times, in seconds.
fn work(run: &Outcome) -> (f64, f64) {
    assert_eq!(run.requests.failed, 0.0);
    (run.requests.completed, (run.latency_ms.mean * run.requests.completed / 1e3).round())
}

/// 1 s each from 9 s to 99 s, every 10 s: 10 rounds. On one instance 2 s each, every 11 s, from 109 s on. With turns that ends with the
/// round of 494 s, the 36th, and from 505 s to 995 s there are 50 of 1 s. Clients that stay where they are go on until 989 s, the 81st.
#[test]
fn a_fleet_that_scales_out_does_not_relieve_its_old_instances() {
    assert_eq!(work(&two_users("")), (2.0 * 96.0, 2.0 * (10.0 + 36.0 * 2.0 + 50.0)));
    assert_eq!(work(&two_users(STICKY)), (2.0 * 91.0, 2.0 * (10.0 + 81.0 * 2.0)));
}

/// The client of the instance that leaves at 100 s goes to the other one, and no request fails; a cookie of 5 s has expired before
/// each request, so that it is as with turns.
#[test]
fn a_client_of_a_target_that_leaves_goes_to_another() {
    let sticky = two_users(STICKY);
    assert_eq!(sticky.requests.failed, 0.0);
    assert_eq!(sticky.latency_ms.max, 2_000.0);
    assert_eq!((sticky.balancers[0].rebound, two_users("").balancers[0].rebound), (1.0, 0.0));
    let expired = two_users("stickiness = { kind = \"app_cookie\", duration = \"5s\" }");
    assert_eq!(expired.balancers[0].rebound, 0.0, "it was bound to nothing");
    assert_eq!(
        work(&two_users("stickiness = { kind = \"app_cookie\", duration = \"5s\" }")),
        work(&two_users(""))
    );
}

#[test]
fn stickiness_that_binds_nobody_is_warned_of() {
    let warned = |traffic: &str, visits: &str| {
        let text = format!(
            "duration = \"1m\"\n{traffic}\nrequest.a = {{ via = \"lb\", steps = [{{ cpu = \"1ms\" }}] }}\n\
             balancer.lb = {{ targets = \"web\", stickiness = {{ kind = \"lb_cookie\"{visits} }} }}\n\
             fleet.web = {{ instance = \"m5.large\", instances = 2 }}\n"
        );
        let found = simcap::simulate(&scenario(&text), 1, &mut |_| {}).warnings;
        found.iter().find(|it| it.code.name() == "setting-without-effect").map(|it| it.path())
    };
    let (open, users) = ("traffic.all.rate = \"1/s\"", "users.all = { count = 2, think = \"1s\" }");
    let visits = ", visits = {}";
    assert_eq!(warned(open, "").as_deref(), Some("balancer.lb.stickiness"));
    assert_eq!(warned(users, visits).as_deref(), Some("balancer.lb.stickiness.visits"));
    assert_eq!((warned(open, visits), warned(users, "")), (None, None));
}
