// Keeps the unsent answer: on this device at every keystroke, on the server at most every ten seconds and on leaving.

export const EVERY_MS = 10_000;

interface Kept {
  seq: number;
  text: string;
}

export interface DraftOptions {
  session: string;
  store: Storage;
  /** Puts the draft on the server; resolves to whether it is there. */
  save: (text: string, seq: number, leaving: boolean) => Promise<boolean>;
  /** Says where the draft is: on the server, or on this device only. */
  saved: (where: "server" | "device") => void;
}

/** `found` with the words that were added to the `drawn` text in the meantime: nothing is lost, nothing stands twice. */
function withTyped(found: string, typed: string, drawn: string): string {
  if (typed === drawn || found.startsWith(typed)) return found;
  if (typed.startsWith(found)) return typed;
  const added = typed.startsWith(drawn) ? typed.slice(drawn.length) : typed;
  return `${found.trimEnd()}\n\n${added.trimStart()}`;
}

export class Draft {
  readonly #options: DraftOptions;
  readonly #key: string;
  #text = "";
  #seq = 0;
  #onServer = "";
  #lastSave = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: DraftOptions) {
    this.#options = options;
    this.#key = `greenroom.draft.${options.session}`;
  }

  /**
   * The text to begin with: the server's draft, or this device's when it has words the server has not.
   * `typed` is what the box holds already: written before this script ran, or brought back by the browser.
   */
  restore(fromServer: string, seq: number, alreadySaid: string[], typed = fromServer): string {
    this.#seq = seq;
    this.#onServer = fromServer;
    const kept = this.#kept();
    const useKept = kept !== null && kept.text.trim() !== "" && !alreadySaid.includes(kept.text.trim());
    const found = useKept && (kept.seq === seq || fromServer === "") ? kept.text : fromServer;
    this.#text = alreadySaid.includes(typed.trim()) ? found : withTyped(found, typed, fromServer);
    if (this.#text !== found) this.note(this.#text, seq);
    return this.#text;
  }

  get isSafe(): boolean {
    return this.#text.trim() === "" || this.#text === this.#onServer;
  }

  note(text: string, seq: number): void {
    this.#text = text;
    this.#seq = seq;
    this.#keep();
    this.#timer ??= setTimeout(() => void this.flush(), Math.max(0, this.#lastSave + EVERY_MS - Date.now()) || 1500);
  }

  /** Saves now when there is something the server does not have. */
  async flush(leaving = false): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text === this.#onServer) return;
    const text = this.#text;
    this.#lastSave = Date.now();
    const there = await this.#options.save(text, this.#seq, leaving);
    if (there) this.#onServer = text;
    this.#options.saved(there ? "server" : "device");
  }

  /** Forgets what was sent; words written since then stay. */
  sent(text: string, current: string, seq: number): string {
    const rest = current === text ? "" : current.startsWith(text) ? current.slice(text.length).trimStart() : current;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#onServer = "";
    this.#text = rest;
    this.#seq = seq;
    this.#keep();
    return rest;
  }

  #keep(): void {
    try {
      if (this.#text) this.#options.store.setItem(this.#key, JSON.stringify({ seq: this.#seq, text: this.#text }));
      else this.#options.store.removeItem(this.#key);
    } catch {
      // A full or forbidden store: the server's copy remains.
    }
  }

  #kept(): Kept | null {
    try {
      const kept = JSON.parse(this.#options.store.getItem(this.#key) ?? "null") as Kept | null;
      return kept && typeof kept.text === "string" && typeof kept.seq === "number" ? kept : null;
    } catch {
      return null;
    }
  }
}
