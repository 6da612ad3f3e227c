#[test]
fn dump() {
    for it in simcap::report::every_explained() {
        println!("{}\t{}\t{}\t{:?}", it.path.join("."), it.is, it.about, it.facts);
    }
}
