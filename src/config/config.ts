import { z } from 'zod'
import { RULES } from '../core/detect/index.ts'
import type { Thresholds } from '../core/detect/rule.ts'
import { PROFILES } from '../core/detect/settings.ts'
import { parseCondition } from '../core/expression/parse-condition.ts'
import { ExpressionError } from '../core/expression/tokens.ts'
import { SINK_KINDS } from '../notify/index.ts'
import { SEVERITIES } from '../protocol/alert.ts'
import { ROLES } from '../protocol/sample.ts'
import { DEFAULT_CONFIG } from './defaults.ts'

/**
 * The settings of one rule: false, or some of its numbers. Made from the rules' own defaults, which are
 * shown and not filled in: what is not said may be said by the profile.
 */
function detectorSettings(defaults: Thresholds) {
  const fields = Object.fromEntries(
    Object.keys(defaults).map((key) => [
      key,
      z
        .number()
        .positive()
        .optional()
        .meta({ default: Number(defaults[key]) }),
    ]),
  )
  return z.union([z.literal(false), z.strictObject(fields)], { error: 'expected false, or an object of thresholds' })
}

const detectors = z.strictObject(
  Object.fromEntries(
    RULES.map(({ name, defaults }) => [
      name,
      detectorSettings(defaults).optional().describe(`Thresholds of the rule ${name}; false switches it off.`),
    ]),
  ),
)

const override = z.strictObject({
  run: z.string().optional().describe('Of which runs; "*" stands for any characters, "?" for one. Without it, of all.'),
  metric: z.string().optional().describe('Of which metrics, in the same way, by their names in the log.'),
  detectors: detectors.describe('What is different there, by rule.'),
})

const USER_RULE_NAME = /^[a-z][a-z0-9]{0,31}(?:-[a-z0-9]{1,32}){0,7}$/
const MOST_USER_RULES = 64

const userRule = z.strictObject({
  name: z
    .string()
    .regex(USER_RULE_NAME, 'expected lower-case words joined by hyphens, such as val-loss-doubled')
    .refine((name) => RULES.every((rule) => rule.name !== name), 'nanwatch has a rule of this name; take another')
    .describe('What its alerts are called: lower-case words joined by hyphens.'),
  run: z.string().optional().describe('Of which runs; "*" stands for any characters, "?" for one. Without it, of all.'),
  when: z
    .string()
    .superRefine((text, context) => {
      const problem = conditionProblem(text)
      if (problem !== null) context.addIssue({ code: 'custom', message: problem })
    })
    .describe('The condition, such as "val_loss > 2 * min(val_loss)"; see docs/configuration.md.'),
  severity: z.enum(SEVERITIES).default('warning').describe('How bad it is.'),
  for: z.number().int().min(1).max(1000).default(1).describe('How many records in a row must show it, or end it.'),
})

/** What is wrong with a condition, or null. */
function conditionProblem(text: string): string | null {
  try {
    parseCondition(text)
    return null
  } catch (error) {
    if (error instanceof ExpressionError) return error.message
    throw error
  }
}

const baseline = z.strictObject({
  run: z.string().optional().describe('Of which runs; "*" stands for any characters, "?" for one. Without it, of all.'),
  with: z
    .array(z.string().min(1))
    .min(1)
    .describe('What they are compared with: logs, folders of jobs, or names of runs in the database.'),
})

const sinkKinds = SINK_KINDS.map(({ type, settings }) =>
  z.strictObject({
    type: z.literal(type),
    name: z.string().min(1).describe('What it is called in messages; must be unique.'),
    ...settings.shape,
  }),
)

const SINK_TYPES = SINK_KINDS.map(({ type }) => `"${type}"`).join(' or ')

const sink = z.discriminatedUnion('type', sinkKinds as [(typeof sinkKinds)[number]], {
  error: ({ code }) => (code === 'invalid_union' ? `Invalid input: expected ${SINK_TYPES}` : undefined),
})

