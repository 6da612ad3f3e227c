//! Aligned columns and the colours of the page. In: cells. Out: lines of styled text.
//!
//! Text always includes its styles; the stream that prints it removes them if colour is not wanted.

use std::fmt;

use anstyle::AnsiColor;
pub(super) use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use crate::text::Word;

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

    /// Its lines on a terminal, of at most so many columns where that is said.
    fn lines(&self, most: Option<usize>) -> Vec<String> {
        match self.width.into_iter().chain(most).min() {
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
    /// Columns that are left out where a page is too narrow, the least needed first.
    spare: Vec<usize>,
    /// Column titles; may be none.
    titles: Vec<Cell>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new(sides: &[Side]) -> Table {
        Table { sides: sides.into(), spare: Vec::new(), titles: Vec::new(), rows: Vec::new() }
    }

    /// Where a page is too narrow for it, these columns are left out, one after the other.
    pub fn sparing(&mut self, columns: &[usize]) {
        self.spare = columns.into();
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The titles of the columns.
    pub fn titles(&mut self, titles: &[&str]) {
        self.titles = titles.iter().map(|title| Cell::new(*title, QUIET)).collect();
    }

    /// The titles of the columns, each of which is explained.
    pub fn heads(&mut self, heads: &[Word]) {
        self.titles(&heads.iter().map(|head| head.text).collect::<Vec<_>>());
    }

    /// Leaves out columns without any value below their title.
    pub fn without_empty(&mut self) {
        let empty = |cell: &Cell| cell.text.iter().all(|text| ["", "–"].contains(&text.as_str()));
        let has_any = |at: usize| self.rows.iter().filter_map(|row| row.get(at)).any(|cell| !empty(cell));
        let leaving: Vec<usize> = (0..self.titles.len()).rev().filter(|&at| !has_any(at)).collect();
        if leaving.is_empty() {
            return;
        }
        // What leaves does not change how those behind it are aligned.
        self.sides = (0..self.titles.len()).map(|column| self.side(column)).collect();
        for at in leaving {
            self.sides.remove(at);
            self.titles.remove(at);
            self.rows.iter_mut().filter(|row| at < row.len()).for_each(|row| drop(row.remove(at)));
            self.spare.retain(|spare| *spare != at);
            self.spare.iter_mut().filter(|spare| **spare > at).for_each(|spare| *spare -= 1);
        }
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

    /// Every row with its titles.
    fn all(&self) -> impl Iterator<Item = &Vec<Cell>> {
        Some(&self.titles).filter(|titles| !titles.is_empty()).into_iter().chain(&self.rows)
    }

    /// The titles of the columns that a page has no room for.
    pub fn left_out(&self, page: Option<usize>) -> Vec<String> {
        let shown = self.shown(page);
        let hidden = (0..self.titles.len()).filter(|at| shown.iter().all(|it| it.at != *at));
        // A column without a title has no name to tell.
        hidden.map(|at| self.titles[at].text.join(" ")).filter(|title| !title.is_empty()).collect()
    }

    /// The columns that are shown on a page.
    fn shown(&self, page: Option<usize>) -> Vec<Column> {
        let count = self.all().map(Vec::len).max().unwrap_or(0);
        let mut shown: Vec<Column> = (0..count).map(|at| Column { at, title: None, body: None }).collect();
        let Some(page) = page else { return shown };
        let beyond = |shown: &[Column]| {
            shown.iter().map(|it| self.needs(it) + GAP).sum::<usize>().saturating_sub(page)
        };
        // Titles of several words go on below, where they are wider than what stands under them.
        if beyond(&shown) > 0 {
            shown.iter_mut().for_each(|it| it.title = Some(self.title_width(it)));
        }
        for spare in &self.spare {
            if beyond(&shown) > 0 {
                shown.retain(|it| it.at != *spare);
            }
        }
        // What is still too wide goes on in the next line of its cell, the widest first.
        for narrowest in NARROW {
            let mut tried = Vec::new();
            loop {
                let over = beyond(&shown);
                if over == 0 {
                    break;
                }
                let open =
                    shown.iter_mut().filter(|it| self.side(it.at) == Side::Left && !tried.contains(&it.at));
                let Some(column) = open.max_by_key(|it| self.widest_cell(it)) else { break };
                tried.push(column.at);
                let wide = self.widest_cell(column);
                if wide > narrowest {
                    column.body = Some(wide.saturating_sub(over).max(narrowest));
                    column.title = Some(self.title_width(column));
                }
            }
        }
        shown
    }

    /// The widest line of a column without its title.
    fn widest_cell(&self, column: &Column) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column.at));
        cells.flat_map(|cell| cell.lines(column.body)).map(|line| line.width()).max().unwrap_or(0)
    }

    /// The columns for a title that goes on below: those of its longest word, or of what stands under it.
    fn title_width(&self, column: &Column) -> usize {
        let words = self.titles.get(column.at).into_iter().flat_map(|title| title.lines(Some(1)));
        words.map(|word| word.width()).max().unwrap_or(0).max(self.widest_cell(column))
    }

    /// The widest line of a column.
    fn needs(&self, column: &Column) -> usize {
        let title = self.titles.get(column.at).map_or_else(Vec::new, |title| title.lines(column.title));
        title.iter().map(|line| line.width()).max().unwrap_or(0).max(self.widest_cell(column))
    }

    /// The titles and rows as lines of cells on a terminal.
    fn lines(&self, shown: &[Column]) -> Vec<Vec<(Style, String)>> {
        let titles = Some((&self.titles, true)).filter(|(titles, _)| !titles.is_empty());
        let all = titles.into_iter().chain(self.rows.iter().map(|row| (row, false)));
        let lines = |(row, is_title): (&Vec<Cell>, bool)| {
            let most = |column: &Column| if is_title { column.title } else { column.body };
            let cells = shown.iter().filter_map(|it| Some((row.get(it.at)?, most(it))));
            let cells: Vec<(Style, Vec<String>)> =
                cells.map(|(cell, most)| (cell.style, cell.lines(most))).collect();
            let height = cells.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0).max(1);
            let line = |at: usize| {
                // The last word of a title stands right above its column.
                let from = |lines: &Vec<String>| if is_title { height - lines.len() } else { 0 };
                let text = |lines: &Vec<String>| {
                    at.checked_sub(from(lines)).and_then(|at| lines.get(at)).cloned().unwrap_or_default()
                };
                cells.iter().map(|(style, lines)| (*style, text(lines))).collect::<Vec<_>>()
            };
            (0..height).map(line).collect::<Vec<_>>()
        };
        all.flat_map(lines).collect()
    }
}

