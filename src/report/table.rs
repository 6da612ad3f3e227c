//! Aligned columns and the colours of the page. In: cells. Out: lines of styled text.
//!
//! Text always includes its styles; the stream that prints it removes them if colour is not wanted.

use std::fmt;

use anstyle::AnsiColor;
pub(super) use anstyle::Style;
use unicode_width::UnicodeWidthStr;

pub(super) const HEADING: Style = Style::new().bold();
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default();
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default();
pub(super) const PATH: Style = AnsiColor::Cyan.on_default();
pub(super) const QUIET: Style = Style::new().dimmed();
pub(super) const PLAIN: Style = Style::new();

/// `text` in a style.
pub(super) fn paint(style: Style, text: impl fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// How a cell is aligned in its column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Side {
    Left,
    Right,
}

/// A cell with one style.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// Paragraphs that are broken at a number of columns, or one line of any length.
    text: Vec<String>,
    style: Style,
    width: Option<usize>,
}

impl Cell {
    pub fn new(text: impl Into<String>, style: Style) -> Cell {
        Cell { text: vec![text.into()], style, width: None }
    }

    /// Paragraphs, each on lines of at most `width` columns.
    pub fn paragraphs(text: Vec<String>, style: Style, width: usize) -> Cell {
        Cell { text, style, width: Some(width) }
    }

    pub fn styled(self, style: Style) -> Cell {
        Cell { style, ..self }
    }

    /// The same cell with more text after it.
    pub fn followed(mut self, more: &str) -> Cell {
        if let Some(last) = self.text.last_mut() {
            last.push_str(more);
        }
        self
    }

    /// Its paragraphs, however wide.
    pub fn text(&self) -> &[String] {
        &self.text
    }

    #[cfg(feature = "charts")]
    pub fn style(&self) -> Style {
        self.style
    }

    #[cfg(feature = "charts")]
    pub fn is_empty(&self) -> bool {
        self.text.iter().all(String::is_empty)
    }

    /// Its lines on a terminal.
    fn lines(&self) -> Vec<String> {
        match self.width {
            Some(width) => self.text.iter().flat_map(|text| wrapped(text, width)).collect(),
            None => self.text.clone(),
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::new(text, PLAIN)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::new(text, PLAIN)
    }
}

/// Rows of cells, indented by two spaces; a row may be shorter than the others. Columns without an alignment of their
/// own use the last one given.
#[derive(Clone, Debug)]
pub(super) struct Table {
    sides: Vec<Side>,
    /// Column titles; may be none.
    titles: Vec<Cell>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new(sides: &[Side]) -> Table {
        Table { sides: sides.into(), titles: Vec::new(), rows: Vec::new() }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The titles of the columns.
    pub fn titles(&mut self, titles: &[&str]) {
        self.titles = titles.iter().map(|title| Cell::new(*title, QUIET)).collect();
    }

    /// The titles of the columns; none if there are none.
    pub fn head(&self) -> &[Cell] {
        &self.titles
    }

    pub fn body(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// How a column is aligned.
    pub fn side(&self, column: usize) -> Side {
        self.sides.get(column).or(self.sides.last()).copied().unwrap_or(Side::Left)
    }

    /// The titles and rows as lines of cells on a terminal.
    fn lines(&self) -> Vec<Vec<(Style, String)>> {
        let titles = Some(&self.titles).filter(|titles| !titles.is_empty());
        let lines = |row: &Vec<Cell>| {
            let cells: Vec<Vec<String>> = row.iter().map(Cell::lines).collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
            let line = |at: usize| {
                let text = |lines: &Vec<String>| lines.get(at).cloned().unwrap_or_default();
                row.iter().zip(&cells).map(|(cell, lines)| (cell.style, text(lines))).collect::<Vec<_>>()
            };
            (0..height).map(line).collect::<Vec<_>>()
        };
        titles.into_iter().chain(&self.rows).flat_map(lines).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.lines();
        let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = lines.iter().filter_map(|line| line.get(column));
            cells.map(|(_, text)| text.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for line in &lines {
            let mut gap = 2;
            for (column, (style, text)) in line.iter().enumerate() {
                let padding = widths[column] - text.width();
                let (before, after) = if self.side(column) == Side::Right { (padding, 0) } else { (0, padding) };
                // Blanks are added only before a cell with text, so that no line ends in one.
                gap += before;
                if !text.is_empty() {
                    write!(f, "{:gap$}{}", "", paint(*style, text))?;
                    gap = 0;
                }
                gap += after + 2;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// Breaks `text` at spaces into lines of at most `width` terminal columns.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // Keeps `61 %` on one line.
    let text = text.replace(" %", "\u{a0}%");
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.into()),
        }
    }
    lines.into_iter().map(|line| line.replace('\u{a0}', " ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_script_line_up() {
        let mut table = Table::new(&[Side::Left, Side::Right]);
        table.row(["주문".into(), "7".into()]);
        table.row(["cafe\u{301}".into(), "12".into()]);
        assert_eq!(table.to_string(), "  주문   7\n  cafe\u{301}  12\n");
    }

    #[test]
    fn columns_line_up_without_their_colours() {
        let mut table = Table::new(&[Side::Left, Side::Right]);
        table.row(["web".into(), Cell::new("7", BAD), "µs".into()]);
        table.row(["a".into(), "1,234".into(), "".into()]);
        let plain = anstream::adapter::strip_str(&table.to_string()).to_string();
        assert_eq!(plain, "  web      7  µs\n  a    1,234\n");
        assert_ne!(plain, table.to_string());
    }

    #[test]
    fn a_percentage_is_not_torn_from_its_number() {
        assert_eq!(wrapped("waited for 61 % of it", 13), ["waited for", "61 % of it"]);
        assert_eq!(wrapped("", 10), Vec::<String>::new());
    }
}
