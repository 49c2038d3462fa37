// The line to the server: moves by fetch with an idempotency key, news by server-sent events, one notion of "lost".
import type { DraftUpdate, Heartbeat, RoomView, TurnCreate, WordsView } from "../protocol.gen.ts";

export type Outcome =
  | { kind: "taken"; view: RoomView }
  | { kind: "stale"; view: RoomView | null }
  | { kind: "refused"; reason: string };

export interface ConnectionEvents {
  view: (view: RoomView) => void;
  /** A model is wording the question: its words so far. */
  words: (words: WordsView) => void;
  lost: (secondsToRetry: number) => void;
  trying: () => void;
  back: () => void;
  /** The session was deleted; nothing more will come. */
  gone: () => void;
}

const WAITS = [1, 2, 4, 8, 15];
const PASSING = new Set([502, 503, 504]);
const STEADY_MS = 3000;
const QUIET_RETRY_MS = 300;

export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID(); // only over https and on localhost
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Connection {
  readonly #base: string;
  readonly #tell: ConnectionEvents;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #isUp = true;
  #waiting: (() => void)[] = [];

  constructor(session: string, events: ConnectionEvents) {
    this.#base = `/api/v1/sessions/${session}`;
    this.#tell = events;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Opens the stream of events. The server's first event is the room as it is now. */
  open(): void {
    this.close();
    const source = new EventSource(`${this.#base}/events`);
    this.#source = source;
    source.addEventListener("open", () => this.#recover());
    source.addEventListener("room", (event) => this.#tell.view(JSON.parse((event as MessageEvent<string>).data) as RoomView));
    source.addEventListener("words", (event) => this.#tell.words(JSON.parse((event as MessageEvent<string>).data) as WordsView));
    source.addEventListener("gone", () => {
      this.close();
      this.#tell.gone();
    });
    source.addEventListener("error", () => this.#fail());
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  retryNow(): void {
    this.#tell.trying();
    this.open();
  }

  /** Sends one move and stays with it: a lost connection repeats the same move under the same key. */
  async send(turn: TurnCreate): Promise<Outcome> {
    const key = newKey();
    for (;;) {
      const answer = await this.#post("/turns", turn, { "Idempotency-Key": key }).catch(() => null);
      if (answer !== null && !PASSING.has(answer.status)) return outcomeOf(answer);
      this.#drop();
      await this.#untilUp();
    }
  }

  async saveDraft(update: DraftUpdate, leaving: boolean): Promise<boolean> {
    const answer = await this.#request("PUT", "/draft", update, { keepalive: leaving }).catch(() => null);
    return answer?.ok ?? false;
  }

  async beat(heartbeat: Heartbeat): Promise<void> {
    if (!this.#isUp) return;
    const answer = await this.#post("/heartbeat", heartbeat).catch(() => null);
    if (answer === null || PASSING.has(answer.status)) this.#drop();
  }

  #post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
    return this.#request("POST", path, body, { headers });
  }

  #request(method: string, path: string, body: object, extra: RequestInit & { headers?: Record<string, string> }): Promise<Response> {
    return fetch(this.#base + path, {
      ...extra,
      method,
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", Accept: "application/json", ...extra.headers },
      signal: AbortSignal.timeout(20_000),
    });
  }

  #recover(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#failures = 0;
    }, STEADY_MS);
    if (!this.#isUp) {
      this.#isUp = true;
      this.#tell.back();
    }
    for (const go of this.#waiting.splice(0)) go();
  }

  #fail(): void {
    this.close();
    this.#failures += 1;
    if (this.#failures === 1) {
      this.#timer = setTimeout(() => this.open(), QUIET_RETRY_MS); // a server that restarts is not worth a word
      return;
    }
    this.#isUp = false;
    this.#countDown(WAITS[Math.min(this.#failures - 2, WAITS.length - 1)] ?? 15);
  }

  #drop(): void {
    this.close();
    this.#failures = Math.max(this.#failures, 1);
    this.#fail();
  }

  #countDown(left: number): void {
    if (left === 0) {
      this.retryNow();
      return;
    }
    this.#tell.lost(left);
    this.#timer = setTimeout(() => this.#countDown(left - 1), 1000);
  }

  #untilUp(): Promise<void> {
    return new Promise((go) => this.#waiting.push(go));
  }
}

async function outcomeOf(answer: Response): Promise<Outcome> {
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok) return { kind: "taken", view: body as RoomView };
  const problem = (body ?? {}) as { title?: string; detail?: string; room?: RoomView };
  if (answer.status === 409) return { kind: "stale", view: problem.room ?? null };
  return { kind: "refused", reason: problem.detail ?? problem.title ?? String(answer.status) };
}
