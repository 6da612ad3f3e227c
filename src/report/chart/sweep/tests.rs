//! Pictures of studies: what stands where, and that odd studies do not stop them.

use super::sort::BEST;
use super::*;
use crate::report::Charts;
use crate::report::chart::axis::Scale;
use crate::report::chart::figure::{Cell, Panel, Shape};
use crate::report::chart::{Drawn, draw_sweep};
use crate::study::sample::study;

/// More of the first axis is faster and dearer.
fn usual(choices: &[usize]) -> Option<[f64; 3]> {
    let all = choices.iter().map(|it| *it as f64);
    let sum: f64 = all.clone().sum();
    Some([1_200.0 / (1.0 + sum), 0.1 / (1.0 + sum), 10.0 + all.sum::<f64>()])
}

fn pictures(found: &Swept, charts: Charts) -> Vec<Drawn> {
    draw_sweep(found, charts).unwrap()
}

fn cells<'p>(panel: &'p Panel, name: &str) -> &'p [Cell] {
    let layer = panel.layers.iter().find(|it| it.name == name && !matches!(it.shape, Shape::Words(_)));
    match layer.map(|it| &it.shape) {
        Some(Shape::Cells(cells) | Shape::Frames(cells) | Shape::Hatched(cells)) => cells,
        _ => panic!("no {name}"),
    }
}

/// Asked for in another order, 4 is not possible: the line has a gap there, and each point reaches halfway to its neighbours.
#[test]
fn over_numbers_each_point_stands_at_its_value() {
    let axis = ("fleet.web.min", &["8", "2", "4", "16"][..]);
    let found = study(&[axis], |it| {
        (it[0] != 2).then(|| if it[0] == 1 { [900.0, 0.2, 1.0] } else { [90.0, 0.0, 4.0 + it[0] as f64] })
    });
    let figure = figure(&found).unwrap();
    assert_eq!(figure.rows.len(), 3);
    let latency = &figure.rows[0][0];
    let named = |name: &str| latency.layers.iter().find(|it| it.name == name).map(|it| &it.shape);
    let Some(Shape::Line(pieces)) = named("p99") else { panic!("no line") };
    assert_eq!(*pieces, [vec![(2.0, 900.0)], vec![(8.0, 90.0), (16.0, 90.0)]]);
    assert!(matches!(named("objective: p99 < 500ms"), Some(Shape::Level(500.0))));
    assert_eq!(figure.trouble, [(-f64::MAX, 3.0)]);
    let (from, to, ..) = cells(latency, "not possible")[0];
    assert_eq!((from, to), (3.0, 6.0));
    let labels: Vec<&str> = figure.x.ticks.iter().map(|it| it.label.as_str()).collect();
    assert_eq!(labels, ["2", "4", "8", "16"]);
    assert!(figure.subtitle.contains("fleet.web.min = 8, $4"), "{}", figure.subtitle);
    let best = latency.layers.last().unwrap();
    let Shape::Points(points) = &best.shape else { panic!("no point") };
    assert_eq!(points[..], [(8.0, 90.0, BEST.to_owned())]);
}

#[test]
fn values_of_several_decades_are_on_a_log_scale() {
    let scale = |labels: &[&str]| figure(&study(&[("a", labels)], usual)).unwrap().x.scale;
    assert_eq!(scale(&["1", "10", "1000"]), Scale::Log);
    assert_eq!(scale(&["1", "10", "100"]), Scale::Linear);
    assert_eq!(scale(&["0", "10", "1000"]), Scale::Linear);
    assert_eq!(scale(&["0", "1", "1000"]), Scale::Names, "zero has no logarithm");
    assert_eq!(scale(&["c7g.large", "c7g.xlarge"]), Scale::Names);
}

/// Two names cannot have a line between them; long ones are cut in the middle.
#[test]
fn over_names_there_are_points_and_no_lines() {
    let long = "a variant of fifty machines of the largest size: fleet.web.max=50";
    let found = study(&[("variant", &["small", long, "large"])], usual);
    let figure = figure(&found).unwrap();
    assert!(figure.rows.iter().flatten().flat_map(|it| &it.layers).all(|it| match &it.shape {
        Shape::Line(pieces) => pieces.is_empty(),
        _ => true,
    }));
    assert_eq!(figure.x.ticks[1].label, "a variant of….web.max=50", "{}", figure.x.ticks[1].label);
    assert_eq!(figure.trouble, [(0.0, 2.0)], "the first two take 1,200 and 600 ms");
}

