// The transcript stands between bar and dock, so that reading back never covers the answer; on a phone it covers all.

export function placeDrawer(room: HTMLElement): void {
  const drawer = room.querySelector<HTMLElement>(".drawer");
  const bar = room.querySelector(".bar");
  const dock = room.querySelector(".dock");
  if (!drawer || !bar || !dock) return;
  const isWide = matchMedia("(min-width: 900px)").matches;
  const above = isWide ? Math.max(0, bar.getBoundingClientRect().bottom) : 0;
  const below = isWide ? Math.max(0, innerHeight - dock.getBoundingClientRect().top) : 0;
  drawer.style.setProperty("--above", `${above}px`);
  drawer.style.setProperty("--below", `${below}px`);
  drawer.scrollTop = drawer.scrollHeight;
}
