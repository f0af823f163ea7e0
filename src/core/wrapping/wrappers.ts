import { isoTime } from '../literals/timestamp.ts'
import type { Head } from '../reading/head.ts'

/** One kind of what stands before a line. */
interface Wrapper {
  readonly pattern: RegExp
  /** What it says, by the groups of the pattern. */
  readonly says?: (found: RegExpExecArray) => Partial<Head>
  /** Whether it is a time or a level, behind which the name of a logger may stand. */
  readonly isHead?: true
  /** Whether it is such a name, and stands only there. */
  readonly isBehindHead?: true
  /** Whether it names a process of what stands further out: both together tell who wrote a line. */
  readonly isWithin?: true
  /** Whether it is the level of a message. */
  readonly isLevel?: true
  /** Whether it may be the first cell of a row as well: before numbers it stands only where it stood before words. */
  readonly mayBeCell?: true
}

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
const CLOCK = String.raw`\d\d:\d\d:\d\d(?:[.,]\d{1,9})?`
const DATE = String.raw`(?:\d{4}[-/.]\d\d[-/.]\d\d|\d{8}|\d\d\.\d\d\.\d{4}|\d\d[-/]\d\d(?:[-/]\d{2,4})?)`
const ZONE = String.raw`(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?`
const TIME = `(?:${DATE}(?:[T _]|, ))?${CLOCK}${ZONE}`
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
const LEVEL = '(?:TRACE|DEBUG|INFO|NOTICE|SUCCESS|WARN|WARNING|ERROR|CRITICAL|FATAL)'
/** A file, a module or a logger: a name with a point, a colon and a line, or one that only programs have. */
const NAME = String.raw`(?!\d+\b)[\w.<>/-]{1,80}(?::[\w<>]{1,60}(?:\(\))?){0,2}`
/** A word that is no name of a logger: what stands behind it is said of a part of the training. */
const OF_A_PART =
  '(?:(?:step|iter|iteration|epoch|ep|batch|val|valid|validation|eval|evaluation|test|dev|loss)(?![A-Za-z.]))'
/** How the name of a metric ends, or that of what counts. */
const METRIC = String.raw`(?:loss|cost|acc|accuracy|norm|lr|rate|err|error|ppl|perplexity|score|reward|return|[mr]ms?e|mae|auc|bleu|[wc]er|kl|entropy|f1|iou|map|step|steps|iter|epoch|time|nll|Error|Exception|Interrupt|Warning|Exit|Timeout|Expired|Killed)\d{0,3}(?:: | - | \| )`
/** What parts two pieces. A bar that another one closes is the border of a table. One blank belongs to it, and further ones to the line. */
const END = String.raw`(?: ?(?:\]?:|>{1,2}|-|\|(?= \[?${LEVEL}\b|(?!.{0,400}\|\s*$)))(?: |$)| |$|(?=\[))`
const LEVEL_END = String.raw`(?:(?<=INFO|WARN) {2}(?=\S)| {0,8}(?!\| > )(?!\| (?!(?:[\w.-]{1,40} \| ){0,2}\S{1,80}:\S{1,60}:\d{1,6} - ).{0,400}\|\s*$)(?::|[|>-]{1,2})(?: |$)| |$)`

/** A thread and its number, before a place of the code. */
const THREAD = String.raw`[A-Za-z]\w{0,40}(?:-\d{1,4})?:\d{1,9} {1,4}(?=\[[\w./]{1,80}:)`
/** The border or a row of a table, to the end of the line. */
const OF_TABLE = String.raw`(?:[|+│┃].{1,400}[|+│┃]|[-=+_─━═]{8,400})\s*$`
const PADDED_LEVEL = '(?:INFO {5}|DEBUG {4}|ERROR {4}|WARNING {2}|CRITICAL )(?!\\| [^|]{0,400}$|: |> )'

/** A level behind no more than a few cells, and a tab behind it. */
const LEVEL_IN_CELLS = String.raw`(?:[\w.<>:/()-]{1,80} {0,20}\t){0,3}${LEVEL} {0,8}\t`

