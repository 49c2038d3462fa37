import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RoomView } from "./protocol.gen.ts";
import type { GreenroomRoom } from "./room.ts";

const VIEW: RoomView = {
  session_id: "s1",
  interview_id: "i1",
  title: "Backend engineer",
  mode: "practice",
  scenario: "interview",
  state: "listening",
  seq: 5,
  block: "core",
  clock: { total_s: 900, used_s: 60, running: true, timing: "on" },
  counter: { number: 1, of: 3 },
  round: null,
  panel: [
    { slug: "peer", name: "Odile Tan", role: "peer engineer", portrait: "odile" },
    { slug: "tech_lead", name: "Samir Voss", role: "tech lead", portrait: "samir" },
  ],
  floor: "peer",
  question: { id: "q2", persona: "peer", competency: "conflict", competency_title: "Conflict", text: "What happened? And then?", is_follow_up: false, lead_in: "", material: [] },
  notice: "",
  cue: null,
  hint: [],
  moves: ["answer", "repeat", "think", "hint", "skip", "pause", "end"],
  draft: "",
  ribbon: [],
  transcript: [],
  engine: "Built-in interviewer",
  meter: null,
};

// The parts of room.html that the island fills; the template's own test renders the whole.
const PAGE = `
<greenroom-room session="s1" after-seq="5">
  <header class="bar"></header>
  <button data-move="pause">Pause</button><button data-with-script hidden></button><button data-move-open="end"></button>
  <figcaption data-part="ribbon-caption"></figcaption><ol data-part="ribbon"></ol>
  <p data-part="clock"><span data-part="left"></span><small data-part="counter"></small></p>
  <ul><li class="tile" data-persona="peer"><em data-part="floor"></em></li><li class="tile" data-persona="tech_lead"><em data-part="floor"></em></li></ul>
  <div data-part="before"></div><p data-part="from"></p><div data-part="asked" aria-live="polite"></div>
  <div data-part="material"></div><div data-part="aside" hidden></div><div data-part="hint" hidden><ul></ul></div>
  <form id="dock" class="dock"><input name="after_seq" value="5"><input name="key" value="s1-5">
    <span data-part="glyph"></span><span data-part="status"></span><p data-part="meter" hidden></p><p data-part="saved"></p>
    <div data-part="answering"><label data-part="answer-label"></label><textarea id="answer"></textarea>
      <button name="kind" value="answer" data-part="send"><span data-part="send-label"></span></button>
      <button name="kind" value="repeat" data-move="repeat"></button><button name="kind" value="hint" data-move="hint"></button>
      <button name="kind" value="skip" data-move="skip"><span data-part="skip-label"></span></button></div>
    <div data-part="paused" hidden><button name="kind" value="resume" data-move="resume"></button></div>
    <div data-part="lost" hidden><button type="button" data-do="retry"></button></div>
    <div data-part="ended" hidden><a href="/sessions/s1/report">Report</a></div>
  </form>
  <aside id="transcript" class="drawer"><div data-part="transcript"></div></aside><div id="keys"></div><div id="end"><p data-part="unsent" hidden></p></div>
  <template data-room>${JSON.stringify(VIEW)}</template>
  <template data-words>
    ${"listening sending sending-long thinking gone paused ended trying back moved-on empty saved-here copied minute-left covered over your-question answer-label question-label send-answer send-question you skip no-more floor-listening floor-paused heard partly not-yet"
      .split(" ")
      .map((name) => `<p data-word="${name}">[${name}]</p>`)
      .join("")}
    <p data-word="lost">lost {n}</p><p data-word="refused">refused: {reason}</p><p data-word="saved">saved {at}</p><p data-word="minutes-left">{n} min</p>
    <p data-word="too-long">{n} of {limit}</p><p data-word="counter">{n}/{of}</p><p data-word="counter-off">{n}/{of}</p><p data-word="counter-before">{of}</p>
    <p data-word="meter">{usd} spent</p><p data-word="meter-some">{usd} and more</p><p data-word="meter-unknown">unknown</p><p data-word="meter-spent">{budget} gone</p><p data-word="meter-least">little</p>
    <p data-word="so-far">{n} of {of}, {used} of {total}</p><p data-word="asks"><b>{name}</b> asks about {about}</p><p data-word="asks-openly"><b>{name}</b> asks</p><p data-word="follows-up"><b>{name}</b> follows up</p>
    ${["listening", "thinking", "paused", "lost", "ended"].map((kind) => `<svg data-glyph="${kind}"></svg>`).join("")}
  </template>
</greenroom-room>`;

