//! What an import has made. In: counters, figures, what was asked for. Out: files, and a page.

use super::assumed;
use super::classes::{self, Class, OTHER};
use super::counts::Counts;
use super::error::ImportError;
use super::format::Format;
use super::law::{self, Law};
use super::measured::{self, Rows, Table};
use super::options::Options;
use super::page;
use super::row::End;
use super::scenario::Source;
use super::series::{Column, Series};
use super::source::Sources;
use super::span;
use super::summary::Summary;
use super::tally::{Tallied, Tally};
use crate::number::count;

/// A gap is a time in which so many requests would have been expected, and none came.
const EXPECTED_IN_GAP: f64 = 20.0;
/// The class of everything, where figures tell no classes apart.
const ALL: &str = "all";

/// What the passes have found.
pub(super) struct Made {
    pub classes: Vec<Class>,
    pub tally: Tally,
    pub series: Series,
    pub counts: Vec<Counts>,
    pub cut_off: Vec<usize>,
    pub period: i64,
}

/// An import that was made.
#[derive(Debug)]
pub struct Imported {
    /// What was read, dropped and assumed.
    pub summary: Summary,
    pub(super) classes: Option<String>,
    pub(super) is_proposed: bool,
    pub(super) rows: Rows,
    pub(super) table: Table,
    pub(super) sources: Vec<Source>,
    pub(super) empirical: Vec<(String, String)>,
    pub(super) page: Vec<page::Row>,
}

/// Puts everything together.
pub(super) fn of(
    made: Made,
    found: &Sources,
    formats: Vec<(Format, u64)>,
    options: &Options,
) -> Result<Imported, ImportError> {
    let Made { classes, tally, mut series, counts, cut_off, period } = made;
    series.keep(options.from, options.to);
    let requests: u64 = tally.classes.iter().map(Tallied::requests).sum();
    let mut summary = Summary { files: formats, cut_off, counts, period, ..Summary::default() };
    (summary.empty, summary.passed) = (found.empty, found.passed.clone());
    summary.assumed = assumed::assumptions(found, &summary);
    let rows = span::rows(&mut summary, &tally, &series, period)?;
    let names: Vec<Option<&str>> = classes
        .iter()
        .map(|class| (&*class.name, class.drop))
        .chain([(OTHER, false)])
        .zip(&tally.classes)
        .map(|((name, is_dropped), tallied)| (!is_dropped && tallied.requests() > 0).then_some(name))
        .collect();
    let mut imported = Imported {
        summary,
        classes: None,
        is_proposed: options.classes.is_none(),
        rows,
        table: Table::default(),
        sources: Vec::new(),
        empirical: Vec::new(),
        page: Vec::new(),
    };
    if requests > 0 {
        for (tallied, name) in tally.classes.iter().zip(&names) {
            if let Some(name) = name {
                imported.add(name, tallied, requests);
            }
        }
        let counted: Vec<(Class, u64)> =
            classes.iter().cloned().zip(tally.classes.iter().map(Tallied::requests)).collect();
        let counted = counted.into_iter().filter(|(_, count)| !imported.is_proposed || *count > 0);
        imported.classes = Some(classes::written(
            &counted.collect::<Vec<_>>(),
            tally.classes.last().map_or(0, Tallied::requests),
        ));
        imported.table = measured::measured(&tally, &names, &series, &rows);
        imported.note_gaps();
    } else {
        gather(&mut series, options.top.max(1));
        imported.table = measured::measured(&tally, &names, &series, &rows);
        imported.add_figures(&series);
    }
    if imported.page.iter().any(|row| row.errors > 0) {
        let failed = "requests that failed are replayed as ones that are answered, with the times of answers";
        imported.summary.assumed.push(failed.into());
    }
    if imported.sources.is_empty() {
        let all = "no request was found, so there is a measured.csv and no scenario";
        imported.summary.assumed.push(all.into());
    }
    imported
        .sources
        .sort_by(|one, other| other.requests.cmp(&one.requests).then_with(|| one.name.cmp(&other.name)));
    Ok(imported)
}

/// Beyond the most frequent names, figures of load tests are put together as `other`.
fn gather(series: &mut Series, top: usize) {
    let mut names: Vec<(f64, String)> = series
        .columns()
        .filter(|column| column.figure == "requests")
        .filter_map(|column| Some((series.sum(column), column.of.clone()?)))
        .collect();
    names.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    for (_, name) in names.into_iter().skip(top) {
        let columns: Vec<Column> =
            series.columns().filter(|column| column.of.as_ref() == Some(&name)).cloned().collect();
        for column in columns {
            let values = series.remove(&column);
            for (at, value) in values.into_iter().filter(|_| column.is_count()) {
                // There is room: as many were taken out.
                let _ = series.add(&Column::new(column.figure.clone(), Some(OTHER)), at, value);
            }
        }
    }
}

