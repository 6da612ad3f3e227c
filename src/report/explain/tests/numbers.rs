//! Numbers have units, columns of a family say which one they are, and a bare name leads to the titles beside it. In: the schema and the
//! tables of columns. Out: verdicts.

use super::*;

/// A number without a unit says nothing; only a label, such as a position in a list, has none.
#[test]
fn every_number_of_an_outcome_has_a_unit() {
    let numbers = fields::of(&super::super::super::schema::outcome_schema());
    let numbers: BTreeSet<Vec<String>> =
        numbers.into_iter().filter(|it| it.number.is_some()).map(|it| it.path).collect();
    let explained = results::fields();
    let mut lost = BTreeSet::new();
    for it in explained.iter().filter(|it| numbers.contains(&it.path)) {
        let is_label = results::LABELS.contains(&it.path.last().unwrap().as_str());
        if fact(it, "unit").is_none() && !is_label {
            lost.insert(it.path.join("."));
        }
    }
    assert!(lost.is_empty() && numbers.len() > 500, "{} of {}: {lost:#?}", lost.len(), numbers.len());
    let unit = |path: &str| {
        let of = explained.iter().find(|it| it.path.join(".") == path).unwrap();
        fact(of, "unit").unwrap().to_owned()
    };
    for (path, words) in [
        ("classes.latency_ms.p50", "milliseconds"),
        ("timeline.fleets.pools.waiting", "a count"),
        ("requests.failed", "a count"),
        ("bill.total_usd", "US dollars"),
        ("availability.requests.year_minutes", "minutes"),
    ] {
        assert_eq!(unit(path), words, "{path}");
    }
}

/// A column is one figure a row, whatever the field has.
#[test]
fn a_column_of_stages_is_of_one_stage() {
    let all = every();
    for name in ["slow.time_on_the_network_ms", "mean.at_orders_ms", "slow_ms", "mean_ms"] {
        let found = is(&all, name, "a column of timeline.csv");
        let [one] = found.as_slice() else { panic!("{name}: {found:?}") };
        assert!(one.about.contains("One figure a row") && !one.about.contains("list"), "{one:?}");
    }
    assert!(is(&all, "timeline.slow_ms", "a field of")[0].about.contains("a list of rows for each stage"));
}

/// What the column or the field of a percentile says holds of so many of a hundred.
#[test]
fn a_percentile_says_which_part_took_no_longer() {
    let mut seen = 0;
    for it in results::columns().iter().chain(&results::fields()) {
        let name = it.path.last().unwrap().trim_end_matches("_ms");
        let part = name
            .split('_')
            .find(|part| part.len() == 3 && part.starts_with('p') && part[1..].parse::<u8>().is_ok());
        if let Some(part) = part {
            let says = ["took no longer", "percentile", "median", "Median"];
            assert!(says.iter().any(|words| it.about.contains(words)), "{part}: {it:?}");
            assert!(name != part || it.about.contains("took no longer"), "{part}: {it:?}");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}

/// A service is called by its bare name, which nothing but the file explains: the titles beside it are.
#[test]
fn what_stands_beside_a_bare_name_is_explained() {
    let all = every();
    let titles = beside_names();
    assert!(
        titles.contains(&"Headroom") && titles.contains(&"Services") && titles.contains(&"full at"),
        "{titles:?}"
    );
    for title in titles {
        assert!(!is(&all, title, "the page of a run").is_empty(), "{title}");
    }
    assert!(
        may_be_a_name("payment") && may_be_a_name("`eu-shop`") && !may_be_a_name("a b") && !may_be_a_name("")
    );
}
