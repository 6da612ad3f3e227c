//! Why something that a program brought cannot be used. In: what is wrong. Out: an [`OwnError`] that says what to do about it.

/// Why something that a program brought to a simulation cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}\n  {hint}")]
#[non_exhaustive]
pub struct OwnError {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl OwnError {
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Box<OwnError> {
        Box::new(OwnError { message: message.into(), hint: hint.into() })
    }
}
