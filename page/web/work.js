// Workers that can be asked and ended. In: the module of simcap. Out: answers to questions.

export class Work {
  #module;
  #worker;
  #number = 0;
  #waiting = new Map();

  constructor(module) {
    this.#module = module;
    this.#begin();
  }

  #begin() {
    this.#worker = new Worker("worker.js", { type: "module" });
    this.#worker.onmessage = ({ data: { number, share, answer, error } }) => {
      const one = this.#waiting.get(number);
      if (share !== undefined) {
        one?.told?.(share);
        return;
      }
      this.#waiting.delete(number);
      if (error !== undefined) one?.fail(new Error(error));
      else one?.done(answer);
    };
    this.#worker.onerror = (event) => this.#end(new Error(event.message ?? "the worker cannot be started"));
    this.#worker.postMessage({ module: this.#module });
  }

  #end(error) {
    this.#worker.terminate();
    for (const { fail } of this.#waiting.values()) fail(error);
    this.#waiting.clear();
  }

  /** Asks; `told` is given the share that is done. */
  ask(question, told) {
    const number = (this.#number += 1);
    return new Promise((done, fail) => {
      this.#waiting.set(number, { done, fail, told });
      this.#worker.postMessage({ number, question });
    });
  }

  /** Ends whatever it does, and begins anew. What was asked fails with `error`. */
  stop(error) {
    this.#end(error);
    this.#begin();
  }
}
