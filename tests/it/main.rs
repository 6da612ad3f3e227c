//! The integration tests, one binary.

mod diagnostics;
mod language;
