import type { Container, FileHead } from './container.ts'

/** Every kind of file that is not read line by line, the most specific first. */
export const CONTAINERS: readonly Container[] = []

const BY_NAME: ReadonlyMap<string, Container> = new Map(CONTAINERS.map((container) => [container.name, container]))

/** The kind of a file by its first bytes; null for one that is read as text. */
export function containerOf(head: FileHead): Container | null {
  return CONTAINERS.find((container) => container.recognises(head)) ?? null
}

export function containerNamed(name: string): Container | null {
  return BY_NAME.get(name) ?? null
}
