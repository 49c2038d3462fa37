// Cuts the three type families down to the signs the interface writes, so that a page loads at most 80 kB of fonts.
// Signs outside the cut fall back to the system's fonts, one by one.
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import subsetFont from "subset-font";
import type { Plugin } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

const ASCII = range(0x20, 0x7e);
const LATIN = [
  ...ASCII,
  ...range(0xa0, 0xff),
  ...[0x131, 0x152, 0x153, 0x160, 0x161, 0x178, 0x17d, 0x17e],
  ...[0x2013, 0x2014, 0x2018, 0x2019, 0x201a, 0x201c, 0x201d, 0x201e, 0x2022, 0x2026, 0x2039, 0x203a],
  ...[0x20ac, 0x2122, 0x2190, 0x2192, 0x2212],
];
const PRINTED = [...LATIN, 0x2713, 0x25cf, 0x2009, 0x202f, 0x2011, 0x2026];
const FIGURES = [...ASCII, 0xb7, 0xd7, 0x2013, 0x2019, 0x2026, 0x2192, 0x2212];

interface Cut {
  from: string;
  to: string;
  signs: number[];
  axes?: Record<string, { min: number; max: number }>;
  weight?: number; // a file of this one weight
}

const SOURCES = {
  display: "@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2",
  text: "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
  mono: "@fontsource/commit-mono/files/commit-mono-latin-400-normal.woff2",
};

const CUTS: Cut[] = [
  {
    from: SOURCES.display,
    to: "bricolage.woff2",
    signs: LATIN,
    axes: { wght: { min: 400, max: 700 } },
  },
  {
    from: SOURCES.text,
    to: "atkinson.woff2",
    signs: LATIN,
    axes: { wght: { min: 400, max: 700 } },
  },
  {
    from: SOURCES.mono,
    to: "commit-mono.woff2",
    signs: FIGURES,
  },
];

// The report as PDF wants whole TrueType files, one for each weight; all signs that the packages have.
const PRINT: Cut[] = [
  { from: SOURCES.text, to: "atkinson-400.ttf", signs: PRINTED, weight: 400 },
  { from: SOURCES.text, to: "atkinson-700.ttf", signs: PRINTED, weight: 700 },
  { from: SOURCES.display, to: "bricolage-600.ttf", signs: PRINTED, weight: 600 },
  { from: SOURCES.mono, to: "commit-mono-400.ttf", signs: PRINTED },
];

const isFresh = async (path: string, than: string) => {
  try {
    return (await stat(path)).mtimeMs >= (await stat(than)).mtimeMs;
  } catch {
    return false;
  }
};

async function cut({ from, to, signs, axes, weight }: Cut): Promise<void> {
  const target = here(`./.fonts/${to}`);
  if (await isFresh(target, here("./fonts.ts"))) return;
  const source = await readFile(here(`./node_modules/${from}`));
  const targetFormat = to.endsWith(".ttf") ? ("sfnt" as const) : ("woff2" as const);
  const variationAxes = weight ? { wght: weight } : axes;
  const options = { targetFormat, ...(variationAxes ? { variationAxes } : {}) };
  await writeFile(target, await subsetFont(source, String.fromCodePoint(...signs), options));
}

/** A Vite plugin that leaves the cut fonts in `.fonts/` before the styles ask for them. */
export function fonts(): Plugin {
  return {
    name: "greenroom-fonts",
    async buildStart() {
      await mkdir(here("./.fonts"), { recursive: true });
      await Promise.all([...CUTS, ...PRINT].map(cut));
    },
    async generateBundle() {
      for (const { to } of PRINT) {
        this.emitFile({ type: "asset", fileName: `print/${to}`, source: await readFile(here(`./.fonts/${to}`)) });
      }
    },
  };
}
