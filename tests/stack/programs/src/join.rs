//! `join`: puts CPU and busy threads of the workers beside what was measured at the balancer.
//! In: `--measured` (a CSV with `at_s`), `--begin` (its zero in Unix seconds), `--cores` of a worker, `--threads` of a worker, and the
//! counters of each worker. Out, to standard output: the same CSV with `cpu_percent of web` and `threads_percent of web`.

use anyhow::{Context as _, Result, ensure};

use crate::options::Options;

/// A second of a worker.
struct Second {
    unix_s: f64,
    busy_s: f64,
    cpu_s: f64,
}

pub fn run(options: &mut Options) -> Result<()> {
    let path: String = options.required("measured")?;
    let begin: f64 = options.required("begin")?;
    let (cores, threads): (f64, f64) = (options.required("cores")?, options.required("threads")?);
    options.end()?;
    let mut seconds = Vec::new();
    for counters in &options.values {
        for row in csv::Reader::from_path(counters).with_context(|| counters.clone())?.records() {
            let row = row?;
            seconds.push(Second { unix_s: row[0].parse()?, busy_s: row[2].parse()?, cpu_s: row[3].parse()? });
        }
    }
    let workers = options.values.len() as f64;

    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).from_path(&path).with_context(|| path.clone())?;
    let mut writer = csv::Writer::from_writer(std::io::stdout());
    let mut headers = reader.headers()?.clone();
    ensure!(headers.get(0) == Some("at_s"), "{path} does not begin with `at_s`");
    headers.push_field("cpu_percent of web");
    headers.push_field("threads_percent of web");
    writer.write_record(&headers)?;
    let rows = reader.records().collect::<Result<Vec<_>, _>>()?;
    let starts: Vec<f64> = rows.iter().map(|row| Ok(row[0].parse()?)).collect::<Result<_>>()?;
    ensure!(starts.len() > 1, "{path} has less than two rows");
    for (mut row, at) in rows.into_iter().zip(&starts) {
        // A row of a counter is about the second before it.
        let inside = |second: &&Second| {
            second.unix_s > begin + at && second.unix_s <= begin + at + (starts[1] - starts[0])
        };
        let of: Vec<&Second> = seconds.iter().filter(inside).collect();
        let covered = of.len() as f64 / workers;
        let percent = |used: f64, there: f64| {
            if covered > 0.0 {
                format!("{:.3}", used / (covered * workers * there) * 100.0)
            } else {
                String::new()
            }
        };
        row.push_field(&percent(of.iter().map(|second| second.cpu_s).sum(), cores));
        row.push_field(&percent(of.iter().map(|second| second.busy_s).sum(), threads));
        writer.write_record(&row)?;
    }
    Ok(writer.flush()?)
}
