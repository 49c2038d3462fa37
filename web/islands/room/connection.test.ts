import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RoomView } from "../protocol.gen.ts";
import { Connection } from "./connection.ts";

class Source extends EventTarget {
  static all: Source[] = [];
  isClosed = false;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    Source.all.push(this);
  }
  close(): void {
    this.isClosed = true;
  }
  static get last(): Source {
    return Source.all.at(-1)!;
  }
}

const said: string[] = [];
const sent: { url: string; key: string | null; body: unknown }[] = [];
let answers: (() => Response)[] = [];

function connection(): Connection {
  return new Connection("s1", {
    view: (view) => said.push(`view ${view.seq}`),
    words: (words) => said.push(`words ${words.text}`),
    lost: (n) => said.push(`lost ${n}`),
    trying: () => said.push("trying"),
    back: () => said.push("back"),
    gone: () => said.push("gone"),
  });
}

const json = (body: object, status = 200) => () => new Response(JSON.stringify(body), { status });
const offline = () => {
  throw new TypeError("offline");
};

beforeEach(() => {
  vi.useFakeTimers();
  Source.all = [];
  said.length = 0;
  sent.length = 0;
  vi.stubGlobal("EventSource", Source);
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    sent.push({ url, key: new Headers(init.headers).get("Idempotency-Key"), body: JSON.parse(String(init.body)) });
    const answer = answers.shift();
    if (!answer) throw new Error("an answer too few");
    return answer();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a move that got no answer is repeated under the same key when the server is back", async () => {
  answers = [offline, json({ seq: 7 })];
  const line = connection();
  line.open();
  const outcome = line.send({ kind: "answer", text: "words", after_seq: 5 });
  await vi.advanceTimersByTimeAsync(1000);
  expect(said).toContain("lost 1");
  Source.last.dispatchEvent(new Event("open"));
  expect(await outcome).toEqual({ kind: "taken", view: { seq: 7 } });
  expect(sent).toHaveLength(2);
  expect(sent[0]?.key).toBeTruthy();
  expect(sent[1]?.key).toBe(sent[0]?.key);
  expect(said.at(-1)).toBe("back");
});

test("two moves have two keys", async () => {
  answers = [json({ seq: 6 }), json({ seq: 7 })];
  const line = connection();
  await line.send({ kind: "repeat", after_seq: 5 });
  await line.send({ kind: "repeat", after_seq: 6 });
  expect(sent[0]?.key).not.toBe(sent[1]?.key);
});

test("a stale move brings the room as it is now", async () => {
  answers = [json({ title: "Stale", room: { seq: 9 } as RoomView }, 409)];
  expect(await connection().send({ after_seq: 5 })).toEqual({ kind: "stale", view: { seq: 9 } });
});

test("a refusal carries the server's reason and is not repeated", async () => {
  answers = [json({ title: "Too long", detail: "20,000 characters fit." }, 422)];
  expect(await connection().send({ text: "…", after_seq: 5 })).toEqual({ kind: "refused", reason: "20,000 characters fit." });
  expect(sent).toHaveLength(1);
});

test("one broken stream is mended without a word, the second counts down", async () => {
  connection().open();
  Source.last.dispatchEvent(new Event("error"));
  expect(said).toEqual([]);
  await vi.advanceTimersByTimeAsync(300);
  Source.last.dispatchEvent(new Event("error"));
  expect(said).toEqual(["lost 1"]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(said).toEqual(["lost 1", "trying"]);
  Source.last.dispatchEvent(new Event("error"));
  expect(said.at(-1)).toBe("lost 2");
});

test("trying now opens a new stream at once", async () => {
  const line = connection();
  line.open();
  Source.last.dispatchEvent(new Event("error"));
  await vi.advanceTimersByTimeAsync(300);
  Source.last.dispatchEvent(new Event("error"));
  const before = Source.all.length;
  line.retryNow();
  expect(Source.all.length).toBe(before + 1);
  Source.last.dispatchEvent(new Event("open"));
  expect(said.at(-1)).toBe("back");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(Source.all.length).toBe(before + 1);
});

test("a model's words arrive as they are written", () => {
  connection().open();
  const words = { question_id: "q2", text: "You rewrote", done: false };
  Source.last.dispatchEvent(new MessageEvent("words", { data: JSON.stringify(words) }));
  expect(said).toEqual(["words You rewrote"]);
});

test("news of the room arrive as views", () => {
  connection().open();
  Source.last.dispatchEvent(new MessageEvent("room", { data: JSON.stringify({ seq: 12 }) }));
  expect(said).toEqual(["view 12"]);
});

test("a deleted session is not waited for", async () => {
  connection().open();
  Source.last.dispatchEvent(new Event("gone"));
  expect(said).toEqual(["gone"]);
  expect(Source.last.isClosed).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(Source.all).toHaveLength(1);
});
