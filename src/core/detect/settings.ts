import type { JsonValue } from '../../protocol/value.ts'

/** Per rule: false switches it off; an object overrides some of its defaults. */
export type DetectorSettings = Readonly<Record<string, false | Readonly<Record<string, JsonValue>>>>
