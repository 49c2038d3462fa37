// <greenroom-room session="…" after-seq="…">: takes over the room that the server has drawn.
// The server decides everything; this sends moves, draws the view it gets back, and keeps what is not sent yet.
import { Clock } from "./room/clock.ts";
import { Connection, type Outcome } from "./room/connection.ts";
import { countWords, paceOf } from "./room/cue.ts";
import { Draft } from "./room/draft.ts";
import { aside, dollars, face, hintItems, materialNodes, questionNodes, ribbonItems, saidBefore, voice } from "./room/draw.ts";
import { closeOthers, placeDrawer, revealQuestion } from "./room/drawer.ts";
import { type Action, actionOf, type KeyMap, load, remap, reset } from "./room/keys.ts";
import { Words } from "./room/words.ts";
import { ANSWER_LIMIT, type RoomView, type TurnCreate, type WordsView } from "./protocol.gen.ts";

type Move = NonNullable<TurnCreate["kind"]>;
type Mood = "listening" | "thinking" | "paused" | "ended" | "lost";

const BEAT_MS = 10_000;
const BUSY_AFTER_MS = 250;
const LONG_AFTER_MS = 3000;

export class GreenroomRoom extends HTMLElement {
  #view!: RoomView;
  #words!: Words;
  #clock!: Clock;
  #draft!: Draft;
  #line!: Connection;
  #keys: KeyMap = load(localStorage);
  #sending = false;
  #shownAt = 0;
  #firstKeyAt: number | null = null;
  #typedSinceBeat = false;
  #warned = Number.POSITIVE_INFINITY;
  #off = new AbortController();
  #timers: ReturnType<typeof setInterval>[] = [];

