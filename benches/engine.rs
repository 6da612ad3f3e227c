//! The parts of the engine, each by itself and beside its alternatives, so that every choice can be checked again.
//!
//! `cargo bench --bench engine`; a part with `cargo bench --bench engine -- "event queue"`. Every figure is for one
//! operation, including the random draw that it needs (about 3 ns for an exponential).

mod parts;
mod queues;
mod targets;

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
}

criterion_group! {
    name = engine;
    config = settings();
    targets = queues::hold, targets::choice, parts::sharing, parts::waiting, parts::replacement, parts::recording
}
criterion_main!(engine);
