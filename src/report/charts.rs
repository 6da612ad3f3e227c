//! In which formats charts are written. In: what is wanted, and the file of a picture. Out: the files of it.

/// Name of the picture of the latency and the throughput of several scenarios, as PNG.
pub const SIDES_FILE: &str = "compare.png";

/// Name of the picture of the instances of several scenarios, as PNG.
pub const POLICIES_FILE: &str = "policies.png";

/// Name of the picture of a search for limits, as PNG.
pub const HEADROOM_FILE: &str = "headroom.png";

/// Name of the picture of a study, as PNG.
pub const SWEEP_CHART: &str = "sweep.png";

/// Name of the picture of a sensitivity analysis, as PNG.
pub const TORNADO_FILE: &str = "tornado.png";
/// Name of the picture of a plan, as PNG.
pub const PLAN_FILE: &str = "plan.png";

/// Name of the picture of a backtest, as PNG.
pub const BACKTEST_CHART: &str = "backtest.png";
/// Name of the picture of a calibration, as PNG.
pub const CALIBRATION_CHART: &str = "calibration.png";

/// The files that charts are written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charts {
    /// None is drawn.
    None,
    /// Pixels.
    #[default]
    Png,
    /// Vectors, with words that are text.
    Svg,
    /// Each chart in both.
    Both,
}

/// The format of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Pixels.
    Png,
    /// Vectors.
    Svg,
}

impl Format {
    /// All that a chart can be written in.
    pub const ALL: [Format; 2] = [Format::Png, Format::Svg];

    /// The file of a picture in this format: that of the PNG with another ending.
    pub fn file(self, png: &str) -> String {
        match self {
            Format::Png => png.to_owned(),
            Format::Svg => format!("{}.svg", png.trim_end_matches(".png")),
        }
    }
}

impl Charts {
    /// Whether charts are written in a format.
    pub fn wants(self, format: Format) -> bool {
        matches!((self, format), (Charts::Both, _) | (Charts::Png, Format::Png) | (Charts::Svg, Format::Svg))
    }
}
