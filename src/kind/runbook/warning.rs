//! What is rarely intended of runbooks: orders that cannot do anything. In: the tables. Out: warnings.

use super::language::{Action, Begins, Restore, Runbook, To};
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::number::clock;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let each = expected.runbooks.iter();
    each.flat_map(|it| {
        let steps = it.steps.iter().filter_map(|step| of_step(it, step, expected));
        too_late(it, expected).into_iter().chain(steps)
    })
    .collect()
}

/// It begins after the end.
fn too_late(book: &Runbook, expected: &Expected<'_, Settings>) -> Option<Warning> {
    let Begins::At(at) = book.begins else { return None };
    (at >= expected.duration).then(|| {
        let message = format!("runbook `{}` begins at {}, after the end", book.name, clock(at.as_secs_f64()));
        let hint = "let it come before the end of the run, or remove it";
        Warning::new(Code::ScheduleAfterEnd, &["runbook", &book.name, "at"], message, hint)
    })
}

/// A step that can do nothing, or not what is meant.
fn of_step(book: &Runbook, step: &Action, expected: &Expected<'_, Settings>) -> Option<Warning> {
    let at: &[&str] = &["runbook", &book.name, "steps"];
    match *step {
        Action::Promote(database) => {
            let of = expected.databases.get(database.index())?;
            (of.global.is_none() && of.most_replicas() == 0).then(|| {
                let message = format!(
                    "runbook `{}` promotes a replica of database `{}`, which has none",
                    book.name, of.name
                );
                let hint = "nothing happens then: give it `replicas` or a second Region, or remove the step";
                Warning::new(Code::SettingWithoutEffect, at, message, hint)
            })
        }
        Action::Restore(Restore { database, to: To::At(time), .. }) if time >= expected.duration => {
            let of = expected.databases.get(database.index())?;
            let message = format!(
                "runbook `{}` restores database `{}` as of {}, after the end",
                book.name,
                of.name,
                clock(time.as_secs_f64())
            );
            let hint = "that time is still to come, so nothing is restored: is `to` right?";
            Some(Warning::new(Code::ScheduleAfterEnd, at, message, hint))
        }
        _ => None,
    }
}
