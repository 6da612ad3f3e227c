//! What is offered at places of a file. In: texts, and where in them the cursor is. Out: labels that must be there, and others that must not.

mod lists;

use super::*;

const FILE: &str = "duration = \"1m\"\nservice.desk = { servers = 1 }\n[fleet.web]\nmax = 3\n[fleet.was]\n\
    [request.home]\nsteps = []\n[database.shop]\nengine = \"mysql\"\n[keys.items]\ncount = 3\n";

/// What is offered at the mark `§`, or else at the end.
fn offered(text: &str) -> Offered {
    let text = format!("{FILE}{text}");
    let (before, after) = text.split_once('§').unwrap_or((&text, ""));
    complete(&format!("{before}{after}"), before.len())
}

fn labels(text: &str) -> Vec<String> {
    offered(text).choices.into_iter().map(|choice| choice.label).collect()
}

/// The text with what is written if the word is chosen.
#[track_caller]
fn chosen(text: &str, word: &str) -> String {
    let Offered { typed, rest, choices } = offered(text);
    let choice = choices.iter().find(|it| it.label == word).expect(word);
    let (before, after) = text.split_once('§').unwrap();
    format!("{}{}{}", before.strip_suffix(&typed).unwrap(), choice.insert, after.strip_prefix(&rest).unwrap())
}

