//! Sizes beyond the maximum that policies want: they are kept, and a warning says so, whatever the policy goes by.

use simcap::outcome::Outcome;

use crate::kind::{decisions, hundred_a_second};
use crate::run::run;

/// The message of the warning, and the largest size that was wanted beyond the maximum.
fn wanted(run: &Outcome) -> (Option<&str>, u32) {
    let warning = run.warnings.iter().find(|it| it.code.name() == "scaling-at-maximum");
    (warning.map(|it| it.message.as_str()), run.kinds.fleets[0].wanted_instances)
}

/// Two instances are in service, and five more are wanted at 60 s, once: they are cut to the maximum while it is not in service.
#[test]
fn one_wish_beyond_the_maximum_is_told() {
    let with = |metric: &str, max: u32| {
        let fleet = format!(
            "min = 2\nmax = {max}\nscaling = [{{ simple = {{ metric = {metric}, at_least = 0, delay = \"0s\", change = \"+5\", \
             cooldown = \"1h\" }} }}]"
        );
        run(&hundred_a_second("\"1/h\"", 600, &fleet), 1)
    };
    let (gauge, math) =
        ("\"fleet.web.instances\"", "{ add = [\"fleet.web.instances\", \"fleet.web.waiting\"] }");
    let cut = with(gauge, 4);
    assert_eq!(decisions(&cut), [(60.0, 2, 4)]);
    let said = "fleet `web` was at its largest size, 4, and its policy on the instances wanted up to 7";
    assert_eq!(wanted(&cut), (Some(said), 7));
    let said =
        "fleet `web` was at its largest size, 4, and its policy on the instances + waiting wanted up to 7";
    assert_eq!(wanted(&with(math, 4)), (Some(said), 7));
    assert_eq!(wanted(&with(gauge, 7)), (None, 0));
    // CPU that is not busy says that the maximum is enough.
    assert_eq!(wanted(&with("\"cpu\"", 4)), (None, 7));
}

/// 500 % of CPU from 3,600 s on take ten instances of 50 %, and eight may be.
#[test]
fn a_forecast_beyond_the_maximum_is_told() {
    let rest = vec!["100"; 22].join(", ");
    let with = |max: u32| {
        let fleet = format!(
            "min = 2\nmax = {max}\nscaling = [{{ predictive = {{ metric = \"cpu\", target = 50, history = [100, 500, {rest}], mode = \
             \"forecast_and_scale\" }} }}]"
        );
        run(&hundred_a_second("\"1/h\"", 4_000, &fleet), 1)
    };
    let said = "fleet `web` was at its largest size, 8, and its forecast wanted up to 10";
    assert_eq!(wanted(&with(8)), (Some(said), 10));
    assert_eq!(wanted(&with(10)), (None, 0));
}
