//! `[alarm.NAME]`: a CloudWatch alarm that notifies, of a metric or of other alarms. In: a threshold, or a rule. Out: an [`Alarm`].

mod foreign;
pub(crate) mod names;
pub mod rule;
mod sight;

use self::names::Names;
use self::rule::{Named, Rule};
use crate::id::{AlarmOf, Dial, Kind};
use crate::kind::Settings;
use crate::kind::effort::Work;
use crate::kind::path::Written;
use crate::kind::scaling::language::Watched;
use crate::kind::scaling::language::shapes::{
    ABOVE, AT_LEAST, AT_MOST, BELOW, DATAPOINTS, DELAY, METRIC_OR_RULE, MISSING, OWN_PERIODS, PERIOD,
};
use crate::kind::table::{Foreign, Table};
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// An alarm to look at.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// Name in the file.
    pub name: String,
    /// What it goes by.
    pub of: Of,
}

/// What an alarm goes by.
#[derive(Clone, Debug)]
pub enum Of {
    /// A metric.
    Metric(Watched),
    /// The states of other alarms.
    Rule(Composite),
}

/// A composite alarm.
#[derive(Clone, Debug)]
pub struct Composite {
    /// When it is on.
    pub rule: Rule,
    /// What holds its actions back.
    pub suppressor: Option<Suppressor>,
}

/// An alarm that holds the actions of another one back while it is on.
#[derive(Clone, Debug)]
pub struct Suppressor {
    /// Which.
    pub alarm: Named,
    /// How long the other one waits for it to go on.
    pub wait: Time,
    /// How long it still holds back after it has gone off.
    pub extension: Time,
}

/// Alarms have no gauges.
pub(crate) const GAUGES: &[Dial] = &[];

const CDK: &str = "AWS CDK, CompositeAlarm: one minute (the API has no default)";
/// How long a composite alarm waits for its suppressor: 1 min.
pub const WAIT: Given<Time> = Given::new(Time::from_secs(60), CDK);
/// How long its actions are held back after its suppressor: 1 min.
pub const EXTENSION: Given<Time> = Given::new(Time::from_secs(60), CDK);
/// The longest of both, a day: an assumption.
const SUPPRESSED_MAX: Time = Time::from_secs(86_400);

/// The language of an alarm.
pub const SHAPE: Shape = Shape {
    title: "[alarm.NAME]",
    about: "A CloudWatch alarm that notifies, and changes no group: of a `metric`, in the words of a step policy, or a composite alarm \
            with a `rule` of other alarms. In a rule an [alarm.NAME] is `NAME`. The alarm of a step or simple policy is \
            `fleet.FLEET.POLICY`, with the `name` of the policy; those of target tracking are `fleet.FLEET.POLICY.high` and \
            `fleet.FLEET.POLICY.low`. A `refresh` of a fleet that has these names in its `alarms` fails by them.",
    keys: &[
        METRIC_OR_RULE,
        Key::optional(
            "fleet",
            "name of a fleet",
            "",
            "whose metric it is; not with a gauge, which names its resource",
        ),
        ABOVE,
        AT_LEAST,
        BELOW,
        AT_MOST,
        PERIOD,
        OWN_PERIODS,
        DATAPOINTS,
        MISSING,
        DELAY,
        Key::optional(
            "rule",
            "rule such as \"ALARM(slow) AND NOT (ALARM(deploying) OR INSUFFICIENT_DATA(slow))\"",
            "",
            "when a composite alarm is on: `ALARM(NAME)`, `OK(NAME)`, `INSUFFICIENT_DATA(NAME)`, `TRUE`, `FALSE`, `AND`, `OR`, `NOT` and \
             parentheses; NOT binds closest, then AND; one of `metric` and `rule` is needed",
        ),
        Key::optional(
            "suppressor",
            "name of an alarm, as in a rule",
            "none",
            "holds the actions of a composite alarm back while it is in ALARM",
        ),
        Key::given(
            "wait",
            "duration, up to a day",
            || WAIT.show(),
            "how long it waits for its suppressor before it acts",
        ),
        Key::given(
            "extension",
            "duration, up to a day",
            || EXTENSION.show(),
            "how long actions are still held back after the suppressor",
        ),
    ],
};

impl Alarm {
    /// Its metric, if it is of one.
    pub(crate) fn watched(&self) -> Option<&Watched> {
        match &self.of {
            Of::Metric(watched) => Some(watched),
            Of::Rule(_) => None,
        }
    }

    /// What it is as a composite alarm, if it is one.
    pub(crate) fn composite(&self) -> Option<&Composite> {
        match &self.of {
            Of::Metric(_) => None,
            Of::Rule(composite) => Some(composite),
        }
    }
}

/// The composite alarms in an order in which each comes after those of its rule.
pub(crate) fn order(all: &Settings) -> Vec<usize> {
    Names::of(all).order(all)
}

