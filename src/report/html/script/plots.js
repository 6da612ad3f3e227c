// The plots, drawn with uPlot. In: the panels of #values. Out: a canvas with its legend for each, which read and zoom together.

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

// How many lines above this one lie on it for a good part, within a pixel: it is drawn so much wider that it shows on both sides of them.
const HIDDEN = 0.02;
const hiding = (panel, drawn, columns, nth, height) => {
  const high = (value) => panel.log ? Math.log(Math.max(value, panel.low) / panel.low) / Math.log(panel.high / panel.low) : (value - panel.low) / (panel.high - panel.low);
  const own = columns[drawn[nth].at];
  const lies = ({ layer, at }) => {
    if (layer.form !== "line") return false;
    const both = own.map((value, row) => [value, columns[at][row]]).filter(([value]) => value !== null);
    const near = both.filter(([value, other]) => other !== null && other !== undefined && Math.abs(high(value) - high(other)) * height < 1);
    return near.length > HIDDEN * both.length;
  };
  return drawn[nth].layer.form === "line" ? drawn.slice(nth + 1).filter(lies).length : 0;
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

  const height = Math.round((isLast ? 30 : 10) + (figure.panels.length === 1 ? 220 : Math.max(110, Math.min(280, 130 * panel.weight))));
  const series = drawn.map(({ layer }, nth) => {
    const isArea = layer.form === "area" || layer.form === "stacked";
    return {
      label: layer.name,
      stroke: () => seen(layer.colour),
      fill: isArea ? () => seen(layer.colour) : undefined,
      width: isArea ? 0 : 1.75 + 3 * hiding(panel, drawn, columns, nth, height),
      dash: layer.form === "level" ? [8, 5] : undefined,
      points: isArea ? { show: false } : { size: 5 },
    };
  });
  const major = panel.ticks.length > 8 ? panel.ticks.filter((tick) => tick[2]) : panel.ticks;
  const yTicks = (major.length > 1 ? major : panel.ticks).map(([at, name]) => [at, name]);
  const axis = { stroke: () => colour("--muted"), grid: { stroke: () => colour("--grid"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
  const gutter = parseInt(colour("--axis"), 10);

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
    // The last label of percentiles is long and stands below the edge.
    padding: [10, overTime ? 12 : 32, 0, 0],
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
  const lowest = u.bbox.top + u.bbox.height - 4 * size;
  for (const [x, y, text] of panel.layers.flatMap((layer) => layer.points ?? [])) {
    const [left, top] = [u.valToPos(x, "x", true), u.valToPos(y, "y", true)];
    ctx.fillStyle = colour("--ink");
    ctx.beginPath();
    ctx.arc(left, top, 4 * size, 0, 2 * Math.PI);
    ctx.fill();
    ctx.fillText(text, left + 8 * size, Math.min(top + 16 * size, lowest));
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
