// Does what a script for k6 says, on a clock of its own, and compares what was sent with the table of expected counts.
// In: a folder with k6.js, rates.csv and a package `k6` in node_modules. Out: 0 if they agree, 1 and the reason if not.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = process.argv[2];
globalThis.__ENV = {};
const from = (name) => import(pathToFileURL(createRequire(join(folder, 'x.js')).resolve(name)).href);
const [{ clock }, { sent }] = [await from('k6'), await from('k6/http')];
const script = await import(pathToFileURL(join(folder, 'k6.js')).href);

const fail = (text) => {
  console.error(`failed: ${text}`);
  process.exit(1);
};
const seconds = (text) => {
  const found = /^(\d+(?:\.\d+)?)s$/.exec(text);
  return found ? Number(found[1]) : fail(`a span of ${text}`);
};
const whole = (number) => (Number.isInteger(number) && number >= 0 ? number : fail(`a rate of ${number}`));
const units = { '1s': 1, '1m': 60, '1h': 3600, '24h': 86400 };

// The turns of an arrival-rate executor: one whenever the integral of the rate has grown by one.
function* turns(of) {
  const unit = units[of.timeUnit] || fail(of.timeUnit);
  const stages = of.stages || [{ target: of.rate, duration: of.duration }];
  let [rate, start, due, area] = [whole(of.stages ? of.startRate : of.rate) / unit, 0, 1, 0];
  for (const stage of stages) {
    const [span, target] = [seconds(stage.duration), whole(stage.target) / unit];
    const whole_area = (span * (rate + target)) / 2;
    for (; due <= area + whole_area + 1e-9; due++) {
      const slope = (target - rate) / span;
      const left = due - area;
      yield start + (Math.abs(slope) < 1e-12 ? left / rate : (2 * left) / (rate + Math.sqrt(Math.max(0, rate * rate + 2 * slope * left))));
    }
    [rate, start, area] = [target, start + span, area + whole_area];
  }
}

let vu = 0;
for (const [name, of] of Object.entries(script.options.scenarios)) {
  if (!/^[A-Za-z0-9_-]+$/.test(name)) fail(`a scenario of the name ${name}`);
  const run = script[of.exec];
  const begin = (at) => {
    Object.assign(globalThis, { __ENV: of.env, __VU: vu, __ITER: 0 });
    clock.now = at;
  };
  if (of.executor.endsWith('arrival-rate')) {
    if (!(of.preAllocatedVUs > 0 && of.maxVUs >= of.preAllocatedVUs)) fail(`${name} has ${of.preAllocatedVUs} virtual users`);
    for (const at of turns(of)) {
      vu++;
      begin(at);
      run();
    }
  } else if (of.executor === 'constant-vus') {
    for (let i = 0; i < of.vus; i++) {
      vu++;
      begin(0);
      while (clock.now < seconds(of.duration)) run();
    }
  } else {
    fail(`an executor ${of.executor}`);
  }
}

const [header, ...rows] = readFileSync(join(folder, 'rates.csv'), 'utf8').trim().split('\n').map((line) => line.split(','));
const expected = Object.fromEntries(header.slice(1).map((name, i) => [name, rows.map((row) => Number(row[i + 1]))]));
const tries = {};
for (const { class: name, method, timeout } of sent) {
  tries[name] = (tries[name] || 0) + 1;
  if (method !== (name === 'order' ? 'POST' : 'GET') || timeout !== 2) fail(`${method} of ${name}, ${timeout} s`);
}
for (const [name, counts] of Object.entries(expected)) {
  const all = counts.reduce((sum, count) => sum + count, 0);
  // A tenth of the orders fails at first and is sent again.
  const again = name === 'order' ? 1 / 10 : 0;
  if (Math.abs(tries[name] - all * (1 + again)) > 2 + 0.01 * all) fail(`${tries[name]} of ${name}, expected ${all * (1 + again)}`);
}
// Each is sent up to two seconds after its turn: one on the mean. So what comes in a second is the mean of the two before.
for (const name of ['home', 'early', 'late']) {
  const counts = expected[name];
  for (let second = 2; second < counts.length; second++) {
    const found = sent.filter((it) => it.class === name && Math.floor(it.at) === second).length;
    const mean = counts[second - 2] / 4 + counts[second - 1] / 2 + counts[second] / 4;
    // Of a ramp, a second is not level: some percent more than chance.
    if (Math.abs(found - mean) > 4 * Math.sqrt(mean) + 0.05 * mean + 2) fail(`${found} of ${name} in second ${second}, expected ${mean}`);
  }
}
// 300 users who think for half a second and wait for 20 ms: a request each 520 ms, from the first thought on.
const users = script.options.scenarios.staff.vus;
const mean = (users * 12) / 0.52;
if (Math.abs(tries.find - mean) > 4 * Math.sqrt(mean) + users) fail(`${tries.find} of users, expected ${mean}`);
console.log(`k6: ${sent.length} requests, as expected`);
