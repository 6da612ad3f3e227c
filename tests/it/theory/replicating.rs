//! Replicas that apply the binary log: one applier is a queue with one server, and a read misses its own write while
//! that is still in the queue.

use super::confidence::replicate;

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
