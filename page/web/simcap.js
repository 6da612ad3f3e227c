// simcap as a function. In: its compiled module. Out: `ask`, which takes a question and gives the answer; both are JSON.

// What a library for drawing would ask a browser for, if it drew there. It never does.
const unused = (module) => {
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    if (from === "page") continue;
    imports[from] ??= {};
    imports[from][name] = () => { throw new Error(`nothing here has ${name}`); };
  }
  return imports;
};

export const load = async (module, told) => {
  const text = new TextDecoder();
  let fell;
  const page = {
    progress: (share) => told(share),
    fell: (place, bytes) => { fell = text.decode(new Uint8Array(memory.buffer, place, bytes)); },
  };
  const { exports } = await WebAssembly.instantiate(module, { page, ...unused(module) });
  const { memory, room, ask, place_of_answer: placeOfAnswer } = exports;
  return (question) => {
    const bytes = new TextEncoder().encode(JSON.stringify(question));
    const place = room(bytes.length);
    // Not before `room`: when the memory grows it has another buffer.
    new Uint8Array(memory.buffer, place, bytes.length).set(bytes);
    let length;
    try {
      length = ask();
    } catch (error) {
      throw new Error(fell ?? String(error), { cause: error });
    }
    return JSON.parse(text.decode(new Uint8Array(memory.buffer, placeOfAnswer(), length)));
  };
};
