import type { CrashClass } from './crash-class.ts'

/** C21: any other exception. */
export const exception = {
  code: 'C21-exception',
  kind: 'exception',
  why: 'The code of the job raised an exception.',
  fix: 'Look at the line of code that is shown, with the words of the exception.',
  next: 'The innermost frame that is code of yours.',
  isGeneral: true,
} as const satisfies CrashClass
