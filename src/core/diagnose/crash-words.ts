import { CAUSE } from '../causes/index.ts'
import { classOfKind, isGeneral } from '../crashes/index.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import type { CrashKind } from '../job/crash-patterns.ts'
import { type Explanation, known } from './diagnosis.ts'

const NO_CODE: Readonly<Partial<Record<CrashKind, string>>> = {
  'error-exit': 'What it said before that is on its console.',
  launcher: 'The launcher saw one of its processes fail; what that process said is in its own log.',
}

/** Whether PyTorch says that a label is no class: once on a CPU, or in a line of each thread of a GPU. */
function isOfLabel(line: string): boolean {
  return /Target -?\d+ is out of bounds/.test(line) || line.includes('t >= 0 && t < n_classes')
}

/** Explains a crash by its kind, or by its last lines where no class belongs to the kind. */
export function explainCrash({ rule, facts }: BuiltInRaise): Explanation | null {
  if (rule !== 'crashed') return null
  const { kind, place, lines, offset, severity, told = [] } = facts.crash
  const where = place === null ? '' : ` It came from ${place}.`
  const evidence = [
    { name: 'kind', value: kind },
    ...(place === null ? [] : [{ name: 'place', value: place }]),
    { name: 'offset', value: offset },
    ...lines.map((line) => ({ name: 'line', value: line })),
  ]
  const confidence = severity === 'critical' ? 'strong' : 'likely'
  const label = CAUSE.labelOutOfRange
  const mayBeOfLabel = isGeneral(kind) || kind === 'cuda-error'
  if (kind === 'bad-label' || (mayBeOfLabel && lines.some(isOfLabel))) {
    const why = `A loss that takes one class for each row refused a label that is no class.${where}`
    return { why, cause: known(label, confidence, evidence) }
  }
  const found = classOfKind(kind)
  if (found === null) {
    const isSaid = told.some(({ said }) => said !== undefined)
    return {
      why: `${isSaid ? '' : (NO_CODE[kind] ?? '')}${where}`.trim(),
      cause: { code: null, candidates: [], evidence },
    }
  }
  const { code, why, fix, next } = found
  const withNext = [...evidence, { name: 'look at next', value: next }]
  return { why: `${why}${where}`, cause: { code, confidence, evidence: withNext, fix } }
}
