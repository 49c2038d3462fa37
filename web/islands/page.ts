// What every page needs: htmx for fragments, times in the reader's own zone, and a few small courtesies.
import "htmx.org";

const FORMS: Record<string, Intl.DateTimeFormatOptions> = {
  day: { day: "numeric", month: "short", year: "numeric" },
  short: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
  time: { hour: "2-digit", minute: "2-digit" },
  full: { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" },
};
FORMS["ahead"] = { ...FORMS["full"], weekday: "short", month: "short" };
const UNDO_MS = 10_000;

/** The reader's own kind of the page's language: British readers of an English page get 18:30, Americans 6:30 PM. */
function readersLanguage(): string | undefined {
  const page = document.documentElement.lang;
  return navigator.languages.find((language) => language.split("-")[0] === page.split("-")[0]) ?? (page || undefined);
}

/** `tomorrow, ` for a day within the week ahead or yesterday; nothing for others. */
function dayWord(at: Date, language: string | undefined): string {
  const start = (day: Date) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).valueOf();
  const days = Math.round((start(at) - start(new Date())) / 86_400_000);
  if (days < -1 || days > 6) return "";
  const word = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day");
  return `${word.charAt(0).toLocaleUpperCase(language)}${word.slice(1)}, `;
}

/** Writes every `<time data-local>` in the reader's zone and language. */
export function localise(root: ParentNode): void {
  const language = readersLanguage();
  for (const time of root.querySelectorAll<HTMLTimeElement>("time[data-local]")) {
    const at = new Date(time.dateTime);
    const form = FORMS[time.dataset["local"] ?? "day"];
    if (Number.isNaN(at.valueOf()) || !form) continue;
    const near = time.dataset["local"] === "ahead" ? dayWord(at, language) : "";
    time.textContent = near + new Intl.DateTimeFormat(language, form).format(at);
  }
}

/** Undo is offered for ten seconds, and for as long as somebody is on it with pointer or keyboard. */
export function expireUndo(toast: HTMLElement): void {
  setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) expireUndo(toast);
    else toast.remove();
  }, UNDO_MS);
}

/** Fills the reader's own time zone in where none has been chosen. */
export function fillZones(root: ParentNode): void {
  for (const field of root.querySelectorAll<HTMLInputElement>("input[data-zone]")) {
    field.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
}

function begin(root: ParentNode): void {
  localise(root);
  fillZones(root);
  isWaiting = root.querySelector("[data-pending]") !== null;
  root.querySelectorAll<HTMLElement>("[data-without-script]").forEach((node) => (node.hidden = true));
  root.querySelectorAll<HTMLElement>("[data-with-script]").forEach((node) => (node.hidden = false));
  root.querySelectorAll<HTMLElement>("[data-undo]").forEach(expireUndo);
}

let isWaiting = false;

function afterSwap(): void {
  localise(document);
  const plan = document.querySelector<HTMLElement>("[data-said]");
  const said = document.querySelector("[data-plan-said]");
  if (plan && said) said.textContent = plan.dataset["said"] ?? "";
  const waits = document.querySelector("[data-pending]") !== null;
  if (isWaiting && !waits) document.dispatchEvent(new CustomEvent("greenroom:scored")); // the summary asks for itself
  isWaiting = waits;
}

document.addEventListener("htmx:after:swap", afterSwap);
document.addEventListener("click", (event) => {
  const button = event.target;
  if (button instanceof Element && button.closest("[data-do=print]")) print();
});
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field instanceof HTMLElement && field.closest("form[data-auto]")) field.closest("form")?.requestSubmit();
});
if ("serviceWorker" in navigator) {
  // Without it only the offline page is missing: the browser may forbid it, and that is the reader's choice.
  addEventListener("load", () => void navigator.serviceWorker.register("/service-worker.js").catch(() => undefined));
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => begin(document));
else begin(document);
