//! A room that an alarm closes: nobody is let in while it is on.

use super::{near, site, through};

/// Somebody else uses a service from 60 s to 120 s; its alarm is on from 120 s to 180 s, when the points of these minutes are there. One
/// visitor comes every 10 s, from 15 s on: those of 125 to 175 s go in at 180 s, and the next ones half a second apart.
#[test]
fn an_alarm_closes_the_room_until_it_is_ok_again() {
    let sources = "[traffic.all]\ninterarrival = \"10s\"\nrequests = \"page\"\nclient = { round_trip = \"10s\" }\n\
                   [traffic.other]\nrate = [[\"0s\", \"0/s\"], [\"60s\", \"0/s\"], [\"60s\", \"10/s\"], [\"120s\", \"10/s\"], [\"120s\", \"0/s\"]]\n\
                   interarrival = \"1s\"\nrequests = \"work\"\n[request.work]\nsteps = [{ service = \"mill\" }]\n\
                   [service.mill]\nservers = 1\ntime = \"80ms\"\n\
                   [alarm.busy]\nmetric = \"service.mill.busy\"\nabove = 50\nperiod = \"60s\"\nperiods = 1\ndelay = \"0s\"\n";
    let (run, door) = through(&site(240, "rate = \"2/s\"\nalarm = \"busy\"", sources));
    let changes: Vec<(f64, String)> =
        run.alarms.iter().map(|change| (change.at_s, format!("{:?}", change.to))).collect();
    assert_eq!(changes, [(120.0, "Alarm".to_owned()), (180.0, "Ok".to_owned())]);
    assert_eq!((door.waited, door.admitted, door.at_once), (6.0, 6.0, 11.0 + 6.0));
    let waits = (0..6).map(|n| 180.0 + 0.5 * f64::from(n) - (125.0 + 10.0 * f64::from(n)));
    near(door.mean_wait_ms, 1e3 * waits.sum::<f64>() / 6.0);
}
