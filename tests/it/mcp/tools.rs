//! Every tool once, on a small shop; resources and the prompt.

use std::fs;

use rmcp::model::GetPromptRequestParams;
use serde_json::{Value, json};

use super::client::{SHOP, Talk, folder, talk};

#[test]
fn the_tools_are_described() {
    talk(async {
        let folder = folder(&[]);
        let talk = Talk::begin(folder.path(), &[]).await;
        let tools = talk.client.list_all_tools().await.unwrap();
        let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
        let wanted = [
            "files",
            "reference",
            "check",
            "run",
            "compare",
            "headroom",
            "sweep",
            "plan",
            "import",
            "outcome",
            "explain",
            "schema",
        ];
        assert_eq!(names, wanted);
        let run = serde_json::to_value(&tools[3].input_schema).unwrap();
        assert_eq!(run["additionalProperties"], json!(false));
        assert!(run["properties"]["set"]["description"].as_str().unwrap().contains("PATH=VALUE"));
        // What several tools share stands beside what is their own.
        for tool in &tools {
            let schema = serde_json::to_value(&tool.input_schema).unwrap();
            let takes =
                |key: &str| schema["properties"].get(key).is_some_and(|it| it["description"].is_string());
            let about =
                ["check", "run", "compare", "headroom", "sweep", "plan"].contains(&tool.name.as_ref());
            assert_eq!(about, takes("text"), "{}", tool.name);
            assert_eq!(about && tool.name != "check", takes("seed"), "{}", tool.name);
            assert!(
                schema["properties"].get("subject").is_none() && schema.get("allOf").is_none(),
                "{schema:#}"
            );
        }
        let info = serde_json::to_value(talk.client.peer_info()).unwrap();
        assert!(info["instructions"].as_str().unwrap().contains("how many instances do I pre-scale to"));
    });
}

/// The same as the command says, and a part of the same schema.
#[test]
fn words_are_explained_and_schemas_are_read() {
    talk(async {
        let folder = folder(&[]);
        let talk = Talk::begin(folder.path(), &[]).await;
        for word in ["fleet.web.boot", "latency.p99_ms", "full at", "requests.failed"] {
            let told = talk.ask("explain", json!({ "word": word })).await;
            assert_eq!(told["content"][0]["text"], json!(simcap::report::explain(word).unwrap()), "{word}");
        }
        let all = talk.ask("explain", json!({})).await;
        assert!(all["content"][0]["text"].as_str().unwrap().contains("a word of a page"));
        let unknown = talk.refused("explain", json!({ "word": "fleet.web.bot" })).await;
        assert!(unknown.contains("did you mean `boot`"), "{unknown}");

        let boot = talk.result("schema", json!({ "at": "/properties/duration" })).await;
        assert_eq!(
            &boot["result"],
            simcap::scenario::schema::schema().pointer("/properties/duration").unwrap()
        );
        let of_outcome =
            talk.result("schema", json!({ "of": "outcome", "at": "/properties/goodput_per_s" })).await;
        assert!(of_outcome["result"]["description"].as_str().unwrap().contains("Completed requests"));
        let of_check = talk.result("schema", json!({ "of": "check", "at": "/title" })).await;
        assert_eq!(of_check["result"], json!("simcap check --format json"));
        let whole = talk.result("schema", json!({})).await;
        assert!(whole["result"]["properties"].is_object() && whole["left_out"].is_array(), "{whole:#}");
        let wrong = talk.refused("schema", json!({ "at": "/nowhere" })).await;
        assert!(wrong.contains("there is no `/nowhere`"), "{wrong}");
        let wrong = talk.refused("schema", json!({ "of": "page" })).await;
        assert!(wrong.contains("not as the schema says"), "{wrong}");
    });
}

#[test]
fn a_shop_is_checked_run_compared_and_planned() {
    talk(async {
        let folder = folder(&[("shop.toml", SHOP), ("Cargo.toml", "[package]\nname = \"other\"\n")]);
        let talk = Talk::begin(folder.path(), &[]).await;
        let files = talk.result("files", json!({})).await;
        let scenarios = files["result"]["scenarios"].as_array().unwrap();
        assert_eq!(scenarios.len(), 1, "{files}");
        assert_eq!(scenarios[0]["fleets"], json!(["web"]));

        let checked = talk.result("check", json!({ "file": "shop.toml" })).await;
        assert_eq!(checked["ok"], json!(true));

        let run = talk.result("run", json!({ "file": "shop.toml", "seed": 7 })).await;
        assert_eq!(run["exit_code"], json!(99), "one instance is too few");
        assert_eq!(run["stored"], json!("out/shop/outcome.json"));
        assert_eq!(run["result"]["scenario"]["seed"], json!(7));
        let stored = fs::read(folder.path().join("out/shop/outcome.json")).unwrap();
        let stored: Value = serde_json::from_slice(&stored).unwrap();
        assert_eq!(run["result"]["latency_ms"], stored["latency_ms"]);
        assert_eq!(run["left_out"].as_array().is_some(), run["result"].get("timeline").is_none());

        let part =
            talk.result("outcome", json!({ "file": "out/shop/outcome.json", "at": "/fleets/0/name" })).await;
        assert_eq!(part["result"], json!("web"));
        let rest = json!({ "file": "out/shop/outcome.json", "at": "/estimates", "from": 2 });
        let rest = talk.result("outcome", rest).await;
        assert_eq!(rest["result"][0], stored["estimates"][2]);

        let compared = json!({ "file": "shop.toml", "set_b": ["fleet.web.min=4"] });
        let compared = talk.result("compare", compared).await;
        assert!(compared["result"]["figures"].is_array(), "{compared:#}");
        assert_eq!(compared["exit_code"], json!(0));

        let headroom =
            json!({ "file": "shop.toml", "set": ["fleet.web.min=4"], "runs": 2, "precision": "20%" });
        let headroom = talk.result("headroom", headroom).await;
        assert!(headroom["result"]["limits"].as_array().is_some_and(|it| !it.is_empty()), "{headroom:#}");

        let swept =
            talk.result("sweep", json!({ "file": "shop.toml", "set": ["fleet.web.min=2..4 by 2"] })).await;
        assert_eq!(swept["result"]["points"].as_array().map(Vec::len), Some(2), "{swept:#}");

        let planned = json!({ "file": "shop.toml", "set": ["fleet.web.min=1,4"], "headroom": 1.2 });
        let planned = talk.result("plan", planned).await;
        // 192 requests/s of 20 ms are 3.84 busy cores: one instance has two, four have eight.
        assert_eq!(planned["best_values"], json!(["fleet.web.min=4"]), "{planned:#}");
        assert_eq!(planned["result"]["asked"]["headroom"], json!(1.2));
    });
}

