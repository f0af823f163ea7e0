import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    // better-sqlite3 is a native module, and tests kill processes of their own: each file gets a real process.
    pool: 'forks',
    // Of the table in test/ported: its cases wait more than they work.
    maxConcurrency: 12,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    globals: false,
    reporters: ['default'],
  },
})
