//! Chart: a recorded day beside runs of it. In: figures measured and predicted, period by period. Out: small plots of rate, latency, CPU and
//! instances over time: dots are measured, lines predicted, bands between the runs.

use plotters::style::RGBColor;

use super::super::picture;
use super::axis::Axis;
use super::figure::{Figure, Layer, Panel, Shape};
use super::palette;
use crate::backtest::{Backtest, Compared, Word};
use crate::calibrate::{Calibration, HoldOut};
use crate::measured::What;
use crate::number::{self, millis};

/// Most plots beside each other.
const MOST: usize = 3;

/// What a picture is of.
struct Day<'a> {
    figures: &'a [Compared],
    first_s: f64,
    width_s: f64,
    periods: usize,
}

/// The chart of a backtest, if anything was compared.
pub fn backtest(found: &Backtest) -> Option<Figure> {
    let day = Day {
        figures: &found.figures,
        first_s: found.first_s,
        width_s: found.width_s,
        periods: found.periods,
    };
    let words = match found.verdict.word {
        Word::Yes => "good enough to bet on",
        Word::No => "not good enough to bet on",
        _ => "nobody can tell whether it is good enough to bet on",
    };
    let asked = |asks: &str| asks.split(':').next().unwrap_or_default().to_owned();
    let latency = found.verdict.rules.get(2);
    let latency = latency.map_or(String::new(), |rule| format!(" · {}: {}", asked(&rule.asks), rule.found));
    let judged = |period: usize| {
        found.figures.iter().flat_map(|it| &it.pairs).any(|pair| pair.period == period && pair.judged)
    };
    let all = (0..found.periods).all(judged);
    let shaded = if all { Vec::new() } else { day.spans(&judged) };
    day.figure("Predicted beside measured", &found.name, format!("{words}{latency}"), shaded)
}

/// The chart of a calibration, if anything was compared.
pub fn calibration(found: &Calibration) -> Option<Figure> {
    let day = Day {
        figures: &found.compared,
        first_s: found.first_s,
        width_s: found.width_s,
        periods: found.periods,
    };
    let fitted =
        number::counted(found.numbers.iter().filter(|it| it.text.is_some()).count() as u64, "number");
    let subtitle = format!("{fitted} fitted to {}", found.measured);
    let shaded = match found.hold_out {
        HoldOut::Nothing => Vec::new(),
        _ => day.spans(&|period| found.held_out.contains(&period)),
    };
    day.figure("Fitted beside measured", &found.name, subtitle, shaded)
}

