//! Verdicts as workflow commands of GitHub Actions, which shows them beside the job and the files. In: [`Suite`]s. Out: a line for each
//! that did not pass, and one for those that did. The first side of a comparison is what the others are judged against, and is
//! not judged itself.
//!
//! A step shows at most ten annotations of each kind, so what passed is one notice.
//! Source: "Workflow commands for GitHub Actions", docs.github.com, and `packages/core/src/command.ts` of actions/toolkit for what is
//! escaped (2026-10).

use super::cases::{Came, Case, Suite, What};
use crate::number::counted;

/// The commands.
pub fn github(suites: &[Suite]) -> String {
    let is_compared = suites.len() > 1;
    let lines = suites.iter().skip(usize::from(is_compared)).flat_map(|suite| {
        let each = suite.cases.iter().filter_map(move |case| line(suite, case, is_compared));
        each.chain(passed(suite, is_compared))
    });
    lines.collect()
}

fn line(suite: &Suite, case: &Case, is_compared: bool) -> Option<String> {
    let (level, title) = match (case.came, case.what) {
        (Came::Passed, _) => return None,
        (Came::Failed, What::Rule) => ("error", "Rule failed"),
        (Came::Failed, What::Objective) => ("error", "Objective missed"),
        (Came::Missed, _) => ("warning", "Objective missed"),
        (Came::Open, _) => ("warning", "Cannot tell"),
        (Came::Ended, _) => ("error", "Ended early"),
    };
    let words = format!("{}: {}", case.name, case.words);
    Some(command(level, suite, title, &words, is_compared))
}

/// What passed, in one notice.
fn passed(suite: &Suite, is_compared: bool) -> Option<String> {
    let names: Vec<&str> =
        suite.cases.iter().filter(|it| it.came == Came::Passed).map(|it| it.name.as_str()).collect();
    let title = format!("{} met or passed", counted(names.len() as u64, "verdict"));
    (!names.is_empty()).then(|| command("notice", suite, &title, &names.join(", "), is_compared))
}

fn command(level: &str, suite: &Suite, title: &str, words: &str, is_compared: bool) -> String {
    // A path from elsewhere names no file of the repository.
    let is_inside =
        !suite.file.is_empty() && !suite.file.starts_with(['/', '.']) && !suite.file.contains('\\');
    let file = if is_inside { format!("file={},", property(&suite.file)) } else { String::new() };
    let title = if is_compared { format!("{title} in {}", suite.name) } else { title.to_owned() };
    format!("::{level} {file}title={}::{}\n", property(&title), data(words))
}

/// Escapes of the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes of a value before it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::cases::of_outcome;
    use super::*;
    use crate::outcome::{Standing, sample};

    #[test]
    fn each_verdict_that_did_not_pass_is_a_command() {
        let mut outcome = sample::several();
        outcome.scenario.file = "scenarios/a,b:c.toml".into();
        outcome.objectives.truncate(3);
        for (verdict, (standing, met)) in outcome.objectives.iter_mut().zip([
            (Standing::Missed, false),
            (Standing::CannotTell, true),
            (Standing::Met, true),
        ]) {
            (verdict.standing, verdict.met) = (standing, met);
        }
        outcome.objectives[0].objective = "errors < 1%\n::error::mine".into();
        let text = github(&of_outcome(&outcome, None));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        let file = "file=scenarios/a%2Cb%3Ac.toml";
        assert!(
            lines[0].starts_with(&format!(
                "::error {file},title=Objective missed::errors < 1%25%0A::error::mine: "
            )),
            "{text}"
        );
        assert!(lines[1].starts_with(&format!("::warning {file},title=Cannot tell::")), "{text}");
        assert!(lines[2].starts_with(&format!("::notice {file},title=1 verdict met or passed::")), "{text}");
        outcome.scenario.file = "/elsewhere/shop.toml".into();
        assert!(github(&of_outcome(&outcome, None)).starts_with("::error title="));
    }
}
