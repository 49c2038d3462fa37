import { beforeEach, expect, test } from "vitest";
import { actionOf, DEFAULTS, load, remap, reset } from "./keys.ts";

function press(key: string, target: Element = document.body, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, ...more });
  target.dispatchEvent(event);
  return event;
}

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = "<textarea></textarea><button>b</button>";
});

test("a letter outside of editors is a move", () => {
  expect(actionOf(press("r"), DEFAULTS)).toBe("repeat");
  expect(actionOf(press("R", document.querySelector("button")!), DEFAULTS)).toBe("repeat");
  expect(actionOf(press("?"), DEFAULTS)).toBe("keys");
});

test("a letter in an editor is a letter", () => {
  expect(actionOf(press("r", document.querySelector("textarea")!), DEFAULTS)).toBeNull();
});

test("Ctrl+Enter sends, also from the editor", () => {
  expect(actionOf(press("Enter", document.querySelector("textarea")!, { ctrlKey: true }), DEFAULTS)).toBe("send");
  expect(actionOf(press("Enter"), DEFAULTS)).toBeNull();
});

test("the browser's own shortcuts stay its own", () => {
  expect(actionOf(press("r", document.body, { ctrlKey: true }), DEFAULTS)).toBeNull();
  expect(actionOf(press("Escape"), DEFAULTS)).toBeNull();
});

test("a remapped key is remembered, and taken from its former action", () => {
  const map = remap({ ...DEFAULTS }, "think", "R", localStorage);
  expect(map.think).toBe("r");
  expect(map.repeat).toBe("");
  expect(load(localStorage)).toEqual(map);
  expect(actionOf(press("r"), map)).toBe("think");
  expect(reset(localStorage)).toEqual(DEFAULTS);
  expect(load(localStorage)).toEqual(DEFAULTS);
});

test("an emptied key is off", () => {
  const map = remap({ ...DEFAULTS }, "pause", "", localStorage);
  expect(actionOf(press("p"), map)).toBeNull();
});

test("a broken store leaves the delivered keys", () => {
  localStorage.setItem("greenroom.keys", "{");
  expect(load(localStorage)).toEqual(DEFAULTS);
});
