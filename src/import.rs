//! Scenarios from what describes a real system. In: its files. Out: a scenario as text, with what was assumed.

pub mod infrastructure;
