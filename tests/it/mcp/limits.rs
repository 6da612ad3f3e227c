//! Limits of a call: time, memory, the length of an answer; calls that are cancelled; how many run at once.

use std::time::{Duration, Instant};

use serde_json::json;

use super::client::{LONG, SHOP, Talk, folder, talk};

#[test]
fn a_call_ends_at_its_time() {
    talk(async {
        let folder = folder(&[("long.toml", LONG)]);
        let talk = Talk::begin(folder.path(), &["--max-time", "300ms"]).await;
        let began = Instant::now();
        let why = talk.refused("run", json!({ "file": "long.toml" })).await;
        assert!(why.contains("takes longer than the 300ms allowed"), "{why}");
        // It would take days.
        assert!(began.elapsed() < Duration::from_secs(60));
        // The server goes on.
        talk.result("check", json!({ "file": "long.toml" })).await;
    });
}

#[test]
fn a_call_ends_at_its_memory() {
    talk(async {
        let folder = folder(&[("long.toml", LONG)]);
        let talk = Talk::begin(folder.path(), &["--max-memory", "1 MiB"]).await;
        let why = talk.refused("run", json!({ "file": "long.toml" })).await;
        assert!(why.contains("of memory, and 1 MiB are allowed"), "{why}");
        talk.result("check", json!({ "file": "long.toml" })).await;
    });
}

#[test]
fn an_answer_is_not_longer_than_it_may_be() {
    talk(async {
        let folder = folder(&[("shop.toml", SHOP)]);
        let talk = Talk::begin(folder.path(), &["--max-output", "6 KiB"]).await;
        let answer = talk.ask("run", json!({ "file": "shop.toml" })).await;
        let length = answer.to_string().len();
        assert!(length <= 6 << 10 && length > 3 << 10, "{length}");
        let result = &answer["structuredContent"];
        assert!(result["left_out"].as_array().is_some_and(|it| !it.is_empty()), "{answer:#}");
        let how = result["how_to_get_it"].as_str().unwrap();
        assert!(how.contains("`outcome` with file `out/shop/outcome.json`"), "{how}");
        let rest = talk.ask("outcome", json!({ "file": "out/shop/outcome.json" })).await;
        assert!(rest.to_string().len() <= 6 << 10);
        assert!(talk.read("simcap://reference").await.unwrap().len() <= 6 << 10);
        assert!(talk.read("simcap://outcome/out/shop/outcome.json").await.unwrap().len() <= 6 << 10);
        let part = json!({ "file": "out/shop/outcome.json", "at": "/latency_ms" });
        assert!(talk.result("outcome", part).await["result"]["p99"].is_number());
    });
}

/// With one call at a time, the next one runs only when the process of the first is gone.
#[test]
fn a_cancelled_call_gives_its_turn_back() {
    talk(async {
        let folder = folder(&[("long.toml", LONG), ("shop.toml", SHOP)]);
        let mut talk = Talk::begin(folder.path(), &["--at-once", "1", "--max-time", "1h"]).await;
        talk.cancelled("run", json!({ "file": "long.toml" })).await;
        let run = talk.result("run", json!({ "file": "shop.toml", "runs": 1 })).await;
        assert_eq!(run["file"], json!("shop.toml"));
    });
}

/// Calls about one scenario write into the same files: each has to answer what it was asked.
#[test]
fn calls_about_one_scenario_do_not_mix() {
    talk(async {
        let folder = folder(&[("shop.toml", SHOP)]);
        let talk = Talk::begin(folder.path(), &["--at-once", "4"]).await;
        let run = |seed: u64| talk.result("run", json!({ "file": "shop.toml", "runs": 1, "seed": seed }));
        let (one, two, three) = tokio::join!(run(1), run(2), run(3));
        for (answer, seed) in [(one, 1), (two, 2), (three, 3)] {
            assert_eq!(answer["result"]["scenario"]["seed"], json!(seed));
        }
    });
}

#[test]
fn an_old_result_is_not_taken_for_a_new_one() {
    talk(async {
        let folder = folder(&[("shop.toml", SHOP)]);
        let talk = Talk::begin(folder.path(), &[]).await;
        talk.result("sweep", json!({ "file": "shop.toml", "set": ["fleet.web.min=4,5"], "runs": 1 })).await;
        let answer =
            talk.ask("sweep", json!({ "file": "shop.toml", "set": ["fleet.web.nothing=4,5"] })).await;
        assert_eq!(answer["isError"], json!(true));
        assert!(answer["structuredContent"].get("result").is_none(), "{answer:#}");
    });
}
