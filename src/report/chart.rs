//! Charts of an outcome as PNG files, 1920 × 960, with an embedded font. In: an outcome. Out: one file a subject.
//!
//! Each chart's file says what is shown, as a `figure`; `frame` and what it uses say how it is drawn.
#![allow(
    clippy::disallowed_methods,
    reason = "pixels may round as the platform likes; nothing is computed from them"
)]

mod axis;
mod cache;
mod canvas;
mod cost;
mod database;
mod distribution;
mod figure;
mod frame;
mod instances;
mod latency;
mod legend;
mod marker;
mod number;
mod palette;
mod panel;
mod replication;
mod series;
mod slow_requests;
mod text;
mod throughput;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fs, io};

use ab_glyph::InvalidFont;
use plotters::drawing::DrawingAreaErrorKind;

use self::figure::Figure;
use crate::outcome::Outcome;

/// What a chart shows of an outcome, `None` without its subject.
type Subject = fn(&Outcome) -> Option<Figure>;

/// Every chart and the name of its file.
const CHARTS: [(&str, Subject); 9] = [
    ("latency.png", latency::figure),
    ("throughput.png", throughput::figure),
    ("instances.png", instances::figure),
    ("cache.png", cache::figure),
    ("database.png", database::figure),
    ("replication.png", replication::figure),
    ("slow-requests.png", slow_requests::figure),
    ("cost.png", cost::figure),
    ("distribution.png", distribution::figure),
];

/// Why a chart could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// A file could not be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The picture could not be encoded.
    #[error("cannot encode the picture")]
    Encode(#[from] png::EncodingError),
    /// A shape could not be drawn.
    #[error("cannot draw: {0}")]
    Draw(String),
    /// The embedded font is broken.
    #[error("cannot read the embedded font")]
    Font(#[from] InvalidFont),
}

impl<E: Error + Send + Sync> From<DrawingAreaErrorKind<E>> for ChartError {
    fn from(error: DrawingAreaErrorKind<E>) -> ChartError {
        ChartError::Draw(error.to_string())
    }
}

/// Draws every chart that the outcome has a subject for into a folder, and returns the files in order.
///
/// The same outcome gives the same bytes. A chart that an earlier run left there and that this outcome has no
/// subject for is removed: it would show another event.
///
/// # Errors
/// The folder or a file cannot be written.
pub fn draw_all(outcome: &Outcome, dir: &Path) -> Result<Vec<PathBuf>, ChartError> {
    let failed = |path: &Path, source| ChartError::Write { path: path.into(), source };
    fs::create_dir_all(dir).map_err(|source| failed(dir, source))?;
    let mut drawn = Vec::new();
    for (file, figure) in CHARTS {
        let path = dir.join(file);
        match figure(outcome) {
            Some(figure) => {
                let picture = frame::draw(&figure)?;
                fs::write(&path, picture).map_err(|source| failed(&path, source))?;
                drawn.push(path);
            }
            None => remove(&path)?,
        }
    }
    Ok(drawn)
}

/// Removes the charts that an earlier run left in a folder.
///
/// # Errors
/// A file is there and cannot be removed.
pub fn remove_all(dir: &Path) -> Result<(), ChartError> {
    CHARTS.iter().try_for_each(|(file, _)| remove(&dir.join(file)))
}

fn remove(path: &Path) -> Result<(), ChartError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(ChartError::Write { path: path.into(), source })
        }
        _ => Ok(()),
    }
}
