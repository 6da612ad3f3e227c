//! The problems of a scenario, and the page that shows each at its place in the file.
//!
//! In: [`Problem`]s with spans. Out: a [`Report`] that renders each with its line, a caret and a hint.

use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::source::{Place, Sources, Span};
use crate::number::counted;
use crate::text::visible;

/// Most problems shown on one page; in a file with more it is best to start from the top.
const SHOWN: usize = 50;
/// Most problems kept in memory.
const KEPT: usize = 1_000;
/// Longest text shown around a problem, in bytes; a longer line is only named.
const SNIPPET: usize = 4_000;

/// Longest message or hint, in characters, because both may quote the file.
const TEXT: usize = 300;

fn shorten(text: String) -> String {
    let text = visible(&text).into_owned();
    match text.char_indices().nth(TEXT) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    }
}

/// What the codes of problems mean: stable names for scripts. Those of warnings are the names by which a file allows them.
pub const CODES: &[(&str, &str)] = &[
    ("invalid", "a value, or what several say together, that cannot be: the message says why"),
    ("missing-key", "a key that is required, or one of several of which one is"),
    ("out-of-range", "a number, a duration or an amount that is too small or too large here"),
    ("syntax", "text that is not TOML"),
    ("unknown-key", "a key that the table does not have, or that has no meaning beside the others there"),
    ("unknown-name", "a name that no table of the file has, or none of the kind that is needed"),
    ("unreadable", "a file that cannot be read at all"),
    (
        "wrong-type",
        "a value of another type than the key has: a number where text with a unit is needed, or the other way round",
    ),
];

/// The severity of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The file cannot be run.
    Error,
    /// The file can be run, but was probably meant differently.
    Warning,
}

/// One problem of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Whether it prevents a run.
    pub severity: Severity,
    /// A stable name for scripts, such as `unknown-key`; for a warning, the name under which the file allows it.
    pub code: &'static str,
    /// The message: a lower-case fragment without a full stop.
    pub message: String,
    /// The place of the problem; `None` if something is missing.
    pub span: Option<Span>,
    /// Another place that it conflicts with, and a label for it.
    pub also: Option<(Span, String)>,
    /// What to write instead.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem at a place.
    pub fn at(span: &Span, message: impl Into<String>) -> Problem {
        Problem { span: Some(span.clone()), ..Problem::of_file(message) }
    }
    /// A problem of the whole file.
    pub fn of_file(message: impl Into<String>) -> Problem {
        Problem {
            severity: Severity::Error,
            code: "invalid",
            message: shorten(message.into()),
            span: None,
            also: None,
            hint: None,
        }
    }
    /// Replaces the code `invalid` by another.
    pub fn code(mut self, code: &'static str) -> Problem {
        self.code = code;
        self
    }
    /// Makes it a warning.
    pub fn into_warning(mut self) -> Problem {
        self.severity = Severity::Warning;
        self
    }
    /// Adds what to write instead.
    pub fn hint(mut self, hint: impl Into<String>) -> Problem {
        self.hint = Some(shorten(hint.into()));
        self
    }
    /// Adds the other place that it conflicts with.
    pub fn also(mut self, span: &Span, label: impl Into<String>) -> Problem {
        self.also = Some((span.clone(), shorten(label.into())));
        self
    }
}

/// Problems as they are found; an odd file can have more than are worth keeping.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problems {
    kept: Vec<Problem>,
    dropped: usize,
    /// Whether the file is not a scenario, and could be any file.
    foreign: bool,
}

impl Problems {
    /// Marks the file as possibly not a scenario.
    pub(crate) fn of_foreign(self, foreign: bool) -> Problems {
        Problems { foreign, ..self }
    }
    pub(crate) fn push(&mut self, problem: Problem) {
        match self.is_full() {
            true => self.dropped += 1,
            false => self.kept.push(problem),
        }
    }
    /// Replaces the problems of missing keys in a source by the given problem of that source; a problem without missing
    /// keys is dropped.
    pub(crate) fn without_missing(mut self, instead: Vec<(Problem, Span)>) -> Problems {
        for (problem, source) in instead {
            let inside = |it: &Problem| it.span.as_ref().is_some_and(|span| source.contains(&span.start));
            let before = self.kept.len();
            self.kept.retain(|it| it.code != "missing-key" || !inside(it));
            if self.kept.len() < before {
                self.kept.push(problem);
            }
        }
        self
    }
    /// Whether further problems are only counted.
    pub(crate) fn is_full(&self) -> bool {
        self.kept.len() >= KEPT
    }
    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
    /// Those that are kept, in the order in which they were found.
    pub(crate) fn into_kept(self) -> Vec<Problem> {
        self.kept
    }
    /// The page of all problems, in the order of the file.
    pub(crate) fn report(mut self, file: &str, mut sources: Sources) -> Report {
        if self.foreign {
            sources.conceal();
        }
        self.kept.sort_by_key(|problem| problem.span.as_ref().map(|span| (span.start, span.end)));
        self.kept.dedup();
        Report { file: visible(file).into_owned(), problems: self.kept, dropped: self.dropped, sources }
    }
}