impl Composite {
    /// The alarms of its rule, one for each name, and its suppressor.
    pub(crate) fn resolved(&self, all: &Settings) -> (Vec<AlarmOf>, Option<AlarmOf>) {
        let names = Names::of(all);
        let find = |it: &Named| names.find(&it.name);
        (
            self.rule.names.iter().filter_map(find).collect(),
            self.suppressor.as_ref().and_then(|it| find(&it.alarm)),
        )
    }

    /// The names of its rule, and of its suppressor.
    fn named(&self) -> impl Iterator<Item = &Named> {
        self.rule.names.iter().chain(self.suppressor.iter().map(|suppressor| &suppressor.alarm))
    }
}

/// Keys that go with a metric alone, and with a rule alone.
const WITH_METRIC: [&str; 10] =
    ["fleet", "above", "at_least", "below", "at_most", "period", "periods", "datapoints", "missing", "delay"];
const WITH_RULE: [&str; 3] = ["suppressor", "wait", "extension"];

/// Says of keys that they do not go with another one.
fn refuse(reader: &Reader, keys: &[&'static str], with: &str, instead: &str) {
    for key in keys {
        if let Some(value) = reader.get(key) {
            value.problem(format!("`{key}` does not go with `{with}`"), instead);
        }
    }
}

fn composite(reader: &Reader, rule: Value) -> Composite {
    refuse(
        reader,
        &WITH_METRIC,
        "rule",
        "a rule has no metric: write an [alarm.NAME] of its own for that, and name it in the rule",
    );
    let time = |value: Value| value.time_within(Time::ZERO..=SUPPRESSED_MAX);
    let suppressor = reader.maybe("suppressor", |value| {
        let name = value.text()?.trim();
        Some(Named { name: name.to_owned(), span: value.span() })
    });
    let [wait, extension] = [("wait", WAIT), ("extension", EXTENSION)].map(|(key, usual)| {
        if let (None, Some(value)) = (&suppressor, reader.get(key)) {
            value.problem(
                format!("`{key}` without a suppressor"),
                "add suppressor = \"NAME\", or leave it out",
            );
        }
        reader.or(key, time, usual.value)
    });
    Composite {
        rule: Rule::read(rule).unwrap_or_default(),
        suppressor: suppressor.map(|alarm| Suppressor { alarm, wait, extension }),
    }
}

impl Table<Settings> for Alarm {
    const ABOUT: &'static str = "CloudWatch alarms that notify, composite ones too";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const ACTS: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Alarm {
        let of = match reader.one_of(&["metric", "rule"], true) {
            Some(("rule", value)) => Of::Rule(composite(reader, value)),
            Some(_) => {
                refuse(
                    reader,
                    &WITH_RULE,
                    "metric",
                    "only a composite alarm has a suppressor: write `rule` in place of `metric`",
                );
                Of::Metric(Watched::read(reader))
            }
            None => {
                // What else is there may be right.
                for key in WITH_METRIC.iter().chain(&WITH_RULE) {
                    reader.get(key);
                }
                Of::Rule(Composite { rule: Rule::default(), suppressor: None })
            }
        };
        Alarm { name: name.to_owned(), of }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn can_fill(&self) -> bool {
        false
    }

    fn own_work(&self, all: &Settings, seconds: f64, _: impl Fn() -> f64) -> Work {
        self.watched().map_or_else(Work::default, |watched| watched.alarm_in(&all.fleets).work(seconds))
    }

    fn check(&self, index: usize, all: &Settings, cx: &Context) {
        let unpublished = self.watched().and_then(|watched| watched.unpublished(&self.name, all));
        if let Some(((message, hint), span)) = unpublished.zip(cx.names.span(Kind::Alarm, index)) {
            cx.push(Problem::at(span, message).hint(hint));
        }
        let Some(composite) = self.composite() else { return };
        let names = Names::of(all);
        names.check(composite.named(), cx);
        if let Some(suppressor) = &composite.suppressor
            && names.find(&suppressor.alarm.name) == Some(AlarmOf::Own(index))
        {
            cx.push(
                Problem::at(&suppressor.alarm.span, "an alarm cannot be its own suppressor")
                    .hint("name another alarm"),
            );
        }
        // Every alarm of a circle leads back to itself; the first of them says so.
        if let Some(circle) = names.circle(index, all)
            && circle.iter().all(|&of| index <= of)
        {
            let first = composite
                .rule
                .names
                .iter()
                .find(|it| names.find(&it.name) == circle.get(1).map(|&of| AlarmOf::Own(of)));
            let by: Vec<&str> = circle.iter().map(|&of| all.alarms[of].name.as_str()).collect();
            if let Some(Named { span, .. }) = first {
                let message = format!("the rule of `{}` leads back to itself: {}", self.name, by.join(" → "));
                cx.push(Problem::at(span, message).hint("take one of them out of the rule of another"));
            }
        }
    }
}
