//! The page of a stored outcome, and rules for any page.

use super::*;
use crate::id::Owner;
use crate::kind::record::EachKind;
use crate::measure::figure::{Page, Totals};
use crate::number::agreeing;
use crate::outcome::{Activity, Precision, sample};

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[test]
fn the_page_tells_the_run_without_colour() {
    let files = ["out/shop/outcome.json", "out/shop/timeline.csv"].map(PathBuf::from);
    let mut outcome = sample::outcome();
    // More activities than a page has room for, the last one in progress at the end; and a resource that was full.
    let first = outcome.scaling[0].clone();
    outcome.scaling = (0..9).map(|more| Activity { from: 2 + more, to: 3 + more, ..first.clone() }).collect();
    outcome.scaling[8].done_s = None;
    outcome.headroom[0].saturated = true;
    insta::assert_snapshot!("page", plain(&page(&outcome, &files)));
}

/// A narrow page says once what it leaves out, and keeps how busy a service was; a page with room leaves nothing out.
#[test]
fn a_narrow_page_says_which_columns_it_leaves_out() {
    let outcome = sample::outcome();
    let page = |width| plain(&page_on(&outcome, &[], Paper { width, ..Paper::default() }));
    let narrow = page(Some(60));
    assert_eq!(narrow.matches("Columns without room here: ").count(), 1, "{narrow}");
    let said = narrow.split("Columns without room here: ").nth(1).unwrap().split(".\n").next().unwrap();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let services = said.split("; ").find(|it| it.starts_with("Services ")).unwrap();
    assert!(services.ends_with("p99 wait") && !services.contains("busy"), "{said}");
    assert!(!page(None).contains("Columns without") && !page(Some(300)).contains("Columns without"));
}

/// The font of pictures has no Korean: the whole page says how they write such a name, where there is a picture of pixels.
#[cfg(feature = "charts")]
#[test]
fn a_whole_page_says_once_how_pictures_write_a_name_that_their_font_lacks() {
    let mut outcome = sample::outcome();
    outcome.scenario.name = "주문 shop".into();
    let page = |file: &str, whole| {
        let paper = Paper { whole, ..Paper::default() };
        plain(&page_on(&outcome, &[PathBuf::from(file)], paper))
    };
    let words = "PNG: their font has no letters for 주문 shop, which they write as jumun shop;";
    assert_eq!(page("out/summary.png", true).matches(words).count(), 1);
    assert!(
        !page("out/summary.png", false).contains(words) && !page("out/summary.svg", true).contains(words)
    );
    outcome.scenario.name = "Café".into();
    assert!(super::letters(&outcome, &[PathBuf::from("a.png")]).is_none());
}

/// What was full for a while and half busy at its peak had room in general: no word of traffic that does not fit.
#[test]
fn what_was_saturated_and_half_busy_was_so_for_a_time() {
    let mut outcome = sample::outcome();
    outcome.headroom.truncate(1);
    outcome.headroom[0].saturated = true;
    outcome.headroom[0].at_maximum = None;
    let sentence = |outcome: &mut Outcome, busy: f64| {
        outcome.headroom[0].as_it_stood.busy = busy;
        outcome.headroom[0].as_it_stood.multiplier = Some(1.0 / busy);
        plain(&page(outcome, &[]))
    };
    let half = sentence(&mut outcome, 0.5);
    assert!(
        half.contains("was saturated for a time, though its busiest minutes asked for 50.0 % of it"),
        "{half}"
    );
    let full = sentence(&mut outcome, 0.98);
    assert!(full.contains("was saturated: no more traffic fits"), "{full}");
}

#[test]
fn several_runs_have_margins_and_one_has_none() {
    let asked = |asked: &str, reached, met, runs_needed| Precision {
        asked: asked.into(),
        target: 0.02,
        reached,
        met,
        runs_needed,
    };
    let mut outcome = sample::several();
    outcome.precision = vec![
        asked("p50 2%", Some(0.006), true, None),
        asked("p99 2%", Some(0.073), false, Some(27)),
        asked("checkout p99 2%", None, false, None),
    ];
    let text = plain(&page(&outcome, &[]));
    insta::assert_snapshot!("several_runs", text);
    assert!(!plain(&page(&sample::outcome(), &[])).contains('±'));
}

