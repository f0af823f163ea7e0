import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ConfigError } from '../../src/config/config-error.ts'
import { defaultDatabase } from '../../src/config/default-database.ts'
import { DEFAULT_CONFIG } from '../../src/config/defaults.ts'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import { checkConfig, readConfig } from '../../src/config/read-config.ts'
import { rulesOf } from '../../src/config/rules.ts'
import { secretsAt } from '../../src/config/secrets.ts'
import { RULES } from '../../src/core/detect/index.ts'
import { PROFILE_SETTINGS } from '../../src/core/detect/profiles.ts'
import { SINK_KINDS } from '../../src/notify/index.ts'
import { tempFolder } from '../temp-folder.ts'

const ROOT = new URL('../../', import.meta.url)
const EXAMPLE = new URL('config.example.json', ROOT)

async function configFile(text: string): Promise<string> {
  const path = join(await tempFolder(), 'nanwatch.json')
  await writeFile(path, text)
  return path
}

describe('the example', () => {
  const example: Record<string, unknown> = JSON.parse(readFileSync(EXAMPLE, 'utf8'))

  test('is a valid configuration', () => {
    expect(readConfig(EXAMPLE.pathname)).toMatchObject(example)
  })

  test('shows every key there is, and the defaults of all that have one', () => {
    const schema = configJsonSchema() as { properties: object }
    expect(Object.keys(example)).toEqual(Object.keys(schema.properties))
    const { sinks, $schema, detectors, formats, overrides, rules, ...rest } = example
    const shown = { sinks: undefined, detectors: undefined, formats: undefined, overrides: undefined, rules: undefined }
    expect({ ...DEFAULT_CONFIG, ...shown }).toEqual(rest)
    for (const list of [overrides, rules]) expect(list).not.toEqual([])
    expect(detectors).toEqual(Object.fromEntries(RULES.map(({ name, defaults }) => [name, defaults])))
    expect(sinks).toMatchObject([{ type: 'webhook' }])
    expect(formats).toMatchObject([{ regex: expect.any(String) }, { records: expect.any(String) }])
  })

  test('names the schema that editors complete from, and that is the one of this version', () => {
    const schema = readFileSync(new URL(String(example['$schema']), EXAMPLE), 'utf8')
    expect(schema, 'run: npm run build && node scripts/config-schema.mjs').toBe(
      `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
    )
  })
})

describe('a configuration that is wrong', () => {
  const cases: readonly { readonly name: string; readonly json: unknown; readonly says: string }[] = [
    {
      name: 'in a key',
      json: { prot: 1 },
      says: 'nanwatch.json: unknown key "prot" (known: $schema, paths, exclude, database, host, port, tokenFile, formats, epsilon, sweepMs, idleAfterMs, profile, detectors, overrides, rules, baselines, retention, sinks)',
    },
    {
      name: 'in a format that is neither of lines nor of JSON',
      json: { formats: [{ name: 'mine' }] },
      says: 'nanwatch.json: formats.0: expected either a regex, for lines of text, or records and fields, for JSON',
    },
    {
      name: 'in the expression of a format',
      json: { formats: [{ name: 'mine', regex: 'a(?<loss>b' }] },
      says: 'nanwatch.json: formats.0 ("mine"): regex: character 2: a "(" is not closed',
    },
    {
      name: 'in a path of a format',
      json: { formats: [{ name: 'mine', fields: { loss: '' } }] },
      says: 'nanwatch.json: formats.0 ("mine"): fields.loss: "" is no path such as stats.loss',
    },
    {
      name: 'in the name of a format, which is taken',
      json: { formats: [{ name: 'csv', regex: '(?<loss>a)' }] },
      says: 'nanwatch.json: formats.0 ("csv"): a built-in format has this name; choose another',
    },
    {
      name: 'in two formats of one name',
      json: {
        formats: [
          { name: 'mine', regex: '(?<loss>a)' },
          { name: 'mine', records: '' },
        ],
      },
      says: 'nanwatch.json: formats.1 ("mine"): two formats have this name; give each its own',
    },
    {
      name: 'in the name of a rule',
      json: { detectors: { spyke: false } },
      says: `nanwatch.json: detectors: unknown key "spyke" (known: ${RULES.map(({ name }) => name).join(', ')})`,
    },
    {
      name: 'in the name of a threshold',
      json: { detectors: { 'non-finite': { recoverySampels: 1 } } },
      says: 'nanwatch.json: detectors.non-finite: unknown key "recoverySampels" (known: recoverySamples)',
    },
    {
      name: 'in the type of a threshold',
      json: { detectors: { 'non-finite': { recoverySamples: '1' } } },
      says: 'nanwatch.json: detectors.non-finite.recoverySamples: Invalid input: expected number, received string',
    },
    {
      name: 'in the value of a threshold',
      json: { detectors: { 'non-finite': { recoverySamples: -1 } } },
      says: 'nanwatch.json: detectors.non-finite.recoverySamples: Too small: expected number to be >0',
    },
    {
      name: 'in the settings of a rule',
      json: { detectors: { 'non-finite': true } },
      says: 'nanwatch.json: detectors.non-finite: expected false, or an object of thresholds',
    },
    {
      name: 'in a rule of the user',
      json: { rules: [{ name: 'Twice', when: 'loss > 2 *' }] },
      says:
        'nanwatch.json: rules.0.name: expected lower-case words joined by hyphens, such as val-loss-doubled\n' +
        'nanwatch.json: rules.0.when: at character 11: expected a number or a metric, found the end',
    },
    {
      name: 'in a rule of the user that takes the name of another',
      json: { rules: [{ name: 'spike', when: 'loss > 2' }] },
      says: 'nanwatch.json: rules.0.name: nanwatch has a rule of this name; take another',
    },
    {
      name: 'in two rules of the user of one name',
      json: { rules: ['loss > 2', 'loss > 3'].map((when) => ({ name: 'high', when })) },
      says: 'nanwatch.json: rules: two are called "high"; give each its own name',
    },
    {
      name: 'in the name of a profile',
      json: { profile: 'silent' },
      says: 'nanwatch.json: profile: Invalid option: expected one of "quiet"|"default"|"sensitive"',
    },
    {
      name: 'in an override',
      json: { overrides: [{ runs: 'a', detectors: { spike: { zet: 1 } } }] },
      says:
        'nanwatch.json: overrides.0.detectors.spike: unknown key "zet" (known: warmupSamples, z, largest, ratio, gradientRatio, signedZ, criticalRatio, criticalInARow, extremeRatio, singleRatio, againJumps, againSamples, recoverySamples)\n' +
        'nanwatch.json: overrides.0: unknown key "runs" (known: run, metric, detectors)',
    },
    {
      name: 'in the key of a sink, and without another',
      json: { sinks: [{ type: 'webhook', name: 'a', ulr: 'http://a' }] },
      says:
        'nanwatch.json: sinks.0.url: Invalid input: expected string, received undefined\n' +
        'nanwatch.json: sinks.0: unknown key "ulr" (known: type, name, url)',
    },
    {
      name: 'in the type of a sink',
      json: { sinks: [{ type: 'pigeon', name: 'a', url: 'http://a' }] },
      says: `nanwatch.json: sinks.0.type: Invalid input: expected ${SINK_KINDS.map(({ type }) => `"${type}"`).join(' or ')}`,
    },
    {
      name: 'in the names of two sinks, which are the same',
      json: {
        sinks: ['x', 'y'].map((host) => ({ type: 'webhook', name: 'a', url: `http://${host}` })),
      },
      says: 'nanwatch.json: sinks: two are called "a"; give each its own name',
    },
    {
      name: 'in a port',
      json: { port: 70_000 },
      says: 'nanwatch.json: port: Too big: expected number to be <=65535',
    },
    {
      name: 'in that it follows nothing',
      json: { paths: [] },
      says: 'nanwatch.json: paths: Too small: expected array to have >=1 items',
    },
    {
      name: 'in that it is a list',
      json: [],
      says: 'nanwatch.json: Invalid input: expected object, received array',
    },
    {
      name: 'in that it is null',
      json: null,
      says: 'nanwatch.json: Invalid input: expected object, received null',
    },
  ]
  for (const { name, json, says } of cases) {
    test(`${name} says where, and what would be right`, () => {
      expect(() => checkConfig(json, 'nanwatch.json')).toThrow(new ConfigError(says))
    })
  }

  test('because it is not JSON says which file, and where in it', async () => {
    const path = await configFile('{ "port": 8626, }')
    expect(() => readConfig(path)).toThrow(ConfigError)
    expect(() => readConfig(path)).toThrow(/nanwatch\.json: not valid JSON: .*position 16/)
  })

  test('because it is not there says so', async () => {
    const path = join(await tempFolder(), 'nanwatch.json')
    expect(() => readConfig(path)).toThrow(ConfigError)
    expect(() => readConfig(path)).toThrow(`${path}: cannot read the configuration: ENOENT`)
  })
})

