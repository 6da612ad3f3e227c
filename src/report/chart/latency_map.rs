//! Chart: how many requests had which latency over time. In: an outcome. Out: cells coloured by their number, with the median and the
//! 99th percentile: requests of two sorts are two bands here, and no line that jumps between them.

use super::super::picture;
use super::axis::Axis;
use super::figure::{Cell, Figure, Layer, Panel, Shape};
use super::latency::{jumps, objectives};
use super::marker::markers;
use super::palette;
use super::series::Rows;
use crate::measure::resource::label::NAME;
use crate::number;
use crate::outcome::{LatencyBin, Outcome, Percentile};

/// The chart, if requests completed and the outcome has their bins.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let most = outcome.density.iter().flat_map(|bin| &bin.completed).copied().fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let rows = Rows::of(outcome);
    let mut layers = counts(&outcome.density, &rows, most);
    for (key, name, colour) in [
        (Percentile::P99, "p99", palette::MAP_P99),
        (Percentile::P50, picture::MEDIAN.text, palette::MAP_P50),
    ] {
        if let Some(column) = outcome.timeline.latency_ms.get(&key).filter(|column| !jumps(column)) {
            layers.push(Layer::new(name, colour, rows.line(column.iter().copied())));
        }
    }
    let levels = objectives(outcome, None, &|quantile| (quantile == 0.99).then_some(palette::MAP_P99));
    let used = outcome.density.iter().filter(|bin| bin.completed.iter().any(|count| *count > 0.0));
    let edges = used.flat_map(|bin| [bin.from_ms, bin.to_ms]);
    let values = edges.chain(levels.iter().map(|(limit, _)| *limit)).collect::<Vec<_>>();
    layers.extend(levels.into_iter().map(|(_, layer)| layer));
    let width = number::width(outcome.timeline.bucket_s);
    let panel = Panel {
        title: format!("{}{}", picture::MAP.text.replace(NAME, &width), picture::LOG),
        y: Axis::log(values.into_iter(), number::millis),
        layers,
        weight: 1.0,
    };
    let (markers, unmarked) = markers(outcome);
    let subtitle = subtitle(outcome);
    let figure = Figure::over_time(outcome, "Latency of each request", subtitle, vec![vec![panel]]);
    Some(Figure { markers, unmarked, ..figure })
}

/// The least counts of the colours, the palest first: factors of ten or of three below the highest one that is reached.
fn thresholds(most: f64) -> Vec<f64> {
    let all = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 1e4, 1e5, 1e6, 1e7];
    let step = if most >= 300.0 {
        [1.0, 10.0, 100.0].into_iter().chain(all.into_iter().skip(6)).collect()
    } else {
        all.to_vec()
    };
    let reached: Vec<f64> = step.into_iter().filter(|least| *least == 1.0 || *least <= most).collect();
    reached[reached.len().saturating_sub(palette::COUNTS.len())..].to_vec()
}

/// The cells of each colour. What is less than the least count has the palest.
fn counts(bins: &[LatencyBin], rows: &Rows, most: f64) -> Vec<Layer> {
    let least = thresholds(most);
    let mut cells: Vec<Vec<Cell>> = vec![Vec::new(); least.len()];
    for bin in bins {
        for ((from, to), count) in rows.spans().zip(&bin.completed).filter(|(_, count)| **count > 0.0) {
            let level = least.iter().rposition(|least| count >= least).unwrap_or(0);
            cells[level].push((from, to, bin.from_ms, bin.to_ms));
        }
    }
    let name = |level: usize| match (level, least.get(level + 1)) {
        (0, Some(next)) => picture::FEWER.text.replace(NAME, &number::compact(*next)),
        (_, Some(next)) => format!("{} to {}", number::compact(least[level]), number::compact(*next)),
        (_, None) => picture::AND_MORE.text.replace(NAME, &number::compact(least[level])),
    };
    let colours = &palette::COUNTS[palette::COUNTS.len() - least.len()..];
    let layers = cells.into_iter().zip(colours).enumerate();
    layers.map(|(level, (cells, colour))| Layer::new(name(level), *colour, Shape::Cells(cells))).collect()
}

fn subtitle(outcome: &Outcome) -> String {
    let latency = &outcome.latency_ms;
    format!(
        "{} requests · half of them within {}, 99 of 100 within {}, all within {}",
        number::compact(latency.count as f64),
        number::millis(latency.p50),
        number::millis(latency.p99),
        number::millis(latency.max),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;

    #[test]
    fn colours_are_decades_of_large_counts_and_thirds_of_small_ones() {
        assert_eq!(thresholds(25_000.0), [1.0, 10.0, 100.0, 1e3, 1e4]);
        assert_eq!(thresholds(2.5e6), [100.0, 1e3, 1e4, 1e5, 1e6]);
        assert_eq!(thresholds(40.0), [1.0, 3.0, 10.0, 30.0]);
        assert_eq!(thresholds(0.2), [1.0]);
    }

    /// Every request that completed is in one cell of its row, and cells lie where their latencies are.
    #[test]
    fn each_count_is_a_cell_of_its_row_and_its_latency() {
        let mut outcome = sample::first_rows(3);
        let bin =
            |from_ms, to_ms, completed: [f64; 3]| LatencyBin { from_ms, to_ms, completed: completed.into() };
        outcome.density = vec![bin(8.0, 10.0, [400.0, 0.0, 5.0]), bin(10.0, 12.0, [0.0, 12.0, 0.5])];
        let figure = figure(&outcome).unwrap();
        let layers = &figure.rows[0][0].layers;
        let found: Vec<(&str, &[Cell])> = layers
            .iter()
            .filter_map(|layer| match &layer.shape {
                Shape::Cells(cells) => Some((layer.name.as_str(), cells.as_slice())),
                _ => None,
            })
            .collect();
        let (few, some, many) = (
            [(60.0, 90.0, 8.0, 10.0), (60.0, 90.0, 10.0, 12.0)],
            [(30.0, 60.0, 10.0, 12.0)],
            [(0.0, 30.0, 8.0, 10.0)],
        );
        let expected: [(&str, &[_]); 3] =
            [("fewer than 10", &few), ("10 to 100", &some), ("100 requests and more", &many)];
        assert_eq!(found, expected);
        assert!(layers.iter().any(|layer| layer.name == "p99"));
        outcome.density.clear();
        assert!(super::figure(&outcome).is_none(), "an outcome of an older version");
    }
}
