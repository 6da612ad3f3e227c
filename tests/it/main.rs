//! One binary for all integration tests, a module for each subject.

mod cli;
mod determinism;
mod diagnostics;
mod ensemble;
mod fill;
mod golden;
mod headroom;
mod invariants;
mod language;
mod layers;
mod properties;
mod remains;
mod replay;
mod run;
mod theory;
mod timelines;
mod validation;
