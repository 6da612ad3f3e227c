//! The numbers of a file that are fitted. In: its numbers, and which of them are wanted. Out: [`Dial`]s, each of which can be set.

use crate::calibrate::CalibrateError;
use crate::language::names::closest;
use crate::language::nature::{Nature, mean, respread, spread};
use crate::scenario::inputs::Input;
use crate::units::parse_percent;

/// Spread of times that are one constant.
const STEADY: f64 = 0.02;
/// What a fixed hit ratio is called.
const HIT_RATIO: &str = ".hit_ratio";

/// A number of the file that can be set otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Dial {
    /// The number.
    pub input: Input,
    /// How its times are spread, if that can be fitted as well.
    pub cv: Option<f64>,
    /// The share that it is, if it is one.
    pub share: Option<f64>,
}

/// What a dial is set to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// So many times what the file has.
    pub factor: f64,
    /// Standard deviation over mean, where that is fitted.
    pub cv: Option<f64>,
}

impl Setting {
    /// What the file has.
    pub const FILE: Setting = Setting { factor: 1.0, cv: None };
}

impl Dial {
    fn of(input: Input) -> Dial {
        let law = input.nature == Nature::Law;
        let cv = spread(&input.text).filter(|_| law);
        let share = parse_percent(&input.text).ok().filter(|_| input.nature == Nature::Share);
        Dial { input, cv, share }
    }

    /// What `--set` needs; nothing where it is as the file has it.
    pub fn overrides(&self, setting: Setting) -> Vec<String> {
        if let Some(cv) = setting.cv.filter(|_| self.cv.is_some()) {
            let cv = if cv < STEADY { 0.0 } else { cv };
            let law = respread(&self.input.text, setting.factor, cv);
            return law.into_iter().map(|law| format!("{}={law}", self.input.path)).collect();
        }
        self.input.times(setting.factor)
    }

    /// The same setting with a mean of four digits: more are of the arithmetic.
    pub fn rounded(&self, setting: Setting) -> Setting {
        let four = |value: f64| format!("{value:.3e}").parse().unwrap_or(value);
        let factor = match mean(&self.input.text).filter(|_| self.input.nature == Nature::Law) {
            Some(mean) if mean > 0.0 => four(mean * setting.factor) / mean,
            _ => match self.share {
                Some(share) => four(share * setting.factor) / share,
                None => four(setting.factor),
            },
        };
        let cv = setting.cv.map(|cv| (cv * 1e3).round() / 1e3);
        Setting { factor, cv }
    }

    /// The value that it is set to, for people and for a file.
    pub fn text(&self, setting: Setting) -> String {
        let changed = self.overrides(setting);
        let value = changed.first().and_then(|it| it.split_once('=')).map(|it| it.1.to_owned());
        value.unwrap_or_else(|| self.input.text.clone())
    }

    /// Dials of the numbers that are asked for, or without of every time and every fixed hit ratio.
    ///
    /// # Errors
    /// One that is asked for is not there.
    pub(super) fn chosen(inputs: Vec<Input>, asked: &[String]) -> Result<Vec<Dial>, CalibrateError> {
        // Numbers that are multiplied together have no value of their own that a file could have.
        let can = |it: &Input| !it.is_curve() && (!it.times(1.5).is_empty() || !it.times(0.5).is_empty());
        if asked.is_empty() {
            let is_usual = |it: &Input| {
                it.nature == Nature::Law || it.nature == Nature::Share && it.path.ends_with(HIT_RATIO)
            };
            return Ok(inputs.into_iter().filter(|it| is_usual(it) && can(it)).map(Dial::of).collect());
        }
        let mut dials: Vec<Dial> = Vec::new();
        for path in asked {
            let is_it = |it: &&Input| {
                it.path == *path || it.path.strip_prefix(path.as_str()).is_some_and(|it| it.starts_with('.'))
            };
            let found: Vec<&Input> = inputs.iter().filter(is_it).collect();
            if found.is_empty() {
                let close = closest(path, inputs.iter().map(|it| it.path.as_str())).map(str::to_owned);
                return Err(CalibrateError::Unknown { path: path.clone(), close });
            }
            // Of a table only what somebody had to measure, unless nothing else is there.
            let estimated = found.iter().any(|it| it.nature.is_estimated());
            for input in found.into_iter().filter(|it| can(it) && (it.nature.is_estimated() || !estimated)) {
                if dials.iter().all(|it| it.input.path != input.path) {
                    dials.push(Dial::of(input.clone()));
                }
            }
        }
        let is_asked = |it: &&Input| {
            let under = |path: &String| {
                it.path
                    .strip_prefix(path.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            it.is_curve() && asked.iter().any(under)
        };
        if let Some(curve) = inputs.iter().find(is_asked).filter(|_| dials.is_empty()) {
            return Err(CalibrateError::Curve { path: curve.path.clone() });
        }
        match dials.is_empty() {
            true => Err(CalibrateError::Fixed { path: asked.join(", ") }),
            false => Ok(dials),
        }
    }
}
