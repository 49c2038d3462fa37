import { expect, test } from "vitest";
import { Clock } from "./clock.ts";

const view = { total_s: 900, used_s: 100, running: true, timing: "on" as const };

test("counts on from the server's time", () => {
  const clock = new Clock(view, 1000);
  expect(clock.used(11_000)).toBe(110);
  expect(clock.left(11_000)).toBe(790);
});

test("stands still while paused", () => {
  expect(new Clock({ ...view, running: false }, 0).used(60_000)).toBe(100);
});

test("stands still while the connection is lost, and goes on after", () => {
  const clock = new Clock(view, 0);
  clock.hold(true, 5000);
  clock.hold(true, 9000);
  expect(clock.used(65_000)).toBe(105);
  clock.hold(false, 65_000);
  expect(clock.used(70_000)).toBe(110);
});

test("never shows less than nothing", () => {
  expect(new Clock(view, 0).left(10_000_000)).toBe(0);
});
