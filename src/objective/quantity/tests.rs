//! What holds for every quantity. In: a scenario of everything. Out: assertions.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;
use crate::id::{Entry, Kind, Reference, Tables};
use crate::scenario::Scenario;

fn everything() -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/good");
    let text = std::fs::read(folder.join("everything.toml")).unwrap();
    crate::scenario::parse("everything.toml", &text, &folder, &[]).unwrap()
}

#[test]
fn each_has_words_of_its_own_and_is_found_by_them() {
    let scenario = everything();
    let all = Quantity::all(&scenario);
    let words: BTreeSet<String> = all.iter().map(|quantity| quantity.name(&scenario)).collect();
    assert_eq!(words.len(), all.len(), "{words:?}");
    assert!(words.contains("CPU of web") && words.contains("wait at payment"), "{words:?}");
    for quantity in &all {
        assert_eq!(Quantity::named(&quantity.name(&scenario), &scenario).as_ref(), Some(quantity));
    }
}

#[test]
fn each_reads_back_from_a_file_and_keeps_its_place_where_nothing_moves() {
    for quantity in Quantity::all(&everything()) {
        let text = serde_json::to_string(&quantity).unwrap();
        assert_eq!(serde_json::from_str::<Quantity>(&text).unwrap(), quantity, "{text}");
        assert_eq!(quantity.moved(&Some, &Some), Some(quantity.clone()));
    }
}

#[test]
fn one_of_a_resource_moves_with_it_and_is_nothing_without_it() {
    let other = |owner: Owner| match owner {
        Owner::Fleet(0) => Some(Owner::Fleet(3)),
        _ => None,
    };
    let figure = |name, index| figure(name, index, None);
    assert_eq!(figure("cpu", Some(0)).moved(&Some, &other), Some(figure("cpu", Some(3))));
    assert_eq!(figure("hit_ratio", Some(0)).moved(&Some, &other), None);
    assert_eq!(figure("hit_ratio", None).moved(&Some, &other), Some(figure("hit_ratio", None)));
    assert_eq!(Quantity::Cost.moved(&Some, &other), Some(Quantity::Cost));
    assert_eq!(Quantity::Mean(Some(ClassId(0))).moved(&|_| None, &Some), None);
}

fn figure(name: &str, index: Option<usize>, quantile: Option<f64>) -> Quantity {
    Quantity::figure(name, index, quantile).unwrap()
}

#[test]
fn each_refers_to_its_class_or_resource_by_kind_and_name() {
    let of = |kind, name: &str| Entry { of: Reference { kind, name: name.into() }, pools: Vec::new() };
    // Kinds count for themselves: `web` is the second fleet, and the first class.
    let tables = Tables(vec![
        of(Kind::Class, "web"),
        of(Kind::Fleet, "api"),
        of(Kind::Database, "orders"),
        of(Kind::Fleet, "web"),
    ]);
    for (quantity, text) in [
        (figure("cpu", Some(1), None), r#"{"cpu":{"kind":"fleet","name":"web"}}"#),
        (figure("stale_share", None, None), r#"{"stale_share":null}"#),
        (
            figure("lag", Some(0), Some(0.99)),
            r#"{"lag":{"quantile":0.99,"of":{"kind":"database","name":"orders"}}}"#,
        ),
        (figure("lag", None, Some(1.0)), r#"{"lag":{"quantile":1.0,"of":null}}"#),
        (Quantity::Mean(Some(ClassId(0))), r#"{"mean":{"kind":"request","name":"web"}}"#),
        (Quantity::Headroom(Some(Owner::Fleet(0))), r#"{"headroom":{"kind":"fleet","name":"api"}}"#),
        (Quantity::Headroom(None), r#"{"headroom":null}"#),
    ] {
        let written = tables.within(|| serde_json::to_string(&quantity)).unwrap();
        assert_eq!(written, text);
        let read = tables.within(|| serde_json::from_str::<Quantity>(text));
        assert_eq!(read.unwrap(), quantity);
    }
    for text in [
        r#"{"cpu":{"kind":"fleet","name":"nothing"}}"#,
        r#"{"cpu":{"kind":"database","name":"orders"}}"#,
        r#"{"mean":{"kind":"fleet","name":"web"}}"#,
        r#"{"headroom":{"kind":"request","name":"web"}}"#,
    ] {
        assert!(tables.within(|| serde_json::from_str::<Quantity>(text)).is_err(), "{text}");
    }
}

#[test]
fn positions_of_earlier_versions_are_read() {
    for (text, quantity) in [
        (r#"{"cpu":1}"#, figure("cpu", Some(1), None)),
        (r#"{"lag":{"quantile":0.99,"database":0}}"#, figure("lag", Some(0), Some(0.99))),
        (r#"{"lag":{"quantile":1.0,"database":null}}"#, figure("lag", None, Some(1.0))),
        (r#""hit_ratio_of_all""#, figure("hit_ratio", None, None)),
        (r#"{"mean":2}"#, Quantity::Mean(Some(ClassId(2)))),
        (
            r#"{"latency":{"class":1,"quantile":0.5}}"#,
            Quantity::Latency { class: Some(ClassId(1)), quantile: 0.5 },
        ),
        (r#"{"headroom":{"fleet":3}}"#, Quantity::Headroom(Some(Owner::Fleet(3)))),
    ] {
        assert_eq!(serde_json::from_str::<Quantity>(text).unwrap(), quantity, "{text}");
    }
}

#[test]
fn what_no_table_has_is_refused() {
    for text in [
        r#""cpu""#,
        r#"{"cpu":null}"#,
        r#"{"cpu":{"quantile":0.5,"fleet":0}}"#,
        r#"{"nothing":0}"#,
        r#"{"lag":0}"#,
        r#"{"lag":{"quantile":0.5,"cache":0}}"#,
        r#"{"cpu":0,"wait":0}"#,
        r#""stale_reads_of_all""#,
        r#"{}"#,
    ] {
        assert!(serde_json::from_str::<Quantity>(text).is_err(), "{text}");
    }
}
