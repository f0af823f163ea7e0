import type { MetricValue } from '../../protocol/value.ts'
import type { Line } from '../reading/lines.ts'
import type { Claim } from '../records/format.ts'
import { flushed, NO_WRAPPING, unwrap } from '../wrapping/unwrapping.ts'
import type { FormatSet } from './format-set.ts'
import { readPairs } from './key-value.ts'

/** What was tried on a line that is not read. */
export interface Tried {
  /** What each format makes of it where it stands alone: whether it claims it, and what it would give. */
  readonly formats: readonly { readonly name: string; readonly claim: Claim; readonly gives: string }[]
  /** The names and numbers in it, as text for people is read. */
  readonly values: readonly { readonly name: string; readonly value: MetricValue }[]
  /** What a line of names and numbers needs to be a record, and this one lacks. */
  readonly lacks: readonly ('name with a number' | 'loss' | 'step or epoch')[]
}

/** Shows a line to every format, to say why none of them has read it. */
export function triedOn(whole: Line, path: string, { all }: FormatSet): Tried {
  const line = withoutHead(whole)
  const formats = all.map(({ name, claim, start, parse }) => {
    const { result } = parse(line, start(path))
    const gives = result.kind === 'reject' ? `${result.reason}: ${result.detail}` : result.kind
    return { name, claim: claim(line.text, null, path), gives }
  })
  const { scalars, step, epoch, hasLoss } = readPairs(line.text)
  const counters = Object.entries({ step, epoch }).flatMap(([name, value]) =>
    value === null ? [] : [{ name, value: value as MetricValue }],
  )
  const values = [...counters, ...scalars.map(({ metric, value }) => ({ name: metric, value }))]
  if (values.length === 0) return { formats, values, lacks: ['name with a number'] }
  const lacks = [...(hasLoss ? [] : ['loss' as const]), ...(counters.length > 0 ? [] : ['step or epoch' as const])]
  return { formats, values, lacks }
}

function withoutHead(line: Line): Line {
  const { state, lines } = unwrap(NO_WRAPPING, line)
  return [...lines, ...flushed(state).lines][0] ?? line
}
