// Where in a TOML file the cursor is. In: the text before it. Out: the keys that lead there, what is to be written there, and which keys
// the table has already. A file that somebody writes is mostly not whole, so this reads what a parser would refuse.

const STRINGS = ['"""', "'''", '"', "'"];

// The end of a text in quotes, behind them; none if it does not end.
const endOf = (text, at, quote) => {
  for (let end = at + quote.length; end < text.length; end += 1) {
    if (text.startsWith(quote, end)) return end + quote.length;
    if (quote.length === 1 && text[end] === "\n") return end;
    if (quote[0] === '"' && text[end] === "\\") end += 1;
  }
  return undefined;
};

const parts = (written) => written.split(".").map((part) => part.trim().replace(/^["']|["']$/g, "")).filter((part) => part !== "");

/** In: the text before the cursor. Out: `at` ("header", "key", "value" or "comment"), `path`, `key`, `seen`. */
export const place = (text) => {
  let header = [];
  let seen = [];
  // Tables and arrays on one line, or several, that are open here.
  const open = [];
  let key = "";
  let inKey = true;
  const inside = () => open.at(-1)?.path ?? header;
  const note = () => (open.at(-1)?.seen ?? seen).push(parts(key)[0]);
  for (let at = 0; at < text.length;) {
    const c = text[at];
    const quote = STRINGS.find((it) => text.startsWith(it, at));
    if (c === "#") {
      const end = text.indexOf("\n", at);
      if (end === -1) return { at: "comment", path: inside(), seen: [] };
      at = end;
    } else if (quote) {
      const end = endOf(text, at, quote);
      if (end === undefined) {
        const own = open.at(-1)?.seen ?? seen;
        if (!inKey) return { at: "value", path: inside(), key: parts(key), seen: own, quote };
        return { at: "key", path: inside(), key: [], seen: own };
      }
      if (inKey) key += text.slice(at, end);
      at = end;
    } else if (c === "[" && inKey && open.length === 0 && key.trim() === "") {
      const [whole, written, closed] = /^\[+([^\]\n]*)(\]*)/.exec(text.slice(at));
      if (at + whole.length === text.length && closed === "") return { at: "header", path: parts(written), typed: written.trimStart(), seen: [] };
      [header, seen] = [parts(written), []];
      at += whole.length;
    } else {
      if (c === "\n" && open.length === 0) [key, inKey] = ["", true];
      else if (c === "=" && inKey) {
        note();
        inKey = false;
      } else if (!inKey && (c === "{" || c === "[")) {
        open.push({ is: c, path: [...inside(), ...parts(key)], key, seen: [] });
        // In an array, the table around it is that of its key.
        [key, inKey] = ["", c === "{"];
      } else if (c === "}" || c === "]") {
        const closed = open.pop();
        if (closed) [key, inKey] = [closed.key, false];
      } else if (c === "," && open.length > 0) {
        [key, inKey] = ["", open.at(-1).is === "{"];
      } else if (inKey) key += c;
      at += 1;
    }
  }
  const own = open.at(-1)?.seen ?? seen;
  if (inKey) return { at: "key", path: [...inside(), ...parts(key).slice(0, key.trimEnd().endsWith(".") ? undefined : -1)], key: [], seen: key.includes(".") ? [] : own, inline: open.length > 0 };
  return { at: "value", path: inside(), key: parts(key), seen: own };
};

/** The names of the tables in a file: `fleet` → `web`, `was`. */
export const names = (text) => {
  const found = new Map();
  for (const [, kind, name] of text.matchAll(/^\s*\[*\s*([a-z_0-9]+)\.([\w-]+)/gm)) {
    if (!found.has(kind)) found.set(kind, new Set());
    found.get(kind).add(name);
  }
  return found;
};
