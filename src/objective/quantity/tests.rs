//! What holds for every quantity. In: a scenario of everything. Out: assertions.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;
use crate::id::Owner;

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
    assert_eq!(Quantity::Cpu(0).moved(&Some, &other), Some(Quantity::Cpu(3)));
    assert_eq!(Quantity::HitRatio(0).moved(&Some, &other), None);
    assert_eq!(Quantity::Cost.moved(&Some, &other), Some(Quantity::Cost));
    assert_eq!(Quantity::Mean(Some(ClassId(0))).moved(&|_| None, &Some), None);
}
