// What the script of the page begins with: the values, small helpers, and what all charts over time share.
//
// The files of this folder are one script: base, plots, tools. In: the JSON in #values, which simcap has written, and a place for each plot.
// All words and numbers in it are ready to show: nothing is formatted here. Texts go into the page as text, never as markup.

const page = document.documentElement;
const values = JSON.parse(document.getElementById("values").textContent);

// A column: numbers with blanks between them, "-" for none, "7*120" for 120 times the same.
const column = (text) => {
  const all = [];
  for (const part of text === "" ? [] : text.split(" ")) {
    const [value, times] = part.split("*");
    const one = value === "-" ? null : Number(value);
    for (let i = Number(times ?? 1); i > 0; i--) all.push(one);
  }
  return all;
};

const make = (name, properties = {}, ...children) => {
  const { style, data, ...rest } = properties;
  const node = Object.assign(document.createElement(name), rest);
  Object.assign(node.style, style);
  for (const [key, value] of Object.entries(data ?? {})) node.setAttribute(key, value);
  node.append(...children);
  return node;
};

// ---- Colours -------------------------------------------------------------------------------------------------

const colour = (name) => getComputedStyle(page).getPropertyValue(name).trim();
const isDark = () => page.dataset.theme ? page.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
// The darker of two dark colours is the lighter one on black; every other colour can be seen on both.
const seen = (hex) => {
  const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const [red, green, blue] = parts;
  const isSeen = !isDark() || 0.3 * red + 0.6 * green + 0.1 * blue >= 80;
  return isSeen ? hex : `rgb(${parts.map((part) => 270 - 1.6 * part).join(" ")})`;
};

// ---- What all charts over time share -----------------------------------------------------------------------------

const starts = column(values.starts);
const middles = starts.slice(1).map((end, row) => (starts[row] + end) / 2);
const words = values.words.map((list) => {
  const numbers = column(list.values);
  return new Map(numbers.map((number, at) => [number, list.words[at]]));
});
const whole = [0, values.span];
let view = whole;
let chosen = null; // The event whose story is shown.
const plots = [];

const rowAt = (time) => {
  let low = 0, high = middles.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle + 1] <= time) low = middle + 1; else high = middle;
  }
  return low;
};
const clock = (time) => values.clock[rowAt(time)] ?? "";

// Round steps that are whole rows: each label is the start of a row, so its words are known.
const ticks = (plot, from, to) => {
  const width = starts.length > 1 ? starts[1] - starts[0] : 1;
  const round = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];
  const steps = round.filter((step) => step >= width && Number.isInteger(step / width));
  for (let step = width; steps.length < 40; step *= 2) steps.push(step);
  const room = Math.max(2, plot.bbox.width / devicePixelRatio / 85);
  const step = steps.find((it) => (to - from) / it <= room) ?? steps.at(-1);
  return starts.slice(0, -1).filter((at) => at >= from && at <= to && Math.abs(at / step - Math.round(at / step)) < 1e-6);
};

const zoom = (from, to) => {
  const least = Math.min(values.span, 3 * (starts[1] - starts[0] || 1));
  const span = Math.min(values.span, Math.max(to - from, least));
  const start = Math.max(0, Math.min(values.span - span, (from + to - span) / 2));
  view = [start, start + span];
  for (const it of plots) if (it.overTime) it.plot.setScale("x", { min: view[0], max: view[1] });
  tools.update();
};
const zoomBy = (factor) => {
  const [middle, half] = [(view[0] + view[1]) / 2, (view[1] - view[0]) / 2 * factor];
  zoom(middle - half, middle + half);
};
const move = (share) => {
  const by = Math.max(-view[0], Math.min(values.span - view[1], (view[1] - view[0]) * share));
  zoom(view[0] + by, view[1] + by);
};
const trouble = () => {
  const [from, to] = [values.trouble[0][0], values.trouble.at(-1)[1]];
  zoom(from - (to - from) / 4, to + (to - from) / 4);
};
const reset = () => {
  zoom(...whole);
  for (const it of plots) if (!it.overTime) it.all();
};
