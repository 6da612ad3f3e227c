//! A part of a page: a heading, tables and sentences. In: what a view has found. Out: styled text for the terminal; the same parts
//! for a page of another form.

use std::fmt;

use super::table::{HEADING, PLAIN, QUIET, Style, Table, folded, paint, wrapped};
use crate::text::Word;

/// What a page is printed on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Paper {
    /// Columns of the terminal; without it lines are as long as they are.
    pub width: Option<usize>,
    /// Whether everything is shown: every item of the bill, every figure of a comparison, every line of a list.
    pub whole: bool,
    /// Whether every item of the bill is shown, if not everything is.
    pub bill: bool,
}

impl Paper {
    /// A part of the page.
    pub(super) fn print(self, part: &impl fmt::Display) -> String {
        match self.width {
            Some(width) => format!("{part:width$}"),
            None => part.to_string(),
        }
    }

    /// The columns of parts that the page has no room for, in a line; nothing if it shows all.
    pub(super) fn left_out<'a>(self, parts: impl IntoIterator<Item = &'a Section>) -> Option<String> {
        let left_out: Vec<String> = parts.into_iter().filter_map(|part| part.left_out(self.width)).collect();
        let line = || paint(QUIET, format!("Columns without room here: {}.\n", left_out.join("; ")));
        (!left_out.is_empty()).then(line)
    }

    /// The page, with what is still too wide on further lines.
    pub fn fold(self, text: String) -> String {
        match self.width {
            Some(width) => folded(&text, width),
            None => text,
        }
    }
}

/// A part of a page.
#[derive(Clone, Debug)]
pub(super) struct Section {
    pub title: String,
    /// What stands beside the title; may be empty.
    pub remark: String,
    pub blocks: Vec<Block>,
}

/// What stands below a heading.
#[derive(Clone, Debug)]
pub(super) enum Block {
    Table(Table),
    /// Sentences in one style, each on a line of its own and longer ones on several.
    Lines {
        lines: Vec<String>,
        style: Style,
        width: Option<usize>,
    },
}

impl Section {
    pub fn new(title: impl Into<String>, remark: impl Into<String>) -> Section {
        Section { title: title.into(), remark: remark.into(), blocks: Vec::new() }
    }

    /// A part whose title is explained.
    pub fn of(title: Word, remark: impl Into<String>) -> Section {
        Section::new(title.text, remark)
    }

    pub fn table(mut self, table: Table) -> Section {
        self.blocks.push(Block::Table(table));
        self
    }

    /// `Services waited, p99 wait`: its columns that a page has no room for; nothing if it shows all.
    fn left_out(&self, page: Option<usize>) -> Option<String> {
        let columns = self.blocks.iter().flat_map(|block| match block {
            Block::Table(table) => table.left_out(page),
            Block::Lines { .. } => Vec::new(),
        });
        let columns: Vec<String> = columns.collect();
        (!columns.is_empty()).then(|| format!("{} {}", self.title, columns.join(", ")))
    }

    /// Adds a sentence for each line.
    pub fn lines(self, lines: Vec<String>) -> Section {
        self.styled(lines, PLAIN, None)
    }

    /// Adds sentences in a style, broken at a number of columns.
    pub fn styled(mut self, lines: Vec<String>, style: Style, width: Option<usize>) -> Section {
        if !lines.is_empty() {
            self.blocks.push(Block::Lines { lines, style, width });
        }
        self
    }
}

/// The width of the format is that of the page, as of a table.
impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.remark.as_str(), f.width()) {
            ("", _) => writeln!(f, "{}", paint(HEADING, &self.title))?,
            (remark, None) => writeln!(f, "{}  {}", paint(HEADING, &self.title), paint(QUIET, remark))?,
            (remark, Some(page)) => {
                // A remark that does not fit goes on below, indented.
                let text = format!("{}  {}\n", paint(HEADING, &self.title), paint(QUIET, remark));
                f.write_str(&folded(&text, page))?;
            }
        }
        self.blocks.iter().try_for_each(|block| block.fmt(f))
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lines, style, width) = match self {
            Block::Table(table) => return table.fmt(f),
            Block::Lines { lines, style, width } => (lines, *style, *width),
        };
        let page = f.width().map(|page| page.saturating_sub(4));
        for line in lines {
            let text = match width.into_iter().chain(page).min() {
                Some(width) => wrapped(line, width).join("\n    "),
                None => line.clone(),
            };
            writeln!(f, "{}", paint(style, format!("  {text}")))?;
        }
        Ok(())
    }
}
