//! Whose a failed request is, where faults overlap; which of them a check has seen; and when each has recovered. Worked out by hand.

use simcap::outcome::{Outcome, Strike};

use super::when;
use crate::run::run;

/// A payment and a letter each 100 ms, each at a service of its own with a server for each.
fn two(steps: &str, more: &str) -> Outcome {
    let text = format!(
        "duration = \"100s\"\nbucket = \"1s\"\n[client]\ntimeout = \"1s\"\n\
         [traffic.payers]\nrate = \"10/s\"\ninterarrival = \"100ms\"\nrequests = \"pay\"\n\
         [traffic.writers]\nrate = \"10/s\"\ninterarrival = \"100ms\"\nrequests = \"write\"\n\
         [request.pay]\n{steps}\n[request.write]\nsteps = [{{ service = \"mail\" }}]\n\
         [service.bank]\nservers = 1000\ntime = \"100ms\"\n[service.mail]\nservers = 1000\ntime = \"100ms\"\n{more}"
    );
    run(&text, 1)
}

const BANK: &str = "steps = [{ service = \"bank\" }]";

fn of<'a>(run: &'a Outcome, name: &str) -> &'a Strike {
    run.faults.iter().find(|it| it.name == name).unwrap_or_else(|| panic!("{:?}", run.faults))
}

fn near(found: Option<f64>, expected: f64) -> bool {
    found.is_some_and(|found| (found - expected).abs() < 1e-6)
}

fn fault(name: &str, what: &str, at: &str, length: &str) -> String {
    format!("[fault.{name}]\n{what}\nat = \"{at}\"\nfor = \"{length}\"\n")
}

const BANK_REFUSES: &str = "service = \"bank\"\neffect = \"refuses\"\nshare = \"100%\"";
const MAIL_REFUSES: &str = "service = \"mail\"\neffect = \"refuses\"\nshare = \"100%\"";

/// The bank refuses 200 payments, and the mail 200 letters from ten seconds later on. Each is mitigated in the first row without failures of its own.
#[test]
fn each_fault_has_the_requests_that_failed_at_it() {
    let faults = fault("bank", BANK_REFUSES, "10.05s", "20s") + &fault("mail", MAIL_REFUSES, "20.05s", "20s");
    let run = two(BANK, &faults);
    assert_eq!((of(&run, "bank").failed, of(&run, "mail").failed, run.requests.failed), (200, 200, 400.0));
    for name in ["bank", "mail"] {
        assert_eq!(of(&run, name).failed_meanwhile, 0, "{:?}", run.faults);
        assert!(near(of(&run, name).mitigated_after_s, 20.95), "{:?}", run.faults);
    }
    let totals: Vec<f64> = run.kinds.fault_totals.iter().map(|it| it.failed).collect();
    assert_eq!(totals, [200.0, 200.0]);
    // The rows of each: ten a second, half a second late in the first and the last one.
    let rows = |fault: usize| &run.timeline.fault_totals[fault].failed;
    assert_eq!((rows(0)[9], rows(0)[11], rows(0)[29], rows(0)[31]), (0.0, 10.0, 10.0, 0.0));
    assert_eq!((rows(0).iter().sum::<f64>(), rows(1).iter().sum::<f64>()), (200.0, 200.0));
}