/// A column that is shown on a page.
struct Column {
    /// Its place in the rows.
    at: usize,
    /// The most columns of a line of its title.
    title: Option<usize>,
    /// The most columns of a line of its cells.
    body: Option<usize>,
}

/// Columns between two cells, and before the first.
const GAP: usize = 2;
/// A column of text is not made narrower than the first, and if that is not enough, than the second.
const NARROW: [usize; 2] = [16, 8];

/// The width of the format is that of the page: `{table:80}` fits 80 columns.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.shown(f.width());
        let lines = self.lines(&shown);
        let width = |place: usize| {
            let cells = lines.iter().filter_map(|line| line.get(place));
            cells.map(|(_, text)| text.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..shown.len()).map(width).collect();
        for line in &lines {
            let mut gap = GAP;
            for (place, (style, text)) in line.iter().enumerate() {
                let padding = widths[place] - text.width();
                let is_right = self.side(shown[place].at) == Side::Right;
                let (before, after) = if is_right { (padding, 0) } else { (0, padding) };
                // Blanks are added only before a cell with text, so that no line ends in one.
                gap += before;
                if !text.is_empty() {
                    write!(f, "{:gap$}{}", "", paint(*style, text))?;
                    gap = 0;
                }
                gap += after + GAP;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// Breaks lines of styled text that are wider than a page at spaces; what goes on is indented by four columns more.
pub(super) fn folded(text: &str, page: usize) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let plain = plain(line.trim_end_matches('\n'));
        if plain.width() <= page {
            out.push_str(line);
            continue;
        }
        let indent = plain.len() - plain.trim_start().len() + 4;
        // Where words of the plain text begin a new line.
        let mut used = 0;
        for (at, word) in together(line).enumerate() {
            let wide = width(word.trim_end_matches('\n'));
            let fits = at == 0 || used + 1 + wide <= page;
            match (at, fits) {
                (0, _) => {}
                (_, true) => out.push(' '),
                (_, false) => {
                    out.truncate(out.trim_end_matches(' ').len());
                    out.push('\n');
                    out.push_str(&" ".repeat(indent));
                }
            }
            used = match (at, fits) {
                (0, _) => wide,
                (_, true) => used + 1 + wide,
                (_, false) => indent + wide,
            };
            out.push_str(word);
        }
    }
    out
}

/// Breaks `text` at spaces into lines of at most `width` terminal columns; each begins as far to the right as the first.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let indent = " ".repeat(text.len() - text.trim_start_matches(' ').len());
    for word in together(text).filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{indent}{word}")),
        }
    }
    lines
}

