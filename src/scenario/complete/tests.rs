//! What is offered at places of a file. In: texts, and where in them the cursor is. Out: labels that must be there, and others that must not.

mod lists;

use super::*;

const FILE: &str = "duration = \"1m\"\nservice.desk = { servers = 1 }\n[fleet.web]\nmax = 3\n[fleet.was]\n\
    [request.home]\nsteps = []\n[database.shop]\nengine = \"mysql\"\n[keys.items]\ncount = 3\n";

fn labels(text: &str) -> Vec<String> {
    let text = format!("{FILE}{text}");
    complete(&text, text.len()).choices.into_iter().map(|choice| choice.label).collect()
}

#[track_caller]
fn offers(text: &str, wanted: &[&str]) {
    let found = labels(text);
    let missing: Vec<_> = wanted.iter().filter(|it| !found.iter().any(|label| label == **it)).collect();
    assert!(missing.is_empty(), "{text:?} lacks {missing:?}, and has {found:?}");
}

#[test]
fn headers_are_the_tables_of_the_language() {
    offers("[", &["fleet.", "client", "traffic.", "objectives"]);
    assert_eq!(labels("[fleet."), ["web", "was"]);
    offers("[fleet.web.", &["boot", "pools."]);
}

#[test]
fn keys_are_those_of_the_table_that_are_not_there_yet() {
    offers("[fleet.api]\n", &["instance", "max", "scaling"]);
    assert!(!labels("[fleet.api]\nmax = 3\n").contains(&"max".to_owned()));
    offers("[fleet.api]\nboot = { ", &["image", "bootstrap"]);
    offers("[fleet.api]\nboot.", &["image", "bootstrap"]);
    assert_eq!(labels("[nothing.such]\n"), [""; 0]);
    assert_eq!(labels("# [fleet"), [""; 0]);
}

#[test]
fn a_step_has_the_keys_of_its_verb() {
    offers("[request.c]\nsteps = [{ ", &["cpu", "cache", "transaction"]);
    offers("[request.c]\nsteps = [{ cache = \"r\", ", &["miss", "timeout"]);
    offers("[request.c]\nsteps = [{ cache = \"r\", miss = [{ ", &["read", "transaction"]);
    offers("[request.c]\nsteps = [{ transaction = \"shop\", steps = [{ ", &["read", "write"]);
    assert!(
        !labels("[request.c]\nsteps = [{ transaction = \"shop\", steps = [{ ")
            .contains(&"service".to_owned())
    );
}

#[test]
fn values_are_words_and_names_of_the_file() {
    offers("[balancer.b]\nkind = \"", &["alb", "nlb"]);
    assert_eq!(labels("[balancer.b]\ntargets = \""), ["web", "was"]);
    assert_eq!(labels("[balancer.b]\ntargets = [\"web\", \""), ["web", "was"]);
    assert_eq!(labels("[request.c]\nsteps = [{ transaction = \""), ["shop"]);
    assert_eq!(labels("[traffic.t]\nrequests = { "), ["home"]);
    assert_eq!(labels("[traffic.t]\nrequests = \""), ["home"]);
    assert_eq!(labels("[request.c]\nsteps = [{ service = \""), ["desk"]);
    let text = format!("{FILE}[balancer.b]\nkind = al");
    let offered = complete(&text, text.len());
    assert_eq!((offered.typed.as_str(), offered.choices[0].insert.as_str()), ("al", "\"alb\""));
}

/// In the place of names that the file does not have yet, and of quantities, of which there are many.
#[test]
fn names_of_lists_and_examples_are_offered_before_anything_is_there() {
    offers("[fleet.api]\ninstance = \"", &["m5.large", "c7g.xlarge"]);
    offers("[database.d]\nwriter = \"", &["db.r6g.large"]);
    offers("[cache.c]\nnode = \"", &["cache.r6g.large"]);
    offers("[cache.c]\nregion = \"", &["ap-northeast-2", "us-east-1"]);
    let warnings = complete("allow = [\"", 10).choices;
    assert!(warnings.len() > 30 && warnings.iter().any(|it| it.label == "unused"), "{warnings:?}");
    offers("[location.l]\nround_trips = { ", &["us-east-1"]);
    offers(
        "[fleet.api]\nscaling = [{ target_tracking = { metric = \"",
        &["cpu", "fleet.web.instances", "database.shop.writer_cpu"],
    );
    offers("[alarm.slow]\nmetric = \"service.", &["service.desk.waiting"]);
    offers(
        "[alarm.slow]\nmetric = \"cpu\"\nfleet = \"web\"\nabove = 1\n[alarm.any]\nrule = \"",
        &["ALARM(slow)"],
    );
    offers(
        "[fleet.api.versions]\nv2 = { speed = 2 }\n[fleet.api]\nrefresh = [{ at = \"1m\", version = \"",
        &["first", "v2"],
    );
    offers("[balancer.b]\nhop = \"", &["250us"]);
    offers("[service.s]\ntime = \"", &["exponential 6ms", "constant 6ms"]);
    offers("[objectives]\nlatency = \"", &["p99 < 800ms", "home p99 < 800ms"]);
    offers("[request.c]\nsteps = [{ receive = \"q\", steps = [{ ", &["send", "cache"]);
}

#[test]
fn a_word_is_known_by_the_keys_that_lead_to_it() {
    let text = "[fleet.web]\nboot = { image = \"golden\" } # boot\n";
    let word =
        |of: &str, after: usize| word_at(text, text.find(of).unwrap() + after).map(|path| path.join("."));
    assert_eq!(word("fleet", 2).as_deref(), Some("fleet"));
    assert_eq!(word("web", 0).as_deref(), Some("fleet.web"));
    assert_eq!(word("boot", 1).as_deref(), Some("fleet.web.boot"));
    assert_eq!(word("image", 5).as_deref(), Some("fleet.web.boot.image"));
    assert_eq!(word("golden", 3).as_deref(), Some("fleet.web.boot.image"));
    assert_eq!(word("# boot", 4), None);
    assert_eq!(word_at("", 0), None);
}
