// Builds the parts of the room that change: the same marks and classes as the server's macros in templates/components.
import type { Line, Material, RibbonQuestion, RibbonSegment, RoomView } from "../protocol.gen.ts";

function element(tag: string, className = "", ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function seconds(node: HTMLElement, value: number): HTMLElement {
  node.style.setProperty("--s", String(value));
  return node;
}

export function face(value: number): string {
  const whole = Math.max(0, Math.floor(value));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** US dollars as the server writes them; `least` stands for less than can be shown. */
export function dollars(usd: number, least: string): string {
  if (usd >= 0.1 || usd === 0) return usd.toFixed(2);
  return usd >= 0.0001 ? usd.toFixed(4) : least;
}

function segment({ kind, seconds: length, marks }: RibbonSegment): HTMLElement {
  const made = seconds(element("i", kind === "probe" ? "ask probe" : kind), length);
  for (const [at, mark] of marks) {
    const evidence = element("b", `ev ${mark}`);
    evidence.style.setProperty("--at", at.toFixed(3));
    made.append(evidence);
  }
  return made;
}

export function ribbonItems(questions: RibbonQuestion[]): HTMLElement[] {
  return questions.map((question) => {
    const turns = seconds(element("span", "turns", ...question.segments.map(segment)), question.seconds);
    return seconds(element("li", "", element("span", "at", turns)), question.seconds);
  });
}

export function voice(line: Line, you: string): HTMLElement {
  const name = element("b", "", `${line.who === "you" ? you : line.name}, `, element("span", "num", face(line.offset_s)));
  const made = element("div", line.who === "you" ? "voice small is-you" : "voice small", name, line.text);
  made.dataset["seq"] = String(line.seq);
  return made;
}

export type HintWords = Record<"met" | "part" | "miss", string>;

export function hintItems(hint: RoomView["hint"], words: HintWords): HTMLElement[] {
  return hint.map(([text, state]) =>
    element("li", "", element("span", `ev ${state}`), element("span", "", text), element("span", "sr", words[state])),
  );
}

/** The text cut into sentences, white space kept at the ends, so that a screen reader gets one at a time. */
export function sentences(text: string): string[] {
  if (typeof Intl.Segmenter !== "function") return [text];
  return [...new Intl.Segmenter(document.documentElement.lang || "en", { granularity: "sentence" }).segment(text)].map(
    (part) => part.segment,
  );
}

export function questionNodes(text: string, leadIn = ""): HTMLElement[] {
  const quote = element("blockquote", text.length > 240 ? "is-long" : "", ...sentences(text).map((one) => element("span", "", one)));
  return leadIn ? [element("p", "lead-in", leadIn), quote] : [quote];
}

/** What a question speaks of. It scrolls in itself, so it takes the focus and has a name. */
export function materialNodes(shown: Material[]): HTMLElement[] {
  return shown.map(({ title, body, wraps }) => {
    const text = element("pre", "", body);
    text.tabIndex = 0;
    text.setAttribute("role", "group");
    text.setAttribute("aria-label", title);
    return element("figure", wraps ? "material" : "material is-aligned", element("figcaption", "", title), text);
  });
}

/** What the panel said since the candidate's last words and before the question: a greeting, a hand-over, a goodbye. */
export function saidBefore(transcript: Line[]): HTMLElement[] {
  const last = transcript.findLastIndex((line) => line.who === "you");
  return transcript
    .slice(last + 1)
    .filter((line) => ["greeting", "handover", "close"].includes(line.kind))
    .map((line) => element("p", "lead-in", element("b", "", line.name), ` ${line.text}`));
}

/** The panel's last words when they stand beside the question: a reply, a clarification, a word on the time. */
export function aside(view: RoomView): (Node | string)[] {
  const last = view.transcript.findLast((line) => line.who === "panel");
  return view.notice && last?.text === view.notice ? [element("b", "", last.name), last.text] : [];
}