/// The words of a text between spaces; `61 %` and `3.1 ± 0.2` are one word, so that no number is torn from its unit or margin.
fn together(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let space = text.match_indices(' ').map(|(at, _)| at).find(|&at| {
            let (before, after) = (plain(&text[..at]), plain(&text[at + 1..]));
            !after.starts_with(['%', '±']) && !before.ends_with('±')
        });
        rest = space.map(|at| &text[at + 1..]);
        Some(space.map_or(text, |at| &text[..at]))
    })
}

/// The lines of a styled text that have words, without styles and indents.
pub(super) fn lines_of(styled: &str) -> Vec<String> {
    let plain = plain(styled);
    plain.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// A text without its styles.
fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// The columns that a styled text takes.
fn width(text: &str) -> usize {
    plain(text).width()
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

    /// 4 + 2 + 11 + 2 + 2 and three gaps: 23 columns. In 18 the second column goes, in 14 the words of the last one go on below.
    #[test]
    fn a_table_leaves_columns_out_and_then_breaks_lines() {
        let mut table = Table::new(&[Side::Left, Side::Right, Side::Left]);
        table.sparing(&[1]);
        table.row(["cpu".into(), "97".into(), "the middle tier of all waits".into()]);
        let at = |page: usize| anstream::adapter::strip_str(&format!("{table:page$}")).to_string();
        assert_eq!(at(80), "  cpu  97  the middle tier of all waits\n");
        assert_eq!(at(39), at(80));
        assert_eq!(at(38), "  cpu  the middle tier of all waits\n");
        assert_eq!(at(30), "  cpu  the middle tier of all\n       waits\n");
    }

    #[test]
    fn a_line_that_is_too_wide_goes_on_below_with_its_style() {
        let text = format!("  {} and more\nshort\n", paint(BAD, "one two three"));
        let folded = folded(&text, 12);
        let plain = anstream::adapter::strip_str(&folded).to_string();
        assert_eq!(plain, "  one two\n      three\n      and\n      more\nshort\n");
        assert_eq!(folded.matches('\u{1b}').count(), text.matches('\u{1b}').count());
    }

    /// Titles first: 4 and 8 columns with 14 of text and three gaps fit in 32. Then the second column goes, then the words break.
    #[test]
    fn titles_go_on_below_before_columns_are_left_out() {
        let mut table = Table::new(&[Side::Left, Side::Right, Side::Right]);
        table.titles(&["", "instances at most", "above"]);
        table.sparing(&[2]);
        table.row(["  a part of it".into(), "7".into(), "61 %".into()]);
        let at = |page: usize| anstream::adapter::strip_str(&format!("{table:page$}")).to_string();
        assert_eq!(
            at(80),
            "                  instances at most  above\n    a part of it                  7   61 %\n"
        );
        assert_eq!(
            at(40),
            "                  instances\n                    at most  above\n    a part of it          7   61 %\n"
        );
        assert_eq!(
            at(30),
            "                  instances\n                    at most\n    a part of it          7\n"
        );
        assert_eq!(at(25).lines().last(), Some("    it"));
    }

    #[test]
    fn a_number_is_not_torn_from_its_unit_or_margin() {
        assert_eq!(wrapped("waited for 61 % of it", 13), ["waited for", "61 % of it"]);
        assert_eq!(wrapped("at most 3.1 ± 0.2 each", 12), ["at most", "3.1 ± 0.2", "each"]);
        assert_eq!(wrapped("  in two lines", 8), ["  in two", "  lines"]);
        assert_eq!(folded(&format!("p99 {} 61 %\n", paint(BAD, "low")), 9).lines().count(), 2);
        assert_eq!(wrapped("", 10), Vec::<String>::new());
    }
}
