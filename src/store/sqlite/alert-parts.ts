/** The fields of an alert of schema 3 that its text is made of. The whole text stood in `message`. */
export interface AlertOfSchema3 {
  readonly rule: string
  readonly metric: string
  readonly step: number | null
  readonly value?: number | string
  readonly message?: string
  readonly cause?: { readonly code: string | null; readonly fix?: string; readonly evidence?: readonly Named[] } | null
  readonly signs?: readonly SignOfSchema3[]
}

type Named = { readonly name: string; readonly value: unknown }
type SignOfSchema3 = Pick<AlertOfSchema3, 'rule' | 'metric' | 'step'>

/** The text of an alert in the parts that schema 4 stores. */
export interface AlertParts {
  readonly headline: string
  readonly firstSign: string | null
  readonly why: string
}

const CALLED_OFF = / It was caught: training went on(?: at step [^ ]+)?\.$/
const EARLIER = ['It began before: ', 'With it came this: ']

/**
 * Splits the text of an alert of schema 3 into its parts, which schema 4 stores.
 *
 * Nothing marks the end of a sentence in schema 3, and the name of a metric may
 * hold a full stop. So the fields of the alert say where a sentence ends. Only
 * where they do not, the next full stop does.
 */
export function partsOf(alert: AlertOfSchema3): AlertParts {
  const { message: whole = '', cause = null } = alert
  const caught = CALLED_OFF.exec(whole)?.[0] ?? ''
  const message = whole.slice(0, whole.length - caught.length)
  const fix = cause === null || cause.code === null || cause.fix === undefined ? '' : ` ${cause.fix}`
  const text = fix !== '' && message.endsWith(fix) ? message.slice(0, -fix.length) : message
  const headline = text.slice(0, headlineLength(text, [alert], linesOf(alert)))
  const rest = text.slice(headline.length).trimStart()
  const sign = rest.slice(0, signLength(rest, alert.signs ?? []))
  const why = (rest.slice(sign.length).trimStart() + caught).trimStart()
  return { firstSign: sign === '' ? null : sign, ...mended(alert, { headline, why }) }
}

/** The rules whose headline says that the value jumped. The headline of other rules about a value says what the value is. */
const JUMPS = ['spike', 'learning-rate-jump']

/**
 * Repairs a text that was cut in the middle of its metric.
 *
 * Builds before schema 4 took the full stop in `Train. Loss` for the end of a sentence. The rest of the headline became
 * part of the reasons, or was lost.
 */
function mended({ rule, metric, step, value }: AlertOfSchema3, { headline, why }: Omit<AlertParts, 'firstSign'>) {
  const where = step === null ? '' : `step ${step}: `
  const [cut = ''] = metric.split('. ', 1)
  if (cut === metric || headline !== `${where}${cut}.` || value === undefined) return { headline, why }
  const verb = JUMPS.includes(rule) ? 'jumped to' : 'is'
  const left = `${metric.slice(cut.length + 2)} ${verb} `
  const reasons = why.startsWith(left) ? why.slice(sentenceLength(why, left.length)).trimStart() : why
  return { headline: `${where}${metric} ${verb} ${short(value)}.`, why: reasons }
}

/** A number as alerts have it: four significant digits. */
function short(value: number | string): string {
  if (typeof value === 'string' || (Number.isInteger(value) && Math.abs(value) < 1e6)) return String(value)
  return String(Number(value.toPrecision(4)))
}

/** The last lines of the log, for an alert about a crash: its headline quotes one of them. */
function linesOf({ cause }: AlertOfSchema3): readonly string[] {
  return (cause?.evidence ?? [])
    .filter(({ name, value }) => name === 'line' && typeof value === 'string')
    .map(({ value }) => `${String(value).trim().replace(/\.$/, '')}.`)
}

/** The length of the first sentence of a text, which is the headline of an alert with one of these signs or lines. */
function headlineLength(text: string, signs: readonly SignOfSchema3[], lines: readonly string[]): number {
  const quoted = lines.map((line) => ({ line, at: text.indexOf(`: ${line}`) })).find(({ at }) => at >= 0)
  if (quoted !== undefined) return quoted.at + 2 + quoted.line.length
  for (const { metric, step } of signs) {
    const where = step === null ? '' : `step ${step}: `
    for (const start of [
      `${where}${metric} is `,
      `${where}${metric} jumped to `,
      `${where}the log hides a NaN in ${metric}`,
    ])
      if (text.startsWith(start)) return sentenceLength(text, start.length)
  }
  const named = signs.map(({ rule }) => ` (${rule}).`).find((end) => text.includes(end))
  return named === undefined ? sentenceLength(text, 0) : text.indexOf(named) + named.length
}

/** The length of the sentences about what came first; 0 where there are none. */
function signLength(text: string, signs: readonly SignOfSchema3[]): number {
  let length = 0
  const first = signs[0]
  const about = `The first sign was at step ${first?.step}: ${first?.rule}, ${first?.metric} at `
  if (first !== undefined && text.startsWith(about)) length = sentenceLength(text, about.length)
  const gap = length === 0 ? 0 : 1
  const link = EARLIER.find((words) => text.startsWith(words, length + gap))
  if (link === undefined) return length
  const from = length + gap + link.length
  return from + headlineLength(text.slice(from), signs, [])
}

/** The length of the text up to the first full stop after `from` with a space behind it, or up to its end. */
function sentenceLength(text: string, from: number): number {
  const stop = text.indexOf('. ', from)
  return stop < 0 ? text.length : stop + 1
}
