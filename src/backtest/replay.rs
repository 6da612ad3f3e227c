//! A recorded day, played again. In: a scenario, and what was measured. Out: [`Replay`], which runs it under one seed after the other with a
//! row for each period, and [`Played`], what such a run has of what was measured.

use std::ops::ControlFlow;

use super::source::{Absent, Source};
use crate::ensemble::Told;
use crate::guard::Guard;
use crate::measure::histogram::Packed;
use crate::measure::rows::ClassRow;
use crate::measured::{Figure, Measured};
use crate::model;
use crate::outcome::Activity;
use crate::own::OwnError;
use crate::scenario::Scenario;
use crate::units::Time;

/// Part of a period by which the first one may be off the start of a row.
const OFF: f64 = 0.02;

/// Why a recording cannot be played with a scenario.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ReplayError {
    /// The scenario ends before the first period does.
    #[error("the scenario ends after {duration}, and the first period of the recording at {end_s} s")]
    Short {
        /// How long the scenario is.
        duration: Time,
        /// When the first period ends.
        end_s: f64,
    },
    /// Periods do not begin where rows do.
    #[error("periods of {width_s} s begin at {first_s} s: they would lie between the rows of a run")]
    Between {
        /// Seconds of a period.
        width_s: f64,
        /// When the first one begins.
        first_s: f64,
    },
    /// Nothing that was measured is told by a run.
    #[error("nothing that was measured is told by a run of this scenario: {why}")]
    Nothing {
        /// The first reason.
        why: String,
    },
}

impl ReplayError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            ReplayError::Short { .. } => {
                "let the scenario be as long as the recording: --set duration=24h".into()
            }
            ReplayError::Between { .. } => "let `at_s` begin at 0, or at a whole number of periods".into(),
            ReplayError::Nothing { .. } => {
                "columns are called by the names of the file: `requests of CLASS`, `cpu_percent of FLEET`"
                    .into()
            }
        }
    }
}

/// A recording, and the scenario that is to be as it was.
#[derive(Clone, Debug)]
pub struct Replay {
    /// As long as the recording at most, with a row for each period.
    pub scenario: Scenario,
    /// What is compared: figures that were measured and that runs tell, each with its place there.
    pub figures: Vec<(Figure, Source)>,
    /// What was measured and is not told, and why.
    pub absent: Vec<(Figure, Absent)>,
    /// Periods that the scenario covers.
    pub periods: usize,
    /// Rows before the first period.
    pub skipped: usize,
}

impl Replay {
    /// Of a scenario and a recording.
    ///
    /// # Errors
    /// They do not fit together.
    pub fn of(scenario: &Scenario, measured: &Measured) -> Result<Replay, ReplayError> {
        let width = Time::from_secs_f64(measured.width_s);
        let before = measured.first_s / measured.width_s;
        if (before - before.round()).abs() > OFF {
            let (width_s, first_s) = (measured.width_s, measured.first_s);
            return Err(ReplayError::Between { width_s, first_s });
        }
        let skipped = before.round() as usize;
        let rows = (scenario.duration.0 / width.0.max(1)) as usize;
        let periods = rows.saturating_sub(skipped).min(measured.periods);
        if periods == 0 {
            let (duration, end_s) = (scenario.duration, measured.start_s(1));
            return Err(ReplayError::Short { duration, end_s });
        }
        let duration = width * (skipped + periods) as u64;
        // Objectives are of no use here, and their windows need not be as wide as periods.
        let objectives = Vec::new();
        let scenario = Scenario { duration, bucket: width, objectives, ..scenario.clone() };
        let (mut figures, mut absent) = (Vec::new(), Vec::new());
        for column in &measured.columns {
            match Source::of(&column.of, &scenario) {
                Ok(source) => figures.push((column.of.clone(), source)),
                Err(why) => absent.push((column.of.clone(), why)),
            }
        }
        if figures.is_empty() {
            let why = match absent.first() {
                Some((_, Absent::Unknown(why))) => why.clone(),
                _ => "its columns are of figures that no run tells".into(),
            };
            return Err(ReplayError::Nothing { why });
        }
        Ok(Replay { scenario, figures, absent, periods, skipped })
    }

    /// The same recording with another scenario, such as one with other demands.
    #[must_use]
    pub fn with(&self, scenario: &Scenario) -> Replay {
        let Scenario { duration, bucket, .. } = self.scenario;
        let scenario = Scenario { duration, bucket, objectives: Vec::new(), ..scenario.clone() };
        Replay { scenario, ..self.clone() }
    }

    /// Plays it under a seed; nothing if the guard ends it.
    pub fn play(&self, seed: u64, guard: &Guard, tell: &(dyn Fn(Told) + Sync)) -> Option<Played> {
        let mut told = Time::ZERO;
        let mut watch = |now: Time| {
            tell(Told::Simulated(now - told));
            told = now;
            guard.flow()
        };
        if let ControlFlow::Break(()) = watch(Time::ZERO) {
            return None;
        }
        let recorded = model::run_by_class(&self.scenario, seed, &mut watch)?;
        tell(Told::Simulated(self.scenario.duration - told));
        let resources = self.figures.iter().map(|(figure, source)| {
            let rows = source.rows(figure.what, &recorded);
            rows.into_iter().skip(self.skipped).take(self.periods).collect()
        });
        let resources = resources.collect();
        let classes = recorded.recorder.classes.into_iter().map(|class| {
            let rows = class.rows.map(|it| it.rows).unwrap_or_default();
            rows.into_iter().skip(self.skipped).take(self.periods).collect()
        });
        let classes = classes.collect();
        let all = recorded.recorder.rows.into_iter().skip(self.skipped).take(self.periods).collect();
        Some(Played { classes, all, resources, scaling: recorded.scaling, broken: recorded.broken })
    }
}

/// What one run has of what was measured.
#[derive(Clone, Debug)]
pub struct Played {
    /// Of each class its requests, period by period.
    pub(super) classes: Vec<Vec<ClassRow>>,
    /// Latencies of all classes.
    pub(super) all: Vec<Packed>,
    /// Of each figure of a resource its values; nothing of the others.
    pub(super) resources: Vec<Vec<Option<f64>>>,
    /// Auto Scaling activities.
    pub scaling: Vec<Activity>,
    /// What is wrong with what a program brought to it.
    pub(super) broken: Option<Box<OwnError>>,
}