#[track_caller]
fn lacks(text: &str, unwanted: &[&str]) {
    let found = labels(text);
    let there: Vec<_> = unwanted.iter().filter(|it| found.iter().any(|label| label == **it)).collect();
    assert!(there.is_empty() && !found.is_empty(), "{text:?} has {there:?} of {found:?}");
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

/// A word is replaced as a whole, and what is behind it is not written a second time.
#[test]
fn a_key_that_has_its_value_is_replaced_alone() {
    for (line, word, expected) in [
        ("[fleet.api]\nmi§ = 2\n", "min", "[fleet.api]\nmin = 2\n"),
        ("[fleet.api]\nm§i=2\n", "min", "[fleet.api]\nmin=2\n"),
        ("[fleet.api]\nmi§\n", "min", "[fleet.api]\nmin = \n"),
        ("[fleet.api]\nmi§\nmax = 2\n", "min", "[fleet.api]\nmin = \nmax = 2\n"),
        ("[fleet.api]\nbo§.image = \"golden\"\n", "boot", "[fleet.api]\nboot.image = \"golden\"\n"),
        ("[traffic.t]\nrequests = { § = 10 }\n", "home", "[traffic.t]\nrequests = { home = 10 }\n"),
        ("[traffic.t]\nrequests = { § }\n", "home", "[traffic.t]\nrequests = { home =  }\n"),
        ("[fl§.api]\n", "fleet", "[fleet.api]\n"),
        ("[balancer.b]\nkind = \"a§lb\"\n", "nlb", "[balancer.b]\nkind = \"nlb\"\n"),
    ] {
        assert_eq!(chosen(line, word), expected);
    }
    assert_eq!(offered("[fleet.é ").typed, "");
    // A quote that opens another text does not shut this one.
    assert_eq!(offered("[request.c]\nsteps = [{ cache = \"§, miss = \"x\" }]").rest, "");
}

#[test]
fn what_the_table_has_behind_the_cursor_is_not_offered() {
    lacks("[request.page]\n§\nvia = \"b\"\nsteps = []\n", &["via", "steps"]);
    lacks("[client]\nretry§\ntimeout = \"5s\"\n", &["timeout"]);
    lacks("[fleet.api]\nboot = { image = \"golden\", §, bootstrap = \"1m\" }\n", &["image", "bootstrap"]);
    lacks("[fleet.api]\nboot = { §, image = \"golden\" }\n", &["image"]);
    lacks("[fleet.api]\n§\nmax = 2\n[fleet.api.boot]\nimage = \"golden\"\n", &["max", "boot"]);
    lacks("[fleet.api]\nboot.§\nboot.image = \"golden\"\n", &["image"]);
    lacks("[traffic.t]\nrequests = { §, home = 3 }\n[request.b]\nsteps = []\n", &["home"]);
    offers("[traffic.t]\nrequests = { §, home = 3 }\n[request.b]\nsteps = []\n", &["b"]);
    offers("[request.c]\nsteps = [{ §, cache = \"r\" }]\n", &["miss", "timeout"]);
    lacks("[request.c]\nsteps = [{ §, cache = \"r\" }]\n", &["cache", "cpu"]);
    // The file has all of these as headers, or as keys.
    lacks("[§\n[client]\ntimeout = \"5s\"\n[objectives]\n", &["client", "objectives"]);
    lacks("[fleet.api.§\n[fleet.api]\nboot = { image = \"golden\" }\n", &["boot"]);
    lacks("[fleet.api]\nboot.image = \"golden\"\n[fleet.api.§]\n", &["boot"]);
    offers("[fleet.api.§]\n[fleet.api]\nmax = 2\n", &["boot", "pools."]);
    // A table that only others inside of it need has no header yet.
    offers("[fleet.§]\n[fleet.api.boot]\nimage = \"golden\"\n", &["api"]);
}

/// A file in which nothing is missing.
const WHOLE: &str = "duration = \"1m\"\n[fleet.web]\ninstance = \"m6i.large\"\ninstances = 3\n\
    [fleet.app]\ninstance = \"m6i.large\"\nmin = 1\nmax = 3\n[balancer.public]\ntargets = \"web\"\n\
    [balancer.inner]\ntargets = \"app\"\n[request.home]\nvia = \"public\"\nsteps = [{ cpu = \"10ms\" }]\n\
    [traffic.t]\nrequests = \"home\"\nrate = \"20/s\"\n[service.s]\nservers = 1\n[queue.q]\n[queue.dead]\n";

/// What the words of a key allow, and the reader of the file refuses at that place.
#[test]
fn a_value_that_is_refused_there_is_not_offered() {
    let labels = |text: &str| -> Vec<String> {
        let text = format!("{WHOLE}{text}");
        let (before, after) = text.split_once('§').unwrap();
        let choices = complete(&format!("{before}{after}"), before.len()).choices;
        choices.into_iter().map(|choice| choice.label).collect()
    };
    let alarm = |of: &str| labels(&format!("[alarm.slow]\nmetric = \"§\"\n{of}above = 1\n"));
    for (found, yes, no) in [
        (alarm(""), "fleet.web.threads_busy", &["cpu", "fleet.web.memory_used"][..]),
        (alarm(""), "service.s.busy", &["fleet.app.reservation", "fleet.app.backlog_per_instance"]),
        (alarm("fleet = \"web\"\n"), "cpu", &["memory_used"]),
        (labels("[queue.r]\ndead_letter = \"§\"\n"), "dead", &["r"]),
        (labels("[queue.r]\ndead_letter = §\n"), "dead", &["r"]),
        (
            labels("[request.b]\nvia = \"public\"\nsteps = [{ call = \"§\", steps = [] }]\n"),
            "inner",
            &["public"],
        ),
        (labels("[request.b]\nvia = \"public\"\nsteps = [{ call = \"§\n"), "inner", &["public"]),
        (labels("[fleet.more]\nazs = [\"a\", \"§\"]\n"), "b", &["a"]),
        (labels("[service.t]\nservers = 1\ntime = \"§\"\n"), "exponential 6ms", &["empirical times.csv"]),
        (labels("[objectives]\nheadroom = \"§\"\n"), "of web >= 1.5", &["of q >= 1.5"]),
        (labels("[objectives]\nheadroom = \"§\n"), "of web >= 1.5", &["of q >= 1.5"]),
    ] {
        let there: Vec<_> = no.iter().filter(|it| found.iter().any(|label| label == **it)).collect();
        assert!(there.is_empty() && found.iter().any(|it| it == yes), "{yes}, and not {there:?}: {found:?}");
    }
    // Of another type, or out of its range, whatever else is in the file.
    for text in ["[fleet.more]\nazs = §", "[fleet.more]\nmax_lifetime = \"§\"", "[cache.c]\nflush = \"§\""]
    {
        assert_eq!(labels(text), [""; 0], "{text}");
    }
    // Of a file that extends another, the other may have what is needed.
    let base = "extends = \"base.toml\"\n[queue.q]\n[queue.r]\ndead_letter = \"";
    assert_eq!(complete(base, base.len()).choices.len(), 2);
}

/// The work is bounded by a number, so that everybody is offered the same.
#[test]
fn in_a_large_file_the_last_values_are_offered_untried() {
    let large = format!("# {}\n{WHOLE}[queue.r]\ndead_letter = \"", "-".repeat(1 << 20));
    let found = complete(&large, large.len()).choices;
    assert!(found.iter().any(|it| it.label == "r"), "{found:?}");
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
    let found = complete(&text, text.len());
    assert_eq!((found.typed.as_str(), found.choices[0].insert.as_str()), ("al", "\"alb\""));
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
