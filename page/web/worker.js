// The worker: simcap off the thread of the page. In: its module, then questions, each with a number. Out: for each an answer, and before
// it now and then the share of the runs that is done.

import { load } from "./simcap.js";

// No more often than people can see.
const EVERY_MS = 100;

let ask;
let asked;
let told = 0;

const tell = (share) => {
  if (performance.now() - told < EVERY_MS) return;
  told = performance.now();
  postMessage({ number: asked, share });
};

// Questions that come while the module is made ready wait for it.
let ready;
onmessage = async ({ data: { module, number, question } }) => {
  if (module) {
    ready = load(module, tell).then((made) => { ask = made; });
    return;
  }
  try {
    await ready;
    [asked, told] = [number, performance.now()];
    postMessage({ number, answer: ask(question) });
  } catch (error) {
    postMessage({ number, error: error.message });
  }
};
