import http from 'k6/http';
import { sleep } from 'k6';

const BASE_URL = __ENV.BASE_URL || @BASE_URL@;

// EDIT THIS: what a request of each class is. The scenario knows no more of it than its method and, of some, its path.
const CLASSES = @CLASSES@;

// How clients of each source behave: how long they wait for an answer, and how often they try again.
const CLIENTS = @CLIENTS@;

// k6 spaces the requests of a scenario evenly. Real ones come at random, and wait longer for each other. So each is sent up to
// this many seconds later than its turn, by chance: within such a span they come as at random. 0 leaves them evenly spaced.
const SPREAD_S = Number(__ENV.SPREAD_S || @SPREAD_S@);
// How long a request takes as a rule, and at most, retries included: for the number of virtual users that wait for answers.
const USUAL_S = Number(__ENV.USUAL_S || 1);
const MOST_S = @MOST_S@;

const SCENARIOS = @SCENARIOS@;

// The highest rate of an open scenario, per second.
function peak(scenario) {
  const units = { '1s': 1, '1m': 60, '1h': 3600, '24h': 86400 };
  const targets = scenario.stages ? scenario.stages.map((stage) => stage.target) : [scenario.rate];
  return Math.max(scenario.startRate || 0, ...targets) / units[scenario.timeUnit];
}

// Virtual users for the requests that wait for their turn or for an answer.
Object.values(SCENARIOS).forEach((scenario) => {
  if (scenario.exec !== 'send') return;
  const spread = scenario.env.SPREAD === 'yes' ? SPREAD_S : 0;
  scenario.preAllocatedVUs = Math.ceil(peak(scenario) * (spread + USUAL_S)) + 1;
  scenario.maxVUs = Math.max(scenario.preAllocatedVUs, Math.ceil(peak(scenario) * (spread + MOST_S)) + 1);
});

export const options = {
  discardResponseBodies: true,
  scenarios: SCENARIOS,
  // Requests that k6 could not send for want of virtual users would make it a test of less traffic.
  thresholds: { dropped_iterations: ['count<1'] },
};

// A request of an open source: it comes when it comes.
export function send() {
  if (__ENV.SPREAD === 'yes' && SPREAD_S > 0) sleep(Math.random() * SPREAD_S);
  ask(__ENV.CLASS, CLIENTS[__ENV.CLIENT]);
}

const begun = {};

// A user of a closed population: thinks, asks, waits for the answer, and thinks again.
export function use() {
  const users = USERS[__ENV.CLIENT];
  if (begun[__VU] || users.thinks_first) sleep(users.think());
  begun[__VU] = true;
  let left = Math.random();
  const [name] = users.classes.find(([, share]) => (left -= share) < 0) || users.classes[users.classes.length - 1];
  ask(name, CLIENTS[__ENV.CLIENT]);
}

const USERS = @USERS@;

function ask(name, client) {
  const { method, path, body, headers } = CLASSES[name];
  const params = { headers, timeout: `${client.timeout_s}s`, tags: { name, class: name }, redirects: 0 };
  for (let tries = 0; ; tries++) {
    const answer = http.request(method, BASE_URL + path, body, params);
    const failed = answer.status === 0 || answer.status >= 500;
    if (!failed || tries >= client.retries) return;
    sleep(pause(client, tries));
  }
}

// Exponential backoff up to a cap, with jitter.
function pause({ backoff_s, cap_s, jitter }, tries) {
  const pause = Math.min(backoff_s * 2 ** tries, cap_s);
  if (jitter === 'full') return pause * Math.random();
  if (jitter === 'equal') return (pause * (1 + Math.random())) / 2;
  if (jitter === 'exponential') return phases(1, pause);
  return pause;
}

// Draws from laws of time, in seconds.
function phases(count, mean) {
  let sum = 0;
  for (let i = 0; i < count; i++) sum -= mean * Math.log(1 - Math.random());
  return sum;
}
function lognormal(mu, sigma) {
  const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return Math.exp(mu + sigma * normal);
}
function uniform(low, width) {
  return low + width * Math.random();
}
function one_of(values) {
  return values[Math.floor(Math.random() * values.length)];
}
