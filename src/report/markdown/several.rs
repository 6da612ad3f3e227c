//! Pages of more than one run for a pull request: a comparison, and a search for limits. In: what was found. Out: GitHub's Markdown
//! with the words of the terminal pages: what decides first, long tables to unfold.

use super::{blocks, folded, plain};
use crate::breakpoint::Breakpoints;
use crate::comparison::{Comparison, Comparisons};
use crate::number::all_of;
use crate::plan::Planned;
use crate::report::changes::with_changes;
use crate::report::section::Section;
use crate::report::table::lines_of;
use crate::report::{breakpoint, comparison, plan, sensitivity, sweep};
use crate::sensitivity::Sensitivity;
use crate::study::Swept;

/// The page of a comparison of two.
pub fn markdown_of_comparison(found: &Comparison) -> String {
    let names = [found.a.name.as_str(), found.b.name.as_str()];
    let page = begin(&names, &comparison::decision(found), &comparison::runs(&found.seeds))
        + &list(&comparison::listed(found));
    page + &parts(&comparison::parts(found, false))
}

/// The page of a comparison of more than two.
pub fn markdown_of_comparisons(all: &Comparisons) -> String {
    let names: Vec<&str> = all.sides.iter().map(|side| side.name.as_str()).collect();
    let mut page = begin(
        &names,
        &(comparison::gate(&all.comparisons) + &comparison::decision_of_many(all)),
        &comparison::runs(&all.seeds),
    );
    let tables = comparison::parts_of_many(all);
    // What decides has its title in the sentence above it.
    page += &tables.first().map_or(String::new(), blocks);
    page += &list(&comparison::listed_all(all));
    for (title, words) in comparison::against_first(all) {
        page += &format!("**{} against A**\n\n{}", plain(&title), sentences(&words));
    }
    page + &parts(tables.get(1..).unwrap_or_default())
}

/// The page of a search for limits.
pub fn markdown_of_breakpoints(found: &Breakpoints) -> String {
    let scenario = &found.scenario;
    let title = format!("## Headroom of {}\n\n", plain(&scenario.name));
    let file = format!(
        "{}\n\n{}\n\n",
        plain(&breakpoint::facts(found)),
        plain(&with_changes(&scenario.file, &scenario.overrides))
    );
    title + &sentences(&breakpoint::first_to_break(found)) + &file + &parts(&breakpoint::parts(found))
}

/// The page of a study.
pub fn markdown_of_sweep(found: &Swept) -> String {
    let title = format!("## Sweep of {}\n\n", plain(&found.name));
    let facts = format!(
        "{}\n\n{}\n\n",
        plain(&sweep::facts(found)),
        plain(&with_changes(&found.file, &found.overrides))
    );
    title + &sentences(&sweep::cheapest_of_sweep(found)) + &facts + &parts(&sweep::parts(found))
}

/// The page of a sensitivity analysis.
pub fn markdown_of_sensitivity(found: &Sensitivity) -> String {
    let title = format!("## Sensitivity of {}\n\n", plain(&found.name));
    let facts = format!(
        "{}\n\n{}\n\n",
        plain(&sensitivity::facts(found)),
        plain(&with_changes(&found.file, &found.overrides))
    );
    title
        + &sentences(&sensitivity::flips_of_sensitivity(found, false))
        + &facts
        + &parts(&sensitivity::parts(found, true))
}

/// The page of a plan.
pub fn markdown_of_plan(found: &Planned) -> String {
    let title = format!("## Plan of {}\n\n", plain(&found.name));
    let facts = format!(
        "{}\n\n{}\n\n",
        plain(&plan::facts(found)),
        plain(&with_changes(&found.file, &found.overrides))
    );
    title + &sentences(&plan::answer_of_plan(found)) + &facts + &parts(&plan::parts(found))
}

/// What is compared, what decides, and how many runs there are.
fn begin(names: &[&str], decision: &str, runs: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
    format!("## Comparison of {}\n\n{}{}\n\n", all_of(&names), sentences(decision), plain(runs))
}

/// The first table as it is, the others to unfold.
fn parts(sections: &[Section]) -> String {
    let [first, others @ ..] = sections else { return String::new() };
    let others: String = others.iter().map(|it| folded(it, &blocks(it))).collect();
    format!("**{}**\n\n{}{others}", plain(&first.title), blocks(first))
}

/// Lines of the terminal page as paragraphs, the first one bold.
fn sentences(styled: &str) -> String {
    let lines = lines(styled).into_iter().enumerate();
    lines.map(|(at, line)| if at == 0 { format!("**{line}**\n\n") } else { format!("{line}\n\n") }).collect()
}

/// Lines of the terminal page as a list.
fn list(styled: &str) -> String {
    lines(styled).iter().map(|line| format!("- {line}\n")).collect::<String>() + "\n"
}

fn lines(styled: &str) -> Vec<String> {
    lines_of(styled).iter().map(|line| plain(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Outcome, sample};

    fn outcomes() -> [Outcome; 3] {
        ["a|b", "next", "last"].map(|name| {
            let mut outcome = sample::several();
            outcome.scenario.name = name.into();
            outcome
        })
    }

    /// Every row of a table has as many cells as its head, what decides comes first, and names are no markup.
    #[test]
    fn what_decides_comes_first_and_every_table_is_whole() {
        let outcomes = outcomes();
        let two = markdown_of_comparison(&Comparison::of(&outcomes[0], &outcomes[1]));
        let three = markdown_of_comparisons(&Comparisons::of(&outcomes));
        for (page, names) in [(&two, "a\\|b and next"), (&three, "a\\|b, next and last")] {
            let lines: Vec<&str> = page.lines().collect();
            assert_eq!(lines[0], format!("## Comparison of {names}"));
            assert!(lines[2].starts_with("**") && lines[2].contains(" A "), "{}", lines[2]);
            let cells = |line: &str| line.replace("\\|", "").matches('|').count();
            let mut tables = 0;
            for part in page.split("\n\n") {
                let rows: Vec<usize> = part.lines().filter(|it| it.starts_with('|')).map(cells).collect();
                assert!(rows.windows(2).all(|two| two[0] == two[1]), "{part}");
                tables += usize::from(rows.len() > 2);
            }
            assert!(tables >= 2, "{page}");
            assert!(!page.contains('\u{1b}'));
        }
    }
}
