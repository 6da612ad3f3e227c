//! How many invocations there may be: of an account, of a function, a second, and how fast there are more.

use super::{asked, at, failed, text};
use crate::run::run;

const LONG: &str = "{ delay = \"60s\" }";
const SLOW: &str = "init = \"0s\"\ntimeout = \"900s\"";

/// An account with three: of five at once two are throttled, and of three more when the first ones are done, none.
#[test]
fn an_account_has_so_many_invocations_at_once() {
    let account = "[account]\nlambda_concurrency = 3\n[lambda.other]\n";
    let function = format!("init = \"0s\"\n{account}");
    let outcome =
        at("account", &[100, 100, 100, 100, 100, 1_100, 1_100, 1_100], "3s", "{ delay = \"1s\" }", &function);
    let told = &outcome.lambdas[0];
    assert_eq!((told.invocations, told.over_concurrency, told.most), (6.0, 2.0, 3.0));
    assert_eq!((failed(&outcome, "http_429"), outcome.requests.completed), (2.0, 6.0));
    assert_eq!(told.cold, 3.0, "what ends at an instant makes room for what begins");
}

/// 1,000 at once and 100 more each second: at 1,000 a second the bucket is empty after 1.11 s, and 1,300 have got one after three.
#[test]
fn a_function_gets_a_thousand_environments_at_once_and_a_hundred_a_second() {
    let function = format!("{SLOW}\n[account]\nlambda_concurrency = 10000");
    let outcome = asked("\"1000/s\"", "3s", LONG, &function);
    let told = &outcome.lambdas[0];
    assert!((told.invocations - 1_300.0).abs() <= 1.0, "{told:?}");
    assert_eq!(
        (told.invocations + told.over_scaling, told.over_concurrency),
        (outcome.requests.arrived, 0.0)
    );
    assert_eq!(failed(&outcome, "http_429"), told.over_scaling);
}

/// What was not asked for is not saved up: after a minute of nothing there are 1,000 at once, and no 1,600.
#[test]
fn environments_that_were_not_asked_for_are_not_saved_up() {
    let function = format!("{SLOW}\n[account]\nlambda_concurrency = 10000");
    let rate = "[[\"0s\", \"0/s\"], [\"60s\", \"0/s\"], [\"60s\", \"2000/s\"], [\"62s\", \"2000/s\"]]";
    let told = asked(rate, "62s", LONG, &function).lambdas.remove(0);
    assert!((told.invocations - 1_200.0).abs() <= 1.0, "{told:?}");
}

/// The rule before: 3,000 at once and 500 a minute. And one of its own: 50 and 30 more every three seconds.
#[test]
fn the_rule_can_be_that_of_before_or_another_one() {
    let function = format!("{SLOW}\nscaling = \"burst\"\n[account]\nlambda_concurrency = 10000");
    let told = asked("\"2000/s\"", "6s", LONG, &function).lambdas.remove(0);
    assert!((told.invocations - 3_050.0).abs() <= 1.0, "{told:?}");
    let own = "scaling = { burst = 50, more = 30, period = \"3s\" }";
    let told = asked("\"100/s\"", "7s", LONG, &format!("{SLOW}\n{own}")).lambdas.remove(0);
    assert!((told.invocations - 120.0).abs() <= 1.0, "{told:?}");
}

/// What is reserved is the most that a function has, and nobody else can have it: of 110, five are reserved, so 105 are left.
#[test]
fn a_reservation_is_a_limit_and_a_guarantee() {
    let both = text(
        "\"100/s\"",
        "2s",
        LONG,
        &format!("{SLOW}\nreserved_concurrency = 5\n[account]\nlambda_concurrency = 110"),
    );
    let both = format!(
        "{both}[traffic.others]\nrate = \"100/s\"\ninterarrival = \"1s\"\nrequests = \"other\"\n[request.other]\nvia = \"g\"\n\
         steps = [{LONG}]\n[lambda.g]\nhop = \"0s\"\nplacement = \"0s\"\n{SLOW}\n"
    );
    let outcome = run(&both.replace("[client]", "requests = \"page\"\n[client]"), 1);
    let [own, other] = &outcome.lambdas[..] else { panic!("two functions") };
    assert_eq!((own.invocations, own.most), (5.0, 5.0));
    assert_eq!((other.invocations, other.most), (105.0, 105.0));
    // With five, 50 a second are looked at, and 50 of the first second.
    assert!((own.over_rate - 50.0).abs() <= 1.0 && own.over_concurrency > 140.0, "{own:?}");
    assert!(other.over_rate == 0.0 && other.over_concurrency > 90.0, "{other:?}");
}

/// Functions of another Region have an account of their own there.
#[test]
fn each_region_has_concurrency_of_its_own() {
    let two = text("\"100/s\"", "2s", LONG, &format!("{SLOW}\n[account]\nlambda_concurrency = 101"));
    let two = format!(
        "{two}[traffic.others]\nrate = \"100/s\"\ninterarrival = \"1s\"\nrequests = \"other\"\n[request.other]\nvia = \"g\"\n\
         steps = [{LONG}]\n[lambda.g]\nregion = \"eu-west-1\"\nhop = \"0s\"\nplacement = \"0s\"\n{SLOW}\n"
    );
    let outcome = run(&two.replace("[client]", "requests = \"page\"\n[client]"), 1);
    assert_eq!((outcome.lambdas[0].most, outcome.lambdas[1].most), (101.0, 101.0));
}