class Source extends EventTarget {
  static last: Source;
  constructor() {
    super();
    Source.last = this;
  }
  close(): void {}
}

let answers: (() => Response)[] = [];
let sent: { path: string; body: Record<string, unknown> }[] = [];

const part = (name: string) => document.querySelector<HTMLElement>(`[data-part="${name}"]`)!;
const answer = () => document.querySelector<HTMLTextAreaElement>("#answer")!;
const room = () => document.querySelector<GreenroomRoom>("greenroom-room")!;
const json = (body: object, status = 200) => () => new Response(JSON.stringify(body), { status });

function write(text: string): void {
  answer().value = text;
  answer().dispatchEvent(new Event("input", { bubbles: true }));
}

beforeEach(async () => {
  vi.stubGlobal("EventSource", Source);
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    sent.push({ path, body: JSON.parse(String(init.body)) });
    return (answers.shift() ?? json({}))();
  });
  localStorage.clear();
  answers = [];
  sent = [];
  await import("./room.ts");
  const page = document.createElement("template");
  page.innerHTML = PAGE;
  document.body.append(document.importNode(page.content, true)); // whole, as a page is when the script begins
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

test("the material of a question comes with it, is covered in a pause and goes with it", async () => {
  const material = [{ title: "Cost", body: "Van | 7.20", wraps: false }];
  const shown = { ...VIEW, seq: 8, question: { ...VIEW.question!, id: "q3", material } };
  const next = { ...VIEW, seq: 11, question: { ...VIEW.question!, id: "q4" } };
  answers = [json(shown), json({ ...shown, seq: 9, state: "paused" }), json(next)];
  write("I wrote the plan.");
  await room().move("answer");
  expect(part("material").querySelector("pre")?.textContent).toBe("Van | 7.20");
  await room().move("pause");
  expect(part("material").childElementCount).toBe(0);
  write("By van.");
  await room().move("answer");
  expect(part("material").childElementCount).toBe(0);
});

test("an answer that is taken clears the dock and shows the next question sentence by sentence", async () => {
  const next = { ...VIEW, seq: 8, floor: "tech_lead", question: { ...VIEW.question!, id: "q3", persona: "tech_lead", text: "Why that way? What else?" } };
  answers = [json(next)];
  write("I wrote the plan.");
  await room().move("answer");
  expect(sent[0]?.body).toMatchObject({ kind: "answer", text: "I wrote the plan.", after_seq: 5 });
  expect(answer().value).toBe("");
  expect([...part("asked").querySelectorAll("blockquote span")].map((one) => one.textContent)).toEqual(["Why that way? ", "What else?"]);
  expect(document.querySelector(".is-floor")?.getAttribute("data-persona")).toBe("tech_lead");
  expect(room().getAttribute("after-seq")).toBe("8");
});

test("a refused answer stays in the dock with the reason beside it", async () => {
  answers = [json({ detail: "The session is over." }, 422)];
  write("Too late?");
  await room().move("answer");
  expect(answer().value).toBe("Too late?");
  expect(part("status").textContent).toBe("refused: The session is over.");
});

test("a stale answer shows the room as it is and keeps the words", async () => {
  answers = [json({ title: "Stale", room: { ...VIEW, seq: 12, question: { ...VIEW.question!, id: "q4", text: "Newer." } } }, 409)];
  write("Written in the old tab.");
  await room().move("answer");
  expect(part("asked").textContent).toBe("Newer.");
  expect(answer().value).toBe("Written in the old tab.");
  expect(part("status").textContent).toBe("[moved-on]");
});

