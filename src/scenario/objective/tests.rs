//! Objectives on figures of kinds, whichever kinds there are. In: every figure that can be bounded. Out: assertions.

use std::path::Path;

use crate::id::Kind;
use crate::kind::figures;
use crate::language::names::Named;
use crate::scenario::{self, ScenarioError};

/// The page of a scenario that has no resource at all, and so many problems.
fn page(objectives: &str) -> (String, usize) {
    let text = format!(
        "duration = \"1h\"\ntraffic.all.rate = \"1/s\"\nrequest.home.steps = [{{ delay = \"1ms\" }}]\n\
         [objectives]\n{objectives}\n"
    );
    match scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]) {
        Err(ScenarioError::Invalid(report)) => (report.render(false), report.problems().len()),
        other => panic!("{objectives}: {other:?}"),
    }
}

#[test]
fn a_bound_of_which_there_is_no_resource_is_refused_and_names_the_table() {
    let mut tables = Vec::new();
    for known in figures().filter(|known| known.rule.is_some()) {
        let rule = known.rule.unwrap();
        let (key, example, table) = (rule.key.name, rule.example, known.kind.table());
        let (page, problems) = page(&format!("{key} = \"{example}\""));
        assert_eq!(problems, 1, "{page}");
        assert!(page.contains(&format!("nothing in this scenario has what `{key}` bounds")), "{page}");
        assert!(page.contains(&format!("there is no [{table}.NAME]: remove the bound")), "{page}");
        tables.push(known.kind);
    }
    for kind in [Kind::Cache, Kind::Database, Kind::Queue] {
        assert!(tables.contains(&kind), "{tables:?}");
    }
}

/// The name of a resource is reported, and not also that there is none of its kind.
#[test]
fn a_bound_of_a_resource_that_is_not_there_is_one_problem() {
    for known in figures().filter(|known| known.rule.is_some()) {
        let rule = known.rule.unwrap();
        let (page, problems) = page(&format!("{} = \"ghost {}\"", rule.key.name, rule.example));
        assert_eq!(problems, 1, "{page}");
        assert!(page.contains(&format!("`ghost` is not {} of this scenario", known.kind.noun())), "{page}");
        assert!(
            page.contains(&format!("this scenario has no [{}.NAME] table", known.kind.table())),
            "{page}"
        );
    }
}
