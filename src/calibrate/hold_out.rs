//! Periods that a file is not fitted to. In: `25%`, `every 4`, `none`. Out: [`HoldOut`], and which periods those are.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::number::setting;
use crate::units::parse_percent;

/// Periods that a file is not fitted to, so that it can be tried on them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldOut {
    /// The last part of the recording.
    Last(f64),
    /// One of so many periods.
    Every(usize),
    /// None.
    Nothing,
}

/// A quarter at the end. An assumption: what comes later is what is to be predicted, and three quarters are left to fit to.
impl Default for HoldOut {
    fn default() -> HoldOut {
        HoldOut::Last(0.25)
    }
}

impl HoldOut {
    /// Whether a period of so many is held out.
    pub fn has(self, period: usize, periods: usize) -> bool {
        match self {
            HoldOut::Last(part) => period >= periods - (part * periods as f64).round() as usize,
            HoldOut::Every(many) => period % many == many - 1,
            HoldOut::Nothing => false,
        }
    }
}

impl fmt::Display for HoldOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HoldOut::Last(part) => write!(f, "the last {}", setting(*part)),
            HoldOut::Every(many) => write!(f, "one of {many} periods"),
            HoldOut::Nothing => f.write_str("nothing"),
        }
    }
}

impl FromStr for HoldOut {
    type Err = String;

    fn from_str(text: &str) -> Result<HoldOut, String> {
        let wrong =
            || "write 25% for the last quarter, `every 4` for one of four periods, or `none`".to_owned();
        if text == "none" {
            return Ok(HoldOut::Nothing);
        }
        if let Some(many) = text.strip_prefix("every") {
            let many = many.trim_start_matches([' ', '-']).parse().map_err(|_| wrong())?;
            return if (2..=100).contains(&many) { Ok(HoldOut::Every(many)) } else { Err(wrong()) };
        }
        match parse_percent(text) {
            Ok(part) if (0.01..=0.9).contains(&part) => Ok(HoldOut::Last(part)),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_held_out() {
        let held = |text: &str| -> Vec<usize> {
            let of: HoldOut = text.parse().unwrap();
            (0..8).filter(|period| of.has(*period, 8)).collect()
        };
        assert_eq!(held("25%"), [6, 7]);
        assert_eq!(held("every 4"), [3, 7]);
        assert!(held("none").is_empty());
        assert!(["", "0%", "every 1", "every x", "99%"].iter().all(|it| it.parse::<HoldOut>().is_err()));
    }
}
