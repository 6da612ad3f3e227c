//! The charts as a whole.
use super::*;
fn three(o: &mut Outcome) {
    for i in 0..2 {
        let mut f = o.timeline.fleets[0].clone();
        f.name = format!("api-{i}");
        o.timeline.fleets.push(f);
        let mut f = o.fleets[0].clone();
        f.name = format!("api-{i}");
        o.fleets.push(f);
        let mut f = o.timeline.databases[0].clone();
        f.name = format!("stock-{i}");
        o.timeline.databases.push(f);
        let mut f = o.databases[0].clone();
        f.name = format!("stock-{i}");
        o.databases.push(f);
        let mut f = o.timeline.caches[0].clone();
        f.name = format!("stock-{i}");
        o.timeline.caches.push(f);
        let mut f = o.caches[0].clone();
        f.name = format!("stock-{i}");
        o.caches.push(f);
    }
}
#[test]
fn dev() {
    let out = std::path::PathBuf::from("/tmp/charts");
    let t = std::time::Instant::now();
    draw_all(&sample::event(1440), &out.join("a")).unwrap();
    eprintln!("{:?}", t.elapsed());
    let mut o = sample::event(240);
    three(&mut o);
    draw_all(&o, &out.join("b")).unwrap();
    draw_all(&sample::event(5), &out.join("c")).unwrap();
    let t = std::time::Instant::now();
    draw_all(&sample::event(14400), &out.join("d")).unwrap();
    eprintln!("{:?}", t.elapsed());
}