impl Day<'_> {
    fn figure(
        &self,
        title: &'static str,
        scenario: &str,
        subtitle: String,
        trouble: Vec<(f64, f64)>,
    ) -> Option<Figure> {
        let end = self.first_s + self.periods as f64 * self.width_s;
        let shaded = if trouble.is_empty() { "" } else { picture::HELD_OUT.text };
        let rows = self.rows();
        (!rows.is_empty()).then(|| Figure {
            title,
            scenario: scenario.to_owned(),
            subtitle,
            x: Axis::between(self.first_s, end, end),
            x_name: match end >= 3_600.0 {
                true => "time since the start (h:mm)",
                false => "time since the start (m:ss)",
            }
            .into(),
            x_of: Vec::new(),
            rows_name: String::new(),
            notes: Vec::new(),
            rows,
            zoom: None,
            trouble,
            shaded,
            markers: Vec::new(),
            unmarked: 0,
        })
    }

    /// Spans of periods.
    fn spans(&self, of: &dyn Fn(usize) -> bool) -> Vec<(f64, f64)> {
        let mut spans: Vec<(f64, f64)> = Vec::new();
        for period in (0..self.periods).filter(|it| of(*it)) {
            let (from, to) = (self.at(period), self.at(period + 1));
            match spans.last_mut() {
                Some(last) if last.1 >= from => last.1 = to,
                _ => spans.push((from, to)),
            }
        }
        spans
    }

    fn at(&self, period: usize) -> f64 {
        self.first_s + period as f64 * self.width_s
    }

    /// Rates, latencies, and what resources did, a row each.
    fn rows(&self) -> Vec<Vec<Panel>> {
        let find = |what: What, name: &Option<String>| {
            self.figures.iter().find(|it| it.of.what == what && it.of.name == *name && !it.pairs.is_empty())
        };
        let mut names: Vec<&Option<String>> = Vec::new();
        for it in self.figures.iter().filter(|it| it.of.what.is_of_requests()) {
            if !names.contains(&&it.of.name) {
                names.push(&it.of.name);
            }
        }
        let words = |name: &Option<String>| name.clone().unwrap_or_else(|| "all".into());
        let rate = |name: &&Option<String>| {
            let it = find(What::Requests, name)?;
            Some(self.panel(
                format!("{}: requests per second", words(name)),
                &[(it, palette::OFFERED, String::new())],
                1.0 / self.width_s,
                &|high| Axis::linear(0.0, high, number::compact),
            ))
        };
        let latency = |name: &&Option<String>| {
            let all = [
                (What::P50, palette::P50),
                (What::P95, palette::P95),
                (What::P99, palette::P99),
                (What::Mean, palette::P99_9),
            ];
            let mut shown: Vec<(&Compared, RGBColor, String)> = all
                .iter()
                .filter_map(|(what, colour)| Some((find(*what, name)?, *colour, what.name().to_owned())))
                .collect();
            // The mean only where there is little else.
            shown.truncate(MOST);
            let title = format!("{}: latency", words(name));
            (!shown.is_empty())
                .then(|| self.panel(title, &shown, 1.0, &|high| Axis::spans(high, 1e-3, millis)))
        };
        let resources = self.figures.iter().filter(|it| !it.of.what.is_of_requests() && !it.pairs.is_empty());
        let resource = |it: &Compared| {
            let axis: &dyn Fn(f64) -> Axis = match it.of.what.is_percent() {
                true => &|_| Axis::percent(),
                false => &|high| Axis::counts(high),
            };
            self.panel(it.of.words(), &[(it, palette::P95, String::new())], 1.0, axis)
        };
        let rows: [Vec<Panel>; 3] = [
            names.iter().filter_map(rate).take(MOST).collect(),
            names.iter().filter_map(latency).take(MOST).collect(),
            resources.take(MOST).map(resource).collect(),
        ];
        rows.into_iter().filter(|row| !row.is_empty()).collect()
    }

    /// Figures in one plot, each times a factor.
    fn panel(
        &self,
        title: String,
        shown: &[(&Compared, RGBColor, String)],
        times: f64,
        axis: &dyn Fn(f64) -> Axis,
    ) -> Panel {
        let mut layers = Vec::new();
        let mut high: f64 = 0.0;
        for (compared, colour, name) in shown {
            let middle = |period: usize| self.at(period) + self.width_s / 2.0;
            let (mut bands, mut lines) = (Vec::<Vec<(f64, f64, f64)>>::new(), Vec::<Vec<(f64, f64)>>::new());
            let mut last = None;
            for pair in &compared.pairs {
                // A gap between periods is one of the line.
                if last.is_none_or(|last| pair.period > last + 1) {
                    bands.push(Vec::new());
                    lines.push(Vec::new());
                }
                last = Some(pair.period);
                let x = middle(pair.period);
                let (low, top) = pair.band.unwrap_or((pair.predicted, pair.predicted));
                bands.last_mut().into_iter().for_each(|it| it.push((x, times * low, times * top)));
                lines.last_mut().into_iter().for_each(|it| it.push((x, times * pair.predicted)));
                high = high.max(times * pair.measured.max(pair.predicted));
            }
            let dots = compared.pairs.iter().enumerate();
            let dots = dots.map(|(at, pair)| {
                let name = if at == 0 { picture::MEASURED.text } else { "" };
                (middle(pair.period), times * pair.measured, name.to_owned())
            });
            let dots = dots.collect();
            let line = if name.is_empty() {
                picture::PREDICTED.text.to_owned()
            } else {
                format!("{name} predicted")
            };
            layers.push(Layer::new("", *colour, Shape::Band(bands)));
            layers.push(Layer::new(line, *colour, Shape::Line(lines)));
            layers.push(Layer::new(picture::MEASURED.text, *colour, Shape::Points(dots)));
        }
        Panel { title, y: axis(high), layers, weight: 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::{Pair, Scale};
    use crate::measured::Figure as Measured;

    fn compared(what: What, name: &str) -> Compared {
        let pair = |period: usize| Pair {
            period,
            measured: 60.0,
            predicted: 66.0,
            band: Some((54.0, 72.0)),
            noise: None,
            judged: period > 2,
        };
        let pairs = [0, 1, 3, 4].map(pair).into();
        Compared { of: Measured::of(what, name), scale: Scale::of(what), pairs, few: 0, errors: None }
    }

    #[test]
    fn dots_are_measured_and_lines_predicted_with_their_gaps() {
        let figures =
            [compared(What::Requests, "home"), compared(What::P95, "home"), compared(What::Cpu, "web")];
        let day = Day { figures: &figures, first_s: 0.0, width_s: 60.0, periods: 5 };
        let rows = day.rows();
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1]);
        let layers = &rows[0][0].layers;
        let Shape::Line(lines) = &layers[1].shape else { panic!("no line") };
        assert_eq!((lines.len(), lines[1][0]), (2, (210.0, 1.1)));
        let Shape::Points(dots) = &layers[2].shape else { panic!("no dots") };
        assert_eq!((dots.len(), dots[3].0, dots[3].1), (4, 270.0, 1.0));
        assert_eq!(day.spans(&|period| period > 2), [(180.0, 300.0)]);
        assert!(day.figure("", "", String::new(), Vec::new()).is_some());
        assert!(Day { figures: &[], ..day }.figure("", "", String::new(), Vec::new()).is_none());
    }
}