/// The only instance hangs, and those that wait there time out; one that is late for its try, with a policy, does so at the bank that hangs.
#[test]
fn who_times_out_belongs_to_what_it_waited_for() {
    let mail = fault("mail", MAIL_REFUSES, "10.05s", "20s");
    let web = "[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n";
    let hung = fault("hung", "fleet = \"web\"\neffect = \"hangs\"", "10.05s", "20s");
    let on_web = two("via = \"web\"\nsteps = [{ service = \"bank\" }]", &(web.to_owned() + &mail + &hung));
    let hangs = fault("hung", "service = \"bank\"\neffect = \"hangs\"", "10.05s", "20s");
    let steps = "via = \"web\"\nsteps = [{ service = \"bank\", timeout = \"500ms\" }]";
    let at_bank = two(steps, &(web.to_owned() + &mail + &hangs));
    for run in [on_web, at_bank] {
        let (hung, mail) = (of(&run, "hung").failed, of(&run, "mail").failed);
        assert_eq!(mail, 200, "{:?}", run.faults);
        assert!(hung >= 180 && (hung + mail) as f64 == run.requests.failed, "{hung} {}", run.requests.failed);
        assert_eq!(of(&run, "hung").failed_meanwhile, 0);
    }
}

/// Two threads are held by payments that hang at the bank, which time out there. All others find no thread: that is nothing which a fault holds, so
/// they failed while it was felt. The mail fails at the same time: nothing says of which of both they are.
#[test]
fn what_failed_at_nothing_that_a_fault_held_failed_meanwhile() {
    let web = "[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nthreads = 2\nbacklog = 0\n";
    let hangs = fault("bank", "service = \"bank\"\neffect = \"hangs\"", "10.05s", "20s");
    let steps = "via = \"web\"\nsteps = [{ service = \"bank\" }]";
    let run = two(steps, &(web.to_owned() + &hangs + &fault("mail", MAIL_REFUSES, "10.05s", "20s")));
    assert_eq!((of(&run, "bank").failed, of(&run, "mail").failed), (2, 200));
    let meanwhile = of(&run, "bank").failed_meanwhile;
    assert!(meanwhile > 170 && of(&run, "mail").failed_meanwhile == meanwhile, "{:?}", run.faults);
    assert_eq!((meanwhile + 202) as f64, run.requests.failed);
    let alone = two(steps, &(web.to_owned() + &hangs));
    let bank = of(&alone, "bank");
    assert_eq!((bank.failed, (bank.failed + bank.failed_meanwhile) as f64), (2, alone.requests.failed));
}

/// A server for each tenth of the payments: from 10 s to 30 s, 20 payments a second want 2 s of one that has 1 s, and time out there. The letters, the
/// instance on which the payments wait, and what they asked before take half as long again meanwhile: nothing fails at any of these.
#[test]
fn what_is_slow_elsewhere_has_none_of_what_fails() {
    let at = |name: &str, what: &str| fault(name, what, "9.95s", "30s");
    let slow = "effect = \"slow\"\nfactor = 1.5";
    let faults = at("mail", &format!("service = \"mail\"\n{slow}"))
        + &at("first", &format!("service = \"first\"\n{slow}"))
        + &at("web", "fleet = \"web\"\neffect = \"slow\"\nspeed = \"60%\"");
    let text = format!(
        "duration = \"60s\"\nbucket = \"1s\"\n[client]\ntimeout = \"1s\"\n\
         [traffic.payers]\nrate = [[\"0s\", \"5/s\"], [\"10s\", \"5/s\"], [\"10s\", \"20/s\"], [\"30s\", \"20/s\"], [\"30s\", \"5/s\"]]\n\
         interarrival = \"100ms\"\nrequests = \"pay\"\n\
         [traffic.writers]\nrate = \"10/s\"\ninterarrival = \"100ms\"\nrequests = \"write\"\n\
         [request.pay]\nvia = \"web\"\nsteps = [{{ cpu = \"1ms\" }}, {{ service = \"first\" }}, {{ service = \"bank\" }}]\n\
         [request.write]\nsteps = [{{ service = \"mail\" }}]\n\
         [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n[service.first]\nservers = 100\ntime = \"10ms\"\n\
         [service.bank]\nservers = 1\ntime = \"100ms\"\n[service.mail]\nservers = 100\ntime = \"10ms\"\n{faults}"
    );
    let run = run(&text, 1);
    assert!(run.requests.failed > 100.0, "{}", run.requests.failed);
    for strike in &run.faults {
        assert_eq!(strike.failed, 0, "{strike:?}");
    }
    let trouble = run.phases.iter().find(|it| it.trouble).unwrap();
    assert!(trouble.sentence.starts_with("0:10 `bank` full"), "{}", trouble.sentence);
    // Where the bank itself fails one in five, only those failed because of it; where it takes 1 % longer, nobody can tell.
    let own = |effect: &str| {
        let fault = fault("f", &format!("service = \"bank\"\n{effect}"), "5.05s", "40s");
        let run = self::run(&format!("{}{fault}", text.split("[fault.").next().unwrap()), 1);
        let errors = run.requests.failed_by_cause.get("dependency_failed").copied().unwrap_or(0.0);
        assert_eq!(of(&run, "f").failed as f64, errors, "{:?}", run.faults);
        (errors, of(&run, "f").failed_meanwhile, run.requests.failed)
    };
    let (errors, meanwhile, failed) = own("effect = \"fails\"\nshare = \"20%\"");
    assert!(errors > 10.0 && meanwhile as f64 == failed - errors, "{errors} {meanwhile} {failed}");
    let (_, meanwhile, failed) = own("effect = \"slow\"\nfactor = 1.01");
    assert!(meanwhile == 0 && failed > 100.0, "{meanwhile} {failed}");
}

