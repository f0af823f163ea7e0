import type { CrashClass } from './crash-class.ts'

/** C20: any other RuntimeError. */
export const runtimeError = {
  code: 'C20-runtime-error',
  kind: 'runtime-error',
  why: 'The framework refused an operation; its own words are above.',
  fix: 'Look at the line of code that is shown, with the words of the error: the framework says what it expects.',
  next: 'The innermost frame that is code of yours.',
  named: [/^(?:runtimeerror|xlaruntimeerror|internalerror|acceleratorerror)$/],
  isGeneral: true,
} as const satisfies CrashClass
