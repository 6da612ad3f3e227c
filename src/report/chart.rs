//! Charts of an outcome as PNG files, 1920 × 960, with an embedded font. In: an outcome. Out: one file a subject.
//!
//! Each chart's file says what is shown, as a `figure`; `frame` and what it uses say how it is drawn.

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

/// Every chart: the name of its file and what it shows, `None` without such a subject.
const CHARTS: [(&str, fn(&Outcome) -> Option<Figure>); 9] = [
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
/// The same outcome gives the same bytes.
///
/// # Errors
/// The folder or a file cannot be written.
pub fn draw_all(outcome: &Outcome, dir: &Path) -> Result<Vec<PathBuf>, ChartError> {
    fs::create_dir_all(dir).map_err(|source| ChartError::Write { path: dir.into(), source })?;
    let figures = CHARTS.iter().filter_map(|(file, figure)| Some((dir.join(file), figure(outcome)?)));
    figures
        .map(|(path, figure)| {
            let bytes = frame::draw(&figure)?;
            fs::write(&path, bytes).map_err(|source| ChartError::Write { path: path.clone(), source })?;
            Ok(path)
        })
        .collect()
}
