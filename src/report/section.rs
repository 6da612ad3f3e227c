//! A part of a page: a heading, tables and sentences. In: what a view has found. Out: styled text for the terminal; the same parts
//! for a page of another form.

use std::fmt;

use super::table::{HEADING, PLAIN, QUIET, Style, Table, paint, wrapped};

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

    pub fn table(mut self, table: Table) -> Section {
        self.blocks.push(Block::Table(table));
        self
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

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.remark.as_str() {
            "" => writeln!(f, "{}", paint(HEADING, &self.title))?,
            remark => writeln!(f, "{}  {}", paint(HEADING, &self.title), paint(QUIET, remark))?,
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
        for line in lines {
            let text = match width {
                Some(width) => wrapped(line, width).join("\n    "),
                None => line.clone(),
            };
            writeln!(f, "{}", paint(style, format!("  {text}")))?;
        }
        Ok(())
    }
}
