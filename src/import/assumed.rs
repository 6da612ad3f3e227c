//! What formats do not say, and what is taken for granted. In: the sources of an import. Out: sentences for its summary.

use std::collections::BTreeSet;

use super::format::{Figures, Format, Lines, Requests, Shape};
use super::source::Sources;
use super::summary::Summary;

/// What formats do not say.
pub(super) fn assumptions(found: &Sources, summary: &Summary) -> Vec<String> {
    let mut assumed: Vec<String> = Vec::new();
    for (format, _) in &summary.files {
        let text = match format {
            Format::Alb => {
                "alb: a request arrived at its creation time; its time in the target is the target_processing_time of requests that were answered below 500"
            }
            Format::Clf => {
                "clf: the time of a row is that of the arrival; where nginx also writes how long it took, it is that of the end"
            }
            Format::CloudFront => {
                "cloudfront: times are UTC and of the end of an answer; time-taken before that it arrived"
            }
            Format::K6 => {
                "k6: times are those of the client, with the network; http_req_waiting stands for the time in the target; the time of a row is that of the end"
            }
            Format::Locust => {
                "locust: counts are differences of its totals; percentiles are those of the last ten seconds, averaged over a period"
            }
            Format::CloudWatch => {
                "cloudwatch: sums are counts of a period; response times are those of the target; a time without a zone is UTC"
            }
            Format::Csv => {
                "csv: a time without a zone is UTC; counts are of the period that begins at their time"
            }
        };
        assumed.push(text.into());
    }
    for (index, source) in found.sources.iter().enumerate() {
        let columns = match &source.shape {
            Shape::Requests(Requests::Columns(columns)) | Shape::Figures(Figures::Columns(columns)) => {
                columns
            }
            Shape::Lines(Lines::Clf(tail)) => {
                assumed.extend(tail.words().map(|words| format!("clf: {words}")));
                continue;
            }
            _ => continue,
        };
        if columns.assumes_millis {
            assumed.push("csv: spans without a unit in the name of their column are milliseconds".into());
        }
        if let Some(column) = columns.assumes_counts {
            assumed.push(format!("csv: column {column} of file {} counts requests, by its name", index + 1));
        }
        if !columns.unknown.is_empty() {
            let numbers: Vec<String> = columns.unknown.iter().map(usize::to_string).collect();
            let noun = if numbers.len() == 1 { "column" } else { "columns" };
            let verb = if numbers.len() == 1 { "was" } else { "were" };
            assumed.push(format!(
                "csv: {noun} {} of file {} {verb} not understood and not used",
                numbers.join(", "),
                index + 1
            ));
        }
    }
    let mut seen = BTreeSet::new();
    assumed.retain(|text| seen.insert(text.clone()));
    assumed
}
