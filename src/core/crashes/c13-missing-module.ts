import type { CrashClass } from './crash-class.ts'

/** C13: a package that is not installed. */
export const missingModule = {
  code: 'C13-missing-module',
  kind: 'missing-module',
  why: 'A module, or a library below it, is not installed where the job runs, or is another version.',
  fix: 'Install it in the environment in which the job runs; check that it is this environment: which python, and pip list.',
  next: 'Which interpreter ran: its path stands in the frames above.',
  named: [/^(?:(?:module|package)notfounderror|importerror|distributionnotfound|contextualversionconflict)$/],
  says: [
    /no module named '?[\w.]+/,
    /cannot find (?:module|package) ['"`]|cannot import name|\bmodule ['‘][\w.-]+['’] not found/,
    /there is no package called|package or namespace load failed|\bpackage ['"`]?[\w.-]+['"`]? not found\b/,
    /cannot open shared object file/,
    /dll load failed/,
    /undefined symbol/,
    /command not found/,
    /requires the .{1,60} library but it was not found/,
    /(?:glibc|glibcxx|cxxabi)_[\d.]+.{0,4} not found/,
    /(?:library|module|package) .{0,60}(?:is not installed|not installed)/,
  ],
} as const satisfies CrashClass
