import { defineConfig } from "vitest/config";
import { fonts } from "./fonts.ts";

export default defineConfig({
  base: "./",
  plugins: [fonts()],
  build: {
    outDir: "../src/greenroom/static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0, // the Content-Security-Policy allows no data: URLs
    modulePreload: { polyfill: false },
    target: ["chrome123", "firefox120", "safari17.5"],
    rolldownOptions: {
      input: ["islands/page.ts", "islands/room.ts", "styles/site.css"],
    },
  },
  test: {
    environment: "happy-dom",
    include: ["islands/**/*.test.ts"],
    testTimeout: 60_000, // a busy machine, not a slow test: time itself is faked
    restoreMocks: true,
  },
});
