import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Container, FileHead } from '../../../src/core/formats/containers/container.ts'
import { HEAD_BYTES } from '../../../src/core/formats/containers/container.ts'
import type { LogRecord, ParseResult } from '../../../src/core/records/format.ts'

/** The container that a file of the disk is recognised by, were its folder followed; null for none. */
export function containerFor(containers: readonly Container[], folder: string, name: string): Container | null {
  const bytes = readFileSync(join(folder, name))
  const head: FileHead = { name, bytes: bytes.subarray(0, HEAD_BYTES), sizeBytes: bytes.length }
  const container = containers.find((candidate) => candidate.recognises(head)) ?? null
  return container?.mayHoldData?.(head) === false ? null : container
}

/** What a file says when it is read as a whole, for the first time and with the files beside it. */
export function resultsOf(containers: readonly Container[], folder: string, name: string): readonly ParseResult[] {
  const container = containerFor(containers, folder, name)
  if (container === null) return []
  const companions = (container.companions?.(name) ?? [])
    .filter((companion) => existsSync(join(folder, companion)))
    .map((companion) => ({ name: companion, bytes: readFileSync(join(folder, companion)) }))
  const frame = { offset: 0, bytes: readFileSync(join(folder, name)), companions }
  return container.parse(frame, container.start(), name).results.map(({ result }) => result)
}

/** The records of a file that must read without a fault. */
export function readWhole(containers: readonly Container[], folder: string, name: string): readonly LogRecord[] {
  return resultsOf(containers, folder, name).flatMap((result) => {
    if (result.kind === 'reject') throw new Error(`${name}: ${result.detail}`)
    return result.kind === 'records' ? result.records : []
  })
}
