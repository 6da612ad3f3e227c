//! Names that are markup. In: any text in every place of an outcome that takes one. Out: a page with the same tags as any other.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::markup::{data, tags, text};
use super::*;

/// The outcome with this in the place of every name and sentence that a file can bring along.
fn named(name: &str) -> (Outcome, Source) {
    let mut outcome = sample::several();
    let own = || name.to_owned();
    let scenario = &mut outcome.scenario;
    (scenario.name, scenario.file, scenario.region) = (own(), own(), own());
    scenario.overrides = vec![own()];
    outcome.simcap = own();
    outcome.partial =
        Some(crate::outcome::Partial { reason: own(), runs_planned: 9, duration_planned_s: 9.0 });
    outcome.objectives.iter_mut().for_each(|it| it.objective = own());
    // An empty sentence would leave out what another one has.
    outcome.phases.iter_mut().for_each(|it| it.sentence = format!("x{name}").replace(" · ", " "));
    outcome.incidents.iter_mut().for_each(|it| (it.resource, it.text) = (own(), own()));
    outcome.scaling.iter_mut().for_each(|it| (it.fleet, it.cause) = (own(), format!("x{name}")));
    outcome.alarms.iter_mut().for_each(|it| (it.alarm, it.fleet) = (own(), Some(own())));
    outcome.warnings.iter_mut().for_each(|it| (it.message, it.hint) = (own(), format!("x{name}")));
    outcome.classes.iter_mut().for_each(|it| it.name = own());
    outcome.stages.iter_mut().for_each(|it| it.label = own());
    outcome.bill.items.iter_mut().for_each(|it| (it.resource, it.what) = (own(), own()));
    outcome.fleets.iter_mut().for_each(|it| it.name = own());
    outcome.caches.iter_mut().for_each(|it| it.name = own());
    outcome.databases.iter_mut().for_each(|it| it.name = own());
    outcome.services.iter_mut().for_each(|it| it.name = own());
    outcome.queues.iter_mut().for_each(|it| it.name = own());
    let text = format!("# {name}\n");
    (outcome, Source { path: own(), text, remark: own() })
}

fn page(name: &str) -> String {
    let (outcome, source) = named(name);
    html(&outcome, Some(&source))
}

/// The tags of a page without markup in its names, but for pictures: their words are as wide as the names.
static PLAIN: LazyLock<Vec<String>> = LazyLock::new(|| tags(&without_pictures(&page("shop"))).0);

/// The page without its three pictures.
fn without_pictures(page: &str) -> String {
    only(page, 3)
}

/// The page without so many pictures, each of which is whole and has nothing but shapes and words.
fn only(page: &str, count: usize) -> String {
    let mut rest = page;
    let mut others = String::new();
    let mut pictures = 0;
    while let Some((before, after)) = rest.split_once("<svg ") {
        let (picture, after) = after.split_once("</svg>").expect("a picture ends");
        let picture = format!("<svg {picture}</svg>").replace("xml:space", "space");
        let picture = roxmltree::Document::parse(&picture).expect("it is XML");
        let known = ["svg", "title", "desc", "path", "text", "circle"];
        assert!(
            picture
                .descendants()
                .filter(|it| it.is_element())
                .all(|it| known.contains(&it.tag_name().name()))
        );
        others += before;
        (rest, pictures) = (after, pictures + 1);
    }
    assert_eq!(pictures, count);
    others + rest
}

#[test]
fn a_script_as_a_name_is_text() {
    let name = "</script><script>alert(1)</script><!-- \" onload='x' \u{202e}\u{1b}[2J";
    let page = page(name);
    assert_eq!(tags(&without_pictures(&page)).0, *PLAIN);
    assert!(!page.contains("<script>alert") && !page.contains('\u{202e}') && !page.contains('\u{1b}'));
    assert!(text(&page).contains("</script><script>alert(1)</script><!-- \" onload='x' \\u{202e}\\u{1b}[2J"));
    assert!(
        data(&page)["marks"].to_string().contains("</script><script>alert(1)"),
        "and whole in the values"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

    /// Whatever it is, the tags and attributes are those of a page with plain names, and the values can be read.
    #[test]
    fn no_name_becomes_markup(name in "[ -~<>\"'&/=;\\n\\t\u{80}-\u{9f}\u{202a}-\u{202e}가-힣😀]{1,24}") {
        let page = page(&name);
        prop_assert_eq!(&tags(&without_pictures(&page)).0, &*PLAIN);
        prop_assert!(data(&page)["figures"].is_array());
    }
}

/// A page of a study or of a sensitivity analysis has one picture, and the tags of its names are text.
#[test]
fn names_of_a_study_and_of_inputs_are_text() {
    let usual = |it: &[usize]| Some([900.0 / (1.0 + it[0] as f64), 0.01, 3.0 + it[0] as f64]);
    let swept = |name: &str| {
        let mut found = crate::study::sample::study(&[(name, &[name, "b", "c"])], usual);
        (found.name, found.file, found.overrides) = (name.into(), name.into(), vec![name.into()]);
        found.points[0].full = vec![name.into()];
        html_of_sweep(&found)
    };
    let varied = |name: &str| {
        let mut found = crate::sensitivity::sample::found(&[name, "b"]);
        (found.name, found.file, found.overrides) = (name.into(), name.into(), vec![name.into()]);
        found.inputs.iter_mut().for_each(|it| it.text = name.into());
        html_of_sensitivity(&found)
    };
    let name = "</script><script>alert(1)</script><b>\" onload='x'";
    for page in [&swept as &dyn Fn(&str) -> String, &varied] {
        let (plain, hostile) = (page("shop"), page(name));
        assert_eq!(tags(&only(&hostile, 1)).0, tags(&only(&plain, 1)).0);
        assert!(!hostile.contains("<script>alert") && text(&hostile).contains("<script>alert(1)"));
        assert!(hostile.contains("<h2 id=\"chart-title\">"));
    }
}