/// An alarm about payments has seen the bank, though letters fail as well.
#[test]
fn an_alarm_is_of_the_fault_whose_requests_it_counts() {
    let faults = fault("bank", BANK_REFUSES, "10.05s", "40s") + &fault("mail", MAIL_REFUSES, "10.05s", "40s");
    let alarm = "[alarm.payments]\nmetric = \"request.pay.errors\"\nabove = 4\ndelay = \"0s\"\n";
    let run = two(BANK, &(faults + alarm));
    assert!(near(of(&run, "bank").detected_after_s, 60.0 - 10.05), "{:?}", run.faults);
    assert_eq!(of(&run, "mail").detected_by, None);
}

/// Instances behind a balancer, in two zones.
fn balanced(balancer: &str, fleet: &str, fault: &str) -> Outcome {
    let text = format!(
        "duration = \"8m\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"50/s\"\n[client]\ntimeout = \"5s\"\n\
         [request.page]\nvia = \"front\"\nsteps = [{{ delay = \"10ms\" }}]\n[balancer.front]\ntargets = \"web\"\n\
         health_check = {{ interval = \"10s\", timeout = \"5s\", unhealthy = 2, healthy = 2 }}\n{balancer}\n\
         [fleet.web]\ninstance = \"m5.large\"\ninstances = 4\nazs = [\"a\", \"b\"]\n{fleet}\n{fault}"
    );
    run(&text, 1)
}

/// All are slow, and one of them hangs later: its check has seen that.
#[test]
fn a_check_has_seen_what_stops_its_target() {
    let slow =
        "[fault.slow]\nfleet = \"web\"\nshare = \"100%\"\neffect = \"slow\"\nspeed = \"90%\"\nat = \"30s\"\n";
    let hangs = "[fault.hung]\nfleet = \"web\"\neffect = \"hangs\"\nat = \"60s\"\nfor = \"2m\"\n";
    let run = balanced("", "", &(slow.to_owned() + hangs));
    assert_eq!(of(&run, "hung").detected_by.as_deref(), Some("health check of `web`"));
    assert_eq!(of(&run, "slow").detected_by, None);
}