/// All problems of a scenario, in the order of the file.
#[derive(Clone)]
pub struct Report {
    file: String,
    problems: Vec<Problem>,
    dropped: usize,
    sources: Sources,
}

impl Report {
    /// The problems, those without a place first.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Number of further problems, which were only counted.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// Source, line and column of a problem.
    pub fn place(&self, problem: &Problem) -> Option<Place<'_>> {
        self.place_of(problem.span.as_ref()?)
    }

    /// Source, line and column of a span.
    pub fn place_of(&self, span: &Span) -> Option<Place<'_>> {
        self.sources.locate(span)
    }

    /// The error page: each problem with its line and hint, then their number.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut page = String::new();
        for problem in self.problems.iter().take(SHOWN) {
            page.push_str(&renderer.render(&[self.group(problem)]));
            page.push_str("\n\n");
        }
        if self.count() > SHOWN {
            page.push_str(&format!("... and {} more\n\n", self.count() - SHOWN));
        }
        page.push_str(&format!("{self}\n"));
        page
    }

    fn count(&self) -> usize {
        self.problems.len() + self.dropped
    }

    fn group<'a>(&'a self, problem: &'a Problem) -> Group<'a> {
        let title = match problem.severity {
            Severity::Error => Level::ERROR.primary_title(&problem.message),
            Severity::Warning => Level::WARNING.primary_title(&problem.message).id(problem.code),
        };
        let mut group = Group::with_title(title);
        let place = self.place(problem);
        let also = problem.also.as_ref().and_then(|(span, label)| Some((self.sources.locate(span)?, label)));
        match (&place, also) {
            (None, _) => group = group.element(Origin::path(self.file.as_str())),
            (Some(place), None) => group = show(group, place, None),
            // Overrides share a name, but each has its own text.
            (Some(place), Some((also, label))) if std::ptr::eq(also.text, place.text) => {
                group = show(group, place, Some((&also, label)));
            }
            (Some(place), Some((also, label))) => {
                group = show(group, place, None);
                group = show_one(group, &also, AnnotationKind::Context, Some(label));
            }
        }
        match &problem.hint {
            Some(hint) => group.element(Level::HELP.with_name("hint").message(hint)),
            None => group,
        }
    }
}

/// Shows a place and, if both fit on the page, the place that it conflicts with.
fn show<'a>(group: Group<'a>, place: &Place<'a>, also: Option<(&Place<'a>, &'a String)>) -> Group<'a> {
    if let Some((other, label)) = also.filter(|_| place.shown) {
        let both = place.span.start.min(other.span.start)..place.span.end.max(other.span.end);
        if let Some((window, line)) = window(place.text, &both) {
            let snippet = Snippet::source(&place.text[window.clone()])
                .line_start(line)
                .path(place.source)
                .annotation(AnnotationKind::Primary.span(shift(&place.span, window.start)))
                .annotation(
                    AnnotationKind::Context.span(shift(&other.span, window.start)).label(label.as_str()),
                );
            return group.element(snippet);
        }
    }
    show_one(group, place, AnnotationKind::Primary, None)
}

fn show_one<'a>(
    group: Group<'a>,
    place: &Place<'a>,
    kind: AnnotationKind,
    label: Option<&'a String>,
) -> Group<'a> {
    match window(place.text, &place.span).filter(|_| place.shown) {
        Some((window, line)) => group.element(
            Snippet::source(&place.text[window.clone()]).line_start(line).path(place.source).annotation(
                kind.span(shift(&place.span, window.start))
                    .label(label.map(String::as_str).unwrap_or_default()),
            ),
        ),
        None => group.element(Origin::path(place.source).line(place.line).char_column(place.column)),
    }
}

fn shift(span: &Span, by: usize) -> Span {
    span.start.saturating_sub(by)..span.end.saturating_sub(by)
}

/// The whole lines around a span and the number of the first; `None` if they are too long to show.
fn window(text: &str, span: &Span) -> Option<(Span, usize)> {
    let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |newline| span.end + newline);
    (end - start <= SNIPPET).then(|| (start..end, text[..start].matches('\n').count() + 1))
}

/// One line: how many problems or warnings, in which file.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.count();
        let what = match self.problems.first().map(|problem| problem.severity) {
            Some(Severity::Warning) => "warning",
            _ => "problem",
        };
        write!(f, "{} in {}", counted(count as u64, what), self.file)
    }
}

/// The page itself, so that a failed `unwrap` in a test is readable.
impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}
