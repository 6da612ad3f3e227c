// The page in a real Chromium, from a plain file server: it asks for nothing else, runs what the program runs and gives the same bytes,
// shows what is wrong where it is wrong, stops, and completes.
//
// In: dist, SIMCAP (the program), CHROMIUM, SHOTS (where pictures go, if anywhere).

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { load } from "./web/simcap.js";

const here = dirname(fileURLToPath(import.meta.url));
const [dist, root] = [join(here, "dist"), join(here, "..")];
const shots = process.env.SHOTS;
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm" };
// Runs take seconds; a machine with much else to do takes longer.
const LONG = { timeout: 120_000 };

const server = createServer((request, answer) => {
  const name = request.url === "/" ? "index.html" : request.url.slice(1);
  try {
    const bytes = readFileSync(join(dist, name));
    answer.writeHead(200, { "content-type": types[extname(name)] }).end(bytes);
  } catch {
    answer.writeHead(404).end();
  }
});

let browser;
let origin;
before(async () => {
  if (shots) mkdirSync(shots, { recursive: true });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
});
after(async () => {
  await browser?.close();
  server.close();
});

// Opens the page, and notes whatever it asks for beyond the server or complains about.
const open = async ({ width = 1280, height = 800, ...options } = {}) => {
  const context = await browser.newContext({ viewport: { width, height }, ...options });
  const told = [];
  await context.route(/.*/, (route) => {
    const url = route.request().url();
    if (url.startsWith(`${origin}/`)) return route.continue();
    told.push(`request: ${url}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on("console", (message) => told.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => told.push(`error: ${error.stack}`));
  await page.goto(`${origin}/`);
  await page.locator("#status", { hasText: "Ready" }).waitFor(LONG);
  return { context, page, told, close: () => context.close() };
};

const shot = async (page, name) => {
  if (shots) await page.screenshot({ path: join(shots, `page-${name}.png`) });
};

// Replaces the whole text.
const write = async (page, text) => {
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
};

const saved = async (page, id) => {
  const download = page.waitForEvent("download");
  await page.locator(id).click();
  return readFileSync(await (await download).path());
};

// What the program writes for a scenario, in a folder with nothing but the scenarios.
const native = (file) => {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  cpSync(join(root, "scenarios"), join(folder, "scenarios"), { recursive: true });
  const args = ["run", file, "--no-progress", "--no-charts", "--quiet", "--html", "report.html"];
  try {
    execFileSync(process.env.SIMCAP, args, { cwd: folder, stdio: "pipe" });
  } catch (error) {
    // A missed objective, which is no matter here.
    assert.equal(error.status, 99, String(error.stderr ?? error));
  }
  const slug = file.replace(/.*\//, "").replace(".toml", "");
  const read = (name) => readFileSync(join(folder, name));
  const files = { outcome: read(`out/${slug}/outcome.json`), report: read("report.html") };
  rmSync(folder, { recursive: true });
  return files;
};

test("flash-sale runs in seconds, and its files are those of the program, byte for byte", async () => {
  const { page, told, close } = await open();
  await page.locator("#verdict", { hasText: "It can run" }).waitFor();
  await shot(page, "light");
  const began = Date.now();
  await page.locator("#run").click();
  await page.locator("#status", { hasText: /%/ }).waitFor(LONG);
  assert.equal(await page.locator("#progress").isVisible(), true);
  await page.locator("#status", { hasText: "Done in" }).waitFor(LONG);
  console.log(`flash-sale took ${((Date.now() - began) / 1000).toFixed(1)} s in Chromium`);
  const [outcome, report] = [await saved(page, "#save-outcome"), await saved(page, "#save-report")];
  const program = native("scenarios/flash-sale.toml");
  assert.ok(outcome.equals(program.outcome), "outcome.json is another one");
  assert.ok(report.equals(program.report), "the report is another one");

  const frame = page.frameLocator("#report");
  await frame.locator(".plot.drawn canvas").first().waitFor();
  assert.equal(await frame.locator("h1").textContent(), "Flash sale");
  const blank = await frame.locator(".plot canvas").evaluateAll((all) => all.filter((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set();
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 0) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    return seen.size < 3;
  }).length);
  assert.equal(blank, 0, "charts are blank");
  // A link of the contents leads to a place of the report, and to no other page.
  await frame.locator("nav a").nth(5).click();
  assert.ok(await frame.locator("body").evaluate(() => scrollY) > 0);
  assert.equal(await frame.locator("h1").textContent(), "Flash sale");
  // The report is shut in: it reaches nothing of the page.
  const reached = await frame.locator("body").evaluate(() => {
    try {
      return parent.document.title;
    } catch (error) {
      return error.name;
    }
  });
  assert.equal(reached, "SecurityError");
  await shot(page, "done");
  assert.deepEqual(told, []);
  await close();
});

test("a mistake is underlined where it is, with its hint", async () => {
  const { page, told, close } = await open();
  const text = readFileSync(join(root, "scenarios/flash-sale.toml"), "utf8").replace("threads = 500", "treads = 500");
  const line = text.split("\n").findIndex((it) => it.includes("treads")) + 1;
  await write(page, text);
  await page.locator("#verdict", { hasText: "It cannot run" }).waitFor();
  const entry = page.locator("#problems button").first();
  assert.match(await entry.textContent(), new RegExp(`^line ${line}: .*treads`));
  assert.match(await entry.locator("small").textContent(), /threads/);
  // Only what is in view is in the document: a press on the problem leads there.
  await entry.click();
  const underlined = page.locator(".cm-lintRange-error");
  await underlined.first().waitFor();
  assert.equal(await underlined.first().textContent(), "treads");
  const number = await underlined.first().evaluate((mark) => {
    const top = mark.closest(".cm-line").getBoundingClientRect().top;
    const numbers = [...document.querySelectorAll(".cm-lineNumbers .cm-gutterElement")].filter((it) => it.style.visibility !== "hidden");
    return numbers.find((it) => Math.abs(it.getBoundingClientRect().top - top) < 3)?.textContent;
  });
  assert.equal(Number(number), line);
  await underlined.first().hover();
  await page.locator(".cm-tooltip-lint", { hasText: "threads" }).waitFor();
  await shot(page, "problem");
  // What cannot run does not run.
  await page.locator("#run").click();
  await page.locator("#status", { hasText: "It cannot run" }).waitFor(LONG);
  // With the hint followed, it can.
  await write(page, text.replace("treads", "threads"));
  await page.locator("#verdict", { hasText: "It can run" }).waitFor();
  assert.equal(await page.locator("#problems button").count(), 0);
  assert.deepEqual(told, []);
  await close();
});

test("a place after characters of two halves is counted as people count", async () => {
  const { page, close } = await open();
  await write(page, 'name = "🛒🛒" # 🛒\nduration = "1m"\ntraffic.a.rate = { "🛒" = 1, rte = 2 }\nrequest.b.steps = [{ delay = "1ms" }]\n');
  await page.locator("#verdict", { hasText: "It cannot run" }).waitFor();
  const marks = await page.locator(".cm-lintRange-error").allTextContents();
  assert.ok(marks.includes("rte"), marks.join(" | "));
  await close();
});

test("Stop ends a run, and another one can begin", async () => {
  const { page, told, close } = await open();
  await page.locator("#scenarios").selectOption("scenarios/black-friday.toml");
  await page.locator("#verdict", { hasText: "It can run" }).waitFor();
  await page.locator("#run").click();
  await page.locator("#status", { hasText: /^\d+ %/ }).waitFor(LONG);
  await page.locator("#stop").click();
  await page.locator("#status", { hasText: "Stopped after" }).waitFor();
  assert.equal(await page.locator("#report").isVisible(), false);
  await write(page, 'duration = "1m"\ntraffic.a.rate = "20/s"\nrequest.b.steps = [{ delay = "10ms" }]\n');
  await page.locator("#verdict", { hasText: "It can run" }).waitFor();
  await page.keyboard.press("Control+Enter");
  await page.locator("#status", { hasText: "Done in" }).waitFor(LONG);
  assert.deepEqual(told, []);
  await close();
});

test("what can be written is offered: tables, keys, words, names and steps", async () => {
  const { page, told, close } = await open();
  const start = 'duration = "1m"\n\n[fleet.was]\ninstance = "m6i.large"\n\n[request.b]\nsteps = [{ cpu = "10ms" }]\n\n[balancer.public]\n';
  const offered = async (typed, wanted) => {
    await write(page, start);
    await page.keyboard.press("Control+End");
    for (const c of typed) await page.keyboard.type(c);
    await page.keyboard.press("Control+Space");
    const option = page.locator(".cm-tooltip-autocomplete li", { has: page.getByText(wanted, { exact: true }) });
    await option.first().waitFor({ timeout: 10_000 });
    return option.first();
  };
  await (await offered("tar", "targets")).click();
  assert.match(await page.locator(".cm-content").textContent(), /targets = $/);
  await offered("targets = ", "was");
  await offered('kind = "', "nlb");
  await offered("[data", "database.");
  await offered("\n[request.c]\nsteps = [{ ", "transaction");
  await offered('\n[request.c]\nsteps = [{ transaction = "shop", steps = [{ ', "write");
  await offered("\n[fleet.w]\nboot = { ", "bootstrap");
  const card = page.locator(".cm-completionInfo");
  await offered("\n[fleet.w]\nbackl", "backlog");
  await card.waitFor();
  assert.match(await card.textContent(), /100.*Tomcat/s);
  await shot(page, "completion");
  assert.deepEqual(told, []);
  await close();
});

test("the last text is there again", async () => {
  const { page, told, close } = await open();
  await page.locator("#scenarios").selectOption("scenarios/asg-lab.toml");
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.insertText("# mine\n");
  await page.reload();
  await page.locator("#status", { hasText: "Ready" }).waitFor(LONG);
  assert.match(await page.locator(".cm-content").textContent(), /^# mine/);
  assert.equal(await page.locator("#scenarios").inputValue(), "scenarios/asg-lab.toml");
  await page.locator("#again").click();
  assert.doesNotMatch(await page.locator(".cm-content").textContent(), /# mine/);
  assert.deepEqual(told, []);
  await close();
});

test("files of one's own: a scenario that names another file", async () => {
  const { page, told, close } = await open();
  const scenario = 'duration = "3m"\ntraffic.a.rate = { file = "mine.csv", column = "n", time = "t", per = "1m" }\nrequest.b.steps = [{ delay = "10ms" }]\n';
  const give = (...files) => page.locator("#files").setInputFiles(files.map(([name, text]) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) })));
  await give(["mine.toml", scenario]);
  await page.locator("#problems", { hasText: "mine.csv" }).waitFor();
  await give(["mine.csv", "t,n\n0,60\n60,90\n120,60\n"]);
  await page.locator("#verdict", { hasText: "It can run" }).waitFor();
  await page.locator("#run").click();
  await page.locator("#status", { hasText: "Done in" }).waitFor(LONG);
  assert.equal(JSON.parse(await saved(page, "#save-outcome")).scenario.file, "mine.toml");
  assert.deepEqual(told, []);
  await close();
});

for (const colorScheme of ["light", "dark"]) {
  test(`on a narrow screen, ${colorScheme}`, async () => {
    const { page, told, close } = await open({ width: 400, height: 800, colorScheme });
    const isWider = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(await isWider(), false, "the page is wider than the screen");
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(paper, colorScheme === "dark" ? "rgb(20, 24, 29)" : "rgb(255, 255, 255)");
    await shot(page, `narrow-${colorScheme}`);
    await page.locator("#scenarios").selectOption("scenarios/asg-lab.toml");
    await page.locator("#run").click();
    await page.locator("#status", { hasText: "Done in" }).waitFor(LONG);
    await page.locator("#report").scrollIntoViewIfNeeded();
    await page.frameLocator("#report").locator(".plot.drawn canvas").first().waitFor();
    assert.equal(await isWider(), false, "the page is wider than the screen");
    await shot(page, `narrow-${colorScheme}-done`);
    await page.setViewportSize({ width: 1280, height: 800 });
    await shot(page, `wide-${colorScheme}-done`);
    assert.deepEqual(told, []);
    await close();
  });
}

test("every scenario of the list can be read, with the files that it names", async () => {
  const ask = await load(await WebAssembly.compile(readFileSync(join(dist, "simcap.wasm"))), () => {});
  const files = JSON.parse(readFileSync(join(dist, "scenarios.json"), "utf8"));
  const scenarios = Object.keys(files).filter((name) => name.endsWith(".toml"));
  assert.ok(scenarios.length > 50);
  for (const file of scenarios) {
    const { ok, problems } = ask({ ask: "check", file, files });
    assert.ok(ok, `${file}: ${JSON.stringify(problems)}`);
  }
});
