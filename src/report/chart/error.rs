//! Why a chart could not be made. In: what failed. Out: a [`ChartError`].

use std::error::Error;

use plotters::drawing::DrawingAreaErrorKind;
use skrifa::raw::ReadError;

/// Why a chart could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The picture could not be encoded.
    #[error("cannot encode the picture")]
    Encode(#[from] png::EncodingError),
    /// A shape could not be drawn.
    #[error("cannot draw: {0}")]
    Draw(String),
    /// The embedded font is broken.
    #[error("cannot read the embedded font")]
    Font(#[from] ReadError),
}

impl<E: Error + Send + Sync> From<DrawingAreaErrorKind<E>> for ChartError {
    fn from(error: DrawingAreaErrorKind<E>) -> ChartError {
        ChartError::Draw(error.to_string())
    }
}
