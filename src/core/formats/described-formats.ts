import type { Format } from '../records/format.ts'
import type { Container } from './containers/container.ts'
import { jsonDocumentOf } from './containers/json-document.ts'
import type { Built, CustomFormat } from './custom/custom-format.ts'
import { customJson } from './custom/custom-json.ts'
import { customLines } from './custom/custom-lines.ts'
import { DOCUMENT_SHAPES } from './documents/index.ts'
import type { DocumentShape } from './documents/shape.ts'
import { BUILT_IN, type FormatSet, named } from './format-set.ts'
import { FORMATS } from './index.ts'

const BUILT_IN_NAMES: ReadonlySet<string> = new Set([...FORMATS, ...DOCUMENT_SHAPES].map(({ name }) => name))

/** The built-in formats and those of the configuration before them, or what is wrong with one of those. */
export function formatSet(descriptions: readonly CustomFormat[]): Built<FormatSet> {
  if (descriptions.length === 0) return { ok: true, format: BUILT_IN }
  const described: Format[] = []
  const shapes: DocumentShape[] = []
  const names = new Set<string>()
  for (const [index, description] of descriptions.entries()) {
    const { name } = description
    const fail = (problem: string) => ({ ok: false, problem: `formats.${index} ("${name}"): ${problem}` }) as const
    if (names.has(name)) return fail('two formats have this name; give each its own')
    if (BUILT_IN_NAMES.has(name)) return fail('a built-in format has this name; choose another')
    names.add(name)
    if ('regex' in description) {
      const built = customLines(description)
      if (!built.ok) return fail(`regex: ${built.problem}`)
      described.push(built.format as unknown as Format)
    } else {
      const built = customJson(description)
      if (!built.ok) return fail(built.problem)
      described.push(built.format.lines as unknown as Format)
      shapes.push(built.format.document)
    }
  }
  const all = [...described, ...FORMATS]
  const document = jsonDocumentOf([...shapes, ...DOCUMENT_SHAPES]) as unknown as Container
  return { ok: true, format: { described, all, byName: named(all), document } }
}
