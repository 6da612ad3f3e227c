//! The charts as a whole: all are drawn, always the same, and odd outcomes do not stop them.

use super::*;
use crate::outcome::{Latency, Timeline, sample};

/// File names and contents of an outcome's charts.
fn charts(outcome: &Outcome) -> Vec<(String, Vec<u8>)> {
    let drawn = draw_all(outcome, Charts::Png).unwrap();
    drawn.into_iter().filter_map(|(name, picture)| Some((name, picture?))).collect()
}

/// How many charts there are of an outcome with every kind.
fn all() -> usize {
    CHARTS.len() + resources::figures(&sample::outcome()).len()
}

fn names(outcome: &Outcome) -> Vec<String> {
    charts(outcome).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn every_chart_is_a_picture_of_1920_by_960_and_the_same_every_time() {
    let outcome = sample::outcome();
    let drawn = charts(&outcome);
    assert_eq!(drawn.len(), all());
    for (name, bytes) in &drawn {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (1920, 960), "{name}");
        let inked = pixels.chunks(3).filter(|pixel| **pixel != [255; 3]).count();
        assert!(inked > 20_000, "{name} shows next to nothing");
    }
    assert!(drawn == charts(&outcome));
}

/// Every figure of an outcome, with its file.
fn all_figures(outcome: &Outcome) -> Vec<(&'static str, Figure)> {
    let fixed = CHARTS.iter().map(|&(file, figure)| (file, figure(outcome)));
    fixed.chain(resources::figures(outcome)).filter_map(|(file, figure)| Some((file, figure?))).collect()
}

