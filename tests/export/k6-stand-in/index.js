// What a script takes of `k6`, on a clock of its own. In: seconds. Out: the clock is later.
export const clock = { now: 0 };
export function sleep(seconds) {
  if (!(seconds >= 0)) throw new Error(`a pause of ${seconds}`);
  clock.now += seconds;
}