/// All targets answer with errors from 60 s to 120 s. Their balancer sends to all of them from when it holds none for healthy until one is again, which
/// is no recovery: each has recovered when it has passed two checks.
#[test]
fn a_balancer_that_sends_to_all_has_not_recovered() {
    let fails =
        "[fault.bad]\nfleet = \"web\"\nshare = \"100%\"\neffect = \"fails\"\nat = \"60s\"\nfor = \"60s\"\n";
    let run = balanced("", "", fails);
    let first = when(&run, "has a healthy target again");
    let mut all = crate::kind::incidents(&run).into_iter().filter(|it| it.1 == "all 4 targets healthy again");
    let all = all.next_back().unwrap().0;
    let recovered = 60.0 + of(&run, "bad").recovered_after_s.unwrap();
    assert!(first > 129.9 && first <= recovered && recovered <= all, "{first} {recovered} {all}");
    assert!(near(of(&run, "bad").until_s, 120.0));
}

/// A new target of a Network Load Balancer gets nothing for another minute: so much later it has recovered.
#[test]
fn a_target_that_waits_has_not_recovered() {
    let run_of = |delay: &str| {
        let network = format!("kind = \"nlb\"\ntarget_delay = \"{delay}\"");
        let dies = "[fault.dead]\nfleet = \"web\"\neffect = \"dies\"\nat = \"60s\"\n";
        of(&balanced(&network, "status_check = \"30s\"", dies), "dead").recovered_after_s.unwrap()
    };
    // To the row in which it joins.
    assert!((run_of("60s") - run_of("0s") - 60.0).abs() <= 1.0, "{} {}", run_of("60s"), run_of("0s"));
}

/// One hangs for ever and is replaced: then nothing is left of the fault, and another one serves in its place.
#[test]
fn a_fault_without_an_end_is_over_when_what_it_struck_is_replaced() {
    let hangs = "[fault.hung]\nfleet = \"web\"\neffect = \"hangs\"\nat = \"60s\"\n";
    let replaced = "health = \"elb\"\nboot = { launch = \"20s\", application = \"10s\" }";
    let run = balanced("deregistration_delay = \"10s\"", replaced, hangs);
    let hung = of(&run, "hung");
    let over = when(&run, "over: none of the instances of `web` that it struck is left");
    assert!(near(hung.until_s, over), "{hung:?}");
    assert!(hung.recovered_after_s.is_some_and(|after| after > over - 60.0), "{hung:?}");
    let kept = balanced("", "", hangs);
    assert_eq!((of(&kept, "hung").until_s, of(&kept, "hung").recovered_after_s), (None, None));
}

/// Half of the callers have an address where nothing is, and give up after 5 s: nothing of theirs goes on anywhere.
#[test]
fn nothing_goes_on_where_nothing_is() {
    let name = "[fault.push]\nbalancer = \"front\"\neffect = \"unreachable\"\nshare = \"50%\"\nat = \"60s\"\nfor = \"1m\"\n";
    let run = balanced("", "", name);
    assert!(
        run.requests.failed > 500.0 && of(&run, "push").failed as f64 == run.requests.failed,
        "{:?}",
        run.faults
    );
    assert_eq!((run.abandoned.ended, run.abandoned.in_system), (0.0, 0.0));
}

/// Ten payments a second hold 1 of 20 threads for 100 ms each. The bank hangs for 20 s: all threads fill, and the backlog. They wait on the fault, so the
/// threads carry twenty times the traffic, as they do without it.
#[test]
fn threads_that_wait_for_a_fault_are_no_limit() {
    let web = "[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nthreads = 20\n";
    let hangs = fault("bank", "service = \"bank\"\neffect = \"hangs\"", "40.05s", "20s");
    let steps = "via = \"web\"\nsteps = [{ service = \"bank\" }]";
    let threads = |more: &str| {
        let run = two(steps, &(web.to_owned() + more));
        run.headroom.into_iter().find(|it| it.resource == "threads of web").unwrap()
    };
    let (with, without) = (threads(&hangs), threads(""));
    assert!(!with.saturated && !without.saturated, "{with:?}");
    let [with, without] = [with, without].map(|it| it.as_it_stood.multiplier.unwrap());
    assert!((without - 20.0).abs() < 0.2, "{without}");
    assert!((with / without - 1.0).abs() < 0.1, "{with} {without}");
}
