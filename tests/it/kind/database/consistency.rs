//! How old what a replica answers with is, and whether it lacks what the reader has written. By hand: a replica applies each write in 1 s.

use simcap::outcome::Outcome;
use simcap::scenario;

use super::growth::near;
use crate::run::run;

const SHOP: &str = "[keys.items]\ncount = 1\nzipf = 0\n[fleet.app]\ninstance = \"m5.large\"\ninstances = 1\nthreads = \"unlimited\"\n\
    pools = { shop = 100 }\n[database.shop]\nengine = \"mysql\"\nwriter = \"db.m5.large\"\nreplicas = 1\ncommit = \"0s\"\nhop = \"0s\"\n\
    replication = { ship = \"0s\", apply = \"1s\", appliers = 1 }\n";

/// Requests at given milliseconds: one that writes the row, and reads it 400 ms later, or one that reads it.
fn requests(trace: &[(u32, &str)]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = trace.iter().map(|(at, class)| format!("{at},{class}\n")).collect();
    std::fs::write(folder.path().join("trace.csv"), format!("at,class\n{rows}")).unwrap();
    let text = format!(
        "duration = \"10s\"\nbucket = \"1s\"\n[traffic.all]\n\
         replay = {{ file = \"trace.csv\", column = \"at\", unit = \"ms\", classes = \"class\" }}\n\
         [request.edit]\nvia = \"app\"\nsteps = [{{ write = \"shop\", demand = \"0s\", rows = \"items\" }}, {{ delay = \"400ms\" }},\n\
         {{ read = \"shop\", demand = \"0s\", rows = \"items\", same = true }}]\n\
         [request.view]\nvia = \"app\"\nsteps = [{{ read = \"shop\", demand = \"0s\", rows = \"items\" }}]\n{SHOP}"
    );
    let scenario = scenario::parse("reads.toml", text.as_bytes(), folder.path(), &[]).unwrap();
    simcap::simulate(&scenario, 1, &mut |_| {})
}

/// The read at 1.4 s misses the request's own write at 1.0 s. The one at 1.7 s misses the same, and so it does of the write at 1.6 s: what
/// it sees is old since 1.0 s. At 2.0 s another read of the second writer's misses its own. All is applied at 3.0 s.
#[test]
fn reads_are_as_old_as_the_first_write_that_they_miss() {
    let run = requests(&[(1_000, "edit"), (1_600, "edit"), (1_700, "view"), (3_500, "view")]);
    let database = &run.databases[0];
    assert_eq!(database.replica_reads, 4.0);
    // The second writer's read comes at 2.0 s, when the first write has just been applied.
    assert_eq!((database.stale_reads, database.own_stale_reads), (3.0, 2.0));
    let age = database.read_age_ms.as_ref().unwrap();
    assert_eq!(age.count, 4);
    assert!(near(age.max, 700.0) && near(age.mean, (400.0 + 700.0 + 400.0) / 4.0), "{age:?}");
    let series = &run.timeline.databases[0];
    assert!(near(series.read_age_ms[1], 700.0) && series.read_age_ms[3] == 0.0, "{:?}", series.read_age_ms);
    assert_eq!(series.own_stale_reads[1] + series.own_stale_reads[2], 2.0);
}

/// A user knows what the request before has written; requests of open traffic know nothing of each other.
#[test]
fn what_is_ones_own_is_that_of_the_user() {
    let text = |traffic: &str| {
        format!(
            "duration = \"100s\"\n{traffic}\nrequests = {{ edit = 1, view = 1 }}\n\
             [request.edit]\nvia = \"app\"\nsteps = [{{ write = \"shop\", demand = \"0s\", rows = \"items\" }}]\n\
             [request.view]\nvia = \"app\"\nsteps = [{{ read = \"shop\", demand = \"0s\", rows = \"items\" }}]\n{SHOP}"
        )
    };
    let one = &run(&text("[users.one]\ncount = 1\nthink = \"400ms\""), 1).databases[0];
    assert!(one.stale_reads > 5.0 && one.own_stale_reads == one.stale_reads, "{one:?}");
    let open = &run(&text("[traffic.all]\nrate = \"1/s\""), 1).databases[0];
    assert!(open.stale_reads > 5.0 && open.own_stale_reads == 0.0, "{open:?}");
    // Of many, few read what they have written themselves.
    let many = &run(&text("[users.many]\ncount = 20\nthink = \"exponential 20s\""), 1).databases[0];
    assert!(many.stale_reads > 5.0 && many.own_stale_reads < many.stale_reads, "{many:?}");
}

/// Where nothing is stale nothing is told of it.
#[test]
fn reads_that_miss_nothing_have_no_age() {
    let run = requests(&[(3_500, "view")]);
    assert_eq!((run.databases[0].replica_reads, &run.databases[0].read_age_ms), (1.0, &None));
}