test("words written for a question that another window has answered are not taken for the next one unseen", () => {
  const news = (view: RoomView) => Source.last.dispatchEvent(new MessageEvent("room", { data: JSON.stringify(view) }));
  news({ ...VIEW, seq: 8, question: { ...VIEW.question!, id: "q4", text: "Next." } });
  expect(part("status").textContent).toBe("[listening]");
  write("About the question before.");
  news({ ...VIEW, seq: 11, question: { ...VIEW.question!, id: "q5", text: "Newer." } });
  expect(part("asked").textContent).toBe("Newer.");
  expect(answer().value).toBe("About the question before.");
  expect(part("status").textContent).toBe("[moved-on]");
});

test("nothing is sent when there is nothing to say", async () => {
  write("   ");
  await room().move("answer");
  expect(sent).toEqual([]);
  expect(part("status").textContent).toBe("[empty]");
});

test("a move that the room does not offer is not sent", async () => {
  await room().move("clarify");
  expect(sent).toEqual([]);
});

test("news from another window are drawn, older news are not", () => {
  const news = (view: RoomView) => Source.last.dispatchEvent(new MessageEvent("room", { data: JSON.stringify(view) }));
  write("half a thought");
  news({ ...VIEW, seq: 9, question: { ...VIEW.question!, id: "q5", text: "From there." } });
  expect(part("asked").textContent).toBe("From there.");
  expect(answer().value).toBe("half a thought");
  news({ ...VIEW, seq: 6, question: { ...VIEW.question!, id: "q1", text: "Old." } });
  expect(part("asked").textContent).toBe("From there.");
});

test("a pause covers the question and leaves only the way on", async () => {
  answers = [json({ ...VIEW, seq: 7, state: "paused", question: null, moves: ["resume", "end"] })];
  await room().move("pause");
  expect(part("asked").textContent).toBe("[covered]");
  expect(part("answering").hidden).toBe(true);
  expect(part("paused").hidden).toBe(false);
});

test("the panel's reply to an own question stands beside the question, as text", async () => {
  const reply = { seq: 8, who: "panel" as const, name: "Odile Tan", text: "<b>Mostly</b> mornings.", offset_s: 80, persona: "peer", kind: "answer_to_candidate", source: "bank" as const };
  answers = [json({ ...VIEW, seq: 8, moves: ["question", "skip"], notice: reply.text, transcript: [reply] })];
  await room().move("repeat");
  expect(part("aside").textContent).toBe("Odile Tan<b>Mostly</b> mornings.");
  expect(part("skip-label").textContent).toBe("[no-more]");
  expect(part("send").getAttribute("value")).toBe("question");
});

test("leaving with unsent words asks first, leaving without does not", () => {
  const leave = () => !dispatchEvent(new Event("beforeunload", { cancelable: true }));
  expect(leave()).toBe(false);
  write("not sent yet");
  expect(leave()).toBe(true);
});

test("the end of the interview leads to the report", async () => {
  answers = [json({ ...VIEW, seq: 9, state: "ended", question: null, floor: null, moves: [] })];
  write("My last answer.");
  await room().move("answer");
  expect(part("ended").hidden).toBe(false);
  expect(part("answering").hidden).toBe(true);
  expect(part("clock").hidden).toBe(true);
});

test("the question before the end says that words in the box are not sent", () => {
  const end = document.querySelector("#end")!;
  end.dispatchEvent(new Event("beforetoggle"));
  expect(part("unsent").hidden).toBe(true);
  write("Half an answer");
  end.dispatchEvent(new Event("beforetoggle"));
  expect(part("unsent").hidden).toBe(false);
});

test("a line that was put into other words is shown in them, and the meter appears with what was spent", async () => {
  const line = { seq: 4, who: "panel", name: "Odile Tan", text: "What happened?", offset_s: 12, persona: "peer", kind: "question", source: "bank" } as const;
  const meter = { usd: 0.0123, unknown: 0, budget_usd: 1, budget_spent: false };
  answers = [json({ ...VIEW, seq: 6, transcript: [line] }), json({ ...VIEW, seq: 7, transcript: [{ ...line, text: "So what happened?" }], meter })];
  write("I wrote the plan.");
  await room().move("answer");
  expect(part("meter").hidden).toBe(true);
  await room().move("repeat");
  expect(part("transcript").textContent).toContain("So what happened?");
  expect(part("transcript").querySelectorAll("[data-seq]")).toHaveLength(1);
  expect(part("meter").textContent).toBe("0.0123 spent");
});
