//! Why a table of measurements cannot be read. In: what is wrong. Out: a [`MeasuredError`] with its place and what to do about it.

/// Why a table of measurements cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", place(.file, *.line))]
pub struct MeasuredError {
    /// The file, as it was named.
    pub file: String,
    /// The line, if it is one.
    pub line: Option<u64>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

fn place(file: &str, line: Option<u64>) -> String {
    line.map_or_else(|| format!("`{file}`"), |line| format!("line {line} of `{file}`"))
}

impl MeasuredError {
    pub(super) fn new(line: Option<u64>, message: impl Into<String>, hint: impl Into<String>) -> Box<Self> {
        Box::new(MeasuredError { file: String::new(), line, message: message.into(), hint: hint.into() })
    }

    pub(super) fn of(mut self: Box<Self>, file: &str) -> Box<Self> {
        file.clone_into(&mut self.file);
        self
    }
}
