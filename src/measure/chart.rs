//! A picture of the resources of a kind, as data. In: names of columns. Out: what is drawn of them, panel by panel.
//!
//! A kind that writes one down has a chart; how it is drawn is the same for all of them.

/// One picture: the resources of a kind beside each other, or one of them alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chart {
    /// Its file.
    pub file: &'static str,
    /// What is shown.
    pub title: &'static str,
    /// The word of the kind in the names of columns, [`Series::KIND`](super::column::Series::KIND).
    pub kind: &'static str,
    /// Plots, from the top.
    pub panels: &'static [Panel],
}

/// One plot: columns of one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Panel {
    /// What is plotted.
    pub title: &'static str,
    /// What is drawn, from the back to the front.
    pub lines: &'static [Line],
    /// Whether each further decade is as far as the one before.
    pub log: bool,
    /// Height against the other panels.
    pub weight: f64,
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Its field.
    pub column: &'static str,
    /// Its name in the legend.
    pub name: &'static str,
    /// Whether the area below it is filled.
    pub filled: bool,
}
