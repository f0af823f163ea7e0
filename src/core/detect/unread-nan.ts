import { nonFiniteIn } from '../hidden/unread-values.ts'
import { shapeOf } from '../literals/line-parts.ts'
import type { LogEvent, LogRule } from './log-rule.ts'
import { cleared, type RuleOutcome, raised, unchanged } from './rule.ts'
import { inWords, ordinal } from './threshold-wording.ts'

type UnreadNanParams = {
  /** How many lines of one shape must hold one. */
  readonly lines: number
  /** How many lines there must be where they are rows without names: tables of data with a gap in them have fewer. */
  readonly rows: number
  /** How many lines of that shape without one may stand between them; so many and one more in a row end the incident. */
  readonly linesBetween: number
}

interface UnreadNanFacts {
  readonly line: string
}

/** Lines of one shape, the newest of which hold a NaN or an infinity. */
type Watched = {
  readonly shape: string
  /** How many hold one, and how many in a row do not since. */
  readonly broken: number
  readonly healthy: number
  /** How many there are, since the first that holds one. */
  readonly seen?: number
  /** The newest that does, and whether another one differs from it: what is always the same is a setting. */
  readonly text: string
  readonly offset: number
  readonly isVarying: boolean
}

/** Null before the first such line: nothing is remembered then. */
type UnreadNanState = {
  readonly watched: readonly Watched[]
  /** The shape that was told of. */
  readonly told: string | null
} | null

const NOTHING_WATCHED = { watched: [], told: null }
const MOST_SHAPES = 8
/** A table of data is printed with its first and its last five rows. */
const LONG_RUN = 6
const MAX_SHAPE_CHARS = 512
const SHOWN_CHARS = 200

/**
 * A NaN or an infinity in lines of which no dialect reads it: the last resort, for a log that is not understood.
 *
 * It knows nothing of what the value is. So it asks for several lines that differ in their numbers alone, warns, and
 * shows the line.
 */
export const unreadNan: LogRule<'unread-nan', UnreadNanFacts, UnreadNanParams, UnreadNanState> = {
  name: 'unread-nan',
  version: 1,
  defaults: { lines: 3, rows: 11, linesBetween: 8 },
  needs: ['lines-without-data'],
  failureSign: { weight: 2 },
  document: {
    about: 'a NaN or an infinity stands in lines that are not read',
    watches: 'lines of which no value that is not finite is read: those of no known format, broken ones, and records',
    fires: ({ lines, rows, linesBetween }) =>
      `at the ${ordinal(lines)} line of one shape (all numbers aside) with a NaN or an infinity behind a name and \`=\`, \`:\`, an arrow or a bar, in a row that begins with a counter and whose other cells are numbers, or names with a value each, in brackets right behind a name in such a line, or in a file without losses alone in its line, be it as an array or beside times and sizes (of rows without names ${inWords(rows)} must have come, or ${inWords(LONG_RUN)} where they count from further on, for tables of data are printed before a training), where no more than ${inWords(linesBetween)} lines of that shape without one stand between them; not in prose, source code or settings; over after ${inWords(linesBetween + 1)} lines of that shape without one in a row`,
    severity: () => 'warning',
  },

  headline: (_at, { line }) =>
    `NaN or an infinity stands in lines where none is read: ${line.trim().replace(/\.$/, '')}.`,

  observes: ['unread'],

  start: () => null,

  step(saved, event, params) {
    if (event.kind !== 'unread') return unchanged(saved)
    const found = nonFiniteIn(event.text, event.hasLosses)
    if (found === null && (saved === null || saved.watched.length === 0)) return unchanged(saved)
    const state = saved ?? NOTHING_WATCHED
    const shape = shapeOf(event.text.slice(0, MAX_SHAPE_CHARS))
    const before = state.watched.find((one) => one.shape === shape)
    // A line may be shown again once the format of its file is known.
    if (before !== undefined && event.offset <= before.offset) return unchanged(saved)
    if (found === null) return before === undefined ? unchanged(saved) : afterHealthy(state, before, params)
    const broken = brokenBy(event, shape, before)
    const next = { ...state, watched: [...without(state, shape), broken].slice(-MOST_SHAPES) }
    const isFurtherOn = (found.count ?? 0) >= params.rows && broken.broken >= LONG_RUN
    const isLong = !found.isRow || broken.seen! >= params.rows || isFurtherOn
    const isSure = isLong && broken.broken >= params.lines && (broken.isVarying || !found.mayBeSetting)
    if (state.told !== null || !isSure) return unchanged(next)
    return raised({ ...next, told: shape }, 'warning', { line: broken.text })
  },
}

function brokenBy(
  { text: whole, offset }: Extract<LogEvent, { kind: 'unread' }>,
  shape: string,
  before: Watched | undefined,
): Watched {
  const text = whole.slice(0, SHOWN_CHARS)
  const isVarying = before !== undefined && (before.isVarying || before.text !== text)
  return {
    shape,
    broken: (before?.broken ?? 0) + 1,
    healthy: 0,
    seen: (before?.seen ?? 0) + 1,
    text,
    offset,
    isVarying,
  }
}

function afterHealthy(
  state: NonNullable<UnreadNanState>,
  before: Watched,
  { linesBetween }: UnreadNanParams,
): RuleOutcome<UnreadNanState, UnreadNanFacts> {
  const { shape } = before
  const watched = without(state, shape)
  if (before.healthy < linesBetween)
    return unchanged({
      ...state,
      watched: [...watched, { ...before, healthy: before.healthy + 1, seen: (before.seen ?? 0) + 1 }],
    })
  return state.told === shape ? cleared({ watched, told: null }) : unchanged({ ...state, watched })
}

function without({ watched }: NonNullable<UnreadNanState>, shape: string): readonly Watched[] {
  return watched.filter((one) => one.shape !== shape)
}
