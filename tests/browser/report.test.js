// The HTML report in a real Chromium: everything is drawn, moves together, can be used with keys, and asks for nothing.
//
// In: reports of runs in REPORTS, other pages in PAGES (paths with `:` between them), CHROMIUM (default /usr/bin/chromium). Out: pictures in SHOTS, if given.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

const paths = (names) => (names ?? "").split(":").filter(Boolean).map((path) => resolve(path));
const reports = paths(process.env.REPORTS);
const pages = paths(process.env.PAGES);
const shots = process.env.SHOTS;
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

let browser;
before(async () => {
  assert.ok(reports.length > 0, "name reports in REPORTS");
  if (shots) mkdirSync(shots, { recursive: true });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
});
after(() => browser?.close());

// Opens a report from disk, and notes whatever it asks for or complains about.
const open = async (path, { width = 1280, height = 900, ...options } = {}) => {
  const context = await browser.newContext({ viewport: { width, height }, ...options });
  const page = await context.newPage();
  const told = [];
  const url = pathToFileURL(path).href;
  page.on("console", (message) => told.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => told.push(`error: ${error.stack}`));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) told.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForFunction(() => document.querySelectorAll(".plot.drawn canvas").length === document.querySelectorAll(".plot").length);
  await page.waitForTimeout(200);
  return { page, told, close: () => context.close() };
};

const shot = async (page, path, name, options = {}) => {
  if (shots) await page.screenshot({ path: join(shots, `${basename(path, ".html")}-${name}.png`), ...options });
};

// How many colours each canvas has: a blank one has one.
const colours = (page) => page.evaluate(() => [...document.querySelectorAll(".plot canvas")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 0) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
  return seen.size;
}));

// The part of the event that is in view, by the words above the charts; and one picture of all charts over time.
const inView = (page) => page.locator("#tools .shown").textContent();
const pictures = (page) => page.evaluate(() => [...document.querySelectorAll(".plot canvas")].map((canvas) => canvas.toDataURL()));

