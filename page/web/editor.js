// The editor. In: a place on the page, a text, who knows what can be written where. Out: the text whenever it changes; problems underlined in it.

import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--muted)" },
  { tag: [tags.propertyName, tags.atom], color: "var(--key)" },
  { tag: [tags.string, tags.number, tags.bool, tags.literal], color: "var(--value)" },
  { tag: tags.labelName, color: "var(--header)", fontWeight: "600" },
]);

const card = (lines) => {
  if (lines.length === 0) return undefined;
  return () => {
    const node = document.createElement("div");
    node.append(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    return node;
  };
};

// What is offered at the cursor. `offered` says what can be written so many bytes into a text.
const complete = (offered) => async (context) => {
  const before = context.state.sliceDoc(0, context.pos);
  const { typed, rest, choices } = await offered(context.state.doc.toString(), new TextEncoder().encode(before).length);
  const asked = context.explicit || typed !== "" || /["']$/.test(before);
  if (!asked || choices.length === 0 || context.aborted) return null;
  const option = ({ label, insert, detail, about, is_key: isKey, is_required: isRequired }) =>
    ({ label, detail, info: card(about), apply: insert, boost: isRequired ? 1 : 0, type: isKey ? "property" : "constant" });
  return { from: context.pos - typed.length, to: context.pos + rest.length, options: choices.map(option), validFor: /^[\w.-]*$/ };
};

/** Makes the editor. `offered` says what can be written at a place, `changed` is told the text, `run` is called by Ctrl-Enter. */
export const makeEditor = ({ parent, text, offered, changed, run }) => {
  const state = (doc) => EditorState.create({
    doc,
    extensions: [
      lineNumbers(),
      highlightSpecialChars(),
      history(),
      drawSelection(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      EditorView.lineWrapping,
      StreamLanguage.define(toml),
      syntaxHighlighting(colours),
      autocompletion({ override: [complete(offered)], icons: false }),
      lintGutter(),
      keymap.of([
        { key: "Mod-Enter", run: () => { run(); return true; } },
        { key: "Tab", run: acceptCompletion },
        ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap,
      ]),
      EditorView.contentAttributes.of({ "aria-label": "Scenario" }),
      EditorView.updateListener.of((update) => { if (update.docChanged) changed(update.state.doc.toString()); }),
    ],
  });
  const view = new EditorView({ state: state(text), parent });

  // The offset of a line and a column. Columns count characters, and offsets count the halves of those that have two.
  const offset = (line, column) => {
    const { from, text: content, to } = view.state.doc.line(Math.min(line, view.state.doc.lines));
    const before = [...content].slice(0, column - 1).join("").length;
    return Math.min(from + before, to);
  };

  return {
    /** Another text, as of another file: nothing before it can be undone. */
    open: (doc) => { view.setState(state(doc)); },
    text: () => view.state.doc.toString(),
    focus: () => view.focus(),
    /** Underlines problems at their places. */
    underline: (problems) => {
      const marks = problems.filter(({ line }) => line !== undefined).map(({ level, line, column, end_column: end, message, hint }) => {
        const from = offset(line, column);
        const to = Math.max(offset(line, end ?? column + 1), from);
        return { from, to, severity: level, message: hint ? `${message}\n${hint}` : message };
      });
      view.dispatch(setDiagnostics(view.state, marks));
    },
    /** Moves the cursor to a place. */
    goTo: (line, column) => {
      const at = offset(line, column);
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
      view.focus();
    },
  };
};
