import { inEnglish } from './other-languages.ts'

export type Phase = 'training' | 'validation'

const TRAINING = wordSet('train training trainer trn learn')
const VALIDATION = wordSet(
  'val valid validation validate validating eval evaluation evaluate evaluating test testing dev tel cv crossval vld heldout holdout',
)
/** Words of a phase that mean it only beside what is measured in it. */
const SHORT_PHASES: ReadonlyMap<string, string> = new Map([
  ['tr', 'train'],
  ['va', 'val'],
  ['tst', 'test'],
])
const MEASURED = wordSet('loss losses cost acc accuracy err error mse rmse mae nll ppl bce ce f1 auc')
/** Words of losses that are written as one: `trainloss`, `gloss`, `loss1`. */
const JOINED_LOSS =
  /^(train|training|val|valid|validation|test|eval|avg|mean|total|epoch|batch|[acdg]|dis|disc|gen|adv|rec|recon|kl|mse|bce|ce|ctc|att|aux|reg|seg|mask|box|cls|obj|dfl|giou|pixel|style|content|policy|value|actor|critic)(loss(?:es)?)$/
const JOINED_LOGLOSS = /^([a-z]{2,12})(logloss)$/
const NUMBERED_LOSS = /^(loss)(\d{1,3})$/
/** The learning rate with points, which is no part `r` of a loss `L`. */
const SHORTENED_RATE = /^l\. ?r\.?$/i
export const ONE_WORD = /^[a-z\d]+$/

/** The words of the names that were asked for last: a log has few, and asks again with each record. */
const KNOWN = new Map<string, readonly string[]>()
const MOST_KNOWN = 4096

/** The words of a name, in lower case and in English. */
export function wordsOf(name: string): readonly string[] {
  const known = KNOWN.get(name)
  if (known !== undefined) return known
  const words = readWords(name)
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear()
  KNOWN.set(name, words)
  return words
}

function readWords(name: string): readonly string[] {
  if (SHORTENED_RATE.test(name)) return ['lr']
  if (ONE_WORD.test(name)) return inEnglish(name.includes('loss') ? lossWordsOf(name) : [name])
  // W&B's CSV export puts the run before the metric: `run-17 - lm_loss`.
  const metric = name.slice(name.lastIndexOf(' - ') + 1)
  const spaced = (metric.includes('NaN') ? metric.replaceAll('NaN', 'nan') : metric)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
  // Nearly no name holds one of these, and each replacement costs as much as all the rest.
  const joined =
    spaced.includes('cross') || spaced.includes('log') || spaced.includes('out')
      ? spaced
          .replace(/cross[\s_-]entropy/g, 'crossentropy')
          .replace(/log[\s_-]loss/g, 'logloss')
          .replace(/h[eo]ld[\s_-]out/g, 'heldout')
      : spaced
  const words = joined.split(/(?:'s)?[\s_\-./:|#]+/).filter((word) => word !== '')
  const plain = inEnglish(words.some((word) => word.includes('loss')) ? words.flatMap(lossWordsOf) : words)
  return withWholePhase(plain)
}

/** The words with the phase of a measure written out, where it stands at an end of the name: `tr_loss`, `acc_va`. */
function withWholePhase(words: readonly string[]): readonly string[] {
  const [first, last] = [SHORT_PHASES.get(words[0] ?? ''), SHORT_PHASES.get(words.at(-1) ?? '')]
  if ((first === undefined && last === undefined) || !words.some((word) => MEASURED.has(word))) return words
  return first === undefined ? [...words.slice(0, -1), last!] : [first, ...words.slice(1)]
}

/** The words of a loss that are written as one. */
function lossWordsOf(word: string): readonly string[] {
  return (JOINED_LOSS.exec(word) ?? JOINED_LOGLOSS.exec(word) ?? NUMBERED_LOSS.exec(word))?.slice(1) ?? [word]
}

/** Whether the words of a name speak of training, of a held-out set, or of neither. */
export function phaseOfWords(words: readonly string[]): Phase | null {
  if (words.some((word) => VALIDATION.has(word))) return 'validation'
  return words.some((word) => TRAINING.has(word)) ? 'training' : null
}

export function isTrainingWord(word: string): boolean {
  return TRAINING.has(word)
}

export function isPhase(word: string): boolean {
  return TRAINING.has(word) || VALIDATION.has(word)
}

export function wordSet(words: string): Set<string> {
  return new Set(words.split(' '))
}
