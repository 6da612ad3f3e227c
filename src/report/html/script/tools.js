// What stands beside the plots: values as tables, the buttons and events above them, keys, colours, sizes, paper.

// ---- A chart as a table, when asked for ---------------------------------------------------------------------------

const MOST_ROWS = 120;
const tabulate = (place, panel, rowsInView, names, columns, say) => {
  const button = make("button", { type: "button", className: "more", textContent: "Values as a table", data: { "aria-expanded": "false" } });
  let box = null;
  button.addEventListener("click", () => {
    button.setAttribute("aria-expanded", String(!box));
    if (box) { box.remove(); box = null; return; }
    const all = rowsInView();
    const every = Math.ceil(all.length / MOST_ROWS);
    const rows = all.filter((_, nth) => nth % every === 0);
    const layers = panel.layers.map((layer, at) => ({ layer, at })).filter(({ layer }) => layer.form !== "points");
    const head = make("tr", {}, make("td"), ...layers.map(({ layer }) => make("th", { scope: "col", className: "right", textContent: layer.name })));
    const body = rows.map((row) => make("tr", {}, make("th", { scope: "row", textContent: names[row] }),
      ...layers.map(({ layer, at }) => make("td", { className: "right", textContent: say(columns[at][layer.form === "level" ? 0 : row]) }))));
    const caption = every > 1 ? `${panel.title}: one row in ${every} of what is in view; zoom for more` : `${panel.title}: what is in view`;
    box = make("div", { className: "values", tabIndex: 0, data: { role: "region", "aria-label": caption } },
      make("p", { className: "remark", textContent: caption }),
      make("table", {}, make("caption", { textContent: caption }), make("thead", {}, head), make("tbody", {}, ...body)));
    button.parentElement.after(box);
  });
  return button;
};

// ---- The tools above the charts ------------------------------------------------------------------------------------

const tools = (() => {
  const box = document.getElementById("tools") ?? make("div"); // A page without charts has none.
  const button = (text, label, action) => {
    const node = make("button", { type: "button", textContent: text, title: label, data: { "aria-label": label } });
    node.addEventListener("click", action);
    return node;
  };
  const shown = make("span", { className: "shown" });
  const story = make("p", { className: "story", data: { role: "status" } });
  const strip = make("div", { className: "strip", data: { role: "group", "aria-label": "Events: the arrows go from one to the next" } });
  const marks = values.marks.map((mark, at) => {
    const node = make("button", { type: "button", tabIndex: at === 0 ? 0 : -1, title: `${mark.when} ${mark.text}`, data: { "aria-label": `${mark.when}: ${mark.text}` } });
    node.addEventListener("mouseenter", () => choose(at));
    node.addEventListener("focus", () => choose(at));
    node.addEventListener("click", () => {
      const half = Math.max((mark.until - mark.at) / 2, values.span / 20) * 1.2;
      const middle = (mark.at + mark.until) / 2;
      zoom(middle - half, middle + half);
      choose(at);
    });
    node.addEventListener("keydown", (event) => {
      const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: marks.length - 1 }[event.key];
      if (next === undefined || !marks[next]) return;
      event.preventDefault();
      event.stopPropagation();
      if (values.marks[next].at < view[0] || values.marks[next].at > view[1]) zoom(...whole);
      marks.forEach((other, nth) => { other.tabIndex = nth === next ? 0 : -1; });
      marks[next].focus();
    });
    return node;
  });
  strip.append(...marks);

  const choose = (at) => {
    chosen = at;
    marks.forEach((node, nth) => node.classList.toggle("on", nth === at));
    story.textContent = at === null ? "" : `${values.marks[at].when}: ${values.marks[at].text}`;
    for (const it of plots) if (it.overTime) it.plot.redraw(false);
  };
  const update = () => {
    const span = view[1] - view[0];
    shown.textContent = span >= values.span ? "all of the event" : `${clock(view[0])} to ${clock(view[1])}`;
    values.marks.forEach((mark, at) => {
      const share = (mark.at - view[0]) / span;
      marks[at].style.left = `${100 * share}%`;
      marks[at].hidden = share < 0 || share > 1;
      marks[at].style.background = seen(mark.colour);
    });
  };
  box.append(make("div", { className: "row" },
    button("−", "Zoom out (-)", () => zoomBy(2)), button("+", "Zoom in (+)", () => zoomBy(0.5)),
    button("←", "Earlier", () => move(-0.5)), button("→", "Later", () => move(0.5)),
    button("Show all", "Show all of the event (0)", reset),
    ...(values.trouble.length > 0 ? [button("Show the trouble", "Show the spans in trouble", trouble)] : []), shown));
  if (marks.length > 0) box.append(strip);
  box.append(story);
  box.hidden = false;
  return { choose, update, tell: (text) => { story.textContent = text; } };
})();

// ---- Keys, themes, sizes, print --------------------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest?.("pre, input")) return;
  const action = { "+": () => zoomBy(0.5), "=": () => zoomBy(0.5), "-": () => zoomBy(2), "0": reset, Escape: reset }[event.key];
  if (action) { event.preventDefault(); action(); }
});

const theme = document.getElementById("theme");
const repaint = () => {
  theme.textContent = isDark() ? "Light" : "Dark";
  theme.setAttribute("aria-label", isDark() ? "Use light colours" : "Use dark colours");
  paintKeys();
  tools.update();
  for (const it of plots) it.plot.redraw(false);
};
theme.hidden = false;
theme.addEventListener("click", () => { page.dataset.theme = isDark() ? "light" : "dark"; repaint(); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

const fit = (it, width) => { if (width > 0) it.plot.setSize({ width, height: it.height }); };
const places = [...document.querySelectorAll(".plot")];
places.forEach(draw);
const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const it = plots.find(({ place }) => place === target);
    if (it && it.plot.width !== target.clientWidth) fit(it, target.clientWidth);
  }
});
places.forEach((place) => watch.observe(place));

// Paper is white, has no buttons to unfold anything, and a width of its own.
let before = null;
addEventListener("beforeprint", () => {
  before = { theme: page.dataset.theme, folded: [...document.querySelectorAll("details:not([open])")] };
  page.dataset.theme = "light";
  before.folded.forEach((it) => { if (!it.closest("footer")) it.open = true; });
  for (const it of plots) fit(it, Math.min(it.place.clientWidth, 680));
  repaint();
});
addEventListener("afterprint", () => {
  if (!before) return;
  before.theme ? page.dataset.theme = before.theme : delete page.dataset.theme;
  before.folded.forEach((it) => { it.open = false; });
  for (const it of plots) fit(it, it.place.clientWidth);
  before = null;
  repaint();
});
repaint();
