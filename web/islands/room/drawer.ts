// Transcript and coach stand between bar and dock, so that reading never covers the answer; on a phone they cover all.

export function placeDrawer(room: HTMLElement): void {
  room.querySelectorAll<HTMLElement>(".drawer").forEach((drawer) => place(room, drawer));
}

/** Only one drawer is open at a time: both take the same place. */
export function closeOthers(room: HTMLElement, event: Event): void {
  if (!(event instanceof ToggleEvent) || event.newState !== "open") return;
  room.querySelectorAll<HTMLElement>(".drawer:popover-open").forEach((drawer) => drawer === event.target || drawer.hidePopover());
}

/** Where the dock lies over the page (a phone), the question is brought above it: a long greeting must not hide it. */
export function revealQuestion(room: HTMLElement): void {
  const dock = room.querySelector(".dock");
  const from = room.querySelector("[data-part=from]");
  const asked = room.querySelector("[data-part=asked]");
  if (!dock || !from || !asked || getComputedStyle(dock).position !== "sticky") return;
  const above = from.getBoundingClientRect().top - 8;
  const covered = asked.getBoundingClientRect().bottom + 16 - dock.getBoundingClientRect().top;
  if (above < 0) scrollBy(0, above);
  else if (covered > 0) scrollBy(0, Math.min(covered, above));
}

function place(room: HTMLElement, drawer: HTMLElement): void {
  const bar = room.querySelector(".bar");
  const dock = room.querySelector(".dock");
  if (!bar || !dock) return;
  const isWide = matchMedia("(min-width: 900px)").matches;
  const above = isWide ? Math.max(0, bar.getBoundingClientRect().bottom) : 0;
  const below = isWide ? Math.max(0, innerHeight - dock.getBoundingClientRect().top) : 0;
  drawer.style.setProperty("--above", `${above}px`);
  drawer.style.setProperty("--below", `${below}px`);
  if (drawer.id === "transcript") drawer.scrollTop = drawer.scrollHeight;
}
