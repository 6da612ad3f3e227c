// The page: what its parts do together. In: what people do. Out: problems, runs, a report, files to save.

import { makeEditor } from "./editor.js";
import { keep, kept } from "./kept.js";
import { Work } from "./work.js";

const FIRST = "scenarios/flash-sale.toml";
// How long nobody has to type so that a text is looked at, in milliseconds.
const PAUSE_MS = 250;
// How many times as long a run takes as WebAssembly, in Chromium: the estimate is of the program.
const SLOWER = 2;

const at = (id) => document.getElementById(id);
const [scenarios, run, stop, progress, status, verdict, problems, report, downloads] =
  ["scenarios", "run", "stop", "progress", "status", "verdict", "problems", "report", "downloads"].map(at);

const say = (text, bad = false) => {
  status.textContent = text;
  status.className = bad ? "bad" : "";
};

const span = (seconds) => {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
};

const fetched = async (name) => {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer;
};

// ---- Files --------------------------------------------------------------------------------------------------

const [bytes, repository] = await Promise.all([
  fetched("simcap.wasm").then((answer) => answer.arrayBuffer()),
  fetched("scenarios.json").then((answer) => answer.json()),
]).catch((error) => {
  say(`This page is not whole: ${error.message}`, true);
  throw error;
});
const module = await WebAssembly.compile(bytes);
const [checker, runner] = [new Work(module), new Work(module)];
const files = { ...repository };

const list = (selected) => {
  const names = Object.keys(files).filter((name) => name.endsWith(".toml"));
  const option = (name) => new Option(name.replace(/^scenarios\//, "").replace(/\.toml$/, ""), name, false, name === selected);
  scenarios.replaceChildren(...names.map(option));
};

let { file, text } = kept() ?? { file: FIRST, text: files[FIRST] };
files[file] ??= text;
list(file);

// ---- Problems -----------------------------------------------------------------------------------------------

const item = ({ level, line, column, message, hint, file: of }) => {
  const button = Object.assign(document.createElement("button"), { type: "button" });
  const isHere = of === file && line !== undefined;
  const where = line === undefined ? "" : `${of === file ? "line" : `${of}, line`} ${line}: `;
  button.append(`${where}${message}`);
  if (hint) button.append(Object.assign(document.createElement("small"), { textContent: hint }));
  button.disabled = !isHere;
  button.addEventListener("click", () => editor.goTo(line, column));
  const entry = document.createElement("li");
  entry.className = level;
  entry.append(button);
  return entry;
};

const judged = ({ ok, problems: found, more_problems: more = 0, effort }) => {
  const count = found.length + more;
  const [word, ...rest] = ok ? ["warning", "can run"] : ["problem", "cannot run"];
  const many = count === 0 ? "" : `: ${count} ${word}${count === 1 ? "" : "s"}`;
  const work = effort ? `, in about ${span(effort.core_seconds * SLOWER)}` : "";
  verdict.textContent = `It ${rest[0]}${work}${many}`;
  verdict.className = ok ? "good" : "bad";
  problems.replaceChildren(...found.map(item));
  editor.underline(found.filter((one) => one.file === file));
};

const given = () => ({ file, files: { ...files, [file]: editor.text() } });

// The answer to an older text is of no use.
let looked = 0;
const look = async () => {
  const number = (looked += 1);
  try {
    const answer = await checker.ask({ ask: "check", ...given() });
    if (number === looked) judged(answer);
  } catch (error) {
    say(`The check failed: ${error.message}`, true);
    checker.stop(error);
  }
};

let pause;
const changed = () => {
  keep(file, editor.text());
  clearTimeout(pause);
  pause = setTimeout(look, PAUSE_MS);
};

// ---- Runs ---------------------------------------------------------------------------------------------------

const STOPPED = new Error("stopped");
let running = false;

// A file to save; the one before it is let go.
const offer = (id, name, content, type) => {
  const link = at(id);
  if (link.href) URL.revokeObjectURL(link.href);
  [link.href, link.download] = [URL.createObjectURL(new Blob([content], { type })), name];
};

// The report goes into its frame as soon as that is there.
let shown;
addEventListener("message", ({ source, data }) => {
  if (source === report.contentWindow && data === "ready") source.postMessage(shown, "*");
});

const show = ({ slug, outcome, report: html }, text) => {
  offer("save-outcome", `${slug}-outcome.json`, outcome, "application/json");
  offer("save-scenario", `${slug}.toml`, text, "application/toml");
  offer("save-report", `${slug}.html`, html, "text/html;charset=utf-8");
  shown = html;
  [downloads.hidden, report.hidden, at("nothing").hidden] = [false, false, true];
  report.src = "report.html";
  // On a narrow screen it is below the editor.
  if (matchMedia("(max-width: 60rem)").matches) downloads.scrollIntoView();
};

const busy = (is) => {
  running = is;
  [run.disabled, stop.disabled, progress.hidden, progress.value] = [is, !is, !is, 0];
};

const start = async () => {
  if (running) return;
  busy(true);
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  say("Running…");
  const tell = (share) => {
    progress.value = share;
    const left = share > 0.02 ? `, ${span(seconds() * (1 / share - 1))} left` : "";
    say(`${Math.floor(share * 100)} %${left}`);
  };
  const question = given();
  try {
    const { done, wrong, failed } = await runner.ask({ ask: "run", ...question }, tell);
    if (wrong) judged(wrong);
    if (done) show(done, question.files[question.file]);
    if (wrong) say("It cannot run: see the problems of the scenario", true);
    else if (failed) say(`It did not run: ${failed}`, true);
    else say(`Done in ${seconds().toFixed(1)} s`);
  } catch (error) {
    if (error === STOPPED) say(`Stopped after ${seconds().toFixed(1)} s`);
    else {
      say(`The run failed: ${error.message}`, true);
      runner.stop(error);
    }
  }
  busy(false);
};

// ---- What people do -----------------------------------------------------------------------------------------

const editor = makeEditor({
  parent: at("editor"),
  text,
  offered: (text, at) => checker.ask({ ask: "complete", text, at }),
  changed,
  run: start,
});

const open = (name) => {
  file = name;
  editor.open(files[name]);
  keep(file, files[name]);
  list(name);
  look();
};

scenarios.addEventListener("change", () => open(scenarios.value));
at("again").addEventListener("click", () => open(file));
at("files").addEventListener("change", async ({ target }) => {
  const added = await Promise.all([...target.files].map(async (one) => [one.name, await one.text()]));
  target.value = "";
  Object.assign(files, Object.fromEntries(added));
  const scenario = added.find(([name]) => name.endsWith(".toml"));
  if (scenario) open(scenario[0]);
  else look();
});
run.addEventListener("click", start);
stop.addEventListener("click", () => runner.stop(STOPPED));

await look();
run.disabled = false;
say("Ready");