describe('what is not given', () => {
  test('is as documented', () => {
    expect(checkConfig({}, 'x')).toEqual({
      paths: ['.'],
      exclude: [],
      formats: [],
      database: null,
      host: '127.0.0.1',
      port: 8626,
      tokenFile: null,
      epsilon: 1e-10,
      sweepMs: 1000,
      idleAfterMs: 600_000,
      profile: 'default',
      detectors: {},
      overrides: [],
      rules: [],
      baselines: [],
      retention: { rawDays: null, rawSamples: null },
      sinks: [],
    })
  })

  test('is the same where there is no configuration to be checked', () =>
    expect(DEFAULT_CONFIG).toEqual(checkConfig({}, 'x')))

  test('leaves what is given as it is', async () => {
    const path = await configFile('{ "port": 0, "detectors": { "spike": false }, "paths": ["a", "b"] }')
    expect(readConfig(path)).toMatchObject({ port: 0, detectors: { spike: false }, paths: ['a', 'b'] })
  })
})

describe('the environment', () => {
  beforeEach(() => {
    vi.stubEnv('XDG_STATE_HOME', undefined)
    vi.stubEnv('HOOK', undefined)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  test('says where the state of an account is kept', () => {
    expect(defaultDatabase()).toBe(join(homedir(), '.local', 'state', 'nanwatch', 'nanwatch.db'))
    vi.stubEnv('XDG_STATE_HOME', '/state')
    expect(defaultDatabase()).toBe('/state/nanwatch/nanwatch.db')
  })

  test('may hold an address that is not for the file', () => {
    expect(secretsAt('sinks.a').url('https://example.org/a', 'url')).toBe('https://example.org/a')
    vi.stubEnv('HOOK', 'https://example.org/s3cret')
    expect(secretsAt('sinks.a').url('env:HOOK', 'url')).toBe('https://example.org/s3cret')
  })

  test('that lacks it is an error that names the variable', () => {
    const says = new ConfigError('sinks.a.url: the environment variable HOOK is not set')
    expect(() => secretsAt('sinks.a').url('env:HOOK', 'url')).toThrow(says)
    vi.stubEnv('HOOK', '')
    expect(() => secretsAt('sinks.a').url('env:HOOK', 'url')).toThrow(says)
  })

  for (const address of [
    's3cret',
    'ftp://example.org/s3cret',
    'https://s3cret@example.org/',
    'https://a:s3cret@b/',
    '',
  ]) {
    test(`that holds no usable address (${address}) is an error that does not repeat it`, () => {
      vi.stubEnv('HOOK', address === '' ? ' ' : address)
      expect(() => secretsAt('sinks.a').url('env:HOOK', 'url')).toThrow(
        new ConfigError('sinks.a.url: not an http or https address (without a user name or password in it)'),
      )
    })
  }
})

describe('the rules of a configuration', () => {
  test('are the profile, and the thresholds of the file on top', async () => {
    const config = checkConfig({ profile: 'quiet', detectors: { spike: { z: 7 }, exploding: false } }, 'nanwatch.json')
    const { spike, exploding } = (await rulesOf(config)).detectors
    expect(spike).toEqual({ ...(PROFILE_SETTINGS.quiet['spike'] as object), z: 7 })
    expect(exploding).toBe(false)
  })

  test('are of each profile a valid configuration', () => {
    for (const detectors of Object.values(PROFILE_SETTINGS)) {
      expect(checkConfig({ detectors }, 'profile').detectors).toEqual(detectors)
    }
  })
})