/// Names with markup and in a script that the embedded font lacks are on each picture as they are.
#[test]
fn every_chart_as_svg_is_xml_with_its_words_as_text() {
    let mut outcome = sample::outcome();
    outcome.scenario.name = "<b>\"買い物\" & 'co'</b>".into();
    let drawn = draw_all(&outcome, Charts::Svg).unwrap();
    assert!(drawn == draw_all(&outcome, Charts::Svg).unwrap(), "the same bytes every time");
    for (file, figure) in all_figures(&outcome) {
        let file = Format::Svg.file(file);
        let bytes = drawn.iter().find(|(name, _)| *name == file).and_then(|(_, bytes)| bytes.as_ref());
        let text = std::str::from_utf8(bytes.unwrap()).unwrap();
        assert!(text.len() < 1 << 20, "{file}: {} bytes", text.len());
        let svg = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let elements = || svg.descendants().filter(|node| node.is_element());
        let names = ["svg", "title", "desc", "path", "circle", "text"];
        assert!(elements().all(|it| names.contains(&it.tag_name().name())), "{file}");
        let refers = |it: &roxmltree::Node<'_, '_>| it.attributes().any(|it| it.name().contains("href"));
        assert!(!elements().any(|it| refers(&it)), "{file} refers to something");
        let of = |name: &str| {
            let these = elements().filter(|it| it.has_tag_name(("http://www.w3.org/2000/svg", name)));
            these.filter_map(|it| it.text()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!((of("title"), of("desc")), (figure.heading(), figure.subtitle.clone()), "{file}");
        let words = of("text");
        assert!(words.starts_with(&figure.heading()), "{file}: {words}");
        // A legend that is long has two lines of a name: enough for all but the objectives of the sample.
        let layers = figure.rows.iter().flatten().flat_map(|panel| &panel.layers);
        for layer in layers.filter(|layer| layer.name.len() < 40) {
            assert!(words.contains(&layer.name), "{file}: {} in {words}", layer.name);
        }
        if file == "latency.svg" {
            assert!(words.contains("objective: p99 <"), "{words}");
        }
    }
}

#[test]
fn a_chart_without_its_subject_is_not_drawn_and_an_old_one_goes_away() {
    let mut outcome = sample::outcome();
    let dir = tempfile::tempdir().unwrap();
    let write = |outcome: &Outcome, charts| crate::report::write(outcome, dir.path(), charts).unwrap().len();
    let count = || std::fs::read_dir(dir.path()).unwrap().count();
    let others = 2;
    assert_eq!((write(&outcome, Charts::Both), count()), (2 * all() + others, 2 * all() + others));
    let all = all() + others;
    assert_eq!((write(&outcome, Charts::Png), count()), (all, all));
    outcome.fleets.clear();
    outcome.caches.clear();
    outcome.databases.clear();
    outcome.timeline.fleets.clear();
    outcome.timeline.caches.clear();
    outcome.timeline.databases.clear();
    outcome.timeline.queues.clear();
    outcome.timeline.services.clear();
    outcome.timeline.buckets.clear();
    outcome.timeline.nats.clear();
    outcome.timeline.distributions.clear();
    outcome.timeline.firewalls.clear();
    outcome.timeline.waiting_rooms.clear();
    outcome.timeline.lambdas.clear();
    outcome.timeline.dynamo_tables.clear();
    outcome.timeline.file_systems.clear();
    outcome.timeline.block_volumes.clear();
    outcome.timeline.streams.clear();
    outcome.timeline.topics.clear();
    outcome.timeline.apis.clear();
    outcome.timeline.domains.clear();
    let without_pools = CHARTS.iter().map(|(file, _)| *file).filter(|file| *file != "pools.png");
    let left = CHARTS.len() - 1 + others;
    assert_eq!((write(&outcome, Charts::Png), count()), (left, left));
    assert!(without_pools.eq(names(&outcome).iter().map(String::as_str)));
}

#[test]
fn a_database_without_replicas_has_no_replication_chart() {
    let mut outcome = sample::outcome();
    outcome.databases[0].replica_reads = 0.0;
    outcome.timeline.databases[0].lag_ms.fill(0.0);
    outcome.timeline.databases[0].replica_connections.fill(0.0);
    assert!(!names(&outcome).iter().any(|name| name == "replication.png"));
}

#[test]
fn one_row_is_enough() {
    let names = names(&sample::first_rows(1));
    assert!(
        names.len() == all() - 2
            && !names.iter().any(|name| name == "cost.png")
            && !names.iter().any(|name| name == "pools.png"),
        "a rate of one row is no news, and its pools are nearly idle: {names:?}"
    );
}

#[test]
fn an_event_in_which_everything_failed_is_drawn() {
    let mut outcome = sample::outcome();
    outcome.requests.completed = 0.0;
    outcome.latency_ms = Latency::default();
    outcome.distribution.clear();
    for class in &mut outcome.classes {
        class.latency_ms = Latency::default();
    }
    outcome.timeline.completed.fill(0.0);
    outcome.timeline.latency_ms.values_mut().for_each(|column| column.fill(None));
    outcome.timeline.slow_ms.iter_mut().for_each(|column| column.fill(0.0));
    let names = names(&outcome);
    assert!(
        names.iter().any(|name| name == "latency.png") && names.iter().any(|name| name == "throughput.png")
    );
    assert!(
        !names.iter().any(|name| name == "slow-requests.png")
            && !names.iter().any(|name| name == "distribution.png")
    );
}

#[test]
fn an_event_without_a_single_row_is_drawn() {
    let outcome = Outcome { timeline: Timeline::default(), ..sample::outcome() };
    assert!(names(&outcome).iter().any(|name| name == "latency.png"));
}

#[test]
fn of_many_things_the_largest_are_drawn() {
    let mut outcome = sample::outcome();
    for index in 0..7 {
        let series = outcome.timeline.fleets[0].clone();
        outcome.timeline.fleets.push(series);
        let totals = outcome.fleets[0].clone();
        outcome.fleets.push(totals);
        outcome.fleets[index].peak_instances = index as u32;
    }
    let figures = resources::figures(&outcome);
    let figure = figures.into_iter().find(|(file, _)| *file == "instances.png").unwrap().1.unwrap();
    assert_eq!(figure.rows.len(), figure::MOST);
    assert!(figure.subtitle.starts_with("the largest 4 of 8 fleets"), "{}", figure.subtitle);
    assert_eq!(charts(&outcome).len(), all());
}

#[test]
fn no_dependency_looks_for_system_fonts() {
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock")).unwrap();
    assert!(lock.contains("name = \"plotters\""));
    for crate_name in ["font-kit", "fontconfig", "yeslogic-fontconfig-sys", "freetype-sys"] {
        assert!(
            !lock.contains(&format!("name = \"{crate_name}\"")),
            "{crate_name} needs fonts of the system"
        );
    }
}

/// Two objectives have one limit: the dashes of the second one are in the pauses of the first.
#[test]
fn of_two_equal_limits_both_are_seen() {
    let outcome = sample::outcome();
    let layer = |name: &str, colour| figure::Layer::new(name, colour, figure::Shape::Level(50.0));
    let layers = vec![layer("one", palette::IN_USE), layer("other", palette::LIMIT)];
    let panel = figure::Panel { title: String::new(), y: axis::Axis::percent(), layers, weight: 1.0 };
    let drawn = Figure::over_time(&outcome, "Title", String::new(), vec![vec![panel]]);
    let drawn = Figure { markers: Vec::new(), zoom: None, ..drawn };
    let text = String::from_utf8(frame::draw(&drawn, Format::Svg).unwrap()).unwrap();
    // The first dashes of each colour are those of the plot, those after it of the legend.
    let begin = |colour: &str| -> f64 {
        let path = text.lines().find(|line| line.contains("dasharray") && line.contains(colour)).unwrap();
        let way = path.split("d=\"M").nth(1).unwrap();
        way.split(' ').next().unwrap().parse().unwrap()
    };
    // Places are written in tenths of a pixel.
    let tenths = |colour: &str| (10.0 * begin(colour)).round() as i64;
    assert_eq!(tenths("#d55e00") - tenths("#0072b2"), 100);
}

/// Whatever a picture says in words of its own is explained; names of the scenario, causes and stages are not its own.
#[cfg(feature = "schema")]
#[test]
fn every_word_of_a_picture_is_explained() {
    let known: std::collections::BTreeSet<String> = crate::report::every_explained()
        .into_iter()
        .filter(|it| {
            it.is.contains("picture") || it.is.contains("`Latency`") || it.is == "a cause of failure"
        })
        .map(|it| it.path.join(".").replace('_', " ").to_lowercase())
        .collect();
    let (mut seen, mut lost) = (0, Vec::new());
    for outcome in [sample::outcome(), sample::several()] {
        let text = serde_json::to_string(&outcome).unwrap().replace('`', "");
        for (file, figure) in all_figures(&outcome) {
            let panels = figure.rows.iter().flatten();
            let layers = panels.clone().flat_map(|panel| &panel.layers).map(|layer| layer.name.clone());
            let titles = panels.map(|panel| panel.title.replace(" (log scale)", ""));
            for words in layers.chain(titles).chain([figure.shaded.to_owned()]).filter(|it| !it.is_empty()) {
                // `web: instances` is a panel of one of several.
                let own = words.split_once(": ").map_or(words.as_str(), |(_, own)| own).to_lowercase();
                let is_known = [&words.to_lowercase(), &own].into_iter().any(|it| {
                    // `fewer than NAME`: a number of the run stands there.
                    let with_number = |known: &String| {
                        let around = known.split_once("name").filter(|_| known.len() > 12);
                        around.is_some_and(|(begin, end)| it.starts_with(begin) && it.ends_with(end))
                    };
                    known.contains(it) || known.iter().any(with_number)
                });
                // What is between the fewest and the most on the map is said with the fewest.
                let is_span = |it: &str| it.split(" to ").all(|it| it.chars().all(|it| it.is_ascii_digit()));
                match is_known || is_span(&words) || text.contains(&words) || words.starts_with("objective: ")
                {
                    true => seen += 1,
                    false => lost.push(format!("{file}: {words}")),
                }
            }
        }
    }
    assert!(lost.is_empty() && seen > 200, "{seen}: {lost:#?}");
}