#[test]
fn a_text_is_checked_mended_and_kept() {
    talk(async {
        let folder = folder(&[]);
        let talk = Talk::begin(folder.path(), &[]).await;
        let wrong =
            talk.ask("check", json!({ "text": SHOP.replace("\"p99 < 300ms\"", "\"p99 < 300\"") })).await;
        let problem = &wrong["structuredContent"]["problems"][0];
        assert_eq!((wrong["isError"].clone(), problem["line"].as_u64()), (json!(true), Some(10)));
        assert_eq!(problem["file"], json!("text"));
        assert!(problem["column"].is_u64() && problem["code"].is_string() && problem["hint"].is_string());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "what is wrong does not stay");
        // The same where it is to be run.
        let wrong = talk.ask("run", json!({ "text": SHOP, "set": ["fleet.web.minimum=3"] })).await;
        assert_eq!(wrong["structuredContent"]["problems"][0]["file"], json!("--set"), "{wrong:#}");

        let checked = talk.result("check", json!({ "text": SHOP })).await;
        let file = checked["file"].as_str().unwrap();
        assert_eq!(fs::read_to_string(folder.path().join(file)).unwrap(), SHOP);
        let run = talk.result("run", json!({ "file": file, "set": ["fleet.web.min=4"], "runs": 1 })).await;
        assert_eq!(run["exit_code"], json!(0), "{run:#}");
        let again = talk.result("run", json!({ "text": SHOP, "set": ["fleet.web.min=4"], "runs": 1 })).await;
        assert_eq!(again["result"]["latency_ms"], run["result"]["latency_ms"], "one text is one file");
    });
}

#[test]
fn a_log_becomes_a_scenario() {
    talk(async {
        let line = |at: u32| {
            format!(
                "192.0.2.7 - - [17/May/2015:10:{:02}:{:02} +0000] \"GET / HTTP/1.1\" 200 1\n",
                at / 60,
                at % 60
            )
        };
        let log: String = (0..600).map(line).collect();
        let folder = folder(&[("logs/access.log", &log)]);
        let talk = Talk::begin(folder.path(), &[]).await;
        let answer = talk.ask("import", json!({ "paths": ["logs/access.log"], "period": "10s" })).await;
        assert_eq!(answer["isError"], json!(false), "{answer:#}");
        let page = answer["content"][0]["text"].as_str().unwrap();
        assert!(page.contains("out/import/access/scenario.toml"), "{page}");
        assert!(folder.path().join("out/import/access/rates.csv").is_file());
        let checked = talk.result("check", json!({ "file": "out/import/access/scenario.toml" })).await;
        assert_eq!(checked["ok"], json!(true));
    });
}

#[test]
fn a_word_is_looked_up_and_resources_are_read() {
    talk(async {
        let folder = folder(&[("a shop.toml", SHOP)]);
        let talk = Talk::begin(folder.path(), &[]).await;
        let answer = talk.ask("reference", json!({ "word": "fleet.web.min" })).await;
        assert!(answer["content"][0]["text"].as_str().unwrap().contains("| `min` |"));
        assert!(
            talk.refused("reference", json!({ "word": "fleeet" })).await.contains("did you mean `fleet`?")
        );

        talk.result("run", json!({ "file": "a shop.toml", "runs": 1 })).await;
        let resources = talk.client.list_all_resources().await.unwrap();
        let addresses: Vec<&str> = resources.iter().map(|it| it.uri.as_str()).collect();
        let outcome = addresses.iter().find(|it| it.starts_with("simcap://outcome/")).unwrap();
        assert!(addresses.contains(&"simcap://scenario/a%20shop.toml"), "{addresses:?}");
        assert_eq!(talk.read("simcap://scenario/a%20shop.toml").await.unwrap(), SHOP);
        let fleet = talk.read(&format!("{outcome}#/fleets/0")).await.unwrap();
        assert_eq!(serde_json::from_str::<Value>(&fleet).unwrap()["name"], json!("web"));
        assert!(talk.read("simcap://reference/cache").await.unwrap().contains("[cache.NAME]"));
        assert!(talk.read("simcap://nothing").await.is_err());
        assert_eq!(talk.client.list_all_resource_templates().await.unwrap().len(), 3);

        let prompt = talk.client.get_prompt(GetPromptRequestParams::new("pre-scale")).await.unwrap();
        let text = serde_json::to_value(prompt).unwrap();
        assert!(text["messages"][0]["content"]["text"].as_str().unwrap().contains("`plan`"));
    });
}
