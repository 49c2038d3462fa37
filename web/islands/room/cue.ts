// In practice the length of an answer is remarked on while it is written; the words stand in the page.

export type Pace = "none" | "short" | "enough" | "long";

export interface Range {
  least_words: number;
  most_words: number;
}

export function countWords(text: string): number {
  return text.trim().split(/\s+/u).filter(Boolean).length;
}

/** What to say of so many words: below the range, within it, or beyond it. */
export function paceOf(words: number, { least_words: least, most_words: most }: Range): Pace {
  if (words === 0) return "none";
  if (words < least) return "short";
  return words <= most ? "enough" : "long";
}