/// Ten requests a second for each of the concurrency that there is, however short they are: of an account with two, 20 a second, after the 20 of
/// the first second.
#[test]
fn requests_a_second_are_ten_times_the_concurrency() {
    let outcome =
        asked("\"100/s\"", "5s", "{ delay = \"1us\" }", "init = \"0s\"\n[account]\nlambda_concurrency = 2");
    let told = &outcome.lambdas[0];
    assert!((told.invocations - 120.0).abs() <= 1.0, "{told:?}");
    assert_eq!(told.over_rate + told.invocations, outcome.requests.arrived);
    // Of its own, where it has reserved some.
    let own = "init = \"0s\"\nreserved_concurrency = 3";
    let told = asked("\"100/s\"", "5s", "{ delay = \"1us\" }", own).lambdas.remove(0);
    assert!((told.invocations - 180.0).abs() <= 1.0, "{told:?}");
}

/// What is throttled because of the requests a second has other words than a full account: nearly no environment is in use.
#[test]
fn too_many_requests_a_second_have_words_of_their_own() {
    let function = "init = \"0s\"\n[account]\nlambda_concurrency = 2";
    let outcome = asked("\"100/s\"", "30s", "{ delay = \"1us\" }", function);
    let link = &outcome.phases.iter().find(|phase| phase.trouble).unwrap().chain[0];
    let words = "concurrency of function `f` took no more requests a second, ten for each environment that it may have (up to 1 at once, up to 80 a second throttled)";
    assert!(link.text.starts_with(words), "{}", link.text);
    let over = &outcome.timeline.lambdas[0].over_rate;
    assert_eq!(over, &outcome.timeline.lambdas[0].throttled);
    assert!((over[20] - 80.0).abs() <= 1.0, "{over:?}");
}

/// Two functions with 50 in progress each take half of an account with 200, which is one thing, whoever asks: it is full at twice the traffic. A third one with 20 of its own is not in it.
#[test]
fn an_account_is_one_resource_of_all_functions_that_share_it() {
    let text =
        text("\"50/s\"", "60s", "{ delay = \"1s\" }", "init = \"0s\"\n[account]\nlambda_concurrency = 220");
    let text = format!(
        "{text}[traffic.others]\nrate = \"50/s\"\ninterarrival = \"1s\"\nrequests = \"other\"\n[request.other]\nvia = \"g\"\n\
         steps = [{{ delay = \"1s\" }}, {{ call = \"h\", steps = [{{ delay = \"100ms\" }}] }}]\n\
         [lambda.g]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\n[lambda.h]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\nreserved_concurrency = 20\n"
    );
    let outcome = run(&text.replace("[client]", "requests = \"page\"\n[client]"), 1);
    let of = |lambda: usize| {
        let of = simcap::outcome::Resource::Concurrency { lambda };
        outcome.headroom.iter().find(|it| it.of == of)
    };
    let (account, own) = (of(0).unwrap(), of(2).unwrap());
    assert_eq!(account.resource, "concurrency of the account (functions `f` and `g`)");
    assert!(of(1).is_none());
    // 50 in one function, and 55 in the other one, which waits for the third.
    assert!((account.limit().unwrap() / (200.0 / 105.0) - 1.0).abs() < 0.05, "{account:?}");
    assert!((own.limit().unwrap() / (20.0 / 5.0) - 1.0).abs() < 0.15, "{own:?}");
}

/// A full account is blamed, and how much traffic it takes is the multiple of that. 150 a second for a second each, in an account with 120.
#[test]
fn what_is_full_is_named_and_the_headroom_is_the_multiple() {
    let function = "init = \"0s\"\n[account]\nlambda_concurrency = 120";
    let outcome = asked("\"150/s\"", "30s", "{ delay = \"1s\" }", function);
    let of = simcap::outcome::Resource::Concurrency { lambda: 0 };
    let link = &outcome.phases.iter().find(|phase| phase.trouble).unwrap().chain[0];
    assert_eq!((link.resource, link.cause), (Some(of), true), "{:#?}", outcome.phases);
    assert!(
        link.text.starts_with("concurrency of function `f` was full (up to 120 at once"),
        "{}",
        link.text
    );
    let found = outcome.headroom.iter().find(|it| it.of == of).unwrap();
    assert!(found.limit().unwrap() < 1.0, "{found:?}");
    // With half of it, it is named as what comes first, at 2.4 times.
    let calm = asked("\"50/s\"", "60s", "{ delay = \"1s\" }", function);
    let found = calm.headroom.iter().find(|it| it.of == of).unwrap();
    assert!((found.limit().unwrap() / 2.4 - 1.0).abs() < 0.05, "{found:?}");
    assert!(calm.phases.iter().all(|phase| !phase.trouble));
}
