// What can be written at a place of a scenario. In: the tables of the language, as simcap gives them; a place. Out: keys, headers and
// words, each with its meaning.

// What a value is called that is the name of a table, where it is not called as its table is.
const CALLED = { "DynamoDB table": "dynamodb", bucket: "s3", function: "lambda", class: "request" };

/** The tables by where they stand: those of the top, what is inside of each, and the steps of a path. */
export const order = (tables) => {
  const tops = new Map();
  const [steps, inTransaction] = [new Map(), new Map()];
  const root = tables[0];
  let inner = new Map();
  for (const table of tables.slice(1)) {
    const top = /^\[([a-z_0-9]+)(\.NAME)?\]$/.exec(table.title);
    const step = /^\{ (\w+) = … \}( in a transaction)?$/.exec(table.title);
    if (top) {
      inner = new Map();
      tops.set(top[1], { table, named: top[2] !== undefined, inner });
    } else if (step) {
      (step[2] ? inTransaction : steps).set(step[1], table);
    } else {
      for (const [, name] of table.title.matchAll(/(\w+) = /g)) if (!inner.has(name)) inner.set(name, table);
    }
  }
  return { root, tops, steps, inTransaction };
};

// The table that is the value of a key. Where a top table has none of this name, another one may: `retries` is the same everywhere, if
// the value is said to have its keys.
const within = ({ tops }, top, key) => {
  const others = [...tops.values()].map(({ inner }) => inner.get(key.name)).filter(Boolean);
  return top.inner.get(key.name) ?? others.find(({ keys }) => new RegExp(`\\b${keys[0].name}\\b`).test(key.value));
};

// What stands for the free names of a table such as `pools = { DATABASE = { … } }`.
const free = (table) => / ([A-Z]{3,}) = /.exec(table?.title ?? "")?.[1];

/** The table at a path, or the choice of steps that is there, or whose names are. */
export const tableAt = (language, path, seen) => {
  if (path.length === 0) return { table: language.root };
  const top = language.tops.get(path[0]);
  if (!top) return {};
  const rest = path.slice(top.named ? 2 : 1);
  if (top.named && path.length === 1) return {};
  let [table, steps, names] = [top.table, undefined, undefined];
  for (const name of rest) {
    if (names) {
      names = undefined;
      continue;
    }
    const key = table.keys.find((it) => it.name === name);
    const next = key && within(language, top, key);
    if (name === "steps" && !top.inner.has("steps")) steps = steps ? language.inTransaction : language.steps;
    else if (next) [table, steps, names] = [next, undefined, free(next)];
    else return {};
  }
  if (names) return { names };
  if (!steps) return { table };
  const verb = seen.find((key) => steps.has(key));
  return verb ? { table: steps.get(verb) } : { steps };
};

// What a key is, on the card beside the list.
const about = (key) => {
  const absent = key.required ? "It is required." : `If it is absent: ${key.default}`;
  return [key.about, `Value: ${key.value}`, key.source ? `${absent} (${key.source})` : absent];
};

const unique = (options) => [...new Map(options.map((option) => [option.label, option])).values()];

/** The words that a value can be, and names of tables of the file. */
export const words = (language, key, file) => {
  const options = [...key.value.matchAll(/"([^"]+)"/g)].map(([, word]) => ({ label: word, quoted: true }));
  if (/true or false|^true/.test(key.value)) options.push({ label: "true" }, { label: "false" });
  for (const [, noun] of key.value.matchAll(/names? of (?:an? )?(DynamoDB table|\w+)/g)) {
    const one = noun.replace(/(?<=[a-z])s$/, "");
    for (const name of file.get(CALLED[noun] ?? CALLED[one] ?? one) ?? []) options.push({ label: name, quoted: true });
  }
  if (key.value.includes("[keys.NAME]")) for (const name of file.get("keys") ?? []) options.push({ label: name, quoted: true });
  return unique(options);
};

/** Everything that can be written at a place; `file` has the names of its tables. */
export const choices = (language, { at, path, key, seen }, file) => {
  if (at === "header") {
    if (path.length > 1) return [];
    return [...language.tops].map(([name, { table, named }]) => ({ label: named ? `${name}.` : name, about: [table.about], detail: table.title }));
  }
  if (at === "comment") return [];
  const { table, steps, names } = tableAt(language, at === "value" ? [...path, ...key.slice(0, -1)] : path, seen);
  if (at === "value") {
    const found = table?.keys.find(({ name }) => name === key.at(-1));
    return found ? words(language, found, file) : [];
  }
  if (names) return [...file.get(names.toLowerCase()) ?? []].map((name) => ({ label: name }));
  if (steps) return [...steps].map(([name, step]) => ({ label: name, about: [step.about], detail: step.keys[0].value }));
  const keys = table?.keys.filter(({ name }) => !seen.includes(name)) ?? [];
  return keys.map((it) => ({ label: it.name, about: about(it), detail: it.value, required: it.required }));
};
