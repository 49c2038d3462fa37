import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { expireUndo, localise } from "./page.ts";

vi.mock("htmx.org", () => ({}));

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

test("a time is written in the reader's zone, with the zone where it is told in full", () => {
  document.documentElement.lang = "en";
  document.body.innerHTML = '<time datetime="2026-11-18T09:30:00+00:00" data-local="full">18 Nov</time><time datetime="nonsense" data-local="day">kept</time>';
  localise(document);
  const [full, broken] = [...document.querySelectorAll("time")].map((time) => time.textContent);
  expect(full).toMatch(/November .*2026.* \d+:\d\d .*(UTC|GMT|[A-Z]{2,})/);
  expect(broken).toBe("kept");
});

test("what is planned says how near it is, in the reader's zone and clock", () => {
  document.documentElement.lang = "en";
  vi.setSystemTime(new Date(2026, 10, 18, 9, 0));
  const times = [[18, "Today, "], [19, "Tomorrow, "], [21, "In 3 days, "], [30, ""]] as const;
  document.body.innerHTML = times.map(([day]) => `<time datetime="${new Date(2026, 10, day, 18, 30).toISOString()}" data-local="ahead"></time>`).join("");
  localise(document);
  for (const [n, [, word]] of times.entries()) {
    const told = document.querySelectorAll("time")[n]!.textContent!;
    expect(told.startsWith(word)).toBe(true);
    expect(told).toMatch(/Nov.*2026.*(6:30 PM|18:30)/);
    if (!word) expect(told).not.toMatch(/day(s)?, /i);
  }
});

test("undo is offered for ten seconds", () => {
  document.body.innerHTML = '<div data-undo><button>Undo</button></div>';
  expireUndo(document.querySelector<HTMLElement>("[data-undo]")!);
  vi.advanceTimersByTime(9_900);
  expect(document.querySelector("[data-undo]")).not.toBeNull();
  vi.advanceTimersByTime(200);
  expect(document.querySelector("[data-undo]")).toBeNull();
});

test("undo stays while the keyboard is on it", () => {
  document.body.innerHTML = '<div data-undo><button>Undo</button></div>';
  const toast = document.querySelector<HTMLElement>("[data-undo]")!;
  vi.spyOn(toast, "matches").mockReturnValueOnce(true);
  expireUndo(toast);
  vi.advanceTimersByTime(10_100);
  expect(toast.isConnected).toBe(true);
  vi.advanceTimersByTime(10_100);
  expect(toast.isConnected).toBe(false);
});

test("the summary is asked for once when the last pending card is done", () => {
  const asked = vi.fn();
  document.addEventListener("greenroom:scored", asked);
  const swap = () => document.dispatchEvent(new Event("htmx:after:swap"));
  document.body.innerHTML = "<article data-pending></article><article data-pending></article>";
  swap();
  document.querySelector("article")?.remove();
  swap();
  expect(asked).not.toHaveBeenCalled();
  document.querySelector("article")?.remove();
  swap();
  swap();
  expect(asked).toHaveBeenCalledTimes(1);
});
