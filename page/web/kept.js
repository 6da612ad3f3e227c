// The last text, kept in this browser. In: a file and its text. Out: the same, when the page is opened again.

const NAME = "simcap";

/** Keeps a text. Where the browser keeps nothing, the page works all the same. */
export const keep = (file, text) => {
  try {
    localStorage.setItem(NAME, JSON.stringify({ file, text }));
  } catch {
    // It is full, or not allowed.
  }
};

/** What was kept; nothing if it is not what `keep` writes. */
export const kept = () => {
  try {
    const found = JSON.parse(localStorage.getItem(NAME));
    return typeof found?.file === "string" && typeof found?.text === "string" ? found : undefined;
  } catch {
    return undefined;
  }
};
