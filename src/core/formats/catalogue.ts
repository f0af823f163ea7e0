import { CONTAINERS } from './containers/index.ts'
import { refused } from './containers/refused.ts'
import { DATABASES } from './databases/index.ts'
import { DOCUMENT_SHAPES } from './documents/index.ts'
import { FORMATS } from './index.ts'
import { DIALECTS } from './stacks/index.ts'
import { UNSEEN } from './unseen.ts'

/** One thing that nanwatch reads, refuses to read or cannot see, for people to look up. */
export interface CatalogueEntry {
  readonly name: string
  readonly about: string
  /** Lines of it, or how such a file is called. */
  readonly example: string
}

/** The entries of one kind, under a title and a sentence on what they have in common. */
export interface Section {
  readonly key: 'lines' | 'files' | 'documents' | 'databases' | 'refused' | 'stacks' | 'unseen'
  readonly title: string
  readonly about: string
  readonly entries: readonly CatalogueEntry[]
}

/** Everything that is supported, from the very lists by which files are read; and what is not. */
export const CATALOGUE: readonly Section[] = [
  {
    key: 'lines',
    title: 'Logs of lines',
    about: 'Read as they grow. Which one a file is, its lines show; it may go over to another.',
    entries: FORMATS,
  },
  {
    key: 'files',
    title: 'Other files',
    about: 'Known by their first bytes, whatever they are called.',
    entries: CONTAINERS.filter((container) => container !== refused),
  },
  {
    key: 'documents',
    title: 'JSON documents',
    about: 'Written whole, again and again: the new points of each version are read.',
    entries: DOCUMENT_SHAPES,
  },
  {
    key: 'databases',
    title: 'Databases',
    about: 'SQLite databases of trackers, each run of which is read like a file of its own.',
    entries: DATABASES.filter(({ refusal }) => refusal === null),
  },
  {
    key: 'refused',
    title: 'Known and refused',
    about: 'Told as a reject that says what to do instead.',
    entries: [
      refused,
      ...DATABASES.flatMap(({ refusal, ...rest }) =>
        refusal === null ? [] : [{ ...rest, about: `${rest.about} ${refusal}` }],
      ),
    ],
  },
  {
    key: 'stacks',
    title: 'What training stacks write',
    about: 'Lines as each stack writes them, and the format that reads them. Others that look alike are read alike.',
    entries: DIALECTS.map(({ stack, where, lines, readBy }) => ({
      name: stack,
      about: `${where}, read by ${readBy}`,
      example: lines.join('\n'),
    })),
  },
  {
    key: 'unseen',
    title: 'What cannot be seen',
    about: 'Failures that leave no trace in the file, and what shows them instead.',
    entries: UNSEEN.map(({ where, why, instead }) => ({ name: where, about: why, example: instead })),
  },
]
