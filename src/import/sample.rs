//! The first pass: all figures, and a part of the requests, from which classes are proposed. In: sources. Out: a tree of paths, series, the span of time.

use super::classes;
use super::counts::Counts;
use super::error::ImportError;
use super::format::Shape;
use super::options::Options;
use super::row::{Reason, Row};
use super::scan::hash;
use super::series::Series;
use super::sink::is_outside;
use super::source::{Place, SAMPLE, Source};
use super::tree::Tree;
use super::walk::{Full, Part, Reading, Sink, parts};

/// Of a larger log, pieces of this size, evenly spread.
const PIECE: u64 = 1 << 20;

/// What the first pass has found.
pub(super) struct Sampled {
    pub tree: Tree,
    pub series: Series,
    /// The earliest and the latest request of the sample.
    pub span: Option<(i64, i64)>,
    /// Counts of the sources of figures; of others none.
    pub counts: Vec<Counts>,
    pub cut_off: Vec<usize>,
}

/// Whether a source has requests.
pub(super) fn has_rows(source: &Source) -> bool {
    matches!(source.shape, Shape::Lines(_) | Shape::Requests(_))
}

/// Looks at the sources.
pub(super) fn sample(
    reading: &Reading,
    sources: &[Source],
    options: &Options,
) -> Result<Sampled, ImportError> {
    let sources: &[Source] = &sources.iter().map(Source::repeatable).collect::<Vec<_>>();
    let make = || Sampler { options, tree: Tree::default(), series: Series::default(), span: None };
    let figures: Vec<Part> =
        parts(sources).into_iter().filter(|part| !has_rows(&sources[part.source])).collect();
    let too_many = || ImportError::Nothing("there are more figures than can be kept".into());
    let of_full = |error| match error {
        ImportError::Periods { .. } => too_many(),
        other => other,
    };
    let (of_figures, counts, cut_off) = reading.all(sources, &figures, make).map_err(of_full)?;
    let (of_rows, ..) = reading.all(sources, &pieces(sources), make)?;
    let mut all = make();
    for sampler in of_figures.into_iter().chain(of_rows) {
        all.tree.merge(sampler.tree);
        all.series.merge(sampler.series).map_err(|_| too_many())?;
        all.span = joined(all.span, sampler.span);
    }
    Ok(Sampled { tree: all.tree, series: all.series, span: all.span, counts, cut_off })
}

fn joined(one: Option<(i64, i64)>, other: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (one, other) {
        (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
        (one, other) => one.or(other),
    }
}

/// Pieces of the sources of requests: all of them if they are small, else evenly spread. The first and the last bytes are always among them, for
/// the span of time.
fn pieces(sources: &[Source]) -> Vec<Part> {
    let of_rows: Vec<(usize, &Source)> =
        sources.iter().enumerate().filter(|(_, source)| has_rows(source)).collect();
    let total: u64 = of_rows.iter().map(|(_, source)| source.size).sum();
    if total <= SAMPLE {
        return of_rows
            .iter()
            .map(|(source, of)| Part { source: *source, start: 0, end: limit(of) })
            .collect();
    }
    let step = total / (SAMPLE / PIECE);
    let mut pieces = Vec::new();
    // How many bytes of the next source are before its first piece.
    let mut before = 0u64;
    for (index, (source, of)) in of_rows.iter().enumerate() {
        let is_edge = index == 0 || index + 1 == of_rows.len();
        if of.is_packed || matches!(of.place, Place::Input(..)) {
            // It can only be read from its beginning; unpacked, it has some ten times as many bytes.
            if is_edge || before < of.size {
                pieces.push(Part { source: *source, start: 0, end: (of.size / step + 1) * PIECE });
            }
            before = (before + step - of.size % step) % step;
            continue;
        }
        let mut start = before;
        while start < of.size {
            pieces.push(Part { source: *source, start, end: start + PIECE });
            start += step.max(PIECE);
        }
        before = start - of.size;
        if is_edge && of.size > PIECE {
            pieces.push(Part { source: *source, start: of.size - PIECE, end: u64::MAX });
        }
    }
    pieces
}

/// What may be read of a source whose size says nothing.
fn limit(source: &Source) -> u64 {
    match source.place {
        Place::Input(..) => SAMPLE,
        Place::File(_) if source.is_packed => SAMPLE,
        Place::File(_) => u64::MAX,
    }
}

struct Sampler<'a> {
    options: &'a Options,
    tree: Tree,
    series: Series,
    span: Option<(i64, i64)>,
}

impl Sink for Sampler<'_> {
    fn row(&mut self, row: &Row) -> Result<Option<Reason>, Full> {
        if is_outside(row.at, self.options) {
            return Ok(Some(Reason::Outside));
        }
        self.span = joined(self.span, Some((row.at, row.at)));
        // `-` stands for a request that could not be read.
        let is_proposed =
            !row.is_time_only && &*row.path != b"-" && !classes::is_static(super::names::path_of(&row.path));
        if is_proposed && self.options.classes.is_none() {
            let client = if row.client.is_empty() { 0 } else { hash(row.client).max(1) };
            self.tree.add(row.method, &row.path, client);
        }
        Ok(None)
    }

    fn series(&mut self) -> &mut Series {
        &mut self.series
    }
}

#[cfg(test)]
mod tests {
    use super::super::format::{Format, Lines};
    use super::*;

    fn source(megabytes: u64, is_packed: bool) -> Source {
        let (format, shape) = (Format::Alb, Shape::Lines(Lines::Alb));
        Source { place: Place::File("a".into()), format, shape, is_packed, size: megabytes << 20 }
    }

    #[test]
    fn a_small_log_is_seen_as_a_whole() {
        let found = pieces(&[source(10, false), source(20, true)]);
        let whole = |source, end| Part { source, start: 0, end };
        assert_eq!(found, [whole(0, u64::MAX), whole(1, SAMPLE)]);
    }

    /// 1,280 MB: a piece of every 20 MB, and the ends.
    #[test]
    fn of_a_large_log_pieces_are_spread_evenly() {
        let sources = [source(100, false), source(80, true), source(1_100, false)];
        let found = pieces(&sources);
        let of = |source: usize| found.iter().filter(|part| part.source == source).count();
        assert_eq!((of(0), of(1), of(2)), (6, 1, 56));
        let starts: Vec<u64> =
            found.iter().filter(|part| part.source == 2).map(|part| part.start >> 20).collect();
        assert_eq!((&starts[..3], starts[54], starts[55]), (&[0, 20, 40][..], 1_080, 1_099));
        assert_eq!(
            found[6],
            Part { source: 1, start: 0, end: 5 * PIECE },
            "as many pieces, from its beginning"
        );
    }
}
