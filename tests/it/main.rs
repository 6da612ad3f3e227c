//! One binary for all integration tests, a module for each subject.

mod cli;
mod diagnostics;
mod fill;
mod golden;
mod language;
mod run;
mod theory;
