import { CAUSE, crashOfKind } from '../causes/index.ts'
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

/** Explains a crash by its kind, or by its last lines where no cause belongs to the kind. */
export function explainCrash({ rule, facts }: BuiltInRaise): Explanation | null {
  if (rule !== 'crashed') return null
  const { kind, place, lines, severity } = facts.crash
  const where = place === null ? '' : ` It came from ${place}.`
  const evidence = [
    { name: 'kind', value: kind },
    ...(place === null ? [] : [{ name: 'place', value: place }]),
    ...lines.map((line) => ({ name: 'line', value: line })),
  ]
  const confidence = severity === 'critical' ? 'strong' : 'likely'
  const entry = crashOfKind(kind)
  if (entry === null) {
    const label = CAUSE.labelOutOfRange
    if (kind === 'bad-label' || lines.some(isOfLabel)) {
      const why = `A loss that takes one class for each row refused a label that is no class.${where}`
      return { why, cause: known(label, confidence, evidence) }
    }
    const candidates = lines.some((line) => line.includes('device-side assert')) ? [label] : []
    return { why: `${NO_CODE[kind] ?? ''}${where}`.trim(), cause: { code: null, candidates, evidence } }
  }
  return { why: `${entry.why}${where}`, cause: { code: entry.code, confidence, evidence, fix: entry.fix } }
}
