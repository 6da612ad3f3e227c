//! In which form results are printed and charts are drawn. In: words. Out: formats.

use clap::ValueEnum;
#[cfg(feature = "charts")]
use simcap::report::Charts;

/// Output formats of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// Output formats of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum VerdictFormat {
    /// A page for people
    Text,
    /// Everything
    Json,
    /// A short page for a pull request
    Markdown,
    /// Figures, one in a row
    Csv,
    /// Verdicts as test results, for most CI systems
    Junit,
    /// Verdicts as annotations of GitHub Actions; the page goes to the summary of the job
    Github,
}

/// Output formats of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RunFormat {
    /// A page for people
    Text,
    /// Everything
    Json,
    /// A short page for a pull request
    Markdown,
    /// Figures, one in a row
    Csv,
    /// Verdicts as test results, for most CI systems
    Junit,
    /// Verdicts as annotations of GitHub Actions; the page goes to the summary of the job
    Github,
    /// Figures as metrics, for Prometheus
    Openmetrics,
}

/// Output formats of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PageFormat {
    Text,
    Json,
    Markdown,
    Csv,
}

/// Formats of charts.
#[cfg(feature = "charts")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChartFormat {
    Png,
    Svg,
    Both,
}

#[cfg(feature = "charts")]
impl ChartFormat {
    /// The files that charts are written as.
    pub(super) fn charts(self) -> Charts {
        match self {
            ChartFormat::Png => Charts::Png,
            ChartFormat::Svg => Charts::Svg,
            ChartFormat::Both => Charts::Both,
        }
    }
}

/// Output formats of `simcap validate`.
#[cfg(feature = "validate")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ValidateFormat {
    Text,
    Markdown,
    Json,
}
