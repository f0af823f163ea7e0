import type { CrashClass } from './crash-class.ts'
import { endedBySignal } from './ended-by-signal.ts'

/** C15: arithmetic. */
export const divisionByZero = {
  code: 'C15-division-by-zero',
  kind: 'division-by-zero',
  why: 'A number was divided by 0.',
  fix: 'Guard the divisor: an empty loader, a count of 0 or a warm-up of 0 steps is usual.',
  next: 'What the divisor counts, and whether the data set or its filter is empty.',
  named: [/^(?:zerodivisionerror|divideerror|division(?:byzero|undefined)|dividebyzero\w*)$/],
  says: [/(?:division|divide|divided|modulo|remainder) by (?:zero|0\b)/, /zero ?division/],
  surely: [
    /floating point exception|signal:? 8 \(?sigfpe/,
    endedBySignal(
      '8',
      'floating point exception',
      'gleitkomma-ausnahme|exception en point flottant|excepción de coma flotante|eccezione in virgola mobile|浮点数例外',
    ),
  ],
  exitCodes: [-8, 136],
} as const satisfies CrashClass
