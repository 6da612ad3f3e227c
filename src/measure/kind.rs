//! What is kept of each kind of resource: the columns of its timeline and the figures of its end, each in one table.
//!
//! In: what the model counts. Out: a file a kind, which merging, files, pages and estimates read.

pub mod cache;
pub mod database;
pub mod fleet;
pub mod queue;
pub mod service;

#[cfg(test)]
mod tests;
