//! Verdicts as JUnit XML, which most systems for continuous integration read. In: [`Suite`]s. Out: XML.
//!
//! A failed case is a failure, one of runs that were ended early an error, and what does not decide is skipped, with what was
//! observed. The time of a suite is that of its runs; judging them takes none. There is no timestamp.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::cases::{Came, Case, Suite, What};

/// The file.
pub fn junit(suites: &[Suite]) -> String {
    let mut report = Report::new("simcap");
    for suite in suites {
        let mut own = TestSuite::new(suite.name.as_str());
        for (name, value) in &suite.facts {
            own.add_property((*name, value.as_str()));
        }
        if let Some(took) = suite.took {
            own.set_time(took);
        }
        own.add_test_cases(suite.cases.iter().map(|case| test_case(suite, case)));
        report.add_test_suite(own);
    }
    let took: Option<std::time::Duration> =
        suites.iter().filter_map(|it| it.took).reduce(|sum, more| sum + more);
    if let Some(took) = took {
        report.set_time(took);
    }
    report.to_string().expect("a text takes every byte")
}

fn test_case(suite: &Suite, case: &Case) -> TestCase {
    let (what, kind) = match case.what {
        What::Objective => ("objectives", "objective missed"),
        What::Rule => ("gate", "rule failed"),
    };
    let told = |mut status: TestCaseStatus, kind: Option<&str>, words: String| {
        status.set_message(words);
        if let Some(kind) = kind {
            status.set_type(kind);
        }
        status
    };
    let words = case.words.clone();
    let failing = TestCaseStatus::non_success;
    let status = match case.came {
        Came::Passed => TestCaseStatus::success(),
        Came::Failed => told(failing(NonSuccessKind::Failure), Some(kind), words),
        Came::Ended => told(failing(NonSuccessKind::Error), Some("ended early"), words),
        Came::Open => told(TestCaseStatus::skipped(), None, format!("cannot tell: {words}")),
        Came::Missed => {
            let words = format!("missed, which fails no comparison: {words}");
            told(TestCaseStatus::skipped(), None, words)
        }
    };
    let mut found = TestCase::new(case.name.as_str(), status);
    found.set_classname(format!("{}.{what}", suite.slug));
    if case.came == Came::Passed && !case.words.is_empty() {
        found.set_system_out(case.words.as_str());
    }
    found
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::cases::{Side, of_outcome, of_sides};
    use super::*;
    use crate::comparison::{Comparison, Figures, Rule, Ruling, Unsure};
    use crate::outcome::{Outcome, Partial, Standing, sample};

    fn with(standings: &[(Standing, bool)]) -> Outcome {
        let mut outcome = sample::several();
        outcome.objectives.truncate(standings.len());
        for (verdict, (standing, met)) in outcome.objectives.iter_mut().zip(standings) {
            (verdict.standing, verdict.met) = (*standing, *met);
        }
        outcome
    }

    /// The counts in the heads are those of the cases, and what the schema asks for is there.
    fn read(text: &str) -> (usize, usize, usize, usize) {
        let document = roxmltree::Document::parse(text).unwrap();
        let root = document.root_element();
        assert_eq!(root.tag_name().name(), "testsuites");
        let number = |node: roxmltree::Node<'_, '_>, name: &str| -> usize {
            node.attribute(name).map_or(0, |it| it.parse().unwrap())
        };
        let all = |node: roxmltree::Node<'_, '_>, name: &str| {
            node.descendants().filter(|it| it.has_tag_name(name)).count()
        };
        let counts =
            |node| (all(node, "testcase"), all(node, "failure"), all(node, "error"), all(node, "skipped"));
        for suite in root.children().filter(roxmltree::Node::is_element) {
            assert!(
                suite.has_tag_name("testsuite") && suite.attribute("name").is_some_and(|it| !it.is_empty())
            );
            let (tests, failures, errors, skipped) = counts(suite);
            let told = ["tests", "failures", "errors"].map(|name| number(suite, name));
            assert_eq!(told, [tests, failures, errors]);
            assert_eq!(number(suite, "skipped") + number(suite, "disabled"), skipped);
            for case in suite.children().filter(|it| it.has_tag_name("testcase")) {
                assert!(case.attribute("name").is_some() && case.attribute("classname").is_some());
                let results = case
                    .children()
                    .filter(|it| ["failure", "error", "skipped"].contains(&it.tag_name().name()));
                let results: Vec<_> = results.collect();
                assert!(results.len() <= 1 && results.iter().all(|it| it.attribute("message").is_some()));
            }
            let names: Vec<&str> = suite
                .descendants()
                .filter(|it| it.has_tag_name("property"))
                .filter_map(|it| it.attribute("name"))
                .collect();
            assert!(["scenario", "seeds", "simcap"].iter().all(|name| names.contains(name)), "{names:?}");
        }
        let (tests, failures, errors, _) = counts(root);
        assert_eq!(["tests", "failures", "errors"].map(|name| number(root, name)), [tests, failures, errors]);
        counts(root)
    }

    #[test]
    fn an_objective_is_a_case_that_fails_as_the_exit_code_does() {
        use Standing::{CannotTell, Met, Missed};
        let mut outcome = with(&[(Met, true), (Missed, false), (CannotTell, true)]);
        outcome.objectives[1].objective = "<&\"' p99".into();
        outcome.scenario.name = "a \u{1b}[31m<shop>".into();
        let text = junit(&of_outcome(&outcome, Some(Duration::from_millis(1_500))));
        assert_eq!(read(&text), (3, 1, 0, 1), "{text}");
        assert!(text.contains("time=\"1.500\"") && text.contains("type=\"objective missed\""), "{text}");
        outcome.objectives[2].met = false;
        assert_eq!(read(&junit(&of_outcome(&outcome, None))), (3, 2, 0, 0));
        let reason = "a limit".into();
        outcome.partial =
            Some(Partial { reason, runs_planned: 9, duration_planned_s: outcome.scenario.duration_s });
        assert_eq!(read(&junit(&of_outcome(&outcome, None))), (3, 0, 3, 0), "a part decides nothing");
        outcome.objectives.clear();
        assert_eq!(read(&junit(&of_outcome(&outcome, None))), (0, 0, 0, 0));
    }

    #[test]
    fn a_side_is_a_suite_and_only_rules_fail() {
        use Standing::{Met, Missed};
        let (a, b) = (with(&[(Met, true)]), with(&[(Missed, false)]));
        let figures = [Figures::of_outcome(&a), Figures::of_outcome(&b)];
        let rules = ["objectives worse", "p99 worse 5%"].map(|it| Rule::parse(it, &figures).unwrap());
        let mut comparison = Comparison::of(&a, &b);
        comparison.judged_by(&rules, false);
        let read_back = |comparison: &Comparison| {
            let sides = [
                Side { outcome: &a, took: None, comparison: None },
                Side { outcome: &b, took: Some(Duration::from_secs(2)), comparison: Some(comparison) },
            ];
            let text = junit(&of_sides(&sides));
            (read(&text), text)
        };
        let (counts, text) = read_back(&comparison);
        assert_eq!(counts, (4, 1, 0, 1), "{text}");
        assert!(text.contains("met in A and missed: "), "{text}");
        comparison.rules[1].ruling = Ruling::CannotTell;
        comparison.rules[1].unsure = Some(Unsure::Near { runs: Some(9) });
        assert_eq!(read_back(&comparison).0, (4, 1, 0, 2));
        comparison.rules[1].ruling = Ruling::Failed;
        let (counts, text) = read_back(&comparison);
        assert_eq!(counts, (4, 2, 0, 1));
        assert!(text.contains("the runs cannot tell, which fails: about 9 runs would tell"), "{text}");
    }
}