/// Checks that the titles of a kind are shown, and the words for numbers that should be zero but are not.
fn check_shown<T: Totals>(text: &str, all: &[T::Told]) {
    for figure in T::FIGURES {
        match figure.page {
            Page::Column { title, .. } => {
                assert!(text.contains(title), "{} has no {title}: {text}", T::TITLE)
            }
            Page::Line { noun, after, value, .. } => {
                let some = all.iter().any(|told| value(told) > 0.0);
                let noun = |count: &str| match noun {
                    "" => String::new(),
                    noun => agreeing(count, noun).replacen(&format!("{count} "), "", 1),
                };
                let words = ["1", "2"].map(|count| format!("{} {after}", noun(count)).trim().to_owned());
                assert_eq!(words.iter().any(|it| text.contains(it)), some, "{}: {words:?}", T::TITLE);
            }
            Page::Not(_) => {}
        }
    }
}

#[test]
fn every_figure_that_does_not_say_why_not_is_on_the_page() {
    let mut outcome = sample::outcome();
    outcome.databases[0].deadlocks = 3.0;
    let text = plain(&page(&outcome, &[]));
    struct Each<'a>(&'a str);
    impl EachKind for Each<'_> {
        fn visit<T: Totals>(&mut self, _: fn(usize) -> Option<Owner>, all: &[T::Told]) {
            // Of a kind that has no figure there, no outcome is needed.
            let any = T::FIGURES.iter().any(|figure| !matches!(figure.page, Page::Not(_)));
            assert!(!any || !all.is_empty(), "the stored outcome has no {}", T::TITLE);
            check_shown::<T>(self.0, all);
        }
    }
    outcome.kinds.each(&mut Each(&text));
    assert!(text.contains("3 deadlock victims"), "{text}");
}

/// One receive is no receives, and what a part is of stands beside it once.
#[test]
fn the_words_below_a_table_agree_with_their_counts() {
    let mut outcome = sample::outcome();
    (outcome.queues[0].empty, outcome.queues[0].over_limit) = (1.0, 1.0);
    let one = plain(&page(&outcome, &[]));
    assert!(
        one.contains("1 receive that got nothing, 1 of them because too many messages were in flight"),
        "{one}"
    );
    (outcome.queues[0].empty, outcome.queues[0].over_limit) = (3_545.0, 3_516.0);
    let many = plain(&page(&outcome, &[]));
    let words = "3,545 receives that got nothing, 3,516 of them because too many messages were in flight";
    assert!(many.contains(words), "{many}");
}

#[test]
fn no_line_ends_in_a_blank() {
    let text = plain(&page(&sample::outcome(), &[]));
    assert_eq!(text.lines().find(|line| line.ends_with(' ')), None);
}

#[test]
fn an_outcome_of_nothing_still_has_a_page() {
    let mut outcome = sample::outcome();
    outcome.objectives.clear();
    outcome.phases.clear();
    outcome.scaling.clear();
    outcome.incidents.clear();
    outcome.headroom.clear();
    outcome.fleets.clear();
    outcome.caches.clear();
    outcome.databases.clear();
    outcome.services.clear();
    outcome.bill = Default::default();
    outcome.requests = Default::default();
    outcome.attempts = Default::default();
    outcome.latency_ms = Default::default();
    let text = plain(&page(&outcome, &[]));
    assert!(text.contains("Objectives: none in the scenario"), "{text}");
    assert!(!text.contains("NaN") && !text.contains("Scaling"), "{text}");
}

#[test]
fn the_command_to_repeat_survives_a_shell() {
    let mut outcome = sample::outcome();
    outcome.scenario.overrides = vec!["fleet.web.max=80".into(), "name=it's".into()];
    assert_eq!(
        command("run", &outcome),
        r"simcap run shop.toml --seed 7 --runs 1 --set fleet.web.max=80 --set 'name=it'\''s'"
    );
}

/// The table has the 99th percentile of the age of messages; an interval of their mean age is none of it.
#[test]
fn an_interval_stands_beside_its_own_figure_alone() {
    let outcome = sample::several();
    let mean = outcome.estimates.iter().find(|it| it.name.starts_with("mean age at")).unwrap();
    assert!(mean.interval.is_some(), "{mean:?}");
    let text = plain(&page(&outcome, &[]));
    let row = text.lines().skip_while(|line| !line.starts_with("Queues")).nth(2).unwrap();
    assert!(row.starts_with("  mail") && !row.contains('±'), "{row}");
    let busy = text.lines().skip_while(|line| !line.starts_with("Services")).nth(2).unwrap();
    assert!(busy.contains('±'), "{busy}");
}
