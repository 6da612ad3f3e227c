//! What a run leaves for people and programs. In: an outcome. Out: files and pages.

pub mod chart;