  connectedCallback(): void {
    this.#off = new AbortController();
    this.#words = new Words(this.#one<HTMLTemplateElement>("template[data-words]"));
    this.#view = JSON.parse(this.#one<HTMLTemplateElement>("template[data-room]").content.textContent ?? "") as RoomView;
    this.#clock = new Clock(this.#view.clock, Date.now());
    const session = this.getAttribute("session") ?? this.#view.session_id;
    this.#line = new Connection(session, {
      view: (view) => this.#news(view),
      words: (words) => this.#worded(words),
      lost: (n) => this.#lost(this.#words.nodes("lost", { n })),
      trying: () => this.#lost(this.#words.nodes("trying")),
      back: () => this.#back(),
      gone: () => this.#say(this.#words.nodes("gone"), "ended"),
    });
    this.#draft = new Draft({
      session,
      store: localStorage,
      save: (text, after_seq, leaving) => this.#line.saveDraft({ text, after_seq }, leaving),
      saved: (where) => this.#saved(where),
    });
    const said = this.#view.transcript.filter((line) => line.who === "you").map((line) => line.text.trim());
    const { value, defaultValue } = this.#answer;
    this.#answer.value = this.#draft.restore(this.#view.draft, this.#view.seq, said, value === defaultValue ? undefined : value);
    this.#listen();
    this.#drawKeys();
    this.#drawCue();
    this.#shown();
    if (matchMedia("(hover: hover)").matches) this.#focusNext(); // on a phone it would cover the question with the keyboard
    if (this.#view.state !== "ended") this.#line.open();
    this.#timers = [
      setInterval(() => this.#beat(), BEAT_MS),
      setInterval(() => this.#tick(), 500),
    ];
  }

  disconnectedCallback(): void {
    this.#off.abort();
    this.#timers.forEach(clearInterval);
    this.#line.close();
  }

  // ---- from the candidate

  #listen(): void {
    const { signal } = this.#off;
    this.querySelectorAll<HTMLElement>("[data-with-script]").forEach((node) => (node.hidden = false));
    this.#answer.addEventListener("input", () => this.#typed(), { signal });
    this.#answer.addEventListener("blur", () => void this.#draft.flush(), { signal });
    this.addEventListener("submit", (event) => this.#submitted(event as SubmitEvent), { signal });
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.addEventListener("change", (event) => this.#keyChanged(event), { signal });
    this.querySelectorAll(".drawer").forEach((drawer) =>
      drawer.addEventListener("toggle", (event) => (closeOthers(this, event), placeDrawer(this)), { signal }),
    );
    this.#one("#end").addEventListener("beforetoggle", () => this.#warnOfUnsent(), { signal });
    document.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && void this.#draft.flush(true), { signal });
    addEventListener("pagehide", () => void this.#draft.flush(true), { signal });
    addEventListener("beforeunload", (event) => this.#leaving(event), { signal });
  }

  /** Practice only: how such an answer is built, and what its length is like so far. */
  #drawCue(): void {
    const { cue } = this.#view;
    const box = this.querySelector<HTMLElement>("[data-part=cue]");
    if (!box) return;
    box.hidden = !cue;
    if (!cue) return;
    const n = countWords(this.#answer.value);
    this.#part("reminder").replaceChildren(this.#words.nodes(`reminder-${cue.structure}`));
    this.#part("pace").textContent = this.#words.text(`pace-${paceOf(n, cue)}`, { n, least: cue.least_words, most: cue.most_words });
  }

  #typed(): void {
    this.#drawCue();
    this.#firstKeyAt ??= Date.now();
    this.#typedSinceBeat = true;
    this.#draft.note(this.#answer.value, this.#view.seq);
  }

  #submitted(event: SubmitEvent): void {
    if (event.target instanceof HTMLFormElement && event.target.closest(".drawer")) return; // the coach's own form
    event.preventDefault();
    const button = event.submitter;
    void this.move((button instanceof HTMLButtonElement && button.name === "kind" ? button.value : "answer") as Move);
  }

  #clicked(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-do]") : null;
    if (button?.dataset["do"] === "retry") this.#line.retryNow();
    if (button?.dataset["do"] === "copy-link") void this.#copyLink();
    if (button?.dataset["do"] === "reset-keys") {
      this.#keys = reset(localStorage);
      this.#drawKeys();
    }
  }

  async #copyLink(): Promise<void> {
    await navigator.clipboard.writeText(location.href);
    this.#part("saved").textContent = this.#words.text("copied");
  }

  #warnOfUnsent(): void {
    this.#part("unsent").hidden = this.#answer.value.trim() === "";
  }

  #pressed(event: KeyboardEvent): void {
    if (event.key === "Escape") this.querySelectorAll<HTMLElement>(".drawer:popover-open").forEach((drawer) => drawer.hidePopover());
    const action = actionOf(event, this.#keys);
    if (action === null || (action !== "send" && this.querySelector(":popover-open:not(.drawer)"))) return;
    event.preventDefault();
    if (action === "send") void this.move(this.#asksPanel ? "question" : "answer");
    else if (action === "transcript" || action === "keys") this.#one(`#${action}`).togglePopover();
    else if (action === "pause") void this.move(this.#view.state === "paused" ? "resume" : "pause");
    else void this.move(action);
  }

  #leaving(event: BeforeUnloadEvent): void {
    if (this.#draft.isSafe || this.#view.state === "ended") return;
    void this.#draft.flush(true);
    event.preventDefault();
  }

  /** Makes one move and draws what came of it. A move the room does not allow now is not sent. */
  async move(kind: Move): Promise<void> {
    if (this.#sending || !this.#view.moves.includes(kind)) return;
    const speaks = kind === "answer" || kind === "question" || kind === "done";
    const text = speaks ? this.#answer.value : "";
    if (speaks && kind !== "done" && !text.trim()) {
      this.#say(this.#words.nodes("empty"), "listening");
      this.#answer.focus();
      return;
    }
    if ([...text].length > ANSWER_LIMIT) {
      this.#say(this.#words.nodes("too-long", {
        limit: ANSWER_LIMIT.toLocaleString("en"),
        n: [...text].length.toLocaleString("en"),
      }), "listening");
      return;
    }
    this.#sending = true;
    const [busy, long] = this.#busyLater();
    const outcome = await this.#line.send({ kind, text, after_seq: this.#view.seq, thinking_ms: this.#thinkingMs(speaks) });
    clearTimeout(busy);
    clearTimeout(long);
    this.#sending = false;
    this.#setBusy(false);
    this.#settle(outcome, kind, text);
  }

  #thinkingMs(speaks: boolean): number | null {
    return speaks && this.#firstKeyAt !== null ? Math.max(0, this.#firstKeyAt - this.#shownAt) : null;
  }

  #busyLater(): [ReturnType<typeof setTimeout>, ReturnType<typeof setTimeout>] {
    const name = this.#nameOnFloor();
    return [
      setTimeout(() => {
        this.#setBusy(true);
        if (this.#line.isUp) this.#say(this.#words.nodes("sending"), "listening");
      }, BUSY_AFTER_MS),
      setTimeout(() => this.#line.isUp && this.#say(this.#words.nodes("sending-long", { name }), "thinking"), LONG_AFTER_MS),
    ];
  }

  #settle(outcome: Outcome, kind: Move, text: string): void {
    if (outcome.kind === "refused") {
      this.#say(this.#words.nodes("refused", { reason: outcome.reason }), "listening");
      return;
    }
    if (outcome.kind === "stale") {
      if (outcome.view) this.#apply(outcome.view);
      else this.#line.open(); // its first event is the room as it is now
      this.#say(this.#words.nodes("moved-on"), "listening");
      return;
    }
    if (text) this.#answer.value = this.#draft.sent(text, this.#answer.value, outcome.view.seq);
    this.#part("saved").textContent = "";
    this.querySelectorAll<HTMLElement>(":popover-open:not(.drawer)").forEach((node) => node.hidePopover());
    this.#apply(outcome.view);
    if (kind === "end") location.assign(`/sessions/${this.#view.session_id}/${this.#view.round ? "break" : "report"}`);
    else this.#focusNext();
  }

  #focusNext(): void {
    if (this.#view.state === "paused") this.#one("[data-move=resume]").focus();
    else if (this.#view.state === "ended") this.#one("[data-part=ended] a").focus();
    else this.#answer.focus();
  }

  // ---- from the server

  #news(view: RoomView): void {
    if (this.#sending || view.seq < this.#view.seq) return;
    const asked = this.#view.question?.id;
    if (view.seq === this.#view.seq) this.#clock.set(view.clock, Date.now());
    else this.#apply(view);
    // Words written for another question must not be sent to this one unseen.
    const written = this.#answer.value.trim() !== "" && view.state !== "ended";
    if (written && asked !== view.question?.id) this.#say(this.#words.nodes("moved-on"), "listening");
  }

  /** The question's words as a model writes them; the last ones are the model's or, when it failed, the bank's. */
  #worded({ question_id, text }: WordsView): void {
    const { question, state } = this.#view;
    if (state !== "listening" || question?.id !== question_id || this.#firstKeyAt !== null) return;
    this.#part("asked").replaceChildren(...questionNodes(text));
  }

  #apply(view: RoomView): void {
    const before = this.#view;
    this.#view = view;
    this.setAttribute("after-seq", String(view.seq));
    this.#one<HTMLInputElement>("input[name=after_seq]").value = String(view.seq);
    this.#one<HTMLInputElement>("input[name=key]").value = `${view.session_id}-${view.seq}`;
    this.#clock.set(view.clock, Date.now());
    this.#drawFloor();
    if (before.question?.id !== view.question?.id || before.question?.text !== view.question?.text || before.state !== view.state) this.#drawQuestion();
    this.#drawRibbon();
    this.#drawDock();
    this.#drawMeter();
    this.#drawCue();
    const known = new Set(before.transcript.map((line) => line.seq));
    const fresh = view.transcript.filter((line) => !known.has(line.seq)).map((line) => voice(line, this.#words.text("you")));
    this.#part("transcript").append(...fresh);
    this.#drawReworded(before, view);
    if (fresh.length > 0) placeDrawer(this);
    this.#drawStatus();
    this.#tick();
    if (view.state === "ended") this.#line.close();
  }

  // ---- drawing

  #drawFloor(): void {
    const word = this.#view.state === "paused" ? "floor-paused" : "floor-listening";
    for (const tile of this.querySelectorAll<HTMLElement>(".tile")) {
      const has = tile.dataset["persona"] === this.#view.floor && this.#view.state !== "ended";
      tile.classList.toggle("is-floor", has);
      tile.toggleAttribute("aria-current", has);
      if (has) tile.setAttribute("aria-current", "true");
      const label = tile.querySelector("[data-part=floor]");
      if (label) label.textContent = has ? this.#words.text(word) : "";
    }
  }

  #drawQuestion(): void {
    const { question, state } = this.#view;
    const asked = this.#part("asked");
    const from = this.#part("from");
    from.replaceChildren();
    this.#part("before").replaceChildren(...(state === "paused" ? [] : saidBefore(this.#view.transcript)));
    this.#part("material").replaceChildren(...materialNodes(state === "paused" ? [] : (question?.material ?? [])));
    this.#part("clock").hidden = state === "ended";
    if (state === "paused") asked.replaceChildren(...questionNodes(this.#words.text("covered")));
    else if (state === "ended") asked.replaceChildren(...questionNodes(this.#words.text("over")));
    else if (question) {
      const name = this.#view.panel.find((person) => person.slug === question.persona)?.name ?? "";
      const about = question.competency_title.toLowerCase();
      from.append(this.#words.nodes(question.is_follow_up ? "follows-up" : about ? "asks" : "asks-openly", { name, about }));
      asked.replaceChildren(...questionNodes(question.text, question.lead_in));
    } else if (this.#asksPanel) asked.replaceChildren(...questionNodes(this.#words.text("your-question")));
    this.#shown();
  }

  #shown(): void {
    revealQuestion(this);
    this.#shownAt = Date.now();
    this.#firstKeyAt = null;
  }

  #drawRibbon(): void {
    const { counter } = this.#view;
    this.#part("ribbon").replaceChildren(...ribbonItems(this.#view.ribbon));
    const used = face(this.#clock.used(Date.now()));
    const so = { n: counter.number, of: counter.of, used, total: face(this.#clock.total) };
    this.#part("ribbon-caption").textContent = this.#words.text("so-far", so);
    const place = counter.number === 0 ? "counter-before" : this.#clock.timed ? "counter" : "counter-off";
    this.#part("counter").textContent = this.#words.text(place, { n: counter.number, of: counter.of });
  }

  #drawDock(): void {
    const { state, moves, hint } = this.#view;
    const shut = state === "paused" || state === "ended";
    this.#one("#dock").classList.toggle("is-off", shut);
    this.#part("answering").hidden = shut;
    this.#part("paused").hidden = state !== "paused";
    this.#part("ended").hidden = state !== "ended";
    for (const button of this.querySelectorAll<HTMLElement>("[data-move]")) {
      button.hidden = !moves.includes(button.dataset["move"] as Move);
    }
    this.querySelectorAll<HTMLElement>("[data-move-open]").forEach((node) => (node.hidden = !moves.includes("end")));
    const speaks = this.#asksPanel ? "question" : "answer";
    this.#part("answer-label").textContent = this.#words.text(`${speaks}-label`);
    this.#part("skip-label").textContent = this.#words.text(this.#asksPanel ? "no-more" : "skip");
    this.#part("send-label").textContent = this.#words.text(moves.includes("done") ? "send-part" : `send-${speaks}`);
    this.#one<HTMLButtonElement>("[data-part=send]").value = speaks;
    const box = this.#part("hint");
    box.hidden = hint.length === 0;
    const words = { met: this.#words.text("heard"), part: this.#words.text("partly"), miss: this.#words.text("not-yet") };
    box.querySelector("ul")?.replaceChildren(...hintItems(hint, words));
  }

  /** Lines of the transcript that a model has put into other words since. */
  #drawReworded(before: RoomView, view: RoomView): void {
    const old = new Map(before.transcript.map((line) => [line.seq, line.text]));
    for (const line of view.transcript) {
      if (old.get(line.seq) === undefined || old.get(line.seq) === line.text) continue;
      this.querySelector(`[data-part=transcript] [data-seq="${line.seq}"]`)?.replaceWith(voice(line, this.#words.text("you")));
    }
  }

  /** What models have cost; hidden while none that costs anything took part. */
  #drawMeter(): void {
    const { meter } = this.#view;
    this.#part("meter").hidden = !meter;
    if (!meter) return;
    const word = meter.budget_spent ? "-spent" : !meter.unknown ? "" : meter.usd ? "-some" : "-unknown";
    const least = this.#words.text("meter-least");
    const so = { usd: dollars(meter.usd, least), budget: dollars(meter.budget_usd, least) };
    this.#part("meter").textContent = this.#words.text(`meter${word}`, so);
  }

  #drawStatus(): void {
    const { state, notice } = this.#view;
    const at = face(this.#clock.used(Date.now()));
    const said = aside(this.#view);
    this.#part("aside").hidden = said.length === 0;
    this.#part("aside").replaceChildren(...said);
    if (notice && said.length === 0) this.#say(document.createTextNode(notice), state);
    else this.#say(this.#words.nodes(state, { name: this.#nameOnFloor(), at }), state);
  }

  #say(sentence: Node, mood: Mood): void {
    this.#part("status").replaceChildren(sentence);
    this.#part("glyph").replaceChildren(this.#words.glyph(mood));
  }

  #lost(sentence: Node): void {
    this.#clock.hold(true, Date.now());
    this.#part("lost").hidden = false;
    this.#say(sentence, "lost");
  }

  #back(): void {
    this.#clock.hold(false, Date.now());
    this.#part("lost").hidden = true;
    this.#say(this.#words.nodes("back"), this.#view.state);
    void this.#draft.flush();
  }

  #saved(where: "server" | "device"): void {
    const at = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" }).format(new Date());
    this.#part("saved").textContent = this.#words.text(where === "server" ? "saved" : "saved-here", { at });
  }

  #setBusy(busy: boolean): void {
    this.querySelectorAll<HTMLButtonElement>("#dock button[name=kind], [data-move]").forEach((button) => (button.disabled = busy));
  }

  #drawKeys(): void {
    for (const label of this.querySelectorAll<HTMLElement>("[data-key]")) {
      label.textContent = this.#keys[label.dataset["key"] as Action].toUpperCase();
    }
    for (const input of this.querySelectorAll<HTMLInputElement>("[data-key-for]")) {
      input.value = this.#keys[input.dataset["keyFor"] as Action].toUpperCase();
    }
  }

  #keyChanged(event: Event): void {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.dataset["keyFor"]) return;
    this.#keys = remap(this.#keys, input.dataset["keyFor"] as Action, input.value, localStorage);
    this.#drawKeys();
  }

  // ---- time

  #beat(): void {
    if (this.#view.state === "ended" || document.hidden) return;
    void this.#line.beat({ typing: this.#typedSinceBeat });
    this.#typedSinceBeat = false;
  }

  #tick(): void {
    if (!this.#clock.timed) return;
    const left = this.#clock.left(Date.now());
    this.#part("left").textContent = face(left);
    this.#part("clock").classList.toggle("is-low", left < 60 && this.#view.state !== "ended");
    if (!this.#view.clock.running) return;
    for (const mark of [300, 60]) {
      if (left <= mark && left > mark - 5 && this.#warned > mark) {
        this.#warned = mark;
        this.#say(this.#words.nodes(mark === 60 ? "minute-left" : "minutes-left", { n: mark / 60 }), "listening");
      }
    }
  }

  // ---- finding things

  get #answer(): HTMLTextAreaElement {
    return this.#one<HTMLTextAreaElement>("#answer");
  }

  get #asksPanel(): boolean {
    return this.#view.moves.includes("question");
  }

  #nameOnFloor(): string {
    return this.#view.panel.find((person) => person.slug === this.#view.floor)?.name.split(" ")[0] ?? "";
  }

  #part(name: string): HTMLElement {
    return this.#one(`[data-part="${name}"]`);
  }

  #one<E extends HTMLElement = HTMLElement>(selector: string): E {
    const found = this.querySelector<E>(selector);
    if (!found) throw new Error(`the room has no ${selector}`);
    return found;
  }
}

customElements.define("greenroom-room", GreenroomRoom);
