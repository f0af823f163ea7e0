import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileReads } from '../../build/cli/replay/file-reads.js'
import { Replay } from '../../build/cli/replay/replay.js'
import { BUILT_IN } from '../../build/core/formats/format-set.js'

const UNHARMED = /^(?:HEALTHY|NOISY|SPIKY_RECOVERS|PLATEAU|PLACEHOLDER_NAN|NO_LOSS|UNDECIDED)$/
const REINFORCEMENT = /\b(?:reward|return|episod|rollout|policy|actor|critic|advantage|surrogate)/i
const ADVERSARIAL = /\b(?:[dg]_?loss|loss[_/][dg]|generator|discriminator|gan)\b/i
const DIFFUSION = /diffusion|ddpm|\bdit\b|stable.?diff/i
const LANGUAGE =
  /gpt|llama|llm|bert|megatron|\blm\b|lm_loss|wmt|golf|mistral|qwen|glm|finetune|sft|token|perplexity|bpb|rwkv|rnn_word|hf_/i

/** The healthy logs of a folder with a `MANIFEST.tsv`. */
export async function manifestRuns(source, folder) {
  const [head, ...rows] = readFileSync(join(folder, 'MANIFEST.tsv'), 'utf8').trimEnd().split('\n')
  const names = head.split('\t')
  const runs = []
  for (const row of rows) {
    const cells = row.split('\t')
    const verdict = cells[names.indexOf('verdict')]
    const path = join(folder, cells[0])
    if (UNHARMED.test(verdict) && existsSync(path)) runs.push(await watched(source, path))
  }
  return runs
}

/** The healthy logs of the folder of field logs: those whose `expected.json` says so, and those named so. */
export async function fieldRuns(source, folder) {
  const runs = []
  for (const name of foldersIn(join(folder, 'reading'))) {
    const at = join(folder, 'reading', name)
    const { verdicts = [] } = JSON.parse(readFileSync(join(at, 'expected.json'), 'utf8'))
    if (verdicts.length !== 1 || verdicts[0] !== 'healthy') continue
    for (const path of filesIn(at)) if (basename(path) !== 'expected.json') runs.push(await watched(source, path))
  }
  for (const name of foldersIn(join(folder, 'causes'))) {
    const expected = join(folder, 'causes', name, 'expected.json')
    if (!existsSync(expected) || !JSON.parse(readFileSync(expected, 'utf8')).healthy) continue
    for (const path of filesIn(join(folder, 'causes', name, 'run'))) runs.push(await watched(source, path))
  }
  for (const name of foldersIn(join(folder, 'gallery'))) {
    if (!name.startsWith('healthy')) continue
    for (const path of filesIn(join(folder, 'gallery', name))) runs.push(await watched(source, path))
  }
  return runs
}

async function watched(source, path) {
  const replay = new Replay({ epsilon: 1e-10, detectors: {}, formats: BUILT_IN })
  const metrics = new Set()
  let points = 0
  for await (const { samples } of replay.read({ path, run: path }, fileReads)) {
    for (const { metric, role } of samples) {
      metrics.add(metric)
      if (role === 'train_loss' || role === 'val_loss') points++
    }
  }
  const alarms = { critical: [], warning: [], info: [] }
  for (const { partOf, severity, step, rule } of replay.alerts) {
    if (partOf === null) alarms[severity].push({ step, rule })
  }
  return { source, kind: kindOf(path, [...metrics].join(' ')), name: path, points, alarms }
}

function kindOf(path, metrics) {
  if (REINFORCEMENT.test(metrics)) return 'reinforcement learning'
  if (ADVERSARIAL.test(metrics)) return 'GAN'
  if (DIFFUSION.test(path)) return 'diffusion'
  return LANGUAGE.test(`${path} ${metrics}`) ? 'language model' : 'supervised'
}

function foldersIn(folder) {
  return existsSync(folder) ? readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory()) : []
}

function filesIn(folder) {
  return existsSync(folder)
    ? readdirSync(folder)
        .map((name) => join(folder, name))
        .filter((path) => statSync(path).isFile())
    : []
}
