import { isObject, type RecordValue } from '../../literals/record-value.ts'
import { listOf } from '../documents/cells.ts'

/** One step of a path: the name of a member, a position in a list, or every item of one. */
type PathStep = string | number | typeof EVERY

const EVERY = Symbol('every item')
const MAX_PATH_CHARS = 256

/** A place in a JSON value, such as `runs[0].history[*]`; an empty one is the value itself. */
export type JsonPath = readonly PathStep[]

/** Parses a path of names, `[0]`, `[*]` and `["any name"]`; a leading `$` may stand for the whole. Null for any other text. */
export function parseJsonPath(text: string): JsonPath | null {
  if (text.length > MAX_PATH_CHARS) return null
  const steps: PathStep[] = []
  let rest = text.replace(/^\$\.?/, '')
  for (let isFirst = true; rest !== ''; isFirst = false) {
    const bracket = /^\[(?:(\*)|(\d{1,9})|"([^"]*)")\]/.exec(rest)
    const name = bracket === null ? /^\.?([^.[\]"]+)/.exec(rest) : null
    if (bracket !== null) steps.push(bracket[1] ? EVERY : bracket[2] !== undefined ? Number(bracket[2]) : bracket[3]!)
    else if (name !== null && (isFirst || rest.startsWith('.'))) steps.push(name[1]!)
    else return null
    rest = rest.slice((bracket ?? name)![0].length)
  }
  return steps
}

/** The values at a path, in order; none where a step leads nowhere. */
export function selectJson(value: RecordValue, path: JsonPath): readonly RecordValue[] {
  let selected: readonly RecordValue[] = [value]
  for (const step of path) {
    const next: RecordValue[] = []
    for (const each of selected) {
      for (const child of childrenAt(each, step)) next.push(child)
    }
    selected = next
  }
  return selected
}

function childrenAt(value: RecordValue, step: PathStep): readonly RecordValue[] {
  if (typeof step === 'string') return isObject(value) && Object.hasOwn(value, step) ? [value[step]!] : []
  const list = listOf(value) ?? []
  return step === EVERY ? list : list.slice(step, step + 1)
}