const format = z
  .strictObject({
    name: z.string().min(1).max(64).describe('How the format is called wherever that of a file is told.'),
    regex: z
      .string()
      .optional()
      .describe('For lines of text: a regular expression with a named group for each value, such as (?<loss>\\S+).'),
    records: z.string().optional().describe('For JSON: where the records are, such as history[*].'),
    fields: z
      .record(z.string(), z.string())
      .optional()
      .describe('For JSON: per name the path of its value in a record; all numbers of a record unless told.'),
    roles: z
      .record(z.string(), z.enum(ROLES))
      .optional()
      .describe('What a metric is for, where its name does not say so.'),
  })
  .transform(({ name, regex, records, fields, roles }, context) => {
    const isJson = records !== undefined || fields !== undefined
    if (regex !== undefined && !isJson) return { name, regex, roles }
    if (regex === undefined && isJson) return { name, records, fields, roles }
    context.addIssue('expected either a regex, for lines of text, or records and fields, for JSON')
    return z.NEVER
  })

const retention = z.strictObject({
  rawDays: z
    .number()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Days of silence after which only the sums, extremes and non-finite values of a run stay; null for never.',
    ),
  rawSamples: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Rows of samples altogether, above which the runs that wrote last longest ago give theirs; null for any.',
    ),
})

export const configSchema = z
  .strictObject({
    $schema: z.string().optional(),
    paths: z.array(z.string()).min(1).default(DEFAULT_CONFIG.paths).describe('Files and folders to follow.'),
    exclude: z
      .array(z.string())
      .default(DEFAULT_CONFIG.exclude)
      .describe('Glob patterns of names or paths that are not followed.'),
    database: z
      .string()
      .nullable()
      .default(DEFAULT_CONFIG.database)
      .describe(
        'The SQLite file, relative to the folder that the command is started in; null for that of your account.',
      ),
    host: z
      .string()
      .default(DEFAULT_CONFIG.host)
      .describe('Address to serve on. Beyond loopback a token file is required.'),
    port: z
      .number()
      .int()
      .min(0)
      .max(65535)
      .default(DEFAULT_CONFIG.port)
      .describe('Port of the dashboard; 0 takes a free one.'),
    tokenFile: z
      .string()
      .nullable()
      .default(DEFAULT_CONFIG.tokenFile)
      .describe('File that holds the token which clients must show.'),
    formats: z
      .array(format)
      .default(DEFAULT_CONFIG.formats)
      .describe('Formats of your own, which go before the built-in ones: a line that one matches is read in it.'),
    epsilon: z.number().positive().max(0.5).default(DEFAULT_CONFIG.epsilon).describe('ε of the clipped cross-entropy.'),
    sweepMs: z
      .number()
      .int()
      .min(50)
      .default(DEFAULT_CONFIG.sweepMs)
      .describe('How often growing files are looked at without an event.'),
    idleAfterMs: z
      .number()
      .int()
      .min(1000)
      .default(DEFAULT_CONFIG.idleAfterMs)
      .describe(
        'No run counts as lost before it was silent for so long, and what was silent for so long when it was first watched has ended.',
      ),
    profile: z
      .enum(PROFILES)
      .default(DEFAULT_CONFIG.profile)
      .describe('The thresholds that all others are put on top of.'),
    detectors: detectors.default(DEFAULT_CONFIG.detectors).describe('Settings of the rules by name.'),
    overrides: z
      .array(override)
      .default(DEFAULT_CONFIG.overrides)
      .describe('Other settings for some runs and metrics; the last that fits counts.'),
    rules: z
      .array(userRule)
      .max(MOST_USER_RULES)
      .default(DEFAULT_CONFIG.rules)
      .describe('Rules of your own, on any metric.'),
    baselines: z
      .array(baseline)
      .default(DEFAULT_CONFIG.baselines)
      .describe('Runs that went well, which `nanwatch check` compares others with; the last that fits counts.'),
    retention: retention.prefault({}).describe('What is dropped of runs that are over. Nothing, unless it says so.'),
    sinks: z
      .array(sink)
      .default(DEFAULT_CONFIG.sinks)
      .describe('Where alerts are sent besides terminal and dashboard.'),
  })
  .describe('Configuration of nanwatch')

export type Config = z.infer<typeof configSchema>
