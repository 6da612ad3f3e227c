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
    text: String,
    style: Style,
}

impl Cell {
    pub fn new(text: impl Into<String>, style: Style) -> Cell {
        Cell { text: text.into(), style }
    }

    pub fn styled(self, style: Style) -> Cell {
        Cell { style, ..self }
    }

    /// The same cell with more text after it.
    pub fn followed(mut self, more: &str) -> Cell {
        self.text.push_str(more);
        self
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
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new(sides: &[Side]) -> Table {
        Table { sides: sides.into(), rows: Vec::new() }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// A row of column titles.
    pub fn titles(&mut self, titles: &[&str]) {
        self.row(titles.iter().map(|title| Cell::new(*title, QUIET)));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let len = |cell: &Cell| cell.text.width();
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let mut gap = 2;
            for (column, cell) in row.iter().enumerate() {
                let padding = widths[column] - len(cell);
                let side = self.sides.get(column).or(self.sides.last()).copied().unwrap_or(Side::Left);
                let (before, after) = if side == Side::Right { (padding, 0) } else { (0, padding) };
                // Blanks are added only before a cell with text, so that no line ends in one.
                gap += before;
                if !cell.text.is_empty() {
                    write!(f, "{:gap$}{}", "", paint(cell.style, &cell.text))?;
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
