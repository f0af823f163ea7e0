/** What may change in a value from line to line: a number, a flag, null, or what stands under a name that is not looked into. */
export type StateLeaf = unknown

/** Under these names stands what is taken as a whole: lines that wait, what spoke for a dialect, times. */
const OPAQUE = new Set(['previous', 'pending', 'scores', 'time'])

/** The leaves of a value, in a fixed order; null where it is not built as the model is, or has other words. */
export function leavesOf(model: unknown, value: unknown): StateLeaf[] | null {
  const leaves: StateLeaf[] = []
  return gather(model, value, leaves) ? leaves : null
}

/** Under which name each leaf of a value stands, in the same order. */
export function leafNames(model: unknown): string[] {
  const names: string[] = []
  nameAll(model, '', names)
  return names
}

/** The model with other leaves. What has the same is shared with it. */
export function withLeaves<Value>(model: Value, leaves: readonly StateLeaf[]): Value {
  return rebuilt(model, leaves, { next: 0 }) as Value
}

/** Whether two values are the same, whatever the order of their names. */
export function isSame(one: unknown, other: unknown): boolean {
  if (!isParent(one) || !isParent(other)) return Object.is(one, other)
  if (one === other) return true
  if (Array.isArray(one) !== Array.isArray(other)) return false
  let names = 0
  for (const name in one) {
    names++
    if (!Object.hasOwn(other, name) || !isSame(one[name], other[name])) return false
  }
  for (const _ in other) names--
  return names === 0
}

type Parent = Readonly<Record<string, unknown>>

function gather(model: unknown, value: unknown, leaves: StateLeaf[]): boolean {
  if (!isParent(model)) {
    if (typeof model === 'string') return model === value
    if (typeof value === 'string' || isParent(value)) return false
    leaves.push(value)
    return true
  }
  if (!isParent(value) || Array.isArray(model) !== Array.isArray(value)) return false
  let names = 0
  for (const name in model) {
    names++
    if (!Object.hasOwn(value, name)) return false
    if (OPAQUE.has(name)) leaves.push(value[name])
    else if (!gather(model[name], value[name], leaves)) return false
  }
  for (const _ in value) names--
  return names === 0
}

function nameAll(model: unknown, own: string, names: string[]): void {
  if (!isParent(model)) {
    if (typeof model !== 'string') names.push(own)
    return
  }
  for (const name in model) {
    if (OPAQUE.has(name)) names.push(name)
    else nameAll(model[name], name, names)
  }
}

function rebuilt(model: unknown, leaves: readonly StateLeaf[], cursor: { next: number }): unknown {
  if (!isParent(model)) return typeof model === 'string' ? model : leaves[cursor.next++]
  let copy: Record<string, unknown> | null = null
  for (const name in model) {
    const before = model[name]
    const after = OPAQUE.has(name) ? leaves[cursor.next++] : rebuilt(before, leaves, cursor)
    if (Object.is(before, after)) continue
    copy ??= (Array.isArray(model) ? [...model] : { ...model }) as unknown as Record<string, unknown>
    copy[name] = after
  }
  return copy ?? model
}

function isParent(value: unknown): value is Parent {
  return typeof value === 'object' && value !== null
}
