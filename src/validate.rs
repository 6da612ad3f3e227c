//! Cases with known answers: exact theory, published simulations, measurements of real systems; and how close we come.
//!
//! In: which cases. Out: a [`Report`] with every number that was expected beside what the model gave for it.
//!
//! Each family is a file in `validate/cases/`: where its answers come from, one scenario as a template, and its
//! cases with their parameters. A case is an ordinary scenario; `simcap validate --show A02.3` prints it. It runs
//! under independent seeds, and each seed gives one value of each metric.
//!
//! # How a verdict is reached
//!
//! * **Exact** and **simulated** answers: the difference between the mean over the seeds and the answer, in standard
//!   errors of the mean (and of the answer, where it was simulated itself), follows Student's t with seeds - 1 degrees
//!   of freedom if the model is true. Percentiles come from a histogram that rounds by at most 0.05 %, and an answer may
//!   have been printed with few digits; so much is taken off the difference. The p-values of all such comparisons of a
//!   run are judged together by Holm's step-down rule: if everything is true, the chance of a single miss among all of
//!   them is at most [`FAMILY_WISE`]. Nothing is allowed beyond that; no case has a tolerance of its own.
//! * The 95 % interval that is shown is for the reader. If everything is true, 95 % of these hold their answer, and the
//!   report counts how many do: a model that is slightly off everywhere is seen there before it misses anything.
//! * A run without chance in it has no interval: its value must be the answer to nine digits.
//! * A share of which fewer than [`RARE`] events are expected in all runs together is too rare to be judged.
//! * **Measured** answers are not judged: a real system is no formula. The relative error stands beside the spread of
//!   the measurement's own repetitions.
//!
//! How often the intervals of estimates and comparisons themselves hold is measured by [`coverage`].
//!
//! A miss that is understood is listed in its case with the reason, and stays in the report as a miss.

mod case;
pub mod coverage;
mod metric;
mod statistics;
mod suite;
mod table;
mod trace;

pub use case::{Case, Expected, Family, Trust, families, find};
pub use statistics::{FAMILY_WISE, RARE};
pub use suite::{CaseReport, Comparison, Depth, FamilyReport, Partial, Report, Verdict, export, run};
pub use table::{Detail, calibration, markdown, text};
