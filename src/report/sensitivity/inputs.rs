//! The inputs of a sensitivity analysis. In: [`Sensitivity`]. Out: a table: the values of each, and how far the verdicts of the file hold.

use super::lost::{margin_of, met, signed};
use super::{MOST_INPUTS, more};
use crate::report::section::Section;
use crate::report::table::{BAD, Cell, PLAIN, QUIET, Side as Align, Style, Table, WARNING};
use crate::sensitivity::{Effect, Sensitivity, Side};

/// Each input with its values, and what a change of it loses.
pub(super) fn inputs(found: &Sensitivity, whole: bool) -> Section {
    let mut table = Table::new(&[Align::Left, Align::Right, Align::Right, Align::Right, Align::Right]);
    table.titles(&["input", "lower", "value", "higher", "holds"]);
    table.sparing(&[1, 3]);
    let (met, all) = (met(found), found.objectives.len());
    let shown = if whole { found.inputs.len() } else { MOST_INPUTS };
    for input in found.inputs.iter().take(shown) {
        let text = |side: &Option<Side>| side.as_ref().map_or("–".into(), |it| it.text.clone());
        // Where the file meets nothing, there is nothing that could hold.
        let (holds, style) = if met > 0 { holds(input) } else { (String::new(), PLAIN) };
        table.row([
            input.path.as_str().into(),
            Cell::from(text(&input.low)),
            input.text.as_str().into(),
            Cell::from(text(&input.high)),
            Cell::new(holds, style),
        ]);
    }
    table.without_empty();
    let problems = found.inputs.iter().flat_map(|it| it.sides().map(move |side| (it, side)));
    let problems = problems.filter_map(|(input, side)| {
        Some(format!("{} = {} is not possible: {}", input.path, side.text, side.problem.as_ref()?))
    });
    let of_all = match met {
        0 => String::new(),
        met if met == all => "; holds: how far every objective is met".into(),
        met => format!("; holds: how far the {met} of {all} objectives are met that are met now"),
    };
    let remark = format!("what loses a verdict first, then by its effect{of_all}");
    Section::new("Inputs", remark).table(table).styled(more(found.inputs.len(), shown), QUIET, None).styled(
        problems.collect(),
        WARNING,
        None,
    )
}

/// The changes under which every verdict of the base holds: `−20 % to +13 %`.
fn holds(input: &Effect) -> (String, Style) {
    let end = |side: &Option<Side>, short_of: &str| match side {
        // Nothing was run that way, or nothing could be.
        None => "–".into(),
        Some(side) if side.problem.is_some() => "–".into(),
        Some(side) => match side.margin {
            Some(margin) => margin_of(margin).0,
            None if side.loses() => format!("{short_of} {}", signed(side.factor)),
            None => signed(side.factor),
        },
    };
    let words = match (end(&input.low, "above"), end(&input.high, "below")) {
        (low, high) if low == "–" && high == "–" => low,
        (low, high) => format!("{low} to {high}"),
    };
    (words, if input.loses() { BAD } else { PLAIN })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitivity::Margin;
    use crate::sensitivity::sample::found;

    fn page(found: &Sensitivity) -> String {
        anstream::adapter::strip_str(&inputs(found, true).to_string()).to_string()
    }

    /// Three instances become four, which is a third more; with its value of 90 % a share ends a ninth above.
    #[test]
    fn what_holds_is_said_of_the_change_that_was_made() {
        let mut found = found(&["service.desk.time"]);
        assert!(page(&found).contains("−20 % to below +20 %"), "{}", page(&found));
        let high = found.inputs[0].high.as_mut().unwrap();
        high.flips.clear();
        high.factor = 4.0 / 3.0;
        assert!(page(&found).contains("−20 % to +33 %"), "{}", page(&found));
        found.inputs[0].high.as_mut().unwrap().factor = 1.0 / 0.9;
        assert!(page(&found).contains("−20 % to +11 %"), "{}", page(&found));
        found.inputs[0].high.as_mut().unwrap().problem = Some("it is longer than the event".into());
        assert!(page(&found).contains("−20 % to –"), "{}", page(&found));
        found.inputs[0].high = None;
        assert!(page(&found).contains("−20 % to –"), "{}", page(&found));
    }

    #[test]
    fn where_nothing_is_met_nothing_holds() {
        let mut none = found(&["service.desk.time"]);
        none.objectives.clear();
        assert!(!page(&none).contains("holds") && !page(&none).contains("20 %"), "{}", page(&none));
        let mut missed = found(&["service.desk.time"]);
        missed.objectives[0].met = false;
        assert!(!page(&missed).contains("holds"), "{}", page(&missed));
        let met = found(&["service.desk.time"]);
        missed.objectives.extend(met.objectives);
        assert!(
            page(&missed).contains("the 1 of 2 objectives are met that are met now"),
            "{}",
            page(&missed)
        );
    }

    #[test]
    fn a_margin_has_as_many_digits_as_tell_its_ends_apart() {
        let of = |holds, fails| {
            let (holds, fails) = margin_of(Margin { holds, fails });
            format!("{holds} {fails}")
        };
        assert_eq!(of(1.131, 1.1375), "+13 % +14 %");
        assert_eq!(of(1.026, 1.034), "+2.6 % +3.4 %");
        assert_eq!(of(0.966, 0.961), "−3 % −4 %");
        assert_eq!(of(1.129, 1.1301), "+12.9 % +13.0 %");
        assert_eq!(of(1.003, 1.012), "+0.3 % +1.2 %", "not nothing");
        assert_eq!(of(1.0, 2.0 / 3.0), "0 % −33 %");
    }
}
