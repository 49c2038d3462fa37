import { expect, test } from "vitest";
import { face, materialNodes, questionNodes, ribbonItems, saidBefore, sentences, voice } from "./draw.ts";

const line = { seq: 1, who: "panel" as const, name: "Ruta", text: "Hello.", offset_s: 3, persona: "hr", kind: "greeting", source: "bank" as const };

test("a ribbon carries its seconds and hangs evidence under the answer", () => {
  const [item] = ribbonItems([
    { label: "Planning", number: 1, seconds: 60, segments: [{ kind: "probe", seconds: 10, marks: [] }, { kind: "you", seconds: 50, marks: [[0.25, "met"]] }] },
  ]);
  expect(item?.style.getPropertyValue("--s")).toBe("60");
  expect([...(item?.querySelectorAll("i") ?? [])].map((one) => one.className)).toEqual(["ask probe", "you"]);
  expect(item?.querySelector<HTMLElement>(".ev.met")?.style.getPropertyValue("--at")).toBe("0.250");
});

test("words of the candidate are text, never markup", () => {
  const made = voice({ ...line, who: "you", text: "<img src=x onerror=alert(1)>" }, "You");
  expect(made.querySelector("img")).toBeNull();
  expect(made.textContent).toContain("<img src=x");
});

test("a question is cut into sentences without losing a sign", () => {
  const text = "You moved early. Why? And who agreed?";
  expect(sentences(text)).toHaveLength(3);
  expect(sentences(text).join("")).toBe(text);
  expect(questionNodes(text, "Thank you.").map((one) => one.textContent)).toEqual(["Thank you.", text]);
});

test("material keeps its columns, has a name and takes the focus so that it can be scrolled", () => {
  const [table, needs] = materialNodes([
    { title: "Cost <b>", body: "Van | 7.20\nCar |  3", wraps: false },
    { title: "Requirements", body: "- One seat, one buyer", wraps: true },
  ]);
  expect(table?.className).toBe("material is-aligned");
  expect(needs?.className).toBe("material");
  const text = table?.querySelector("pre");
  expect([text?.textContent, text?.tabIndex, text?.getAttribute("aria-label")]).toEqual(["Van | 7.20\nCar |  3", 0, "Cost <b>"]);
  expect(table?.querySelector("b")).toBeNull();
});

test("greeting and hand-over stand before the question until the candidate has spoken", () => {
  const you = { ...line, seq: 3, who: "you" as const, kind: "answer" };
  expect(saidBefore([line])).toHaveLength(1);
  expect(saidBefore([line, you])).toEqual([]);
  expect(saidBefore([line, you, { ...line, seq: 4, kind: "handover" }, { ...line, seq: 5, kind: "question" }])).toHaveLength(1);
});

test("a clock's face never shows less than nothing", () => {
  expect([face(0), face(59.9), face(61), face(3600), face(-4)]).toEqual(["0:00", "0:59", "1:01", "60:00", "0:00"]);
});
