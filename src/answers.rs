//! The types that answers and errors are made of, by the question that is asked. In: nothing. Out: names, so that a program can write down
//! what it passes on. Those of an [`Outcome`](crate::Outcome) are in [`outcome`](crate::outcome).

/// Why there is no answer: what is inside of an [`Error`](crate::Error).
pub mod errors {
    pub use crate::backtest::{BacktestError, ReplayError};
    pub use crate::breakpoint::SearchError;
    pub use crate::calibrate::CalibrateError;
    pub use crate::ensemble::Interruption;
    pub use crate::guard::Reason;
    pub use crate::language::problem::{Problem, Report, Severity};
    pub use crate::language::source::Place;
    pub use crate::machine::ThreadsError;
    pub use crate::measured::MeasuredError;
    pub use crate::model::Cut;
    pub use crate::report::ReportError;
    #[cfg(feature = "charts")]
    pub use crate::report::chart::ChartError;
    pub use crate::scenario::ScenarioError;
}

/// At which traffic it breaks: what is inside of [`Breakpoints`](crate::Breakpoints).
pub mod breakpoints {
    pub use crate::breakpoint::{Between, Ended, Limit, OfRun, Probe, Subject};
}

/// Which of two is better: what is inside of a [`Comparison`](crate::Comparison).
pub mod comparison {
    pub use crate::comparison::{
        Difference, Figures, Letter, Moved, Note, Objectives, OneSided, Only, OnlyObjectives, Rule,
        RuleError, Ruled, Ruling, Score, Seen, Unsure, Word,
    };
}

/// What was measured of a real system: what is inside of [`Measured`](crate::Measured).
pub mod measured {
    pub use crate::measured::{Column, Figure, What};
}

/// How close a recorded day is: what is inside of a [`Backtest`](crate::Backtest).
pub mod backtest {
    pub use crate::backtest::{
        Change, Compared, Errors, Limits, Misfit, Pair, Rescaled, Rule, Scale, Step, Verdict, Word,
    };
}

/// What the numbers of a file have to be: what is inside of a [`Calibration`](crate::Calibration).
pub mod calibration {
    pub use crate::calibrate::{Estimated, Group, HoldOut, Number, Off, Utilisation};
}