const drag = async (page, place, from, to) => {
  await place.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await place.boundingBox();
  await page.mouse.move(x + width * from, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * (from + to) / 2, y + height / 2, { steps: 4 });
  await page.mouse.move(x + width * to, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await page.waitForTimeout(150);
};

for (const path of pages) {
  test(`${basename(path)}: is shown whole, dark and narrow, and asks for nothing`, async () => {
    const { page, told, close } = await open(path);
    assert.deepEqual((await colours(page)).filter((count) => count < 3), [], "a canvas is blank");
    await shot(page, path, "light", { fullPage: true });
    await page.keyboard.press("+");
    await page.keyboard.press("0");
    await page.locator("#theme").click();
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(20, 24, 29)");
    await page.setViewportSize({ width: 400, height: 800 });
    await page.waitForTimeout(200);
    assert.equal(await page.locator("body").evaluate((body) => body.scrollWidth <= window.innerWidth), true, "the page is wider than the screen");
    await shot(page, path, "narrow-dark", { fullPage: true });
    assert.deepEqual(told, []);
    await close();
  });
}

for (const path of reports) {
  const name = basename(path);

  test(`${name}: every chart is drawn, and nothing is asked for`, async () => {
    const { page, told, close } = await open(path);
    const all = await colours(page);
    assert.ok(all.length >= 5, `${all.length} charts`);
    assert.deepEqual(all.filter((count) => count < 3), [], "a canvas is blank");
    assert.equal(await page.locator("body").evaluate((body) => body.scrollWidth <= window.innerWidth), true, "the page is wider than the screen");
    await shot(page, path, "light", { fullPage: true });
    await shot(page, path, "light-top");
    assert.deepEqual(told, []);
    await close();
  });

  test(`${name}: a line that lies on another one hides none of it`, async () => {
    // The same page, with two lines that are the same throughout.
    const text = readFileSync(path, "utf8");
    const [before, json, after] = text.split(/(?<=<script type="application\/json" id="values">)(.*?)(?=<\/script>)/s);
    const shown = JSON.parse(json);
    const lines = ({ layers }) => layers.filter((layer) => layer.form === "line" && /\d/.test(layer.values));
    const at = shown.figures.findIndex(({ panels }) => lines(panels[0]).length > 1);
    const [lower, upper] = lines(shown.figures[at].panels[0]);
    upper.values = lower.values;
    const copy = join(mkdtempSync(join(tmpdir(), "report-")), name);
    writeFileSync(copy, before + JSON.stringify(shown).replaceAll("<", "\\u003c") + after);
    const { page, close } = await open(copy);
    const pixels = await page.evaluate(([at, hexes]) => {
      const canvas = document.querySelector(`.plot[data-figure="${at}"][data-panel="0"] canvas`);
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const near = (from, own) => data[from + 3] > 200 && own.every((part, nth) => Math.abs(part - data[from + nth]) < 24);
      const count = (hex) => {
        const own = [1, 3, 5].map((from) => parseInt(hex.slice(from, from + 2), 16));
        let found = 0;
        for (let from = 0; from < data.length; from += 4) found += near(from, own);
        return found;
      };
      return hexes.map(count);
    }, [at, [lower.colour, upper.colour]]);
    assert.ok(pixels.every((count) => count > 100), `${pixels} pixels of the two colours`);
    await shot(page, path, "lines");
    await close();
    rmSync(dirname(copy), { recursive: true });
  });

  test(`${name}: a drag zooms all charts, and 0 shows all again`, async () => {
    const { page, told, close } = await open(path);
    assert.equal(await inView(page), "all of the event");
    const before = await pictures(page);
    const overTime = await page.evaluate(() => {
      const { figures } = JSON.parse(document.getElementById("values").textContent);
      return [...document.querySelectorAll(".plot")].map((plot) => figures[plot.dataset.figure].over_time);
    });
    await drag(page, page.locator(".plot .u-over").first(), 0.4, 0.7);
    assert.match(await inView(page), / to /);
    const zoomed = await pictures(page);
    const moved = zoomed.map((picture, at) => picture !== before[at]);
    assert.deepEqual(moved, overTime, "those over time move, the others do not");
    await shot(page, path, "zoomed");
    await page.keyboard.press("0");
    await page.waitForTimeout(150);
    assert.equal(await inView(page), "all of the event");
    const trouble = page.getByRole("button", { name: "Show the spans in trouble" });
    if (await trouble.count() > 0) {
      await trouble.click();
      assert.match(await inView(page), / to /);
      await page.waitForTimeout(150);
      await page.locator(".figure").nth(1).scrollIntoViewIfNeeded();
      await shot(page, path, "trouble");
    }
    assert.deepEqual(told, []);
    await close();
  });

  test(`${name}: the pointer reads the same instant in all charts`, async () => {
    const { page, told, close } = await open(path);
    const place = page.locator(".plot .u-over").first();
    await place.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await place.boundingBox();
    await page.mouse.move(x + width / 3, y + height / 2);
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.waitForTimeout(150);
    const times = await page.locator(".legend .time").allTextContents();
    const shown = times.filter((text) => text !== "");
    assert.ok(shown.length >= 4 && new Set(shown).size === 1, times.join(" | "));
    assert.match(await page.locator(".legend output").first().textContent(), /\S/);
    await shot(page, path, "hover");
    assert.deepEqual(told, []);
    await close();
  });

  test(`${name}: with keys alone`, async () => {
    const { page, told, close } = await open(path);
    await page.keyboard.press("+");
    assert.match(await inView(page), / to /);
    await page.keyboard.press("Escape");
    assert.equal(await inView(page), "all of the event");
    const over = page.locator(".plot .u-over").first();
    await over.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const told1 = await page.locator("#tools .story").textContent();
    assert.match(told1, /^\d+:\d\d/);
    await page.keyboard.press("ArrowRight");
    assert.notEqual(await page.locator("#tools .story").textContent(), told1);
    const toggle = page.locator(".legend button[aria-pressed]").first();
    const before = await pictures(page);
    await toggle.focus();
    await page.keyboard.press("Enter");
    assert.equal(await toggle.getAttribute("aria-pressed"), "false");
    await page.waitForTimeout(150);
    assert.notEqual((await pictures(page))[0], before[0]);
    const more = page.locator(".legend .more").first();
    await more.focus();
    await page.keyboard.press("Enter");
    const rows = await page.locator(".values tbody tr").count();
    assert.ok(rows > 0 && rows <= 120, `${rows} rows`);
    assert.deepEqual(told, []);
    await close();
  });

  test(`${name}: the events tell their stories`, async () => {
    const { page, told, close } = await open(path);
    const marks = page.locator("#tools .strip button");
    if (await marks.count() > 1) {
      await marks.first().focus();
      const first = await page.locator("#tools .story").textContent();
      assert.match(first, /\d:\d\d.*\S/);
      await page.keyboard.press("ArrowRight");
      assert.notEqual(await page.locator("#tools .story").textContent(), first);
      await page.keyboard.press("Enter");
      assert.match(await inView(page), / to /);
    }
    assert.deepEqual(told, []);
    await close();
  });

  test(`${name}: dark, by the system and by the switch`, async () => {
    const { page, told, close } = await open(path, { colorScheme: "dark" });
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await paper(), "rgb(20, 24, 29)");
    assert.deepEqual((await colours(page)).filter((count) => count < 3), []);
    await shot(page, path, "dark", { fullPage: true });
    const dark = await pictures(page);
    await page.locator("#theme").click();
    await page.waitForTimeout(150);
    assert.equal(await paper(), "rgb(255, 255, 255)");
    assert.notEqual((await pictures(page))[0], dark[0]);
    assert.deepEqual(told, []);
    await close();
  });

  test(`${name}: on a narrow screen and on paper`, async () => {
    const { page, told, close } = await open(path, { width: 400, height: 800 });
    assert.equal(await page.locator("body").evaluate((body) => body.scrollWidth <= window.innerWidth), true, "the page is wider than the screen");
    await shot(page, path, "narrow", { fullPage: true });
    await page.setViewportSize({ width: 794, height: 1123 });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    await page.waitForTimeout(200);
    assert.equal(await page.locator("#tools").isVisible(), false);
    assert.ok(await page.locator("main details").first().evaluate((it) => it.open), "what is folded is printed");
    await shot(page, path, "print", { fullPage: true });
    assert.deepEqual(told, []);
    await close();
  });

  test(`${name}: has names for those who do not see it`, async () => {
    const { page, close } = await open(path);
    const unnamed = await page.evaluate(() => {
      const name = (node) => node.getAttribute("aria-label") || node.textContent.trim();
      const lacking = [...document.querySelectorAll("button, [role], a, summary")].filter((node) => node.getAttribute("role") !== "status" && !name(node));
      const tables = [...document.querySelectorAll("table")].filter((table) => !table.caption?.textContent);
      const plots = [...document.querySelectorAll(".plot .u-over")].filter((plot) => !document.getElementById(plot.getAttribute("aria-describedby"))?.textContent);
      return [...lacking, ...tables, ...plots].map((node) => node.outerHTML.slice(0, 120));
    });
    assert.deepEqual(unnamed, []);
    const levels = await page.locator("h1, h2, h3").evaluateAll((all) => all.map((it) => Number(it.tagName[1])));
    assert.ok(levels[0] === 1 && levels.every((level, at) => at === 0 || level - levels[at - 1] <= 1), levels.join(" "));
    await close();
  });
}
