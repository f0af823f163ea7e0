/** An alert of schema 3, as far as its text is about it: all that it said stood in `message`. */
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

export interface AlertParts {
  readonly headline: string
  readonly firstSign: string | null
  readonly why: string
}

const CALLED_OFF = / It was caught: training went on(?: at step [^ ]+)?\.$/
const EARLIER = ['It began before: ', 'With it came this: ']

/**
 * Takes the text of a stored alert apart, once and for all: from schema 4 on its parts are stored.
 *
 * The sentences of schema 3 have no marks between them, and the name of a
 * metric may hold a full stop. So what is known of the alert says where a
 * sentence ends, and only where nothing is known the next full stop does.
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

/** The rules whose headline says that the value jumped. That of the other rules about a value says what it is. */
const JUMPS = ['spike', 'learning-rate-jump']

/**
 * Mends a text that was cut in the middle of its metric: builds before schema 4 took the full stop in `Train. Loss` for
 * the end of a sentence. The rest of the headline was left among the reasons, or lost.
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

/** What the log said when the job died: the headline of a crash quotes one of these lines. */
function linesOf({ cause }: AlertOfSchema3): readonly string[] {
  return (cause?.evidence ?? [])
    .filter(({ name, value }) => name === 'line' && typeof value === 'string')
    .map(({ value }) => `${String(value).trim().replace(/\.$/, '')}.`)
}

/** The length of the first sentence, which is the headline of one of these. */
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

/** The length of the sentences about what came first; 0 where there is none. */
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

/** The length up to the first full stop from `from` on that a space follows, or the end. */
function sentenceLength(text: string, from: number): number {
  const stop = text.indexOf('. ', from)
  return stop < 0 ? text.length : stop + 1
}
