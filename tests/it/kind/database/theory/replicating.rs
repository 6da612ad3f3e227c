//! Replicas that apply the binary log: one applier is a queue with one server, and a read is stale while the write of
//! its row is still in the queue.

use std::fs;

use crate::theory::confidence::{replicate, replicate_parsed};

/// M/M/1: the lag is exponential with rate μ - λ, so a read at the age τ is stale with probability exp(-(μ - λ) τ).
#[test]
fn a_read_of_ones_own_write_is_stale_while_the_write_is_on_its_way() {
    let (rate, apply, age) = (35.0, 0.02, 0.05);
    let text = format!(
        "duration = \"8000s\"\nwarmup = \"100s\"\n[traffic.all]\nrate = \"{rate}/s\"\n[request.edit]\nvia = \"app\"\n\
         steps = [{{ write = \"shop\", demand = \"0s\", rows = \"articles\" }}, {{ delay = \"{age}s\" }},\n\
         {{ read = \"shop\", demand = \"0s\", rows = \"articles\", same = true }}]\n\
         [keys.articles]\ncount = 10000000\nzipf = 0\n\
         [fleet.app]\ninstance = \"m5.large\"\ninstances = 1\nthreads = \"unlimited\"\npools = {{ shop = 1000 }}\n\
         [database.shop]\nengine = \"mysql\"\nwriter = \"db.r6g.large\"\nreplicas = 1\nmax_connections = 2000\n\
         commit = \"0s\"\nhop = \"0s\"\nreplication = {{ ship = \"0s\", apply = \"exponential {apply}s\" }}\n"
    );
    let slack: f64 = 1.0 / apply - rate;
    let runs = replicate(&text, 10);
    runs.expect("mean lag", 1e3 / slack, 0.03, |run| run.databases[0].lag_ms.mean);
    runs.expect("share of stale reads", (-slack * age).exp(), 0.02, |run| {
        run.databases[0].stale_reads / run.databases[0].replica_reads
    });
}

/// Commits travel independently, but none overtakes: the lag is at most t if every commit of an age a takes at most t +
/// a to arrive. For Poisson commits and exponential travel times, with ρ = λ/μ, that has the probability (1 − u) exp(−ρ
/// u) with u = exp(−μ t), which follows from the M/G/∞ queue. Its mean is (Ein(ρ) + (1 − exp(−ρ)) / ρ) / μ, with Ein(ρ)
/// = Σ (−1)^(k+1) ρ^k / (k k!); if commits overtook, it would be 1/μ.
#[test]
fn a_commit_does_not_overtake_on_its_way_to_a_replica() {
    let (rate, journey, age) = (30.0, 0.05, 0.1);
    let text = format!(
        "duration = \"4000s\"\nwarmup = \"100s\"\n[traffic.all]\nrate = \"{rate}/s\"\n[request.edit]\nvia = \"app\"\n\
         steps = [{{ write = \"shop\", demand = \"0s\", rows = \"articles\" }}, {{ delay = \"{age}s\" }},\n\
         {{ read = \"shop\", demand = \"0s\", rows = \"articles\", same = true }}]\n\
         [keys.articles]\ncount = 10000000\nzipf = 0\n\
         [fleet.app]\ninstance = \"m5.large\"\ninstances = 1\nthreads = \"unlimited\"\npools = {{ shop = 1000 }}\n\
         [database.shop]\nengine = \"mysql\"\nwriter = \"db.r6g.large\"\nreplicas = 1\nmax_connections = 2000\n\
         commit = \"0s\"\nhop = \"0s\"\nreplication = {{ ship = \"exponential {journey}s\", apply = \"0s\" }}\n"
    );
    let rho: f64 = rate * journey;
    let mut term = 1.0;
    let mut ein = 0.0;
    for k in 1..40 {
        term *= -rho / f64::from(k);
        ein -= term / f64::from(k);
    }
    let mean = journey * (ein + (1.0 - (-rho).exp()) / rho);
    let u = (-age / journey).exp();
    let runs = replicate(&text, 10);
    runs.expect("mean lag", 1e3 * mean, 0.02, |run| run.databases[0].lag_ms.mean);
    runs.expect("share of stale reads", 1.0 - (1.0 - u) * (-rho * u).exp(), 0.02, |run| {
        run.databases[0].stale_reads / run.databases[0].replica_reads
    });
}

/// Two appliers, and a travel time of 0 s or 1 s with equal chance. A request commits three writes at one instant; each
/// takes 0.9 s to apply. All have been applied long before the next request. A commit that is sent at once after one
/// that takes 1 s arrives with it, and not before, so it finds an applier busy with that one. For the eight cases, with
/// S = 1 s and d = 0.9 s, the three lags are
///
/// * 000: d, d, 2d, because the third waits for an applier;
/// * 00S: d, d, S + d;
/// * 0SS and 0S0: d, S + d, S + d, because the first applier is free again at d;
/// * S first, for any others: S + d, S + d, S + 2d.
///
/// The mean is (17 S + 29 d) / 24. If commits overtook, the third of S00 and S0S would not wait, and it would be
/// (17 S + 27 d) / 24.
#[test]
fn commits_come_to_the_appliers_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("journeys.csv"), "0s\n1s\n").unwrap();
    let text = "duration = \"4000s\"\nwarmup = \"100s\"\n[users.one]\ncount = 1\nthink = \"5s\"\n[request.edit]\nvia = \"app\"\n\
         steps = [{ write = \"shop\", demand = \"0s\" }, { write = \"shop\", demand = \"0s\" },\n\
         { write = \"shop\", demand = \"0s\" }]\n\
         [fleet.app]\ninstance = \"m5.large\"\ninstances = 1\nthreads = \"unlimited\"\npools = { shop = 10 }\n\
         [database.shop]\nengine = \"mysql\"\nwriter = \"db.r6g.large\"\nreplicas = 1\n\
         commit = \"0s\"\nhop = \"0s\"\n\
         replication = { ship = \"empirical journeys.csv\", apply = \"0.9s\", appliers = 2 }\n";
    let scenario = simcap::scenario::parse("a.toml", text.as_bytes(), folder.path(), &[]).unwrap();
    let (journey, apply) = (1.0, 0.9);
    let mean = (17.0 * journey + 29.0 * apply) / 24.0;
    let runs = replicate_parsed(&scenario, 10);
    runs.expect("mean lag", 1e3 * mean, 0.02, |run| run.databases[0].lag_ms.mean);
}
