import { DUMPS } from './array-files.ts'
import type { Container, FileHead } from './container.ts'
import { jsonDocument } from './json-document.ts'
import { refused } from './refused.ts'
import { tfevents } from './tfevents.ts'
import { wandb } from './wandb.ts'

/** Every kind of file that is not read line by line, the most specific first. */
export const CONTAINERS: readonly Container[] = [tfevents, wandb, refused, ...DUMPS, jsonDocument]

const BY_NAME: ReadonlyMap<string, Container> = new Map(CONTAINERS.map((container) => [container.name, container]))

/** The kind of a file by its first bytes; null for one that is read as text. */
export function containerOf(head: FileHead): Container | null {
  return CONTAINERS.find((container) => container.recognises(head)) ?? null
}

/** The longest of the first bytes that tell a kind of file. */
const TELLING_BYTES = 16
const CONTAINER_NAME = /tfevents|\.(?:wandb|npz|npy|safetensors|parquet)$/i

/** Whether more bytes must be there before it can be said what kind of file this is. */
export function isTooShortToTell({ name, bytes }: FileHead): boolean {
  return bytes.length < TELLING_BYTES && CONTAINER_NAME.test(name)
}

export function containerNamed(name: string): Container | null {
  return BY_NAME.get(name) ?? null
}