impl Imported {
    /// A class of logs.
    fn add(&mut self, name: &str, tallied: &Tallied, all: u64) {
        let (times, what) = match tallied.service.moments.count {
            0 => (&tallied.total, "time of the whole request"),
            _ => (&tallied.service, "time in the target"),
        };
        let law = Law::of(times);
        let file = format!("service-{name}.csv");
        let mut notes = Vec::new();
        match &law {
            Law::Unknown => {
                notes.push("The log has no times: what follows is ASSUMED, put your own in its place.".into())
            }
            Law::Nothing => notes.push(format!("{what}: below a microsecond")),
            Law::Lognormal { .. } => notes.push(format!("{what}: {}", law::fit(times))),
            Law::Empirical => {
                notes.push(format!("{what}: {}", law::fit(times)));
                notes.push(
                    "The lognormal law does not fit: the times are taken as they were measured.".into(),
                );
                self.empirical.push((file.clone(), law::values(times)));
            }
        }
        let failed: Vec<String> = End::ALL
            .into_iter()
            .filter(|end| *end != End::Answered && tallied.ends[*end as usize] > 0)
            .map(|end| format!("{} {}", count(tallied.ends[end as usize]), end.words()))
            .collect();
        if !failed.is_empty() {
            notes.push(failed.join(", "));
        }
        let requests = tallied.requests();
        let errors =
            End::ALL.into_iter().filter(|end| end.is_error()).map(|end| tallied.ends[end as usize]).sum();
        let quantile = |quantile: f64| times.histogram.quantile(quantile).map(|nanos| nanos as f64 / 1e6);
        self.page.push(page::Row {
            name: name.to_owned(),
            requests,
            part: requests as f64 / all.max(1) as f64,
            errors,
            percentiles: [0.5, 0.95, 0.99].map(quantile),
        });
        self.sources.push(Source { name: name.to_owned(), requests, law: law.written(&file), notes });
    }

    /// Classes of figures.
    fn add_figures(&mut self, series: &Series) {
        let sum = |figure: &str, of: Option<&str>| series.sum(&Column::new(figure, of));
        let named: Vec<String> =
            series.columns().filter(|it| it.figure == "requests").filter_map(|it| it.of.clone()).collect();
        let classes: Vec<Option<String>> = match named.is_empty() {
            true => vec![None],
            false => named.into_iter().map(Some).collect(),
        };
        let all: f64 = classes.iter().map(|of| sum("requests", of.as_deref())).sum();
        for of in classes {
            let of = of.as_deref();
            let requests = sum("requests", of);
            if requests <= 0.0 {
                continue;
            }
            let mean = |figure: &str| {
                self.table
                    .column(figure, of)
                    .map(|values| values.values().sum::<f64>() / values.len().max(1) as f64)
            };
            let percentiles = [mean("p50_ms"), mean("p95_ms"), mean("p99_ms")];
            let law = Law::of_figures(
                percentiles[0],
                percentiles[1],
                mean("service_ms").or_else(|| mean("mean_ms")),
            );
            let notes = vec![match (&law, percentiles) {
                (Law::Unknown, _) => {
                    "No times were measured: what follows is ASSUMED, put your own in its place.".into()
                }
                (_, [Some(_), Some(_), _]) => {
                    "ASSUMED: lognormal, with the mean p50 and p95 of all periods".to_owned()
                }
                _ => "ASSUMED: lognormal with a cv of 1; only the mean was measured".into(),
            }];
            let name = of.unwrap_or(ALL).to_owned();
            let written = law.written("");
            let requests = requests.round() as u64;
            self.page.push(page::Row {
                name: name.clone(),
                requests,
                part: requests as f64 / all.max(1.0),
                errors: self.table.column("errors", of).map_or(0.0, |values| values.values().sum()).round()
                    as u64,
                percentiles,
            });
            self.sources.push(Source { name, requests, law: written, notes });
        }
    }

    /// Times without a request where some were to be expected.
    fn note_gaps(&mut self) {
        let Some(values) = self.table.column("requests", None) else { return };
        let mean = values.values().sum::<f64>() / self.rows.count.max(1) as f64;
        let mut gaps = Vec::new();
        let mut began = None;
        for row in 0..=self.rows.count {
            let is_empty = row < self.rows.count && values.get(&row).is_none_or(|value| *value == 0.0);
            match (is_empty, began) {
                (true, None) => began = Some(row),
                (false, Some(first)) => {
                    if (row - first) as f64 * mean >= EXPECTED_IN_GAP {
                        gaps.push((self.rows.from + first * self.rows.period, row - first));
                    }
                    began = None;
                }
                _ => {}
            }
        }
        self.summary.gaps = gaps;
    }
}
