//! How the results of a study are printed: of `sweep`, `merge`, and of what else runs many points. In: arguments. Out: [`StudyPrinting`].

#[cfg(feature = "charts")]
use std::path::PathBuf;

use clap::Args;
use simcap::report::{Charts, ReportError};

#[cfg(feature = "charts")]
use super::format::ChartFormat;
use super::format::PageFormat;

/// How the results of a study and its progress are printed.
#[derive(Args, Debug)]
pub struct StudyPrinting {
    /// Write everything into one HTML file as well; it loads nothing from anywhere
    #[cfg(feature = "charts")]
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    #[command(flatten)]
    pub pictures: Pictures,
    /// What to print: a page for people, everything as JSON, a short page for a pull request, or figures as CSV
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: PageFormat,
    /// Show no progress: no bar on a terminal, no lines elsewhere
    #[arg(long)]
    pub no_progress: bool,
}

impl StudyPrinting {
    /// Fails where the HTML file cannot be written: that is better known before a run than after it.
    pub fn probe(&self) -> Result<(), ReportError> {
        #[cfg(feature = "charts")]
        self.html.as_deref().map_or(Ok(()), simcap::report::probe_file)?;
        Ok(())
    }

    /// Writes the HTML file, if it is asked for.
    #[cfg(feature = "charts")]
    pub fn write_html(&self, page: impl Fn() -> String) -> Result<(), ReportError> {
        self.html.as_ref().map_or(Ok(()), |path| simcap::report::write_html(&page(), path).map(drop))
    }

    /// Whether no progress is shown: it is for people who read a page.
    pub fn is_silent(&self, quiet: bool) -> bool {
        quiet || self.no_progress || self.format != PageFormat::Text
    }
}

/// Which pictures are drawn.
#[derive(Args, Debug)]
pub struct Pictures {
    /// Write charts as PNG, as SVG (sharp at any size, with words that can be searched and copied), or each as both
    #[cfg(feature = "charts")]
    #[arg(long, value_name = "FORMAT", default_value = "png", conflicts_with = "no_charts")]
    pub charts: ChartFormat,
    /// Draw no charts
    #[arg(long)]
    pub no_charts: bool,
}

impl Pictures {
    /// The pictures that are written.
    pub fn charts(&self) -> Charts {
        #[cfg(feature = "charts")]
        if !self.no_charts {
            return self.charts.charts();
        }
        Charts::None
    }
}
