//! Exact figures of a run. In: the answers. Out: a CSV with a row for each class and one for all: counts, mean, percentiles.

use std::fs::File;
use std::io::Write as _;

use anyhow::{Context as _, Result};

use crate::laws::Class;

/// What became of one request.
#[derive(Clone, Copy, Debug)]
pub struct Answered {
    pub class: Class,
    /// When it should have been sent, and after the first `warmup` if it counts, in seconds since the start of the run.
    pub at_s: f64,
    /// How much later than that it was sent.
    pub late_ms: f64,
    /// From when it should have been sent to the last byte of the answer.
    pub latency_ms: f64,
    /// 0 if there was no answer.
    pub status: u16,
}

/// `warmup_s`: requests before it do not count.
pub fn write(path: &str, answers: &[Answered], warmup_s: f64) -> Result<()> {
    let mut file = File::create(path).with_context(|| path.to_owned())?;
    writeln!(file, "class,requests,errors,mean_ms,p50_ms,p90_ms,p95_ms,p99_ms,max_ms,late_p99_ms")?;
    let classes = Class::ALL.into_iter().map(Some).chain([None]);
    for class in classes {
        let counted =
            |answer: &&Answered| answer.at_s >= warmup_s && class.is_none_or(|class| answer.class == class);
        let of: Vec<&Answered> = answers.iter().filter(counted).collect();
        let mut times: Vec<f64> =
            of.iter().filter(|answer| answer.status == 200).map(|answer| answer.latency_ms).collect();
        let mut late: Vec<f64> = of.iter().map(|answer| answer.late_ms).collect();
        times.sort_by(f64::total_cmp);
        late.sort_by(f64::total_cmp);
        let mean = times.iter().sum::<f64>() / times.len() as f64;
        let row = [
            mean,
            rank(&times, 0.5),
            rank(&times, 0.9),
            rank(&times, 0.95),
            rank(&times, 0.99),
            rank(&times, 1.0),
            rank(&late, 0.99),
        ];
        let row: Vec<String> = row.iter().map(|value| format!("{value:.3}")).collect();
        let name = class.map_or("all", Class::name);
        writeln!(file, "{name},{},{},{}", of.len(), of.len() - times.len(), row.join(","))?;
    }
    Ok(())
}

/// The nearest rank, as simcap takes it.
fn rank(sorted: &[f64], share: f64) -> f64 {
    if sorted.is_empty() {
        return f64::NAN;
    }
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_nearest_rank() {
        let times: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(
            [0.5, 0.9, 0.95, 0.99, 1.0].map(|share| rank(&times, share)),
            [10.0, 18.0, 19.0, 20.0, 20.0]
        );
        assert_eq!(rank(&[7.0], 0.5), 7.0);
        assert!(rank(&[], 0.5).is_nan());
    }

    /// Failures and the first seconds are in no time, and failures are counted.
    #[test]
    fn only_answers_after_the_warmup_count() {
        let answered = |at_s, latency_ms, status| Answered {
            class: Class::Page,
            at_s,
            late_ms: 0.0,
            latency_ms,
            status,
        };
        let file = std::env::temp_dir().join(format!("figures-{}.csv", std::process::id()));
        let path = file.to_str().unwrap();
        let answers = [
            answered(1.0, 900.0, 200),
            answered(6.0, 10.0, 200),
            answered(7.0, 20.0, 200),
            answered(8.0, 1.0, 503),
        ];
        write(path, &answers, 5.0).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        std::fs::remove_file(path).unwrap();
        assert!(text.lines().any(|line| line.starts_with("page,3,1,15.000,10.000,20.000,")), "{text}");
    }
}
