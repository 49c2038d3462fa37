import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Draft, EVERY_MS } from "./draft.ts";

const saves: string[] = [];
let reachable = true;

function draft(): Draft {
  return new Draft({
    session: "s1",
    store: localStorage,
    save: async (text) => {
      if (reachable) saves.push(text);
      return reachable;
    },
    saved: () => undefined,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  saves.length = 0;
  reachable = true;
});
afterEach(() => vi.useRealTimers());

describe("a draft", () => {
  test("is on the server at most every ten seconds", async () => {
    const one = draft();
    one.restore("", 4, []);
    for (let second = 0; second < 35; second += 1) {
      one.note(`word ${second}`, 4);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(saves.length).toBeGreaterThan(2);
    expect(saves.length).toBeLessThanOrEqual(1 + 35_000 / EVERY_MS);
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(saves.at(-1)).toBe("word 34");
  });

  test("that the server never got comes back from this device", async () => {
    reachable = false;
    const lost = draft();
    lost.restore("", 4, []);
    lost.note("half a sentence", 4);
    await lost.flush();
    expect(lost.isSafe).toBe(false);
    expect(draft().restore("", 4, [])).toBe("half a sentence");
  });

  test("of an answer that was already taken does not come back", () => {
    draft().note("said this", 4);
    expect(draft().restore("", 6, ["said this"])).toBe("");
  });

  test("of an earlier question gives way to the server's newer draft", () => {
    draft().note("old words", 4);
    expect(draft().restore("new words", 9, [])).toBe("new words");
  });

  test("keeps what was written while the answer was on its way", () => {
    const one = draft();
    one.note("first part", 4);
    expect(one.sent("first part", "first part and more", 6)).toBe("and more");
    expect(one.sent("and more", "and more", 8)).toBe("");
    expect(one.isSafe).toBe(true);
    expect(draft().restore("", 8, [])).toBe("");
  });

  test.each([
    ["what was typed before the script ran stays", "", null, "I wrote", "I wrote"],
    ["words after the server's draft stay", "I wrote", null, "I wrote the plan", "I wrote the plan"],
    ["an unchanged box takes this device's newer words", "I wrote", "I wrote the plan", "I wrote", "I wrote the plan"],
    ["a box the browser has filled again does not double them", "I", "I wrote the plan", "I wrote the plan", "I wrote the plan"],
    ["both are kept where they differ", "", "I wrote the plan", "Then I sold it", "I wrote the plan\n\nThen I sold it"],
    ["a sentence that was sent does not come back", "", null, "Sent before", ""],
  ])("%s", (_name, fromServer, kept, typed, expected) => {
    if (kept !== null) localStorage.setItem("greenroom.draft.s1", JSON.stringify({ seq: 4, text: kept }));
    expect(draft().restore(fromServer, 4, ["Sent before"], typed)).toBe(expected);
  });

  test("early words reach the server without another key", async () => {
    draft().restore("", 4, [], "I wrote");
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(saves).toEqual(["I wrote"]);
  });
});
