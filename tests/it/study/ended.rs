//! A sweep that is ended goes on where it was.

use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Place, text, written};

/// Killed fifty times, at instants that nobody chose: the bytes are those of a sweep that nothing disturbed, and no run that was done
/// is made again.
#[test]
fn a_sweep_that_is_killed_again_and_again_ends_with_the_same_bytes() {
    let (calm, killed) = (Place::new(), Place::new());
    let began = Instant::now();
    assert_eq!(calm.sweep(&["--no-progress"]).status.code(), Some(0));
    let whole = began.elapsed();
    let mut wait = 1u64;
    for _ in 0..50 {
        let mut child = killed
            .simcap()
            .args(super::GRID)
            .arg("--no-progress")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Anywhere in the first half of what a calm one takes: a new number each time (Lehmer's generator).
        wait = wait * 48_271 % 0x7fff_ffff;
        sleep(whole.mul_f64(0.5 * wait as f64 / f64::from(0x7fff_ffff)).min(Duration::from_millis(300)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let last = killed.sweep(&["--no-progress"]);
    assert_eq!(last.status.code(), Some(0), "{}", text(&last.stderr));
    assert_eq!(written(&killed.path("out/shop/sweep")), written(&calm.path("out/shop/sweep")));
    let page = text(&killed.sweep(&["--no-progress"]).stdout);
    assert!(page.contains("24 of 24 runs were kept from before."), "{page}");
}

/// What is done when a limit of time is reached is told, and kept.
#[test]
fn a_sweep_that_reaches_a_limit_says_how_far_it_came() {
    let place = Place::new();
    let output = place.sweep(&["--no-progress", "--max-time", "1ms"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("the sweep was ended: it takes longer than the 1ms allowed"), "{said}");
    assert!(said.contains("of 24 runs are kept, and are not run again"), "{said}");
}
