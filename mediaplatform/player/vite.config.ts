import { defineConfig } from "vite";

// One small entry with a fixed name, which pages link; everything else in chunks that it loads when needed.
// The entry exports nothing: a chunk that imported it back would run it twice under its hashed static name.
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    target: "es2022",
    outDir: "dist",
    modulePreload: false,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 600, // hls.js with captions, loaded when a film is
    rolldownOptions: {
      input: "src/player.ts",
      output: {
        entryFileNames: "player.js",
        chunkFileNames: "chunks/[name]-[hash].js",
        codeSplitting: { groups: [{ name: "preload", test: /vite\/preload-helper/ }] }, // shared by the entry and the chunks
        assetFileNames: (asset) => (asset.names.some((name) => name.endsWith(".css")) ? "player.css" : "chunks/[name]-[hash][extname]"),
      },
    },
  },
});
