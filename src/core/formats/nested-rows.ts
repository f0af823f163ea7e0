import { parseNumber } from '../literals/number.ts'
import { NonFiniteNumber, type RecordObject, type RecordValue } from '../literals/record-value.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { type Claim, type Format, recordsOf, SKIP } from '../records/format.ts'
import { headingOf } from '../records/headings.ts'
import { addPrefix, metricsOf } from '../records/object-metrics.ts'
import type { RecordBuilder } from '../records/record-builder.ts'

/** Rows nested by indentation below a heading, which come as one line: `spread-records.ts` has put them together. */
export const nestedRows: Format<null> = {
  name: 'nested-rows',
  about:
    'A heading that ends with a colon, and below it names and values that are nested by indentation, as RLlib prints them.',
  example: 'Result for PPO_0:\n  info:\n    learner:\n      total_loss: 4.37\n  training_iteration: 1\n ',
  maxLineBytes: TEXT_LINE_BYTES,

  claim: (line): Claim => (line.includes('\n') && nestedMetrics(line) !== null ? 'sure' : 'no'),

  start: () => null,

  parse({ text, offset }) {
    const builder = text.includes('\n') ? nestedMetrics(text) : null
    const record = builder?.record(offset) ?? null
    return { result: record === null ? SKIP : recordsOf([record], builder!.unread), state: null }
  },
}

/** `name: value`, `name:` above further rows, an item of a list, or nothing but blanks. Marks of processes may take one blank off. */
const ROW = /^(\t{1,16}| {1,64})(?:([A-Za-z_][\w./@%() -]{0,127}):(?: ([^:=]{0,200}))?|- ?.{0,200}|)$/
const HEADING = /^[A-Za-z][^{}=\n]{0,119}:\s?$/

/** Whether a line may be one of the rows: no message of a job has this form. */
export function isRow(text: string): boolean {
  return text.length <= MAX_ROW_CHARS && ROW.test(text)
}

const MAX_ROW_CHARS = 400

/**
 * Whether a line is the heading over a first row: one that ends with a colon, or counts.
 *
 * Of a heading with counters the rows below are records by themselves, unless that row shows that they are nested.
 */
export function isHeadingOver(previous: string, first: string): boolean {
  if (previous.length > MAX_ROW_CHARS || /^\s|[{}\n]/.test(previous)) return false
  const [, , name, value] = ROW.exec(first) ?? []
  if (HEADING.test(previous) && !isCounted(previous)) return headingOf(previous) === null || value === undefined
  return name !== undefined && value === undefined && isCounted(previous)
}

function isCounted(heading: string): boolean {
  const builder = metricsOf({})
  addPrefix(builder, heading)
  return builder.step !== null || builder.epoch !== null
}

/** What a heading and the rows below it say; null where nothing counts and nothing is nested, so that each row stands for itself. */
export function nestedMetrics(text: string): RecordBuilder | null {
  const [heading = '', ...rows] = text.split('\n')
  const top: Record<string, RecordValue> = Object.create(null)
  let open: readonly { readonly indent: number; readonly rows: Record<string, RecordValue> }[] = []
  for (const row of rows) {
    const [, indent = '', name, value] = ROW.exec(row) ?? []
    if (name === undefined) continue
    open = open.filter((outer) => outer.indent < indent.length)
    const around = open.at(-1)?.rows ?? top
    if (value !== undefined && value !== '') around[name] = valueOf(value)
    else {
      const inner: Record<string, RecordValue> = Object.create(null)
      around[name] = inner
      open = [...open, { indent: indent.length, rows: inner }]
    }
  }
  const builder = metricsOf(top satisfies RecordObject)
  addPrefix(builder, heading)
  return builder.step === null && builder.epoch === null ? null : builder
}

function valueOf(text: string): RecordValue {
  const number = parseNumber(text)
  if (number === null) return text
  return typeof number.value === 'number' ? number.value : new NonFiniteNumber(number.value, number.raw ?? text)
}