const source = (pattern: string) => new RegExp(pattern, 'y')
const ofTime = ([, time]: RegExpExecArray): Partial<Head> => (time === undefined ? {} : { time })
const ofEpochSeconds = ([, seconds]: RegExpExecArray): Partial<Head> => {
  const time = isoTime(Number(seconds))
  return time === null ? {} : { time }
}
const ofTimeAndProcess = (found: RegExpExecArray): Partial<Head> => ({
  ...ofTime(found),
  ...(found[2] !== undefined && { worker: `pid=${found[2]}` }),
})
const ofRank = (found: RegExpExecArray): Partial<Head> => ({
  rank: Number(found.slice(1).find((digits) => digits !== undefined)),
})
const ofWorker = ([, worker]: RegExpExecArray): Partial<Head> => (worker === undefined ? {} : { worker })

/**
 * What launchers, containers and loggers put before a line, by its first character. The patterns are sticky, and none
 * goes on for more than a few hundred characters.
 */
const OPENED: readonly Wrapper[] = [
  // Open MPI, Horovod, SageMaker.
  {
    pattern: source(String.raw`\[(?:\d{1,3},)?(?:mpirank:)?(\d{1,5})(?:,[\w.-]{1,60})?\]<std(?:out|err)>: ?`),
    says: ofRank,
  },
  // torchrun, and what ranks call themselves
  {
    pattern: source(String.raw`\[(?:(?:global_|local_)?[Rr]ank|RANK|default)[ :=]?(\d{1,5})(?:\/\d{1,5})?\]:? ?`),
    says: ofRank,
  },
  // kubectl logs --prefix
  { pattern: source(String.raw`\[pod/([\w./-]{1,160})\] `), says: ofWorker },
  // rich, which pads each level to one width
  { pattern: source(String.raw`\[(${TIME})\] ${PADDED_LEVEL}`), says: ofTime, isHead: true, isLevel: true },
  // `[2026-01-01 10:00:00]`, `[08/21 02:58:41 d2.utils.events]: `, `[W 10:00:00 run.py:3] `, `[2026-01-01 10:00:00 tiny](main.py 231): `
  {
    pattern: source(
      String.raw`\[(?:[DIWEF] ?)?(${TIME})(?![^\]]{0,80}\b${OF_A_PART})(?:[ ,|][^\]]{0,80})?\](?:\([\w./<>-]{1,80}[ :]\d{1,6}\))?${END}`,
    ),
    says: ofTime,
    isHead: true,
  },
  // `[INFO] `, `[INFO|trainer.py:88] `, `[INFO 2026-01-01 10:00:00 run.py:3] `
  {
    pattern: source(
      String.raw`\[ ?(?:${LEVEL}|(?:debug|info|warning|error|critical)(?= {0,8}\])) {0,8}(?:[ |:](?![^\]]{0,80}\b${OF_A_PART})[^\]]{0,80})?\]${END}`,
    ),
    isHead: true,
    isLevel: true,
  },
  { pattern: /\[(1\d{9}(?:\.\d{1,9})?)\] /y, says: ofEpochSeconds, mayBeCell: true },
  // `[+12.2s] `, and the seconds since the start in the log of a kernel
  { pattern: /\[(?: {0,8}(?:\+?\d{1,9}(?:\.\d{1,9})?s|\d{1,9}\.\d{6})| {2,8}\d{1,6}\.\d{3})\] /y, mayBeCell: true },
  { pattern: /\[\d{1,3}:\d\d:\d\d(?:\.\d{1,6})?\] /y, mayBeCell: true },
  { pattern: source(String.raw`\[(?!${OF_A_PART}|\d)${NAME} {0,12}\]${END}`), isBehindHead: true },
  // the process: `2026-01-01 10:00:00 [4242] INFO `
  {
    pattern: source(String.raw`\[(\d{1,9})\] (?=\[?${LEVEL}\b)`),
    says: ([, id]) => ({ worker: `pid=${id}` }),
    isBehindHead: true,
  },
  // a name before a time or a level; one with a number, such as `[gpu3]`, is a tag
  {
    pattern: source(
      String.raw`\[(?:${OF_A_PART}[\w.-]{0,60}|[A-Za-z](?:[\w.-]{0,60}[A-Za-z_.-])?)\] (?=\[?(?:\d{4}[-/]\d\d[-/]|\d\d:\d\d:|${LEVEL}\b))`,
    ),
  },
]
const PARENTHESISED: readonly Wrapper[] = [
  // SkyPilot on several nodes
  {
    pattern: source(String.raw`\([\w.:-]{1,80}, rank=(\d{1,5}), pid=\d{1,9}(?:, ip=[\w.:]{1,60})?\) `),
    says: ofRank,
  },
  // Ray, SkyPilot
  {
    pattern: source(String.raw`\((?:[\w.:-]{1,80}(?:\([\w=, -]{1,80}\))?,? )?(pid=\d{1,9})(?:, ip=[\w.:]{1,60})?\) `),
    says: ofWorker,
    isWithin: true,
  },
  // `(train.py:88) `, `(trainer:636) `
  { pattern: source(String.raw`\([\w./<>-]{1,80}:\d{1,6}\)${END}`), isBehindHead: true },
  // `(rank 3) `
  { pattern: source(String.raw`\((?:[Rr]ank|RANK)[ :=]?(\d{1,5})\):? `), says: ofRank },
  // icefall
  { pattern: source(String.raw`\((\d{1,4})\/\d{1,4}\) `), says: ofRank, isBehindHead: true },
]
// `{logging_mixin.py:150} ` of Airflow
const BRACED: readonly Wrapper[] = [{ pattern: /\{[\w./<>-]{1,80}:\d{1,6}\} /y, isBehindHead: true }]
/** What is padded in front: the level of Rust, and that of a line to which rich gives no time of its own. */
const OF_BLANKS: readonly Wrapper[] = [
  { pattern: source(` {1,8}${THREAD}`), isBehindHead: true },
  { pattern: source(` {10,24}${PADDED_LEVEL}`), isHead: true, isLevel: true },
  { pattern: source(` {1,24}${LEVEL}${LEVEL_END}`), isHead: true, isLevel: true, isBehindHead: true },
]
/** What counts, behind a large number. */
const COUNTED = '(?:tokens|samples|images|frames|words|steps|examples|bytes)'
const OF_NUMBERS: readonly Wrapper[] = [
  // seconds or milliseconds since 1970
  {
    pattern: source(String.raw`(1\d{9}(?:\.\d{1,9})?|1\d{12})[ \t](?! {0,8}${COUNTED}\b)`),
    says: ofEpochSeconds,
    mayBeCell: true,
  },
  // `12.4s<TAB>4<TAB>` of Kaggle, `+12.2s `
  { pattern: /\d{1,9}(?:\.\d{1,9})?s\t\d{1,9}\t/y, mayBeCell: true },
  { pattern: /\+\d{1,9}(?:\.\d{1,9})?s[ \t]/y, mayBeCell: true },
]
/** `05 May 2026 10:01:00`. */
const WORDED = String.raw`(\d{1,2} ${MONTH} \d{4},? ${CLOCK}${ZONE})${END}`
const OF_DIGITS: readonly Wrapper[] = [
  // CRI
  { pattern: source(String.raw`(\d{4}-\d\d-\d\dT${CLOCK}${ZONE}) std(?:out|err) [FP] `), says: ofTime, isHead: true },
  // journalctl -o short-iso
  {
    pattern: source(String.raw`(\d{4}-\d\d-\d\dT${CLOCK}${ZONE}) [\w.-]{1,60} [\w./-]{1,60}\[(\d{1,9})\]: `),
    says: ofTimeAndProcess,
    isHead: true,
  },
  { pattern: source(`(${TIME})${END}`), says: ofTime, isHead: true },
  // `2026-01-01 10:00:00<TAB>my.trainer<TAB>INFO<TAB>`
  { pattern: source(String.raw`(${TIME})\t(?=${LEVEL_IN_CELLS})`), says: ofTime, isHead: true },
  { pattern: source(WORDED), says: ofTime, isHead: true },
  // pdsh, and the launcher of DeepSpeed, where hosts are named by their addresses
  { pattern: /(\d{1,3}(?:\.\d{1,3}){3}): /y, says: ofWorker },
  { pattern: source(String.raw`\d{1,9}\t(?=${LEVEL_IN_CELLS})`), isBehindHead: true },
  // `2026-01-01 10:00:00 - 4242 - INFO - `
  {
    pattern: source(String.raw`(\d{1,9}) [-|] (?=\[?${LEVEL}\b)`),
    says: ([, id]) => ({ worker: `pid=${id}` }),
    isBehindHead: true,
  },
  // pm2
  {
    pattern: /(\d{1,4})\|(?!nan\b|inf\b)[A-Za-z][\w.-]{0,40} {0,20}\| ?/iy,
    says: ([, id]) => ({ worker: `pm2-${id}` }),
    mayBeCell: true,
  },
  // the number of a line, as cat -n and nl write it, where the line does not need it to count
  {
    pattern: source(
      String.raw`(?<=^(?=[ \d]{6}\t) {0,5})\d{1,6}\t(?=[-+.\d{[|│┃=#]|.{0,120}\b(?:step|iter|iteration|epoch|batch)\b)`,
    ),
    mayBeCell: true,
  },
  // the process and the thread that absl names
  { pattern: source(String.raw`\d{1,20} +(?=[\w./-]{1,80}:\d{1,6}\])`), isBehindHead: true },
  ...OF_NUMBERS,
]
const OF_LETTERS: readonly Wrapper[] = [
  // absl, glog
  {
    pattern: source(String.raw`[DIWEF](\d{4} ${CLOCK}) +\d{1,20} [^\]\s]{1,80}\] `),
    says: ofTime,
    isHead: true,
    isLevel: true,
  },
  // syslog, journald
  {
    pattern: source(String.raw`(${MONTH} [ \d]\d ${CLOCK}) [\w.-]{1,60} [\w./-]{1,60}(?:\[(\d{1,9})\])?: `),
    says: ofTimeAndProcess,
    isHead: true,
  },
  {
    // Open MPI with --timestamp-output marks the stream behind it.
    pattern: source(String.raw`(?:${DAY},? )?(${MONTH} [ \d]\d ${CLOCK}(?: \d{4})?)(?:<std(?:out|err)>: ?|${END})`),
    says: ofTime,
    isHead: true,
  },
  { pattern: source(`${DAY},? ${WORDED}`), says: ofTime, isHead: true },
  // the containers of SageMaker on one machine
  { pattern: /(algo-\d{1,4}-[a-z\d]{5}) {1,20}\| ?/y, says: ofWorker },
  // Vertex AI
  {
    pattern: source(String.raw`${LEVEL}\t(${TIME})\t([\w-]{1,60})\t{1,2}`),
    says: ([, time, worker]) => ({ time: time!, worker: worker! }),
    isHead: true,
    isLevel: true,
  },
  { pattern: /(workerpool\d{1,3}-\d{1,4})[ \t]/y, says: ofWorker },
  // Docker swarm: the service, its slot, the task and the node
  { pattern: /([\w-]{1,80}\.\d{1,4})\.[a-z\d]{2,30}@[\w.-]{1,80} {1,60}\| ?/y, says: ofWorker },
  // foreman, honcho
  {
    pattern: source(String.raw`((?!${OF_A_PART}|(?:loss|acc|lr)\b)[A-Za-z][\w-]{0,40}\.\d{1,4}) {1,40}\| ?`),
    says: ofWorker,
    isBehindHead: true,
  },
  // `2026-01-01 10:00:00 node7 train[4242] INFO `
  {
    pattern: source(String.raw`[\w.-]{1,60} [\w./-]{1,60}\[(\d{1,9})\] (?=${LEVEL}\b)`),
    says: ([, id]) => ({ worker: `pid=${id}` }),
    isBehindHead: true,
  },
  {
    pattern: source(String.raw`((?:Spawn|Fork|ForkServer)?(?:Process|PoolWorker)-\d{1,4})${END}`),
    says: ofWorker,
    isBehindHead: true,
  },
  // `2026-01-01 10:00:00.123456: I train.cc:42] `
  { pattern: /[DIWEF] (?=[\w./-]{1,80}:\d{1,6}\] )/y, isBehindHead: true, isLevel: true },
  // stern: the namespace with -A, a pod whose name Kubernetes has ended, and its container
  {
    pattern: source(
      String.raw`(?:[a-z][\w-]{0,62} )?([a-z][a-z\d.-]{0,80}-(?:[bcdf-hj-np-tv-xz2456789]{5}|(?=[a-z]{0,4}\d)[a-z\d]{5})) (?!${OF_A_PART})[a-z][a-z\d-]{0,62} (?:› )?`,
    ),
    says: ofWorker,
    mayBeCell: true,
  },
  // stern: the namespace with -A, the pod of a job of Kubeflow, and its container
  {
    pattern: source(
      String.raw`(?:[a-z][\w-]{0,62} )?((?:[a-z][\w.-]{0,80}-)?(?:worker|master|launcher|chief|node|trainer)-\d{1,4}) (?:pytorch|tensorflow|jax|mpi|paddle|xgboost|trainer|main|worker|launcher|node) (?:› )?`,
    ),
    says: ofWorker,
  },
  // the level, the program, its version, the function and the place in it: `LOG (fit[5.5]:main():fit.cc:221) `
  {
    pattern: source(
      String.raw`(?:V?LOG(?:\[-?\d{1,2}\])?|${LEVEL}) \((?:[\w./~+-]{1,60}(?:\[[^\]\s]{1,60}\])?:)?(?:[\w:<>~]{1,100}\(\):)?[\w./-]{1,80}:\d{1,6}\) `,
    ),
    isHead: true,
    isLevel: true,
  },
  // stern: any pod with a number, where its container is called by what it runs
  {
    pattern: source(
      String.raw`(?:[a-z][\w-]{0,62} )?((?!(?:step|iter|iteration|epoch|ep|batch)-)[a-z][a-z\d.-]{0,80}-\d{1,4}) (?:pytorch|tensorflow|jax|mpi|paddle|xgboost) (?:› )?`,
    ),
    says: ofWorker,
  },
  { pattern: source(String.raw`${LEVEL} {0,8}\t`), isBehindHead: true, isLevel: true },
  // `INFO:root:`; a name that speaks of a phase is left, for it says what the line is about
  { pattern: source(String.raw`${LEVEL}:(?!${OF_A_PART})[\w.<>-]{1,80}:`), isHead: true, isLevel: true },
  { pattern: source(`(?:${LEVEL}|(?:info|warning|error|debug)(?=:))${LEVEL_END}`), isHead: true, isLevel: true },
  { pattern: source(String.raw`[Rr]ank[ =:]?(\d{1,5})\t(?=${LEVEL_IN_CELLS})`), says: ofRank, isBehindHead: true },
  { pattern: source(String.raw`[\w.<>:/()-]{1,80} {0,20}\t(?=${LEVEL_IN_CELLS})`), isBehindHead: true },
  { pattern: source(String.raw`(?:rank|RANK|Rank)[ =]?(\d{1,5}) ?(?:[:|,]|-(?= )) ?`), says: ofRank },
  { pattern: source(String.raw`rank[=:](\d{1,5}) `), says: ofRank },
  // `train.py:88] `, `train.py:88 - `
  {
    pattern: source(String.raw`[\w/<>-]{1,80}(?:\.[\w./<>-]{1,80}:\d{1,6}(?:\] |${END})|:\d{1,6}\] )`),
    isBehindHead: true,
  },
  // `train.py: 88] `
  { pattern: /[\w/<>-]{1,80}\.[\w./<>-]{1,80}: \d{1,6}\] /y, isBehindHead: true },
  // `MainThread:4242 [train.py:88] `
  { pattern: source(THREAD), isBehindHead: true },
  // the name of a program before a table
  { pattern: source(String.raw`(?!${OF_A_PART}|train|trn|cv|${METRIC})[a-z][\w-]{0,39}[a-z_-]: (?=${OF_TABLE})`) },
  // the name of a program, as of a prompt: `wandb-agent> `
  { pattern: source(String.raw`(?!${OF_A_PART}|train)[A-Za-z][\w.-]{1,40}> `), mayBeCell: true },
  // the name before a level: `2026-01-01 10:00:00 - my.trainer - INFO - `
  { pattern: source(String.raw`[\w.<>-]{1,80}${END}(?=\[?${LEVEL}\b)`), isBehindHead: true },
  // a class behind a level of log4j, a module of Rust
  {
    pattern:
      /(?:(?:[A-Za-z]\w{0,60})?(?:Trainer|Executor|Runner|Scheduler|Manager|Logger|Engine|Driver|Worker|Launcher|Master)\$?|\w{1,60}(?:::\w{1,60}){1,6}): /y,
    isBehindHead: true,
  },
  // the name behind one: `| INFO | my.trainer | `, `| INFO     | mod:fn:12 - `. That of a metric has its value behind it.
  {
    pattern: source(
      String.raw`(?!${OF_A_PART}|[\w.]{0,80}${METRIC})(?:[\w<>/-]{0,80}\.[\w.<>/-]{1,80}|[\w.<>/-]{1,80}:[\w<>]{1,60}:\d{1,6}|[\w<>-]{0,80}_[\w<>-]{0,80}(?= [|-] |: (?! *[-+.]?(?:\d|nan\b|inf\b)))|root|main)(?: [|-] |: )`,
    ),
    isBehindHead: true,
  },
]

