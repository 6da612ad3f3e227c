//! Any bytes as a log: an error or an import whose lines add up, never a panic. In: bytes. Out: nothing but crashes.
//!
//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz import tests/fuzz/corpus/import tests/it/import/public`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use simcap::guard::Guard;
use simcap::import::{self, Options, Reason};

fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("a folder for a file");
    let path = folder.path().join("a.log");
    std::fs::write(&path, bytes).expect("a file");
    let options = Options { top: 12, threads: 1, ..Options::default() };
    let Ok(import) = import::open(&[path], options) else { return };
    let Ok(made) = import.run(&Guard::new(None, None), &|_| {}) else { return };
    let total = made.summary.total();
    let dropped: u64 = Reason::ALL.iter().map(|reason| total.of(*reason).count).sum();
    assert_eq!(total.used + dropped, total.lines);
    assert!(made.page().lines().all(|line| line.chars().count() <= 80));
});
