// Transcript and coach stand between bar and dock, so that reading never covers the answer; on a phone they cover all.

export function placeDrawer(room: HTMLElement): void {
  room.querySelectorAll<HTMLElement>(".drawer").forEach((drawer) => place(room, drawer));
}

/** Only one drawer is open at a time: both take the same place. */
export function closeOthers(room: HTMLElement, event: Event): void {
  if (!(event instanceof ToggleEvent) || event.newState !== "open") return;
  room.querySelectorAll<HTMLElement>(".drawer:popover-open").forEach((drawer) => drawer === event.target || drawer.hidePopover());
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
