import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatsDocument, withFileEndings } from '../../src/cli/formats-document.ts'
import { CONTAINERS } from '../../src/core/formats/containers/index.ts'
import { DATABASES } from '../../src/core/formats/databases/index.ts'
import { isLogName, TEXT_NAMES } from '../../src/core/formats/file-names.ts'
import { isNamed } from '../../src/core/reading/name-pattern.ts'

function pageOf(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8')
}

/** The endings that docs/cli.md lists, as patterns. */
function listedNames(): string[] {
  const [, list = ''] = /<!-- begin file endings.*?-->(.*?)<!-- end/s.exec(pageOf('cli.md')) ?? []
  return [...list.matchAll(/`([^`]+)`/g)]
    .flatMap(([, endings]) => endings!.split(' '))
    .map((ending) => (ending.includes('*') ? ending : `*${ending}`))
}

test('docs/formats.md is what the lists say: npm run docs:formats writes it', () => {
  expect(pageOf('formats.md')).toBe(formatsDocument())
})

test('docs/cli.md lists the endings that the kinds of files state: npm run docs:formats writes them', () => {
  expect(withFileEndings(pageOf('cli.md'))).toBe(pageOf('cli.md'))
})

test('a file of any listed ending is followed, if it holds predictions by its name', () => {
  const names = listedNames().map((pattern) => pattern.replaceAll('*', 'predictions'))
  expect(names.length).toBeGreaterThan(0)
  expect(names.filter((name) => !isLogName(name))).toEqual([])
})

test('every pattern by which a file is followed is listed, or says more than one that is', () => {
  const patterns = [TEXT_NAMES, ...[...CONTAINERS, ...DATABASES].map(({ names }) => names)].flat()
  expect(patterns.filter((pattern) => !isNamed(pattern, listedNames()))).toEqual([])
})
