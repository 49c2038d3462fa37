import { describe, expect, it } from "vitest";
import { countWords, paceOf } from "./cue.ts";

const range = { least_words: 60, most_words: 200 };

describe("the pacing cue", () => {
  it.each([
    [0, "none"],
    [1, "short"],
    [59, "short"],
    [60, "enough"],
    [200, "enough"],
    [201, "long"],
  ] as const)("calls %i words %s", (words, pace) => {
    expect(paceOf(words, range)).toBe(pace);
  });

  it.each([
    ["", 0],
    ["  \n ", 0],
    ["one", 1],
    ["I read\nthe  logs.", 4],
  ])("counts the words of %j", (text, words) => {
    expect(countWords(text)).toBe(words);
  });
});