/** What a wrapper at a place says, and where the line goes on behind it. */
interface Taken {
  readonly end: number
  readonly says: Partial<Head>
  readonly isHead: boolean
  readonly isWithin: boolean
  readonly isLevel: boolean
  readonly mayBeCell: boolean
}

/** The wrapper that stands at a place of a line; null where none does. `isBehindHead` says whether a time or a level stands before it. */
export function wrapperAt(line: string, at: number, isBehindHead: boolean): Taken | null {
  for (const wrapper of likelyAt(line.charCodeAt(at))) {
    if (wrapper.isBehindHead && !isBehindHead) continue
    const { pattern, says } = wrapper
    pattern.lastIndex = at
    const found = pattern.exec(line)
    if (found !== null && pattern.lastIndex > at)
      return {
        end: pattern.lastIndex,
        says: says?.(found) ?? {},
        isHead: wrapper.isHead ?? false,
        isWithin: wrapper.isWithin ?? false,
        isLevel: wrapper.isLevel ?? false,
        mayBeCell: wrapper.mayBeCell ?? false,
      }
  }
  return null
}

/** What a daemon of syslog passes on as it came, and a quotation. */
const QUOTED: readonly Wrapper[] = [{ pattern: /> /y }]
const ANGLED: readonly Wrapper[] = [
  {
    pattern: source(
      String.raw`<\d{1,3}>1 (${TIME}) \S{1,60} [\w./-]{1,60} (?:\d{1,9}|-) \S{1,40} (?:-|\[[^\]]{0,200}\]) `,
    ),
    says: ofTime,
    isHead: true,
  },
  { pattern: source(String.raw`<\d{1,3}>(?=${MONTH} [ \d]\d ${CLOCK})`) },
  ...OF_LETTERS,
]
const NONE: readonly Wrapper[] = []

function likelyAt(code: number): readonly Wrapper[] {
  if (code === 0x5b) return OPENED
  if (code === 0x28) return PARENTHESISED
  if (code === 0x7b) return BRACED
  if (code === 0x20) return OF_BLANKS
  if (code === 0x3e) return QUOTED
  if (code === 0x2b) return OF_NUMBERS
  if (code >= 0x30 && code <= 0x39) return OF_DIGITS
  if (code === 0x3c) return ANGLED
  if ((code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f) return OF_LETTERS
  return NONE
}
