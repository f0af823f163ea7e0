import { messagesIn } from './ending.ts'

/** What a line says by which a job may have ended: a count that came to its end, a saved model, a summary, a plain "Done.". */
export type EndSignKind = 'count' | 'saved' | 'summary' | 'done'

/**
 * What the logs of a run show about its end beside clear words; plain JSON.
 *
 * A line such as `model saved` stands at the end of many jobs, and after each epoch of others. So it counts only once
 * nothing more is written, and never in a run that went on after such a line before.
 */
export type EndSigns = {
  /** The sign that stands: nothing was logged since. */
  readonly sign: EndSign | null
  /** Signs after which the run went on. */
  readonly recurring: readonly EndSignKind[]
  /** The newest count of epochs, and the first number of it. */
  readonly epochs: { readonly first: number; readonly done: number; readonly all: number } | null
  /** Of how many steps the records last said to be one; null where they do not say, or have gone beyond it. */
  readonly total: number | null
}

type EndSign = {
  readonly kind: EndSignKind
  readonly line: string
  readonly file: string
  /** The last step by then. */
  readonly step: number | null
  readonly atMs: number
}

/** A line of a log, and whether it holds a record. */
export interface LastLine {
  readonly text: string
  readonly isRecord: boolean
}

/** New lines of one file, and how far its run has come. */
export interface NewEnd {
  readonly file: string
  /** The last lines, oldest first. */
  readonly lines: readonly LastLine[]
  /** Whether any record came. */
  readonly hasRecords: boolean
  /** Whether the run has logged anything by then. */
  readonly hasTrained: boolean
  readonly steps: StepCount
  readonly nowMs: number
}

/** The steps of a run's records: the first one, the last one, and the distance of the last two. */
export interface StepCount {
  readonly first: number | null
  readonly last: number | null
  readonly stride: number
}

export const NO_END_SIGNS: EndSigns = { sign: null, recurring: [], epochs: null, total: null }

/** How many of the last lines of a read are looked at. */
export const LAST_LINES = 64
/** A record of another file within this time may have been written before the sign. */
const SAME_TIME_MS = 10_000
const MOST_CHARS = 400
const MOST_KEPT_CHARS = 120

