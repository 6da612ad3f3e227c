//! One binary for all integration tests, a module for each subject.
#![allow(
    clippy::disallowed_methods,
    reason = "what theory says may round as the platform likes; runs are held against it"
)]

mod api;
mod cli;
mod coverage;
mod determinism;
mod diagnostics;
mod ensemble;
mod fault;
mod fill;
mod golden;
mod headroom;
mod hostile;
mod invariants;
mod language;
mod layers;
mod objectives;
mod phases;
mod properties;
mod queue;
mod remains;
mod replay;
mod run;
mod stored;
mod theory;
mod timelines;
mod validation;
