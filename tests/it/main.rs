//! One binary for all integration tests, a module for each subject.

mod cli;
mod diagnostics;
mod golden;
mod language;