/// Rows are upwards for numbers, and from the top for names.
#[test]
fn of_two_axes_each_pair_is_a_cell() {
    let sizes = ("fleet.web.instance", &["c7g.large", "c7g.xlarge"][..]);
    let found =
        study(
            &[("fleet.web.min", &["2", "4", "6"]), sizes],
            |it| {
                if it == [0, 1] { None } else { usual(it) }
            },
        );
    let figure = figure(&found).unwrap();
    assert_eq!((figure.x_name.as_str(), figure.rows_name.as_str()), ("fleet.web.min", "fleet.web.instance"));
    let shape: Vec<usize> = figure.rows.iter().map(Vec::len).collect();
    assert_eq!(shape, [2, 1], "p99 beside errors, and cost below");
    let p99 = &figure.rows[0][0];
    let at = |(from, _, low, _): &Cell| (from.floor(), low.floor());
    assert_eq!(at(&cells(p99, "not possible")[0]), (0.0, 0.0), "large is above xlarge");
    assert_eq!(at(&cells(p99, BEST)[0]), (1.0, 0.0), "400 ms for $12, the first of two");
    assert_eq!(
        cells(p99, "meets every objective").iter().map(at).collect::<Vec<_>>(),
        [(2.0, 1.0), (2.0, 0.0)]
    );
    assert_eq!(at(&cells(p99, "the most of its figure")[0]), (0.0, 1.0));
    let words = p99.layers.iter().filter_map(|it| match &it.shape {
        Shape::Words(words) => {
            Some(words.iter().map(|(cell, words)| (at(cell), words.as_str())).collect::<Vec<_>>())
        }
        _ => None,
    });
    let words: Vec<_> = words.flatten().collect();
    assert!(words.len() == 5 && words.contains(&((2.0, 1.0), "400ms")), "{words:?}");
}

/// Of three axes that with the fewest values has a map for each; of four nobody could tell what is what, and the page says so.
#[test]
fn a_third_axis_has_a_map_for_each_value() {
    let numbers = &["1", "2", "3"][..];
    let found = study(&[("a", numbers), ("b", &["x", "y"]), ("c", numbers)], usual);
    let maps = figure(&found).unwrap();
    let titles: Vec<&str> = maps.rows.iter().flatten().map(|it| it.title.as_str()).collect();
    assert_eq!(titles, ["b = x", "b = y"]);
    assert!(maps.subtitle.starts_with("p99 200ms to 1.2s (log scale)"), "{}", maps.subtitle);
    assert_eq!(undrawn(&found), None);
    let two = &["1", "2"][..];
    let found = study(&[("a", two), ("b", two), ("c", two), ("d", two)], usual);
    assert!(figure(&found).is_none() && undrawn(&found).unwrap().contains("there is none"));
    let many: Vec<String> = (0..7).map(|it| it.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let found = study(&[("a", &many), ("b", &many), ("c", &many)], usual);
    assert!(figure(&found).is_none() && undrawn(&found).is_some());
}

#[test]
fn what_is_the_same_everywhere_is_said_and_not_drawn() {
    let found = study(&[("a", &["1", "2"])], |it| Some([10.0 + it[0] as f64, 0.0, 3.0]));
    let drawn = figure(&found).unwrap();
    assert_eq!(drawn.rows.len(), 1);
    assert!(drawn.subtitle.ends_with("errors 0 % everywhere · cost $3 everywhere"), "{}", drawn.subtitle);
    let same = study(&[("a", &["1", "2"])], |_| Some([10.0, 0.0, 3.0]));
    let single = study(&[], usual);
    let nothing = study(&[("a", &["1", "2"])], |_| None);
    for found in [same, single, nothing] {
        assert!(figure(&found).is_none());
        assert!(pictures(&found, Charts::Both).iter().all(|(_, picture)| picture.is_none()));
    }
}

/// Names with markup and in another script, many values, and every number of axes: whole XML, and the same bytes every time.
#[test]
fn pictures_of_any_study_are_whole() {
    let many: Vec<String> = (0..60).map(|it| format!("<b>\"買\" & {it}</b>")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let some = &["</svg><script>", "`주문`", "z"][..];
    for axes in [
        vec![("a<b", &many[..])],
        vec![("a", some), ("b", &many)],
        vec![("a", some), ("b", some), ("c", &many)],
    ] {
        let mut found = study(&axes, usual);
        found.name = "</title><script>alert(1)</script>".into();
        let drawn = pictures(&found, Charts::Both);
        let files: Vec<&str> = drawn.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(files, ["sweep.png", "sweep.svg"]);
        let text = String::from_utf8(drawn[1].1.clone().unwrap()).unwrap();
        let svg = roxmltree::Document::parse(&text).unwrap();
        assert!(!svg.descendants().any(|it| it.has_tag_name("script")) && text.len() < 1 << 20);
        assert!(drawn == pictures(&found, Charts::Both));
    }
}

#[test]
fn a_picture_of_an_earlier_study_goes_away() {
    let folder = tempfile::tempdir().unwrap();
    let write = |found: &Swept, charts| -> Vec<String> {
        let files = crate::report::write_sweep(found, folder.path(), charts).unwrap();
        files.iter().map(|it| it.file_name().unwrap().to_str().unwrap().to_owned()).collect()
    };
    let found = study(&[("a", &["1", "2"])], usual);
    assert_eq!(write(&found, Charts::Png), ["sweep.json", "sweep.csv", "sweep.png"]);
    assert_eq!(write(&found, Charts::Svg), ["sweep.json", "sweep.csv", "sweep.svg"]);
    assert!(!folder.path().join("sweep.png").exists());
    assert_eq!(write(&study(&[], usual), Charts::Both), ["sweep.json", "sweep.csv"]);
    assert!(!folder.path().join("sweep.svg").exists());
}