const EPOCHS = /\bepochs?\s{0,3}[:=[(#]?\s{0,3}(\d{1,9})\s?(?:\/|of)\s?(\d{1,9})/i
const COUNT = /(?<![\d./-])(\d{1,12})\s?\/\s?(\d{1,12})(?![\d./-])/g
const TOTAL_STEPS = /\b(?:max|total|num)[_ ]?(?:steps?|iters?|iterations?|updates?)["']?\s{0,3}[:=]\s{0,3}(\d{1,12})\b/i
/** What comes to 100 % within training, too. */
const PART =
  /\b(?:eval\w*|valid\w*|val|test\w*|sanity|predict\w*|sampl\w*|generat\w*|infer\w*|load\w*|download\w*|fetch\w*|read\w*|map|filter|tokeni\w*|sav\w*|upload\w*)\b/i

const DONE =
  /^(?:(?:all |we are |everything )?(?:done|finished|complete|completed|succeeded|success)(?: (?:in|after|at) .{1,40})?|bye|goodbye|the end|完成|已完成|完毕|结束|完了|終了|완료|종료|готово|завершено|конец|fertig|beendet|abgeschlossen|terminé|fini|listo|hecho|terminado|finalizado)\W*$/
const SAVED = [
  /\b(?:saved|exported|written|wrote|stored|uploaded|pushed)\b.*(?:\b(?:models?|weights?|checkpoints?|ckpt|adapters?|network|pipeline|policy|agent|parameters|results?)\b|\.(?:pt|pth|bin|ckpt|h5|keras|safetensors|pkl|pickle|joblib|onnx|npz|zip)\b)/,
  /\b(?:models?|weights?|checkpoints?|ckpt|adapters?|network|policy|agent|parameters|results?)\b.{0,60}\b(?:saved|exported|written|stored|uploaded|pushed)\b/,
  /(?:模型|权重|檔|检查点).{0,6}(?:已)?保存|保存.{0,4}(?:模型|权重)|(?:モデル|重み).{0,6}保存(?:しました|完了)|(?:모델|가중치).{0,8}저장(?:되었|됨|완료| 완료)/,
  /(?:модель|веса) (?:сохранен|записан)|modell .{0,40}gespeichert|modèle .{0,40}(?:enregistré|sauvegardé)|modelo .{0,40}guardado/,
]
/** What is saved within training: a checkpoint, a model by its step or epoch, the best one so far. */
const WITHIN_TRAINING =
  /checkpoint|ckpt|\bbest\b|(?:epoch|step|iter(?:ation)?)s?[ _=-]{0,2}\d|[_-]\d{1,9}(?:\.\w{1,11})?["'.]*$/
const SUMMARY =
  /^(?:total (?:training |run)?(?:time|duration)|training (?:time|took)|time (?:taken|elapsed|used)|elapsed|real\s+\d+m\d|took \d|finished in|final\b|best\b|test (?:acc|loss|score|error|f1|mse|rmse|auc)|(?:training )?summary\b|results?:)/
/** A line that says that more is to come. */
const MORE_TO_COME =
  /\b(?:eval\w*|valid\w*|test(?:ing)?|start\w*|load\w*|begin\w*|resum\w*|epochs?|train(?:ing)?|sav(?:e|ing)|generat\w*|sampl\w*|comput\w*|build\w*|prepar\w*|download\w*|wait\w*|runn?ing|next|stage|phase)\b/

/** The signs after new lines. How the lines were cut into reads may show, but not in what stands at the end of a log. */
export function withEnd(before: EndSigns, { file, lines, hasRecords, hasTrained, steps, nowMs }: NewEnd): EndSigns {
  let { sign, recurring } = before
  const epochs = lines.reduce((known, { text }) => withEpochs(known, text), before.epochs)
  const total = totalOf(lines, steps) ?? withinTotal(before.total, steps)
  // A loss of validation may follow the last step.
  const isAtEnd = sign?.kind === 'count' && sign.step !== null && sign.step === steps.last
  if (sign !== null && hasRecords && !isAtEnd && (sign.file === file || nowMs - sign.atMs > SAME_TIME_MS)) {
    if (!recurring.includes(sign.kind)) recurring = [...recurring, sign.kind]
    sign = null
  }
  for (const kind of goneBy(lines)) if (!recurring.includes(kind)) recurring = [...recurring, kind]
  const found = lastSign(lines, steps, epochs)
  if (found === 'more' || (found === 'record' && !isAtEnd)) {
    if (sign?.file === file) sign = null
  } else if (found !== null && found !== 'record') {
    const isLast = epochs === null ? !recurring.includes(found.kind) : isComplete(epochs)
    const isCut = epochs === null && total !== null && steps.last !== null && !isLastStep(steps.last, total, steps)
    sign = isLast && !isCut && hasTrained ? { ...found, file, step: steps.last, atMs: nowMs } : null
  }
  const isSame =
    sign === before.sign && recurring === before.recurring && epochs === before.epochs && total === before.total
  return isSame ? before : { sign, recurring, epochs, total }
}

/**
 * The sign of the newest line that tells anything; `more` where it says that the job goes on, `record` where it is a
 * record that tells nothing of that, null where no line tells.
 */
function lastSign(
  lines: readonly LastLine[],
  steps: StepCount,
  epochs: EndSigns['epochs'],
): { readonly kind: EndSignKind; readonly line: string } | 'more' | 'record' | null {
  let isBelowCount = false
  for (const { text: whole, isRecord } of lines.toReversed()) {
    const text = whole.slice(0, MOST_CHARS).trim()
    if (text === '') continue
    const line = text.slice(0, MOST_KEPT_CHARS)
    const count = countIn(text, isRecord, steps)
    const isPart = PART.test(text) && (epochs === null || !isComplete(epochs))
    if (count === 'complete' && !isPart && (!isBelowCount || isAtLast(text, steps))) return { kind: 'count', line }
    if (isBelowCount) return 'record'
    if (count !== null) return 'more'
    const kind = kindOf(text.toLowerCase())
    // A record that sums up, such as `best accuracy: 0.93`, is a sign as well. Another may stand below the last count.
    if (isRecord && kind !== 'summary') isBelowCount = true
    else if (kind !== null) return kind === 'more' ? 'more' : { kind, line }
  }
  return isBelowCount ? 'record' : null
}

/** The signs among new lines that a record follows. */
function goneBy(lines: readonly LastLine[]): readonly EndSignKind[] {
  const lastRecord = lines.findLastIndex(({ isRecord }) => isRecord)
  return lines.slice(0, Math.max(0, lastRecord)).flatMap(({ text, isRecord }) => {
    const kind = isRecord ? null : kindOf(text.slice(0, MOST_CHARS).trim().toLowerCase())
    return kind === null || kind === 'more' ? [] : [kind]
  })
}

/** Whether a count in the text is that of the last step. */
function isAtLast(text: string, { last }: StepCount): boolean {
  return countsIn(text).some(({ done }) => done === last)
}

/** What a message says about the end; null where it says nothing about it. */
function kindOf(text: string): EndSignKind | 'more' | null {
  const messages = messagesIn(text)
  if (messages.some((message) => DONE.test(message))) return 'done'
  if (SAVED.some((pattern) => pattern.test(text))) return WITHIN_TRAINING.test(text) ? null : 'saved'
  if (messages.some((message) => SUMMARY.test(message))) return 'summary'
  return MORE_TO_COME.test(text) ? 'more' : null
}

/** Whether each count of a line, such as `3000/3000` or `100%`, has come to its end; null where the line holds none. */
function countIn(text: string, isRecord: boolean, steps: StepCount): 'complete' | 'open' | null {
  const counts = countsIn(text)
  const total = isRecord ? TOTAL_STEPS.exec(text)?.[1] : undefined
  if (total !== undefined && steps.last !== null) counts.push({ done: steps.last, all: Number(total) })
  if (counts.length === 0) return /(?<![\d.])100(?:\.0{1,4})? ?%/.test(text) ? 'complete' : null
  return counts.every(({ done, all }) => done === all || (done === steps.last && isLastStep(done, all, steps)))
    ? 'complete'
    : 'open'
}

function countsIn(text: string): { done: number; all: number }[] {
  return [...text.matchAll(COUNT)].map(([, done, all]) => ({ done: Number(done), all: Number(all) }))
}

/** Of how many steps the newest record that counts the last step says it to be one. */
function totalOf(lines: readonly LastLine[], { last }: StepCount): number | null {
  for (const { text, isRecord } of lines.toReversed()) {
    if (!isRecord) continue
    const total = TOTAL_STEPS.exec(text)?.[1]
    const count = total === undefined ? countsIn(text).find(({ done }) => done === last)?.all : Number(total)
    if (count !== undefined) return count
  }
  return null
}

/** The total that another file of the run has named, as long as its steps have not gone beyond it. */
function withinTotal(total: number | null, { last }: StepCount): number | null {
  return total !== null && last !== null && last <= total ? total : null
}

/** Whether a loop that logs every `stride` steps logs no later one: it ends at `all`, or where it began at 0 one before. */
function isLastStep(done: number, all: number, { first, stride }: StepCount): boolean {
  if (done >= all) return done === all
  return stride > 0 && done + stride > (first === 0 ? all - 1 : all)
}

function withEpochs(known: EndSigns['epochs'], text: string): EndSigns['epochs'] {
  const found = EPOCHS.exec(text.slice(0, MOST_CHARS))
  if (found === null) return known
  const [done, all] = [Number(found[1]), Number(found[2])]
  if (known?.done === done && known.all === all) return known
  const isSame = known !== null && known.all === all && done >= known.done
  return { first: isSame ? known.first : done, done, all }
}

/** Whether the last epoch is reached. Epochs that are counted from 0 end one before their number. */
function isComplete({ first, done, all }: NonNullable<EndSigns['epochs']>): boolean {
  return done === all || (first === 0 && done === all - 1)
}
