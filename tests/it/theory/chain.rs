//! The stationary law of a finite Markov chain in continuous time.

/// The share of time in each state; for every way out of a state, `moves` reports the state reached and the rate.
///
/// Gauss-Seidel on the balance equations: the share of a state is its inflow over its rate out.
pub fn stationary(states: usize, moves: impl Fn(usize, &mut dyn FnMut(usize, f64))) -> Vec<f64> {
    let mut into: Vec<Vec<(usize, f64)>> = vec![Vec::new(); states];
    let mut out = vec![0.0; states];
    for (state, out) in out.iter_mut().enumerate() {
        moves(state, &mut |to, rate| {
            if to != state && rate > 0.0 {
                into[to].push((state, rate));
                *out += rate;
            }
        });
    }
    let mut share = vec![1.0 / states as f64; states];
    for sweep in 0..200_000 {
        let mut change = 0f64;
        let mut balance = |state: usize| {
            let inflow: f64 = into[state].iter().map(|&(from, rate)| share[from] * rate).sum();
            let next = inflow / out[state];
            change += (next - share[state]).abs();
            share[state] = next;
        };
        match sweep % 2 {
            0 => (0..states).for_each(&mut balance),
            _ => (0..states).rev().for_each(&mut balance),
        }
        let total: f64 = share.iter().sum();
        share.iter_mut().for_each(|share| *share /= total);
        if change < 1e-13 {
            return share;
        }
    }
    panic!("the balance equations did not converge");
}

/// Mean of a function of the state.
pub fn mean(share: &[f64], f: impl Fn(usize) -> f64) -> f64 {
    share.iter().enumerate().map(|(state, share)| share * f(state)).sum()
}

#[test]
fn the_chain_of_a_loss_system_gives_erlang_b() {
    let share = stationary(6, |busy, go| {
        if busy < 5 {
            go(busy + 1, 3.0);
        }
        if busy > 0 {
            go(busy - 1, busy as f64);
        }
    });
    assert!((share[5] - super::formula::erlang_b(5, 3.0)).abs() < 1e-12);
}
