import { isNamed } from '../../reading/name-pattern.ts'
import type { Container, FileHead } from './container.ts'
import { jsonDocument } from './json-document.ts'
import { npy } from './npy-file.ts'
import { npz } from './npz-file.ts'
import { parquet } from './parquet-file.ts'
import { refused } from './refused.ts'
import { safetensors } from './safetensors-file.ts'
import { tfevents } from './tfevents.ts'
import { wandb } from './wandb.ts'
import { wandbTable } from './wandb-table.ts'

/** Every kind of file that is not read line by line, the most specific first. */
export const CONTAINERS: readonly Container[] = [
  tfevents,
  wandb,
  refused,
  npz,
  npy,
  safetensors,
  parquet,
  wandbTable,
  jsonDocument,
]

const BY_NAME: ReadonlyMap<string, Container> = new Map(CONTAINERS.map((container) => [container.name, container]))

/** The kind of a file by its first bytes; null for one that is read as text. */
export function containerOf(head: FileHead): Container | null {
  return CONTAINERS.find((container) => container.recognises(head)) ?? null
}

/** Whether the file is named like one of a kind, and too short to show whether it is one. */
export function isTooShortToTell({ name, bytes }: FileHead): boolean {
  return CONTAINERS.some(({ names, leastBytes = 0 }) => bytes.length < leastBytes && isNamed(name, names))
}

export function containerNamed(name: string): Container | null {
  return BY_NAME.get(name) ?? null
}
