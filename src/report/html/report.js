// Draws the charts of the report with uPlot, and lets people zoom, read values and switch lines off.
//
// In: the JSON in #values, which simcap has written, and a place for each plot. All words and numbers in it are ready to show: nothing
// is formatted here. Texts go into the page as text, never as markup.
"use strict";

(() => {
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

  // ---- One plot ----------------------------------------------------------------------------------------------------

  // What uPlot draws of each layer, from the back to the front. Stacked areas are filled down to zero, so the highest comes first.
  const order = (layers) => {
    const drawn = layers.map((layer, at) => ({ layer, at })).filter(({ layer }) => layer.form !== "points");
    const areas = drawn.filter(({ layer }) => layer.form === "area" || layer.form === "stacked");
    const piles = [];
    for (const it of areas) it.layer.form === "stacked" ? piles.at(-1).unshift(it) : piles.push([it]);
    return [...piles.flat(), ...drawn.filter((it) => !areas.includes(it))];
  };

  // The heights of all layers: of stacked areas that are on, with those below them that are on, too.
  const heights = (drawn, columns, isOn, rows) => {
    const result = new Map();
    let below = null;
    for (const { layer, at } of [...drawn].sort((one, other) => one.at - other.at)) {
      const own = columns[at];
      if (layer.form === "level") {
        result.set(at, Array(rows).fill(own[0]));
      } else if (layer.form === "area" || layer.form === "stacked") {
        if (layer.form === "area") below = Array(rows).fill(0);
        const base = below;
        result.set(at, own.map((value, row) => value === null ? null : base[row] + value));
        if (isOn(at)) below = base.map((value, row) => value + (own[row] ?? 0));
      } else {
        result.set(at, own);
      }
    }
    return result;
  };

  const draw = (place) => {
    const figure = values.figures[place.dataset.figure];
    const panel = figure.panels[place.dataset.panel];
    const overTime = figure.over_time;
    const isLast = panel === figure.panels.at(-1);
    const xs = overTime ? middles : column(figure.places);
    const names = overTime ? values.clock : figure.names;
    // A chart over percentiles is zoomed by itself.
    const ends = overTime ? whole : [figure.ticks[0][0], figure.ticks.at(-1)[0]];
    let part = ends;
    const zoomAlone = (from, to) => {
      part = [from, to];
      plot.setScale("x", { min: from, max: to });
    };
    const columns = panel.layers.map((layer) => column(layer.values));
    const on = panel.layers.map(() => true);
    const drawn = order(panel.layers);
    const say = (value) => value === null || value === undefined ? "–" : words[panel.words].get(value) ?? "–";
    // On a log axis what is zero or very small lies on the lower edge.
    const shown = (list) => list.map((value) => value === null ? (overTime ? null : undefined) : panel.log ? Math.max(value, panel.low) : value);
    const table = () => {
      const tops = heights(drawn, columns, (at) => on[at], xs.length);
      return [xs, ...drawn.map(({ at }) => shown(tops.get(at)))];
    };

    const series = drawn.map(({ layer }) => {
      const isArea = layer.form === "area" || layer.form === "stacked";
      return {
        label: layer.name,
        stroke: () => seen(layer.colour),
        fill: isArea ? () => seen(layer.colour) : undefined,
        width: isArea ? 0 : 1.75,
        dash: layer.form === "level" ? [8, 5] : undefined,
        points: isArea ? { show: false } : { size: 5 },
      };
    });
    const major = panel.ticks.length > 8 ? panel.ticks.filter((tick) => tick[2]) : panel.ticks;
    const yTicks = (major.length > 1 ? major : panel.ticks).map(([at, name]) => [at, name]);
    const axis = { stroke: () => colour("--muted"), grid: { stroke: () => colour("--grid"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
    const gutter = parseInt(colour("--axis"), 10);
    const height = Math.round((isLast ? 30 : 10) + (figure.panels.length === 1 ? 220 : Math.max(110, Math.min(280, 130 * panel.weight))));

    const time = make("span", { className: "time" });
    const outputs = panel.layers.map(() => make("output"));
    const read = (row) => {
      time.textContent = row === null || row === undefined ? "" : names[row] ?? "";
      panel.layers.forEach((layer, at) => {
        const own = layer.form === "level" ? columns[at][0] : row === null || row === undefined ? undefined : columns[at][row];
        outputs[at].textContent = own === undefined ? "" : say(own);
      });
    };

    const plot = new uPlot({
      width: Math.max(200, place.clientWidth),
      height,
      padding: [10, 12, 0, 0],
      legend: { show: false },
      scales: {
        x: { time: false, range: () => overTime ? view : part },
        y: { distr: panel.log ? 3 : 1, range: () => [panel.low, panel.high] },
      },
      axes: [
        {
          ...axis,
          size: isLast ? 28 : 8,
          splits: (u, _, from, to) => overTime ? ticks(u, from, to) : figure.ticks.map((tick) => tick[0]),
          values: (_, all) => all.map((at, nth) => !isLast ? "" : overTime ? clock(at) : figure.ticks[nth][1]),
        },
        { ...axis, size: gutter, gap: 6, splits: () => yTicks.map((tick) => tick[0]), values: () => yTicks.map((tick) => tick[1]), filter: (_, all) => all },
      ],
      series: [{}, ...series],
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false },
        bind: { dblclick: () => () => reset() },
        points: { size: 6 },
        sync: overTime ? { key: "time", filters: { pub: (type) => type === "mousemove" || type === "mouseleave" } } : undefined,
      },
      hooks: {
        drawClear: [(u) => overTime && shade(u)],
        draw: [(u) => overTime ? lines(u) : points(u, panel)],
        setCursor: [(u) => { read(u.cursor.idx); if (overTime) hover(u, place); }],
        setSelect: [(u) => {
          if (u.select.width > 4) {
            const [from, to] = [u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x")];
            overTime ? zoom(from, to) : zoomAlone(from, to);
          }
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        }],
      },
    }, table(), place);
    place.classList.add("drawn");
    read(null);

    // With the keyboard: the arrows go from row to row, and the values of a row are read out.
    const summary = document.getElementById(`plot-${place.dataset.figure}-${place.dataset.panel}`);
    const over = plot.over;
    Object.entries({ tabindex: "0", role: "img", "aria-label": `Chart: ${panel.title}. Arrows read values, plus and minus zoom, 0 shows all.`, "aria-describedby": summary.id })
      .forEach(([key, value]) => over.setAttribute(key, value));
    over.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const first = xs.findIndex((x) => x >= plot.scales.x.min);
      const row = Math.max(0, Math.min(xs.length - 1, plot.cursor.idx === null || plot.cursor.idx === undefined ? first : plot.cursor.idx + by * (event.shiftKey ? 10 : 1)));
      if (overTime && (xs[row] < view[0] || xs[row] > view[1])) move(by * 0.25);
      plot.setCursor({ left: plot.valToPos(xs[row], "x"), top: 10 });
      tools.tell(`${names[row]}: ` + panel.layers.filter((_, at) => on[at] && columns[at].length > 1).map((layer) => `${layer.name} ${say(columns[panel.layers.indexOf(layer)][row])}`).join(", "));
    });

    const legend = make("div", { className: "legend", data: { role: "group", "aria-label": `Lines of ${panel.title}` } }, time);
    panel.layers.forEach((layer, at) => {
      if (layer.form === "points") return;
      const key = make("i");
      const button = make("button", { type: "button", data: { "aria-pressed": "true" } }, key, layer.name, outputs[at]);
      button.addEventListener("click", () => {
        on[at] = !on[at];
        button.setAttribute("aria-pressed", String(on[at]));
        plot.setSeries(drawn.findIndex((it) => it.at === at) + 1, { show: on[at] });
        plot.setData(table(), false);
        plot.redraw();
      });
      legend.append(button);
      keys.push([key, layer.colour]);
    });
    legend.append(tabulate(place, panel, () => xs.map((_, row) => row).filter((row) => xs[row] >= plot.scales.x.min && xs[row] <= plot.scales.x.max), names, columns, say));
    place.after(legend);
    plots.push({ plot, overTime, place, height, all: () => zoomAlone(...ends) });
  };
  const keys = [];
  const paintKeys = () => keys.forEach(([key, hex]) => { key.style.background = seen(hex); });

  // ---- Shading, events and points on a plot ------------------------------------------------------------------------

  const within = (u, action) => {
    const { left, top, width, height } = u.bbox;
    u.ctx.save();
    u.ctx.beginPath();
    u.ctx.rect(left, top, width, height);
    u.ctx.clip();
    action(u.ctx, u.bbox);
    u.ctx.restore();
  };
  const shade = (u) => within(u, (ctx, { top, height }) => {
    ctx.fillStyle = colour("--trouble");
    for (const [from, to] of values.trouble) {
      const [left, right] = [u.valToPos(from, "x", true), u.valToPos(to, "x", true)];
      ctx.fillRect(left, top, Math.max(right - left, 1), height);
    }
  });
  const lines = (u) => within(u, (ctx, { top, height }) => {
    values.marks.forEach((mark, at) => {
      const left = u.valToPos(mark.at, "x", true);
      ctx.strokeStyle = ctx.fillStyle = seen(mark.colour);
      ctx.globalAlpha = at === chosen ? 1 : 0.45;
      ctx.lineWidth = (at === chosen ? 2.5 : 1) * devicePixelRatio;
      ctx.setLineDash(at === chosen ? [] : [4 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(left, top);
      ctx.lineTo(left, top + height);
      ctx.stroke();
      if (at === chosen && mark.until > mark.at) {
        ctx.globalAlpha = 0.15;
        ctx.fillRect(left, top, u.valToPos(mark.until, "x", true) - left, height);
      }
    });
  });
  const points = (u, panel) => within(u, (ctx) => {
    const size = devicePixelRatio;
    ctx.font = `600 ${12 * size}px system-ui, sans-serif`;
    for (const [x, y, text] of panel.layers.flatMap((layer) => layer.points ?? [])) {
      const [left, top] = [u.valToPos(x, "x", true), u.valToPos(y, "y", true)];
      ctx.fillStyle = colour("--ink");
      ctx.beginPath();
      ctx.arc(left, top, 4 * size, 0, 2 * Math.PI);
      ctx.fill();
      ctx.fillText(text, left + 8 * size, top + 16 * size);
    }
  });

  // The story of the event nearest to the pointer.
  let bubble = null;
  const hover = (u, place) => {
    if (u.cursor.event == null || !place.matches(":hover")) return;
    const at = u.cursor.left;
    const near = at < 0 ? [] : values.marks.map((mark, nth) => [Math.abs(u.valToPos(mark.at, "x") - at), nth]).filter(([far]) => far <= 7);
    const nearest = near.sort((one, other) => one[0] - other[0])[0]?.[1] ?? null;
    bubble?.remove();
    bubble = null;
    if (nearest !== null) {
      const mark = values.marks[nearest];
      bubble = make("div", { className: "bubble" }, make("strong", { textContent: mark.when }), make("br"), mark.text);
      u.over.append(bubble);
      bubble.style.left = `${Math.max(0, Math.min(at + 12, u.over.clientWidth - bubble.offsetWidth))}px`;
    }
    if (nearest !== chosen) tools.choose(nearest);
  };

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
    const box = document.getElementById("tools");
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
})();
