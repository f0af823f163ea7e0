import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'vitest'
import type { Advance } from '../../src/core/pipeline/advance.ts'
import { Lines, splitLines } from '../../src/core/reading/lines.ts'
import { utf8 } from '../core/reading/bytes.ts'
import type { Extension } from './extension.ts'

const LOG_RULE = `
import type { LogRule } from './log-rule.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { inWords } from './threshold-wording.ts'

interface RetriesFacts {
  readonly retries: number
}

type RetriesParams = {
  readonly lines: number
}

/** How often it was said, and whether the run has ever been written to while it was watched. */
type RetriesState = { readonly count: number; readonly hasGrown: boolean }

/** A job that says again and again that it tries something once more. */
export const retries: LogRule<'retries', RetriesFacts, RetriesParams, RetriesState> = {
  name: 'retries',
  version: 1,
  defaults: { lines: 3 },
  needs: ['lines-without-data'],
  document: {
    about: 'the job tries something again and again',
    watches: 'lines without data',
    fires: ({ lines }) => \`at \${inWords(lines)} lines that say so\`,
    severity: () => 'warning',
  },

  headline: (_at, { retries }) => \`the job has tried again \${retries} times.\`,

  observes: ['line', 'revival', 'growth'],

  start: () => ({ count: 0, hasGrown: false }),

  step(state, event, { lines }, standing) {
    if (event.kind === 'growth') return unchanged({ ...state, hasGrown: true })
    if (event.kind === 'revival') return standing === null ? unchanged({ ...state, count: 0 }) : cleared({ ...state, count: 0 })
    if (event.kind !== 'line' || !event.text.startsWith('retrying')) return unchanged(state)
    const next = { ...state, count: state.count + 1 }
    return next.count === lines ? raised(next, 'warning', { retries: next.count }) : unchanged(next)
  },
}
`

const TRACEBACK = 'Traceback (most recent call last):\n  File "train.py", line 1, in main\nValueError: no data\n'
const LOG = `{"step": 1, "loss": 0.9}\nretrying\nretrying\n{"step": 2, "loss": 0.9}\nretrying\n`

export const logRule: Extension = {
  name: 'a rule about a whole log',

  async add(copy) {
    await copy.add('src/core/detect/retries.ts', LOG_RULE)
    await copy.addLine('src/core/detect/index.ts', 'import { saturation }', "import { retries } from './retries.ts'")
    await copy.addLine('src/core/detect/index.ts', '  crashed,', '  retries,')
  },

  async shows(copy) {
    const alerts = async (config: object, log = LOG) => {
      await copy.add('config.json', JSON.stringify(config))
      await copy.add('train.log', log)
      const path = join(copy.folder, 'config.json')
      const { stdout, stderr } = await copy.run('check', join(copy.folder, 'train.log'), '--json', '--config', path)
      const lines = stdout.split('\n').filter((line) => line !== '')
      const found = lines.map((line) => JSON.parse(line)).filter(({ rule }) => rule === 'retries')
      return { stderr, alerts: found }
    }
    expect((await alerts({})).alerts).toMatchObject([
      {
        state: 'firing',
        severity: 'warning',
        step: 2,
        metric: 'loss',
        message: expect.stringMatching(/^step 2: the job has tried again 3 times\./),
      },
    ])
    const revived = `${LOG}${TRACEBACK}{"step": 3, "loss": 0.9}\n`
    expect((await alerts({}, revived)).alerts.at(-1)).toMatchObject({ state: 'resolved', resolvedStep: 3 })
    expect(await foundLineByLine(copy.folder)).toEqual(['firing warning at step 2'])
    expect(await stateAfterGrowth(copy.folder)).toEqual({
      retries: { version: 1, state: { count: 0, hasGrown: true } },
    })
    expect((await alerts({ detectors: { retries: false } })).alerts).toEqual([])
    expect((await alerts({ detectors: { retries: { lines: 4 } } })).alerts).toEqual([])
    expect((await alerts({ detectors: { retries: { line: 4 } } })).stderr).toContain(
      'detectors.retries: unknown key "line" (known: lines)',
    )

    await copy.runScript('config-schema.mjs')
    await copy.runScript('detectors-doc.mjs')
    const schema = JSON.parse(await copy.read('config.schema.json'))
    expect(JSON.stringify(schema.properties.detectors.properties.retries)).toContain('"lines":')
    expect(await copy.read('docs/detectors.md')).toMatch(
      /^\| `retries` +\| lines without data +\| at three lines that say so +\| warning +\|$/m,
    )
    expect(await copy.read('docs/cli.md')).toContain('\n- `retries`: the job tries something again and again\n')
  },
}

/** The states that a run has saved after it has grown. */
async function stateAfterGrowth(folder: string): Promise<unknown> {
  const { observeRun } = await compiled(folder, 'pipeline/log-rules.js')
  const { EMPTY_MEMORY } = await compiled(folder, 'state/run-memory.js')
  const place = { run: 'a', file: 'train.log', nowIso: 'now', backfill: false }
  return observeRun(EMPTY_MEMORY, { kind: 'growth' }, {}, place, () => undefined).memory.logRules
}

/** What the rule finds where each line is a read of its own, and the states are saved between them. */
async function foundLineByLine(folder: string): Promise<string[]> {
  const { advance } = await compiled(folder, 'pipeline/advance.js')
  const { NEW_FILE } = await compiled(folder, 'state/file-state.js')
  const { EMPTY_MEMORY } = await compiled(folder, 'state/run-memory.js')
  const { NO_LINES } = await compiled(folder, 'pipeline/content.js')
  const { BUILT_IN } = await compiled(folder, 'formats/format-set.js')
  const rules = { epsilon: 1e-10, detectors: {}, formats: BUILT_IN }
  const place = { run: 'a', file: 'train.log', isFinal: false, backfillUntil: 0, nowIso: 'now' }
  let [file, memory] = [NEW_FILE, EMPTY_MEMORY]
  return [...splitLines(utf8(LOG), 0).lines].flatMap((line) => {
    const outcome = advance({ ...place, content: { ...NO_LINES, lines: Lines.of([line]) } }, file, memory, rules)
    file = JSON.parse(JSON.stringify(outcome.file))
    memory = JSON.parse(JSON.stringify(outcome.memory))
    return (outcome as Advance).transitions
      .filter(({ alert }) => alert.rule === 'retries')
      .map(({ kind, alert }) => `${kind} ${alert.severity} at step ${alert.step}`)
  })
}

function compiled(folder: string, path: string) {
  return import(pathToFileURL(join(folder, 'build/core', path)).href)
}
