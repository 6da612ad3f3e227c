//! The content of a chart, before anything is drawn. In: the series of a chart's subject. Out: a [`Figure`].

use plotters::style::RGBColor;

use super::super::picture;
use super::axis::Axis;
use super::marker::{Marker, events};
use super::text::unquoted;
use super::zoom;
use crate::outcome::Outcome;

/// Most fleets, caches or databases that fit into one picture.
pub const MOST: usize = 4;

/// One picture.
pub struct Figure {
    /// The subject.
    pub title: &'static str,
    /// Title of the scenario.
    pub scenario: String,
    /// The key numbers.
    pub subtitle: String,
    /// The axis shared by all panels.
    pub x: Axis,
    /// Its label with the unit.
    pub x_name: String,
    /// The axes of columns of panels and their labels, where they do not share one.
    pub x_of: Vec<(Axis, String)>,
    /// What the rows of cells are; empty where there are none, or where their names say so.
    pub rows_name: String,
    /// What is said in words above the panels.
    pub notes: Vec<Note>,
    /// Panels, row by row.
    pub rows: Vec<Vec<Panel>>,
    /// The part of the x axis that is drawn once more, enlarged, where each row has one panel.
    pub zoom: Option<(f64, f64)>,
    /// Spans of the x axis in which the system was overloaded or failing.
    pub trouble: Vec<(f64, f64)>,
    /// What these spans are, in the legend.
    pub shaded: &'static str,
    /// Events to mark above the first panel.
    pub markers: Vec<Marker>,
    /// Number of events for which there was no room.
    pub unmarked: usize,
}

/// A few lines of text.
pub struct Note {
    /// The words before it.
    pub title: &'static str,
    /// The text; what does not fit into these is cut off.
    pub text: String,
    /// Colour of the title.
    pub colour: RGBColor,
}

/// One plot of a picture.
pub struct Panel {
    /// What is plotted, and its unit.
    pub title: String,
    /// Vertical axis.
    pub y: Axis,
    /// Its series, from the back to the front.
    pub layers: Vec<Layer>,
    /// Height relative to the other rows.
    pub weight: f64,
}

/// One series and its name in the legend.
pub struct Layer {
    /// Name in the legend.
    pub name: String,
    /// Colour, from the palette.
    pub colour: RGBColor,
    /// Form.
    pub shape: Shape,
}

/// A rectangle: from x, to x, lower edge, upper edge.
pub type Cell = (f64, f64, f64, f64);

/// The form of a series.
pub enum Shape {
    /// Unbroken pieces of a line of (x, y).
    Line(Vec<Vec<(f64, f64)>>),
    /// Unbroken pieces of an area of (x, lower edge, upper edge).
    Area(Vec<Vec<(f64, f64, f64)>>),
    /// The same of what lies between two values, behind lines: it stands on no other area.
    Band(Vec<Vec<(f64, f64, f64)>>),
    /// Filled rectangles.
    Cells(Vec<Cell>),
    /// Rectangles with words in them, where the words of all have room.
    Words(Vec<(Cell, String)>),
    /// Outlines around rectangles.
    Frames(Vec<Cell>),
    /// Rectangles without a value.
    Hatched(Vec<Cell>),
    /// A dashed level.
    Level(f64),
    /// Points with names.
    Points(Vec<(f64, f64, String)>),
}

impl Figure {
    /// A picture of the event over time, with its faults and deployments.
    pub fn over_time(
        outcome: &Outcome,
        title: &'static str,
        subtitle: String,
        rows: Vec<Vec<Panel>>,
    ) -> Figure {
        let span = outcome.scenario.duration_s;
        let mut trouble: Vec<(f64, f64)> = Vec::new();
        for phase in outcome.phases.iter().filter(|phase| phase.trouble) {
            match trouble.last_mut() {
                Some((_, end)) if phase.from_s <= *end => *end = end.max(phase.to_s),
                _ => trouble.push((phase.from_s, phase.to_s)),
            }
        }
        let (markers, unmarked) = events(outcome);
        Figure {
            title,
            scenario: outcome.scenario.name.clone(),
            subtitle,
            x: Axis::time(span),
            x_name: match span >= 3_600.0 {
                true => "time since the start (h:mm)",
                false => "time since the start (m:ss)",
            }
            .into(),
            x_of: Vec::new(),
            rows_name: String::new(),
            notes: Vec::new(),
            rows,
            zoom: zoom::window(outcome),
            trouble,
            shaded: picture::IN_TROUBLE.text,
            markers,
            unmarked,
        }
    }
}

impl Figure {
    /// The line at the top.
    pub fn heading(&self) -> String {
        format!("{} · {}", self.title, self.scenario)
    }
}

impl Layer {
    /// A layer, whose name is shown without quotes.
    pub fn new(name: impl AsRef<str>, colour: RGBColor, shape: Shape) -> Layer {
        Layer { name: unquoted(name.as_ref()), colour, shape }
    }
}

/// Most panels below each other that leave room for a part of the event beside the whole.
const MOST_ROWS: usize = 4;

/// Panels for several resources of one kind: those of a single resource below each other; with several resources, a row for each, or, if a
/// part of the event is to be enlarged and there is room, all below each other.
pub fn grid(things: Vec<(String, Vec<Panel>)>, zoomed: bool) -> Vec<Vec<Panel>> {
    if things.len() == 1 {
        return things.into_iter().flat_map(|(_, panels)| panels).map(|panel| vec![panel]).collect();
    }
    let row = |(name, panels): (String, Vec<Panel>)| -> Vec<Panel> {
        let titled = |panel: Panel| Panel { title: format!("{name}: {}", lower(&panel.title)), ..panel };
        panels.into_iter().map(titled).collect()
    };
    let panels: usize = things.iter().map(|(_, panels)| panels.len()).sum();
    let rows = things.into_iter().map(row);
    match zoomed && panels <= MOST_ROWS {
        true => rows.flatten().map(|panel| vec![panel]).collect(),
        false => rows.collect(),
    }
}

/// The text with its first letter in lower case, unless it starts with an abbreviation.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), text.chars().nth(1)) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_string(),
    }
}
