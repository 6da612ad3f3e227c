//! The whole of a calibration. In: a scenario file, and what was measured. Out: [`Calibration`].

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};

use super::CalibrateError;
use super::bench::Bench;
use super::dial::Dial;
use super::doubt::{doubts, of_trouble};
use super::hold_out::HoldOut;
use super::influence::Influence;
use super::known;
use super::parameter::{Parameter, Sort, parameters};
use super::place::background;
use super::rows::rows;
use super::seen::place;
use super::told::{Fitting, Number, numbers};
use super::utilisation::{self, Given, Utilisation};
use crate::backtest::{Compared, Errors, Misfit, Replay, Scale, misfits};
use crate::ensemble::Told;
use crate::guard::Guard;
use crate::measured::{Figure, Measured};
use crate::scenario::Scenario;
use crate::scenario::inputs::inputs;

/// Version of the layout of `calibration.json`.
pub const VERSION: u32 = 1;
/// Fewest periods to fit to.
const FEWEST: usize = 6;

/// What the numbers of a file have to be so that runs do what was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Version of the layout.
    pub version: u32,
    /// Version and sources of the simcap that made it.
    pub simcap: String,
    /// Title of the scenario.
    pub name: String,
    /// The scenario file, as it was named.
    pub file: String,
    /// Overrides of the scenario.
    pub overrides: Vec<String>,
    /// The file of measurements.
    pub measured: String,
    /// The date of the first period, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<String>,
    /// The seed of each run.
    pub seeds: Vec<u64>,
    /// Seconds of a period.
    pub width_s: f64,
    /// Seconds from the start of the recording to the first period.
    pub first_s: f64,
    /// Periods that the scenario covers.
    pub periods: usize,
    /// What is held out.
    pub hold_out: HoldOut,
    /// The periods that are held out.
    pub held_out: Vec<usize>,
    /// Each number that was fitted.
    pub numbers: Vec<Number>,
    /// What each resource does without any request, percent; the file has no such number.
    pub background: Vec<(Figure, f64)>,
    /// What the utilisation law says.
    pub utilisation: Vec<Utilisation>,
    /// How far each figure is off.
    pub figures: Vec<Off>,
    /// Each figure as it was measured and as the fitted file predicts it.
    pub compared: Vec<Compared>,
    /// Where the fitted file does not fit, the gravest first.
    pub misfits: Vec<Misfit>,
    /// Mean square of misses, in units of what chance does: 1 if the model is right. Absent where no runs were fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misfit: Option<f64>,
    /// What could not be done, in sentences.
    pub notes: Vec<String>,
    /// Runs that were made.
    pub runs: usize,
}

/// How far a figure is off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Off {
    /// Which.
    pub of: Figure,
    /// What differences are counted in.
    pub scale: Scale,
    /// With the file as it is, over the periods that are held out, or over all if none are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Errors>,
    /// With the fitted file, over the periods that it was fitted to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fitted: Option<Errors>,
    /// With the fitted file, over the periods that are held out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_out: Option<Errors>,
}

/// What is to be fitted, and how.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The scenario file.
    pub file: PathBuf,
    /// Overrides of the scenario.
    pub overrides: Vec<String>,
    /// Paths of numbers to fit; without, every time and every fixed hit ratio that the measurements tell of.
    pub inputs: Vec<String>,
    /// What is held out.
    pub hold_out: HoldOut,
    /// The seed of each run of a candidate.
    pub seeds: Vec<u64>,
    /// Threads to run on; as many as cores without.
    pub threads: Option<usize>,
}

