//! What is wrong with a text. In: the text. Out: problems and warnings as an editor shows them, those of `simcap check`.

use std::path::Path;

use gen_lsp_types::{Code, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Uri};
use simcap::language::problem::Severity;
use simcap::report::Item;
use simcap::scenario;
use simcap::warning;

use super::document::{Document, Encoding};

/// Everything that is to be said of a text; nothing of one that is no scenario.
pub fn of(text: &Document, uri: &Uri, encoding: Encoding) -> Vec<Diagnostic> {
    if !scenario::complete::is_scenario(&text.text) {
        return Vec::new();
    }
    let path = text.path.as_deref().unwrap_or(Path::new("scenario.toml"));
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new(""));
    let items = match scenario::parse_with_origin(&name, text.text.as_bytes(), folder, &[]) {
        Ok((scenario, origin)) => {
            let warnings = warning::of_scenario(&scenario, scenario.runs);
            Item::all(&name, &warning::report(&origin, &warnings))
        }
        Err(error) => Item::of_error(&name, &error),
    };
    items.into_iter().map(|item| shown(item, &name, text, uri, encoding)).collect()
}

fn shown(item: Item, name: &str, text: &Document, uri: &Uri, encoding: Encoding) -> Diagnostic {
    let is_here = item.file == name;
    let mut message = item.message;
    if !is_here {
        // It is in a file that this one extends: said at the begin of this one.
        let place =
            item.line.zip(item.column).map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
        message = format!("{}{place}: {message}", item.file);
    }
    if let Some(hint) = item.hint {
        message = format!("{message}\nhint: {hint}");
    }
    let columns = |column: usize| (column, item.end_column.unwrap_or(column + 1).max(column));
    let range = match item.line.zip(item.column) {
        Some((line, column)) if is_here => text.range(line, columns(column), encoding),
        _ => text.range(1, (1, 1), encoding),
    };
    let also = item.also.filter(|also| also.file == name).map(|also| {
        let range = text.range(also.line, (also.column, also.column + 1), encoding);
        vec![DiagnosticRelatedInformation {
            location: Location { uri: uri.clone(), range },
            message: also.message,
        }]
    });
    Diagnostic {
        range,
        severity: Some(match item.level {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
        }),
        code: Some(Code::String(item.code.to_owned())),
        source: Some("simcap".to_owned()),
        message: message.into(),
        related_information: also,
        ..Diagnostic::default()
    }
}
