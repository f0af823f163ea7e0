import { defineConfig } from 'vitest/config'

const SHARING = ['core', 'cli', 'config', 'corpus', 'dashboard', 'notify', 'tail'].map(
  (folder) => `test/${folder}/**/*.test.{ts,tsx}`,
)

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        // What they test keeps no more than caches in its modules: they may share one process, which loads the modules once.
        test: { name: 'sharing', include: SHARING, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'isolated',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: SHARING,
        },
      },
    ],
    // better-sqlite3 is a native module, and tests kill processes of their own: each file gets a real process.
    pool: 'forks',
    // Of the table in test/ported: its cases wait more than they work.
    maxConcurrency: 12,
    // Most of the time is spent waiting for processes, files and browsers: one worker for each core, not one fewer.
    maxWorkers: '100%',
    // A hang ends a test, and no busy machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globals: false,
    reporters: ['default'],
  },
})
