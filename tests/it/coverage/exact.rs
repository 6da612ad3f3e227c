//! The answers of the coverage study, computed independently: closed forms of M/M/1 and M/M/c, Kolmogorov's equations.
//!
//! In: the parameters of the cases. Out: for each case a function from a figure to milliseconds.

/// A figure by its name, in milliseconds.
type Answer = Box<dyn Fn(&str) -> f64>;

/// The answers, in the order of the cases.
pub fn answers() -> Vec<Answer> {
    let difference = |a: Answer, b: Answer| -> Answer { Box::new(move |figure| b(figure) - a(figure)) };
    let usual = || mm1(16.0, 20.0);
    vec![
        mm1(14.4, 16.0),
        mm1(18.0, 20.0),
        mmc(144.0, 20.0, 8),
        spike(),
        difference(usual(), mm1(16.32, 20.0)),
        difference(usual(), mm1(16.0, 1.0 / 0.049)),
    ]
}

fn quantile(figure: &str) -> Option<f64> {
    figure.strip_prefix('p').map(|percent| percent.parse::<f64>().unwrap() / 100.0)
}

/// Exponential sojourns.
fn mm1(arriving: f64, served: f64) -> Answer {
    Box::new(move |figure| {
        let of_mean = quantile(figure).map_or(1.0, |quantile| -(1.0 - quantile).ln());
        1e3 * of_mean / (served - arriving)
    })
}

/// Erlang C: a request that waits does so for an exponential time; then it is served.
fn mmc(arriving: f64, served: f64, servers: u32) -> Answer {
    let offered = arriving / served;
    let term = |n: u32| (1..=n).fold(1.0, |term, k| term * offered / f64::from(k));
    let all = term(servers) / (1.0 - offered / f64::from(servers));
    let waits = all / ((0..servers).map(term).sum::<f64>() + all);
    let ends = f64::from(servers) * served - arriving;
    let slower = move |t: f64| {
        let both = (ends * (-served * t).exp() - served * (-ends * t).exp()) / (ends - served);
        (1.0 - waits) * (-served * t).exp() + waits * both
    };
    Box::new(move |figure| match quantile(figure) {
        None => 1e3 * (waits / ends + 1.0 / served),
        Some(quantile) => {
            let halve = |(low, high): (f64, f64)| {
                let middle = (low + high) / 2.0;
                if slower(middle) > 1.0 - quantile { (middle, high) } else { (low, middle) }
            };
            1e3 * (0..100).fold((0.0, 100.0), |ends, _| halve(ends)).0
        }
    })
}

const SERVERS: usize = 4;
const SERVED: f64 = 20.0;
/// More requests than any arrival finds: twenty seconds with 20 too many per second are 400.
const STATES: usize = 900;
/// Seconds of a Runge-Kutta step.
const STEP: f64 = 1e-3;
const END: f64 = 60.0;
/// Longer than any sojourn.
const LONGEST: f64 = 15.0;
/// Steps between two sojourns of the grid.
const GRID: usize = 10;
/// Steps of arrivals near the end that are combined.
const COARSE: usize = 250;

fn arriving(t: f64) -> f64 {
    if (20.0..40.0).contains(&t) { 100.0 } else { 60.0 }
}

fn step(state: &mut [f64], change: &dyn Fn(&[f64]) -> Vec<f64>) {
    let moved = |state: &[f64], by: &[f64], h: f64| -> Vec<f64> {
        state.iter().zip(by).map(|(value, change)| value + h * change).collect()
    };
    let one = change(state);
    let two = change(&moved(state, &one, STEP / 2.0));
    let three = change(&moved(state, &two, STEP / 2.0));
    let four = change(&moved(state, &three, STEP));
    for (n, value) in state.iter_mut().enumerate() {
        *value += STEP / 6.0 * (one[n] + 2.0 * two[n] + 2.0 * three[n] + four[n]);
    }
}

/// For each sojourn of the grid: the probability of a longer one for a request that must wait for none, one, two …
/// others to end.
fn longer() -> Vec<Vec<f64>> {
    let all = SERVERS as f64 * SERVED;
    let mut longer = vec![1.0; STATES - SERVERS + 2];
    let mut grid = vec![longer.clone()];
    for k in 1..=(LONGEST / STEP) as usize {
        step(&mut longer, &|now| {
            let change = |k: usize| if k == 0 { -SERVED * now[0] } else { all * (now[k - 1] - now[k]) };
            (0..now.len()).map(change).collect()
        });
        if k % GRID == 0 {
            grid.push(longer.clone());
        }
    }
    grid
}

/// Arrivals by the number of requests that they must wait for: those that surely end in the run, and those of each
/// interval near the end, with the time that is left.
fn arrivals() -> Vec<(f64, Vec<f64>)> {
    let mut present = vec![0.0; STATES];
    present[0] = 1.0;
    let nobody = || vec![0.0; STATES - SERVERS + 2];
    let steps = (END / STEP) as usize;
    let sure = steps - (LONGEST / STEP) as usize;
    let mut found = vec![(LONGEST, nobody())];
    for k in 0..steps {
        let rate = arriving((k as f64 + 0.5) * STEP);
        let before = present.clone();
        step(&mut present, &|now| {
            let ends = |n: usize| n.min(SERVERS) as f64 * SERVED;
            let change = |n: usize| {
                let below = if n > 0 { rate * now[n - 1] } else { 0.0 };
                let above = now.get(n + 1).map_or(0.0, |above| ends(n + 1) * above);
                let leaving = ends(n) + if n + 1 < STATES { rate } else { 0.0 };
                below + above - leaving * now[n]
            };
            (0..STATES).map(change).collect()
        });
        if k >= sure && (k - sure).is_multiple_of(COARSE) {
            found.push(((steps - k) as f64 * STEP - COARSE as f64 / 2.0 * STEP, nobody()));
        }
        let (_, weights) = found.last_mut().unwrap();
        for n in 0..STATES {
            weights[(n + 1).saturating_sub(SERVERS)] += rate * STEP * (before[n] + present[n]) / 2.0;
        }
    }
    found
}

/// The spike at four servers: sojourns of requests that end within the minute.
fn spike() -> Answer {
    let (longer, arrivals) = (longer(), arrivals());
    let seconds = GRID as f64 * STEP;
    let at = |weights: &[f64], place: usize| -> f64 {
        weights.iter().zip(&longer[place]).map(|(weight, chance)| weight * chance).sum()
    };
    let left = |left: f64| ((left / seconds).round() as usize).min(longer.len() - 1);
    let curve: Vec<f64> = (0..longer.len())
        .map(|place| {
            let ends_between = arrivals.iter().map(|(rest, weights)| match left(*rest) {
                last if last > place => at(weights, place) - at(weights, last),
                _ => 0.0,
            });
            ends_between.sum()
        })
        .collect();
    Box::new(move |figure| match quantile(figure) {
        None => 1e3 * seconds * (curve.iter().sum::<f64>() / curve[0] - 0.5),
        Some(quantile) => {
            let share = (1.0 - quantile) * curve[0];
            let place = curve.iter().position(|slower| *slower <= share).unwrap();
            let part = (curve[place - 1] - share) / (curve[place - 1] - curve[place]);
            1e3 * seconds * (place as f64 - 1.0 + part)
        }
    })
}
