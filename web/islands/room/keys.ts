// One-letter keys of the room: remappable, kept in this browser, and off wherever text is written.

export const DEFAULTS = { repeat: "r", think: "t", clarify: "c", hint: "h", pause: "p", transcript: "s", keys: "?" } as const;

export type Action = keyof typeof DEFAULTS;
export type KeyMap = Record<Action, string>;

const STORE = "greenroom.keys";

export function load(store: Storage): KeyMap {
  const map: KeyMap = { ...DEFAULTS };
  try {
    const kept: unknown = JSON.parse(store.getItem(STORE) ?? "{}");
    for (const [action, key] of Object.entries(kept ?? {})) {
      if (action in map && typeof key === "string") map[action as Action] = key.slice(0, 1).toLowerCase();
    }
  } catch {
    // What was kept is not ours to read: the delivered keys hold.
  }
  return map;
}

/** Gives a key to an action and takes it from any other; an empty key switches the action's key off. */
export function remap(map: KeyMap, action: Action, key: string, store: Storage): KeyMap {
  const letter = key.trim().slice(0, 1).toLowerCase();
  const next = { ...map };
  for (const other of Object.keys(next) as Action[]) {
    if (letter && next[other] === letter) next[other] = "";
  }
  next[action] = letter;
  store.setItem(STORE, JSON.stringify(next));
  return next;
}

export function reset(store: Storage): KeyMap {
  store.removeItem(STORE);
  return { ...DEFAULTS };
}

function isEditor(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable='true']") !== null;
}

/** What a key press asks for: sending works in the editor, everything else only outside of it. */
export function actionOf(event: KeyboardEvent, map: KeyMap): Action | "send" | null {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return "send";
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isEditor(event.target)) return null;
  const pressed = event.key.toLowerCase();
  return (Object.keys(map) as Action[]).find((action) => map[action] !== "" && map[action] === pressed) ?? null;
}
