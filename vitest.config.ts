import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    // better-sqlite3 is a native module, and tests kill processes of their own: each file gets a real process.
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    globals: false,
    reporters: ['default'],
  },
})
