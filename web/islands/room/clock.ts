// Interview time between two words of the server: the server's clock is the truth, this only counts on from it.
import type { ClockView } from "../protocol.gen.ts";

export class Clock {
  #view: ClockView;
  #since: number;
  #held = false;

  constructor(view: ClockView, now: number) {
    this.#view = view;
    this.#since = now;
  }

  set(view: ClockView, now: number): void {
    this.#view = view;
    this.#since = now;
  }

  /** While the connection is lost the server's clock stands still, so ours does. */
  hold(held: boolean, now: number): void {
    if (held === this.#held) return;
    this.#view = { ...this.#view, used_s: this.used(now) };
    this.#since = now;
    this.#held = held;
  }

  used(now: number): number {
    const runs = this.#view.running && !this.#held;
    return this.#view.used_s + (runs ? Math.max(0, (now - this.#since) / 1000) : 0);
  }

  left(now: number): number {
    return Math.max(0, this.#view.total_s - this.used(now));
  }

  get timed(): boolean {
    return this.#view.timing !== "off";
  }

  get total(): number {
    return this.#view.total_s;
  }
}
