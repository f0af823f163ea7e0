import { join } from 'node:path'
import { expect } from 'vitest'
import type { Extension } from './extension.ts'

const DETECTOR = `
import type { Detector } from './detector.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { times } from './threshold-wording.ts'

interface ThawedFacts {
  readonly before: number
}

type ThawedParams = {
  readonly ratio: number
}

type ThawedState = { readonly attempt: number; readonly last: number; readonly firing: boolean }

/** An accuracy that falls to a part of what it was. */
export const thawed: Detector<'thawed', ThawedFacts, ThawedParams, ThawedState> = perAttempt({
  name: 'thawed',
  version: 1,
  defaults: { ratio: 3 },
  profiles: { quiet: { ratio: 30 } },
  needs: ['samples'],
  failureSign: { weight: 9 },
  document: {
    about: 'an accuracy melts away',
    watches: 'accuracies',
    fires: ({ ratio }) => \`at a value that is \${times(ratio)} below the one before\`,
    severity: () => 'warning',
  },

  headline: ({ metric, value }, { before }) => \`\${metric} melted from \${before} to \${value}.\`,

  roles: ['accuracy'],
  start: { attempt: 0, last: 0, firing: false },
  kept: ({ firing }) => ({ firing }),

  fold({ last, firing }, { attempt, value }, { ratio }) {
    const isThawed = value * ratio < last
    const next = { attempt, last: value, firing: isThawed }
    if (isThawed === firing) return unchanged(next)
    return isThawed ? raised(next, 'warning', { before: last }) : cleared(next)
  },
})
`

export const detector: Extension = {
  name: 'a detector',

  async add(copy) {
    await copy.add('src/core/detect/thawed.ts', DETECTOR)
    await copy.addLine('src/core/detect/index.ts', 'import { sustainedRise }', "import { thawed } from './thawed.ts'")
    await copy.addLine('src/core/detect/index.ts', '  chancePlateau,', '  thawed,')
  },

  async shows(copy) {
    await copy.add('train.log', '{"step": 1, "accuracy": 0.9}\n{"step": 2, "accuracy": 0.1}\n')

    const alerts = async (config: object) => {
      await copy.add('config.json', JSON.stringify(config))
      const { stdout, stderr } = await copy.run(
        'check',
        join(copy.folder, 'train.log'),
        '--json',
        '--config',
        join(copy.folder, 'config.json'),
      )
      const lines = stdout.split('\n').filter((line) => line !== '')
      return { stderr, alerts: lines.map((line) => JSON.parse(line)).filter(({ rule }) => rule !== undefined) }
    }
    expect((await alerts({})).alerts).toMatchObject([
      {
        rule: 'thawed',
        severity: 'warning',
        step: 2,
        message: expect.stringMatching(/^step 2: accuracy melted from 0\.9 to 0\.1\. The log does not say why/),
      },
    ])
    expect((await alerts({ detectors: { thawed: false } })).alerts).toEqual([])
    expect((await alerts({ detectors: { thawed: { ratio: 10 } } })).alerts).toEqual([])
    expect((await alerts({ profile: 'quiet' })).alerts).toEqual([])
    expect((await alerts({ detectors: { thawed: { ration: 10 } } })).stderr).toContain(
      'detectors.thawed: unknown key "ration" (known: ratio)',
    )
    const own = { name: 'thawed', when: 'accuracy < 1' }
    expect((await alerts({ rules: [own] })).stderr).toContain('nanwatch has a rule of this name')

    await copy.runScript('config-schema.mjs')
    await copy.runScript('detectors-doc.mjs')
    const schema = JSON.parse(await copy.read('config.schema.json'))
    expect(JSON.stringify(schema.properties.detectors.properties.thawed)).toContain('"ratio":')
    expect(JSON.parse(await copy.read('config.example.json')).detectors.thawed).toEqual({ ratio: 3 })
    expect(await copy.read('docs/detectors.md')).toMatch(
      /^\| `thawed` +\| accuracies +\| at a value that is 3 times below the one before +\| warning +\|$/m,
    )
    expect(await copy.read('docs/detectors.md')).toMatch(
      /^Signs of a failing loss, .*, `saturation`, `thawed`, `collapse`, /m,
    )
    expect(await copy.read('docs/cli.md')).toContain('\n- `thawed`: an accuracy melts away\n')
    expect(await copy.read('docs/configuration.md')).toMatch(/^\| `thawed` +\| `ratio` +\| 30 +\| 3 +\| 3 +\|$/m)
  },
}
