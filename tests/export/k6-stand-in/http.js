// What a script takes of `k6/http`. In: requests. Out: a list of them, and answers after 20 ms: 503 for the first try of every tenth order.
import { clock } from './index.js';
export const sent = [];
let orders = 0;
function request(method, url, body, params) {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(params.timeout);
  if (!seconds || !url.startsWith('http')) throw new Error(`${method} ${url} ${params.timeout}`);
  sent.push({ at: clock.now, method, url, body, class: params.tags.class, timeout: Number(seconds[1]) });
  clock.now += 0.02;
  const failed = params.tags.class === 'order' && orders++ % 11 === 0;
  return { status: failed ? 503 : 200 };
}
export default { request };
