import type { SeriesInfo } from '../src/protocol/run.ts'
import { CROSS_ENTROPY, RECOMPUTED_PREFIX, ROLES, type Role } from '../src/protocol/sample.ts'

/** How a line is told from its neighbours without its colour. */
export type Dash = 'solid' | 'dashed' | 'dotted'

export interface ChartLine {
  readonly info: SeriesInfo
  readonly label: string
  /** Index into the palette; rises within a chart and wraps around there. */
  readonly colour: number
  readonly dash: Dash
}

/** One of the small multiples. */
export interface ChartGroup {
  /** `loss`, or the metric's own name: what the URL and `data-metric` hold. */
  readonly key: string
  readonly title: string
  /** What the reader has to know to read it, such as the unit. */
  readonly note: string
  readonly lines: readonly ChartLine[]
  readonly large: boolean
}

export const LOSS = 'loss'
const WHOLE: readonly Role[] = ['train_loss', 'val_loss']

const CROSS_ENTROPY_CLIPPED = `${RECOMPUTED_PREFIX}cross_entropy_clipped`

const TITLES: Readonly<Record<string, { readonly title: string; readonly note: string }>> = {
  [`${RECOMPUTED_PREFIX}entropy`]: { title: 'Prediction entropy', note: 'nats' },
  [`${RECOMPUTED_PREFIX}kl`]: { title: 'KL divergence', note: 'truth ‖ guess, nats' },
}

const LEADING = [LOSS, ...Object.keys(TITLES)]

/** Sorts the series of a run into charts: losses together, then one chart per metric, the telling ones first. */
export function chartGroups(list: readonly SeriesInfo[]): ChartGroup[] {
  const byKey = new Map<string, SeriesInfo[]>()
  const hasWhole = list.some(({ role }) => WHOLE.includes(role))
  for (const info of list) {
    // The parts are the loss where no whole one is logged.
    const key = isLoss(info) || (!hasWhole && info.role === 'loss_part') ? LOSS : info.metric
    byKey.set(key, [...(byKey.get(key) ?? []), info])
  }
  return [...byKey].map(([key, infos]) => group(key, infos)).sort(byImportance)
}

/** The charts a view asks for; all of them when it names none that exist. */
export function chosenGroups(groups: readonly ChartGroup[], keys: readonly string[]): readonly ChartGroup[] {
  const chosen = groups.filter(({ key }) => keys.includes(key))
  return chosen.length === 0 ? groups : chosen
}

function isLoss({ metric, role }: SeriesInfo): boolean {
  if (metric === CROSS_ENTROPY || metric === CROSS_ENTROPY_CLIPPED) return true
  return WHOLE.includes(role) && !metric.startsWith(RECOMPUTED_PREFIX)
}

function group(key: string, infos: readonly SeriesInfo[]): ChartGroup {
  const sorted = [...infos].sort(
    (a, b) => lineOrder(a) - lineOrder(b) || compareText(a.metric, b.metric) || compareText(a.file, b.file),
  )
  const isRecomputed = key.startsWith(RECOMPUTED_PREFIX)
  const named = TITLES[key] ?? {
    title: isRecomputed ? key.slice(RECOMPUTED_PREFIX.length).replaceAll('_', ' ') : key,
    note: isRecomputed ? 'recomputed' : '',
  }
  return {
    key,
    ...(key === LOSS ? { title: 'Loss', note: sorted.some(isCrossEntropy) ? 'reported and recomputed' : '' } : named),
    lines: sorted.map((info, index) => ({ info, label: labelOf(info, sorted), colour: index, dash: dashOf(info) })),
    large: key === LOSS,
  }
}

function labelOf(info: SeriesInfo, all: readonly SeriesInfo[]): string {
  const name = isCrossEntropy(info)
    ? info.metric === CROSS_ENTROPY
      ? 'cross-entropy, recomputed'
      : 'cross-entropy, clipped'
    : info.metric.replace(RECOMPUTED_PREFIX, '')
  const namesakes = all.filter((other) => other.metric === info.metric && other.file !== info.file)
  return namesakes.length === 0
    ? name
    : `${name} · ${tailOf(
        info.file,
        namesakes.map(({ file }) => file),
      )}`
}

/** The shortest end of a path that no other one shares. */
function tailOf(file: string, others: readonly string[]): string {
  const parts = file.split('/')
  for (let length = 1; length < parts.length; length++) {
    const tail = parts.slice(-length).join('/')
    if (!others.some((other) => other === tail || other.endsWith(`/${tail}`))) return tail
  }
  return file
}

function isCrossEntropy({ metric }: SeriesInfo): boolean {
  return metric === CROSS_ENTROPY || metric === CROSS_ENTROPY_CLIPPED
}

function dashOf({ metric, role }: SeriesInfo): Dash {
  if (metric === CROSS_ENTROPY_CLIPPED) return 'dotted'
  return metric === CROSS_ENTROPY || role === 'val_loss' ? 'dashed' : 'solid'
}

/** Reported losses before recomputed ones, training before validation. */
function lineOrder({ metric, role }: SeriesInfo): number {
  return metric.startsWith(RECOMPUTED_PREFIX) ? ROLES.length : ROLES.indexOf(role)
}

function byImportance(a: ChartGroup, b: ChartGroup): number {
  return rank(a) - rank(b) || compareText(a.key, b.key)
}

function rank({ key, lines }: ChartGroup): number {
  const leading = LEADING.indexOf(key)
  if (leading !== -1) return leading
  return LEADING.length + Math.min(...lines.map(({ info }) => lineOrder(info)))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
