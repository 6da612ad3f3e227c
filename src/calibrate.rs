//! What the numbers of a file have to be so that runs do what was measured.
//!
//! In: a scenario file, and what was measured. Out: [`Calibration`]: demands, how they are spread, hit ratios and delays, each with its
//! interval; how far the fitted file is off in a part of the recording that it was not fitted to; and where it does not fit.
//!
//! ```text
//!  numbers of the file ──► Dial ──┐          CPU, requests ──► Utilisation (regression, no queues) ──┐
//!                                 ├──► Influence                                                     │ where to begin
//!  scenario ──────────────────────┘                                                                  ▼
//!  Measured ──► fitted to │ held out     latencies, CPU ──► Fit (runs under the same seeds, least squares) ──► Calibration
//! ```
//!
//! The first step is the utilisation law, which is exact whatever queues do. The second one changes the numbers until runs have the latencies,
//! the CPU and the hit ratios that were measured. Its intervals are of the spread from period to period, so they hold what chance has done in
//! the recording and in the runs; that the model is another one than the system they do not hold. That is what the periods are for that are
//! held out.

mod bench;
mod calibration;
mod dial;
mod doubt;
mod error;
mod fit;
mod hold_out;
mod influence;
mod jackknife;
mod known;
mod matrix;
mod parameter;
mod place;
mod refine;
mod regression;
mod rows;
mod seen;
mod slopes;
mod told;
mod utilisation;

pub use calibration::{Calibration, Off, VERSION, Wanted};
pub use dial::{Dial, Setting};
pub use error::CalibrateError;
pub use hold_out::HoldOut;
pub use told::Number;
pub use utilisation::{Estimated, Group, Utilisation};
