//! `[runbook.NAME]`: what people do when something is wrong. In: when they begin, and their steps. Out: a [`Runbook`].

mod foreign;
mod step;

pub use step::{Action, Restore, STEP_SHAPE, To};

use crate::catalog::region::Region;
use crate::dist::Law;
use crate::id::{Dial, Kind, RunbookId};
use crate::kind::Settings;
use crate::kind::alarm::language::names::Names as AlarmNames;
use crate::kind::alarm::language::rule::Named;
use crate::kind::path::Written;
use crate::kind::table::{Foreign, Table};
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// A runbook.
#[derive(Clone, Debug)]
pub struct Runbook {
    /// Name in the file.
    pub name: String,
    /// When it begins.
    pub begins: Begins,
    /// Until people have decided to begin.
    pub decide: Law,
    /// What they do.
    pub steps: Vec<Action>,
}

/// When a runbook begins.
#[derive(Clone, Debug)]
pub enum Begins {
    /// At a time.
    At(Time),
    /// When an alarm goes to ALARM, for the first time.
    Alarm(Named),
    /// When another one is over.
    After(RunbookId),
}

/// Runbooks have no gauges.
pub(crate) const GAUGES: &[Dial] = &[];

/// Most steps of a runbook.
const STEPS_MAX: usize = 100;

/// Until people have decided to begin: 5 min.
pub const DECIDE: Given<Law> = Given::new(
    Law::Constant(Time::from_secs(300)),
    "assumption: somebody is called, looks, and decides; zero where nobody has to",
);

/// The language of a runbook.
pub const SHAPE: Shape = Shape {
    title: "[runbook.NAME]",
    about: "What people do when something is wrong, such as a failover to another Region: once, when an alarm goes off or at a time. How \
            long it takes until all is well is measured, not written here.",
    keys: &[
        Key::optional(
            "alarm",
            "name of an alarm",
            "",
            "it begins when this alarm goes to ALARM; what happens with it later does not matter",
        ),
        Key::optional("at", "duration", "", "it begins at this time"),
        Key::optional("after", "name of a runbook", "", "it begins when that one is over"),
        Key::given(
            "decide",
            "law",
            || DECIDE.show(),
            "until people have decided to begin; none with `at`, unless it is written",
        ),
        Key::required(
            "steps",
            "array of { fleet }, { promote }, { switch_over }, { restore }, { wait_for }, { wait }",
            "what is done, in order",
        ),
    ],
};

impl Table<Settings> for Runbook {
    const ABOUT: &'static str = "what people do when something is wrong";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE, &STEP_SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const BILLED: bool = false;
    const ACTS: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Runbook {
        let begins = match reader.one_of(&["alarm", "at", "after"], true) {
            Some(("alarm", value)) => {
                value.text().map(|name| Begins::Alarm(Named { name: name.to_owned(), span: value.span() }))
            }
            Some(("after", value)) => value.id().map(Begins::After),
            Some((_, value)) => value.time().map(Begins::At),
            None => None,
        };
        let begins = begins.unwrap_or(Begins::At(Time::ZERO));
        let usual = match begins {
            Begins::At(_) => Law::Constant(Time::ZERO),
            Begins::Alarm(_) | Begins::After(_) => DECIDE.value,
        };
        let steps = |value: Value| {
            if value.is_empty_array() {
                value.problem("a runbook that does nothing", "write a step such as { promote = \"shop\" }");
            }
            Some(value.elements(STEPS_MAX)?.into_iter().filter_map(Action::read).collect())
        };
        Runbook {
            name: name.to_owned(),
            begins,
            decide: reader.or("decide", Value::law, usual),
            steps: reader.must("steps", steps, Vec::new()),
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn check(&self, index: usize, all: &Settings, cx: &Context) {
        match &self.begins {
            Begins::Alarm(alarm) => AlarmNames::of(all).check([alarm].into_iter(), cx),
            Begins::After(_) if self.waits_for_itself(index, all) => {
                let Some(span) = cx.names.span(Kind::Runbook, index) else { return };
                let problem = Problem::at(span, "a runbook that waits for itself");
                cx.push(problem.hint("let one of them begin by an alarm or at a time"));
            }
            _ => {}
        }
        for message in self.steps.iter().filter_map(|step| above_max(step, all)) {
            let Some(span) = cx.names.span(Kind::Runbook, index) else { return };
            cx.push(Problem::at(span, message).hint("write a `max` in the same step, or a smaller `min`"));
        }
        let restores = self.steps.iter().filter_map(|step| match step {
            Action::Restore(it) => Some(it),
            _ => None,
        });
        for (message, hint) in restores.filter_map(|it| it.cannot(all)) {
            let Some(span) = cx.names.span(Kind::Runbook, index) else { return };
            cx.push(Problem::at(span, message).hint(hint));
        }
    }
}

/// A smallest size above every largest size that the fleet ever has.
fn above_max(step: &Action, all: &Settings) -> Option<String> {
    let Action::Size { fleet, min: Some(min), max: None, .. } = *step else { return None };
    let group = all.fleets.get(fleet.index())?;
    let scheduled = group.schedule.iter().filter_map(|action| action.max);
    let steps = all.runbooks.iter().flat_map(|runbook| &runbook.steps);
    let ordered = steps.filter_map(|step| match *step {
        Action::Size { fleet: of, max, .. } if of == fleet => max,
        _ => None,
    });
    let most = scheduled.chain(ordered).fold(group.max, u32::max);
    (min > most).then(|| format!("a `min` of {min} for fleet `{}`, which has at most {most}", group.name))
}

impl Restore {
    /// Why it cannot be, and what can be done about that.
    fn cannot(&self, all: &Settings) -> Option<(String, String)> {
        let database = all.databases.get(self.database.index())?;
        let name = &database.name;
        let Some(backup) = &database.backup else {
            return Some((
                format!("a restore of `{name}`, which has no backups"),
                format!("add backup = {{}} to [database.{name}]"),
            ));
        };
        if self.region.is_some() && self.region != backup.region {
            let there = self.region.map_or("", Region::code);
            return Some((
                format!("a restore of `{name}` in {there}, where there is no copy of its backups"),
                format!("add region = \"{there}\" to the `backup` of [database.{name}]"),
            ));
        }
        let To::Before(fault) = self.to else { return None };
        let fault = all.faults.get(fault.index())?;
        let is_of_it = fault.corrupts((Kind::Database, self.database.index()));
        (!is_of_it).then(|| {
            (
                format!(
                    "a restore of `{name}` as before `{}`, which makes none of its rows wrong",
                    fault.name
                ),
                "name a fault of it with effect = \"corrupts\", or write the time: to = \"10m\"".to_owned(),
            )
        })
    }
}

impl Runbook {
    /// Whether those before it lead back to it.
    fn waits_for_itself(&self, index: usize, all: &Settings) -> bool {
        let mut at = self;
        for _ in 0..=all.runbooks.len() {
            match &at.begins {
                Begins::After(before) if before.index() == index => return true,
                Begins::After(before) => match all.runbooks.get(before.index()) {
                    Some(before) => at = before,
                    None => return false,
                },
                Begins::At(_) | Begins::Alarm(_) => return false,
            }
        }
        false
    }
}