impl Calibration {
    /// Fits.
    ///
    /// # Errors
    /// Nothing that was measured tells of the file, the two do not fit together, or the runs were ended early.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn of(
        scenario: &Scenario,
        measured: &Measured,
        wanted: &Wanted,
        guard: &Guard,
        tell: &(dyn Fn(Told) + Sync),
    ) -> Result<Calibration, CalibrateError> {
        let replay = Replay::of(scenario, measured)?;
        let periods = replay.periods;
        let held = |period: usize| wanted.hold_out.has(period, periods);
        let fitted = |period: usize| period < periods && !held(period);
        let to_fit = (0..periods).filter(|it| fitted(*it)).count();
        if to_fit < FEWEST {
            return Err(CalibrateError::Few { periods: to_fit });
        }
        let found = inputs(&wanted.file, &wanted.overrides).map_err(Box::new)?;
        let dials = Dial::chosen(found, &wanted.inputs)?;
        let influence = Influence::of(&wanted.file, &wanted.overrides, &replay.scenario, &dials);
        let given = Given {
            scenario: &replay.scenario,
            measured,
            dials: &dials,
            influence: &influence,
            fitted: &fitted,
        };
        let (mut utilisation, mut notes) = (Vec::new(), Vec::new());
        for it in utilisation::all(&given) {
            match it {
                Ok(found) => utilisation.push(found),
                Err(why) => notes.push(format!("The utilisation law says nothing of the {why}.")),
            }
        }
        let asked = !wanted.inputs.is_empty();
        let telling = known::Telling::of(&replay, &influence, &dials, asked);
        let parameters =
            parameters(&dials, &utilisation, &|dial| telling.of_time(dial), &|dial| telling.of_spread(dial));
        if parameters.iter().all(|it| it.sort == Sort::Background) {
            let why = if notes.is_empty() {
                "no latencies, and no CPU with requests".into()
            } else {
                notes.join(" ")
            };
            return Err(CalibrateError::Nothing { why });
        }
        let bench = Bench {
            file: &wanted.file,
            overrides: &wanted.overrides,
            replay: &replay,
            dials: &dials,
            seeds: &wanted.seeds,
            threads: Bench::threads(&replay, wanted.threads, guard)?,
            guard,
            tell,
            made: 0.into(),
        };
        let start: Vec<f64> = parameters.iter().map(|it| it.start).collect();
        let before = bench.predict(&[], &[Vec::new()])?.remove(0);
        let before =
            before.ok_or_else(|| CalibrateError::Nothing { why: "the file makes no scenario".into() })?;
        let judged = |period: usize| wanted.hold_out == HoldOut::Nothing || held(period);
        let compared_before = Compared::all(&replay, &before, measured, &judged);
        // Chance is told best by runs that are near: those of the first step.
        let near = bench.predict(&parameters, std::slice::from_ref(&start))?.remove(0);
        let near = near.unwrap_or_else(|| before.clone());
        let rows = rows(&Compared::all(&replay, &near, measured, &fitted), measured);
        let result = match telling.needs_runs() && !rows.is_empty() {
            true => Some(known::fit(&bench, &parameters, &start, &rows)?),
            false => None,
        };
        let values = result.as_ref().map_or(&start, |it| &it.found.values);
        let after = bench.predict(&parameters, std::slice::from_ref(values))?.remove(0).unwrap_or(near);
        let always = background(&parameters, values);
        let after = after.raised(&always);
        let compared = Compared::all(&replay, &after, measured, &judged);
        let over_fitted = Compared::all(&replay, &after, measured, &fitted);
        let is_held = wanted.hold_out != HoldOut::Nothing;
        let off = |((now, before), fitted): ((&Compared, &Compared), &Compared)| Off {
            of: now.of.clone(),
            scale: now.scale,
            before: before.errors,
            fitted: fitted.errors,
            held_out: now.errors.filter(|_| is_held),
        };
        let figures = compared.iter().zip(&compared_before).zip(&over_fitted).map(off).collect();
        let classes: Vec<String> = scenario.classes.iter().map(|it| it.name.clone()).collect();
        let numbers = numbers(&Fitting {
            dials: &dials,
            parameters: &parameters,
            values,
            known: result.as_ref(),
            utilisation: &utilisation,
            telling: &telling,
            classes: &classes,
        });
        notes.extend(doubts(&compared_before, &dials, &numbers));
        let trouble = result.as_ref().map_or(&[][..], |it| &it.found.trouble);
        notes.extend(of_trouble(trouble, &|period| measured.start_s(period)));
        notes.extend(replay.unread());
        notes.extend(replay.unused(measured));
        notes.extend(telling.untold(&dials, &parameters));
        let fits_shares = result.is_some() && parameters.iter().any(|it| it.sort == Sort::Share);
        if fits_shares && !utilisation.is_empty() {
            notes.push(
                "The utilisation law takes hit ratios from the file; the numbers above are those of runs."
                    .into(),
            );
        }
        notes.extend(
            utilisation
                .iter()
                .flat_map(|it| it.notes.iter().map(|note| format!("{}: {note}.", it.of.words()))),
        );
        let is_background = |it: &(&Parameter, &f64)| it.0.sort == Sort::Background;
        let points = parameters.iter().zip(values).filter(is_background);
        let points = points.filter_map(|(it, value)| Some((it.of.clone()?, *value))).collect();
        Ok(Calibration {
            version: VERSION,
            simcap: crate::study::SOURCES.into(),
            name: scenario.name.clone(),
            file: wanted.file.display().to_string(),
            overrides: wanted.overrides.clone(),
            measured: measured.file.clone(),
            starts: measured.starts.clone(),
            seeds: wanted.seeds.clone(),
            width_s: measured.width_s,
            first_s: measured.first_s,
            periods,
            hold_out: wanted.hold_out,
            held_out: (0..periods).filter(|it| held(*it)).collect(),
            numbers,
            background: points,
            misfits: misfits(&compared, &|period| measured.start_s(period)),
            misfit: result.as_ref().map(|it| it.found.misfit),
            utilisation,
            figures,
            compared,
            notes,
            runs: bench.made.load(Ordering::Relaxed),
        })
    }

    /// Seconds from the start of the recording to the start of a period.
    pub fn start_s(&self, period: usize) -> f64 {
        self.first_s + period as f64 * self.width_s
    }

    /// The periods of a recording that the file was not fitted to, if it is the one that it was fitted to, or a part of it, or the same counts
    /// over longer periods, among those that a scenario has `covered`; nothing of another one. By what it says and not by its name, for files are copied, and the next day is written
    /// over the last one.
    pub fn unseen(&self, measured: &Measured, covered: usize) -> Option<Vec<usize>> {
        let place = place(&self.compared, self.width_s, measured)?;
        let is_fitted = |period: isize| {
            usize::try_from(period).is_ok_and(|it| it < self.periods && !self.held_out.contains(&it))
        };
        let covered = measured.periods.min(covered);
        Some((0..covered).filter(|it| !place.of(*it).any(is_fitted)).collect())
    }

    /// What `--set` needs so that the file is the fitted one, each number with what is known of it.
    pub fn changes(&self) -> impl Iterator<Item = (&Number, &str, &str)> {
        self.numbers.iter().filter_map(|it| Some((it, it.path.as_str(), it.text.as_deref()?)))
    }
}
