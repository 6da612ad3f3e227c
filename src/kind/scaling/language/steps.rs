//! The changes that a policy makes. In: `"+10%"`, `{ from = 0, to = 10, change = "+2" }`. Out: [`StepAdjustment`]s that follow
//! each other.

use super::shapes::{STEPS_MAX, STEPS_SHAPE};
use super::{AdjustmentType, StepAdjustment};
use crate::kind::fleet::language::shapes::INSTANCES_MAX;
use crate::language::value::Value;

pub(super) fn steps(value: Value) -> Option<(AdjustmentType, Vec<StepAdjustment>)> {
    let mut first: Option<AdjustmentType> = None;
    let mut steps: Vec<StepAdjustment> = Vec::new();
    for entry in value.elements(STEPS_MAX)? {
        let step = entry.table(&STEPS_SHAPE, |reader| {
            let (adjustment, change) =
                reader.must("change", change, (first.unwrap_or(AdjustmentType::ChangeInCapacity), 0.0));
            let step = StepAdjustment {
                lower: reader.or("from", Value::real, f64::NEG_INFINITY),
                upper: reader.or("to", Value::real, f64::INFINITY),
                change,
            };
            (adjustment, step)
        });
        let Some((adjustment, step)) = step else { continue };
        if *first.get_or_insert(adjustment) != adjustment {
            entry.problem(
                "the steps of a policy are all of one kind",
                "write all changes as \"+2\", or all as \"+10%\", or all as \"=12\"",
            );
        }
        next_step(&entry, steps.last(), &step);
        steps.push(step);
    }
    if steps.is_empty() {
        value.problem("no steps", "write { from = 0, to = 10, change = \"+10%\" }");
    }
    Some((first?, steps))
}

/// Steps of a policy follow each other without gap or overlap.
fn next_step(value: &Value, last: Option<&StepAdjustment>, step: &StepAdjustment) {
    if step.lower >= step.upper {
        value.problem(
            format!("a step from {} to {} covers nothing", step.lower, step.upper),
            "`from` is below `to`",
        );
    } else if let Some(last) = last.filter(|last| last.upper != step.lower) {
        let fault = if last.upper < step.lower { "leaves a gap after" } else { "overlaps" };
        value.problem(
            format!("this step {fault} the one before, which ends at {}", last.upper),
            format!("let it start with from = {}", last.upper),
        );
    }
}

/// Reads `"+2"`, `"-1"`, `"+10%"`, `"=12"`.
pub(super) fn change(value: Value) -> Option<(AdjustmentType, f64)> {
    const HINT: &str = "write \"+2\" or \"-1\" instances, \"+10%\" of the group, or \"=12\" for a size";
    let text = value.text()?;
    let parsed = match (text.strip_prefix('='), text.strip_suffix('%')) {
        (Some(size), _) => {
            size.trim().parse::<u32>().ok().map(|size| (AdjustmentType::ExactCapacity, f64::from(size)))
        }
        (_, Some(percent)) => percent
            .trim()
            .parse::<i32>()
            .ok()
            .map(|percent| (AdjustmentType::PercentChangeInCapacity, f64::from(percent))),
        _ => text.trim().parse::<i32>().ok().map(|by| (AdjustmentType::ChangeInCapacity, f64::from(by))),
    };
    match parsed {
        Some((adjustment, by)) if by.abs() <= f64::from(INSTANCES_MAX) => Some((adjustment, by)),
        Some(_) => {
            value.problem(format!("`{text}` is out of range"), format!("at most {INSTANCES_MAX}"));
            None
        }
        None => {
            value.problem(format!("`{text}` is not a change of size"), HINT);
            None
        }
    }
}
