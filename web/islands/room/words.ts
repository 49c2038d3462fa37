// The island's sentences live in the page, where they are translated; this finds them and fills their blanks.

type Values = Record<string, string | number>;

export class Words {
  readonly #source: DocumentFragment;

  constructor(template: HTMLTemplateElement) {
    this.#source = template.content;
  }

  /** The sentence as nodes. Values are put in as text, never as markup. */
  nodes(name: string, values: Values = {}): DocumentFragment {
    const found = this.#source.querySelector(`[data-word="${name}"]`);
    if (!found) throw new Error(`the page has no sentence called ${name}`);
    const copy = document.createDocumentFragment();
    for (const node of found.childNodes) copy.append(node.cloneNode(true));
    fill(copy, values);
    return copy;
  }

  text(name: string, values: Values = {}): string {
    return this.nodes(name, values).textContent ?? "";
  }

  glyph(kind: string): Node {
    const found = this.#source.querySelector(`[data-glyph="${kind}"]`);
    if (!found) throw new Error(`the page has no glyph called ${kind}`);
    return found.cloneNode(true);
  }
}

function fill(node: Node, values: Values): void {
  for (const child of node.childNodes) {
    if (child.nodeType !== Node.TEXT_NODE) {
      fill(child, values);
      continue;
    }
    child.nodeValue = (child.nodeValue ?? "").replace(/\{(\w+)\}/g, (blank, key: string) =>
      key in values ? String(values[key]) : blank,
    );
  }
}
