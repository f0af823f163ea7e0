import { type CrashClassKind, deathIn, detailKind, exceptionClass, exitClass, messageKind } from '../crashes/index.ts'
import { nanMessageIn } from '../hidden/nan-messages.ts'
import { saysFailed } from './failed-words.ts'
import { LEVEL_OF_ERROR, opensAsFault, tellsFault } from './fault-words.ts'

/**
 * What a job died of, as far as one line of its log shows: one of the classes, or a label that is no class, or a failure
 * of which somebody else tells without saying more.
 */
export type CrashKind = CrashClassKind | 'bad-label' | 'launcher' | 'error-exit'

/** The crash that a line of a log reports. */
export interface CrashMatch {
  readonly kind: CrashKind
  /**
   * `dead`: no process survives it. `likely`: it may also belong to an error that was caught. `if-last`: many jobs print
   * such lines and go on, so it counts only where the log ends with it. `before-training`: so does this, and only where
   * nothing was trained before: a program that a script calls afterwards ends no training. `if-very-last`: it is an error
   * of which no class knows, and counts only in the last lines.
   */
  readonly how: 'dead' | 'likely' | 'if-last' | 'if-very-last' | 'before-training'
}

/** TensorFlow names a bad label in a line of its own, below the exception. */
const BAD_LABEL = 'received a label value of'
const LAUNCHER = /childfailederror|exits with return code =|primary job terminated normally, but/
/** What a job may say in a line of its own, without an exception, when it dies of it. */
const TOLD_ALONE: readonly CrashKind[] = ['gpu-memory', 'stopped']
const MAY_BE_TOLD_ALONE = /memory|exhausted|alloc|interrupt|sig(?:term|int)|signal/
/** By these a job says of itself that it ends. What others have ended, such as `4 workers killed`, is no such word. */
const GIVES_UP =
  /\b(?:abort|stopp|terminat|exit|quitt|halt|shutt)ing\b|\bgiv(?:e|ing) up|\bleaving\b|\bcannot continue|\b(?:job|training|run|process|experiment)(?: \d+)? (?:(?:is|was|has|has been) )?(?:ends|failed|aborted|stopped|terminated|halted|crashed|killed|died)\b|^(?:aborted|stopped|terminated|failed)[:,]|[^\w\s]\s(?:abort|stop|exit|quit|halt)\W*$/
/** A job that looks at its loss may say so in more ways. */
const STOPS = /\b(?:abort|stop|terminat|exit|quit|halt|kill|shut)/
/** It found none, did something about it, or says what it would do. A best loss is infinite before the first one. */
const LIVES_WITH_NAN =
  /\b(?:no|not(?! (?:finite|a number))|none|never|without|if|when|whether|unless|until|would|zero\w*|clip\w*|drop\w*|replac\w*|skip\w*|mask\w*|handled|cleaned|filter\w*|remov\w*|nan-safe|early|plots?|curves?|left out|used|checked|best\b.{0,30}\binf)\b|nan_to_num|\b0 (?:nan|inf|non|found|skipped|losses|gradients)|(?:nan|inf)\w*\b[^,;]{0,40}: 0\b/
/**
 * An exception, by its name and what follows. Python ends a traceback with it, and many jobs print nothing else of it.
 * The short summary of pytest puts the name of the test before it, Julia and Java their own words.
 */
const EXCEPTION =
  /^(?:failed \S{1,160} - |(?:error: )?(?:loaderror: )?(?:initerror: )?|exception in thread "[^"]{1,60}" )?((?:[a-z_]\w*\.)*[a-z_]+(?:error|exception|interrupt)\w{0,12}|systemexit|(?:[a-z_]\w*\.)+(?:error|exception|timeout)|(?:[a-z_]\w*\.)*(?:exceptions?|_?errors?(?:_impl)?|exc)\.[a-z_]\w*|stop(?:async)?iteration|(?:[a-z_]\w*\.)*(?:timeoutexpired|brokenprocesspool|remotedisconnected|incompleteread)|(?:_?queue\.)(?:empty|full)(?=$))(?:: |:?$|\(\)$)/
/** What the operating system says of an error, where the name of the exception is not printed. */
const OF_SYSTEM = /^\[(?:errno|winerror) \d+\] \w/
/** What a program in Rust says of an error. In another thread than the first the panic may end no more than that. */
const PANIC = /^(?:thread '[^']{1,60}'(?: \(\d{1,20}\))? )?panicked at /
/** A check of C++ that did not hold, and what stands behind it. */
const FAILED_CHECK = /(?:^f\d{4} \d\d:\d\d[^\]]{0,120}|\d: f [\w./-]{1,120}:\d+)\] check failed: (.*)/
/** The same in glog and absl at a level at which it is only told. */
const TOLD_CHECK = /^e\d{4} \d\d:\d\d[^\]]{0,120}\] check failed: (.*)/
/** What C++ says of an exception that nobody caught, where its words stand in the same line. */
const CPP_UNCAUGHT = /\bterminating (?:due to|with) uncaught exception of type [\w:<>]{1,120}?: (.*)/
/** Who dies of an error does not say what is done instead. */
const INSTEAD = new RegExp(
  [
    '(?:[,;(.–—-] ?|[-=]> ?)(?:(?:now|so|we|will|and) ){0,2}(?:using (?:the )?(?:default|fallback|cpu|\\d+)|fall(?:ing)? back|skip(?:s|ping)?|ignor(?:es?|ing)|continu(?:es?|ing)|retry(?:ing)?|halving|reducing|lowering|shrinking|splitting|dropping|recovering|try(?:ing)? (?:again|(?:(?:a|with|smaller|micro) )*batch))\\b(?!.*\\b(?:is|are|was|not|none?|left|fail\\w*|exhausted|too|disabled|off)\\b)',
    '(?:[,;(.–—-] ?|[-=]> ?)(?:(?:batch|sample|step|it|is|was) ){0,3}(?:skipped|dropped|ignored|handled|recovered|halved)\\W*$',
  ].join('|'),
)
/** What was executed for a model, and how it was judged: the exit code of a sample is none of the job. */
const OF_SAMPLE =
  /\b(?:sandbox\w*|code[_ -]?exec\w*|verifier|grader|unit[ _-]?tests?|test cases?)\b|^\W{0,3}tool\b|\b(?:reward|score)\W{1,4}[-+]?\d/
/** A message with the name of its program, of its level or of its place in the code before it. */
const ERROR_LINE =
  /^(?:[\w./+-]*[a-z][\w./+-]*(?: [\w./+-]+){0,2}(?:\[\d+\])?:(?! ?\d+\/\d)|\W{0,3}(?:error|fatal|critical|assertion_failed)\b|\[(?:\w{1,12} )?[ef] \d{4}-|\[[ef](?:\d{4} [\d:.]{1,20})? [\w./-]{1,80}:\d+\]|.{0,80}(?:[-|[(:] ?|\d ,?)(?:error|fatal|critical)\b ?[-|[\]():]|.{0,200}\b(?:level|severity|levelname|lvl)["']?[=:] ?["']?(?:error|fatal|critical)\b|nvidia-smi has failed|out of memory\W*$|\W{0,3}(?:cuda|hip|cublas|cudnn|curand|cufft|cusolver|cusparse) (?:runtime |driver )?error(?: (?!0\b)\d| at |:)|cuda driver version is insufficient|[ef]\d{4} |.{0,40}: [ef] [\w./-]+:\d+\])/
/** A job goes on after it: it is a warning, or says what is done instead. */
const NO_ERROR =
  /^.{0,60}\b(?:warn(?:ing)?|info|debug|note|notice|hint)\b|\b(?:skip\w*|ignor\w*|will (?:be|use)|creating|using|falling back|instead|by default|yet|continuing|anyway|(?:try|trying|tries) again)\b/
/** Somebody has looked at it, and it does not matter. */
const IS_HARMLESS = /\b(?:ignor\w*|not fatal|non-?fatal|harmless|continuing|anyway)\b/
/** It counts nothing, or says that there was nothing. */
const NOTHING =
  /(?:errors?|exceptions?|events|retries|failures)\b\W{0,3}(?:0|none)\b|[:=] ?(?:0|none|no|false)\W*$|(?:\b(?:no|zero|never)|(?:^|[,;(] )0) (?:\w+ ){0,2}out of memory/
/** What TensorFlow 1 says before it ends all threads of a session; the end of the data, and what follows of it, are ordinary. */
const TO_COORDINATOR =
  /\berror reported to coordinator: <class '((?!\S*(?:outofrange|cancelled|aborted|unavailable|stopiteration))[\w.]{1,120})'>, ?(.*)/
/** What is done beside the training, or behind it: what is sent, drawn and tidied up. */
const ASIDE =
  /\b(?:wandb|tensorboard|mlflow|comet\w*|neptune|clearml|telemetry|e-?mails?|slack|webhooks?|notif\w+|upload\w*|push\w*|\w*hub|plots?|figures?|(?<!\/)conda|failed to (?:log|plot|draw|render|export|send|flush|close)|clean-?up|cleaning|remov\w*|delet\w*|sync(?:ing|ed)?|backup)\b/
/** What the shell, or a program that a script calls beside the training, says of itself. */
const SHELL = '(?:\\S{1,80}: line \\d{1,6}: |(?:ba|z|da)?sh: (?:\\d{1,6}: )?)?'
const TIDIES_UP = new RegExp(
  `^${SHELL}(?:rm|rmdir|unlink|kill|pkill|killall|umount|tee|head|tail|tput|stty)\\b.{0,40}: `,
)
const OF_SCRIPT = new RegExp(
  `^${SHELL}(?:(?:cd|mv|cp|ls|ln|cat|find|du|df|chown|chmod|chgrp|mkdir|touch|stat|sed|awk|grep|scp|ssh|rsync|git|aws|gsutil|tar|zip|unzip|gzip|curl|wget|module)\\b.{0,40}: |.{1,80}: command not found)`,
)
/** A job of the shell that only looks on. */
const ONLOOKER =
  /(?:^\[\d+\][+-]? +|: line \d+: +|^zsh: )(?:\d+ )?(?:killed|terminated|hangup|aborted)\b.{0,60}?\b(?:tensorboard|nvidia-smi|rocm-smi|gpustat|dcgmi|dstat|vmstat|htop|tail|watch|sleep|ssh|jupyter\S*)\b/
/** What explains something, tells how it is set or what was before, says nothing of what becomes of this job. */
const EXPLAINS = new RegExp(
  [
    '^\\W{0,3}(?:note|hint|tip|usage|help)\\b|^\\+{1,4} \\w|^\\s*--?[a-z]',
    '(?:^|(?:info|warning|debug)\\W{1,3})(?:in case|if|when(?:ever)?|once|using|handling|catching|to (?:avoid|handle|prevent))\\b',
    '\\b(?:the|this|our)? ?(?:previous|last|earlier|prior) (?:run|attempt|job|try|process|training|start)\\b',
    '\\b(?:is|are|be|was) (?:disabled|enabled|handled|caught|requeued|restarted)\\b|\\b(?:time-?out|limit|killer|handler|signal|policy) (?:is )?(?:set|enabled|disabled|configured|installed|registered)\\b|\\b(?:are|get|gets) requeued\\b|\\bresum(?:ing|ed) from\\b|\\btimeout(?: of \\d|\\W{1,2}\\d+ ?(?:ms|s|sec\\w*|min\\w*)?$)|\\bmay be (?:reclaimed|preempted|terminated|killed|evicted)\\b',
    // What the driver does about memory that it mends, and what it counts: no process ends of it.
    'nvrm: xid \\([^)]{1,60}\\): (?:63|64|92|93|121|154|160)\\b',
    '\\b(?:counts?|events?|kills?|fail\\w*)\\W{0,3}(?:count\\W{0,3})?0\\b(?!:)',
  ].join('|'),
)
/** What was outlived, is only looked out for, is set, or would be. It names a failure that did not end this job. */
const NAMES_ONLY = new RegExp(
  [
    '\\b(?:recover(?:ed|ing|s)|survived|outlived|reconnected|restored|resum(?:ed|ing)|(?:went|going|goes) on|succeeded|resolved|tolerated|mitigated)\\b',
    '(?<!\\bkilled by .{0,60})\\b(?:handl(?:er|ing)|hooks?|watcher|listener|monitoring|protection|protector|detection|recovery|guard|check(?:s|ing|er)?|counters?|policy|callback|simulation|injection)(?: (?:is|are|was|now|for [\\w ]{1,30}))*[:=]?(?: (?:on|off|active|enabled|disabled|installed|registered|ready|started|set|running|in place|armed|true|false|none|default|\\d+))?\\W*$',
    '\\btime-?outs?(?: ?\\((?:m?s|sec\\w*|min\\w*)\\))? ?(?:[:=]|is|was|set|now|raised|increased|lowered|reduced|changed|extended|configured|to|at| )+ ?(?:\\d+|an?|one|two|five|ten|half an) ?(?:m?s|secs?|seconds?|min\\w*|h|hours?)?\\W*$',
    '\\b(?:increas|rais|lower|chang|extend|reduc|adjust|configur|set)(?:e|es|ed|ing|s|ting)? (?:the )?(?:[\\w-]+ ){0,2}time-?out',
    "\\bwould (?:be|have|kill|crash|die|time|fail|abort)\\b|\\bwill not\\b|\\bwon't\\b|\\bwill \\w+ (?:when|if|once|upon|on)\\b|\\b(?:avoid|prevent|simulat|inject|protect(?!ion))\\w* .{0,30}\\b(?:time-?out|oom|memory|error|fault|failure|kill\\w*)",
  ].join('|'),
)
/** What it names did end it. */
const IS_LOST =
  /\b(?:cannot|can't|could not|couldn't|(?<!will )not|unable|unrecover\w+|fail\w*|gave up|giving up|exhausted)\b/
/** The text of a sample, a prompt or a quotation: it is not the program that speaks. */
const OF_TEXT = new RegExp(
  [
    '^\\W{0,3}(?:(?:model|example|sampled?|generated|decoded|predicted|raw|greedy|beam) )?(?:samples?|sampled|prompts?|generat(?:ed|ion)|gen|decoded|decoding|pred|outputs?|completions?|responses?|answers?|questions?|q|a|text|input|prediction|predicted|hypothesis|hyp|reference|ref|src|tgt|translation|chosen|rejected|label|user|assistant|human|example|caption|instruction|query)(?:[ _](?:text|\\d{1,6}))?[\\])>*]{0,3} ?(?:#?\\d{1,6})?[\\])>]? ?(?:[:=>]|(?<=\\]) )',
    '^> |^[“«]|^(["\'])(?:(?!\\1).){0,200}?(?:error|exception|memory|fault|killed|abort|failed)',
  ].join('|'),
)
/** A metric that is called an error, with its value, or a setting; `KeyError: 0` is none. */
const METRIC =
  /^[a-z]+(?:_[a-z]+)+: (?:true|false|on|off|yes|no|none|null)$|^(?:\w*_)?(?:error|exception): [-+]?[\d.]|^(?:\w+\.)+\w+: [-+]?[\d.]+%?$/
/** What a job says of itself where nothing else is known of what failed. `failed-words.ts` knows it in other languages. */
const FAILED =
  /\b(?:training|fine-?tuning) (?:run |job |loop |script )?(?:has |was |is )?(?:failed|crashed|aborted|died)\b(?! to (?:improve|converge|reach)|\?)|^\W{0,3}(?:critical|fatal(?!: (?:not a git|unable to (?:access|connect|look)|(?:could not|couldn't) (?:read from|find remote|resolve)|repository|bad (?:object|revision|default)|ambiguous|remote|refusing|detected|no (?:names|such remote|upstream)|invalid (?:object|refspec)|your current|pathspec|path )))\b ?[\]:]/
/** What runtimes say of an exception that nobody caught. A panic of Go is one. */
const UNCAUGHT =
  /^(?:unhandled exception[.:]|panic: |\W{0,3}error using \w[\w./]* \(line \d|uncaught |node\.js v\d|php fatal error|stack traceback:$|error: \w+\(\)$|error: (?:uncaught |cannot find (?:module|package) ['"]))/
/** What a parser of arguments says before it ends the program, and what R says at the end of one. */
const USAGE = /^[\w./-]+: error: (?:unrecognized|argument|the following arguments|invalid|ambiguous)|^execution halted$/
/** What a manager of workers says of one that it starts again. */
const RETRIES = /\bretry(?:ing)?\b|\bretries left\b|\brestarting\b/
const LARGEST_EXIT_CODE = 255
/** What a program around the job says of how it ended. The status of a request, and a setting, are none. */
const EXIT = new RegExp(
  [
    '\\b(?:exited|terminated|ended|finished)[:,]?(?: with)? (?:code|status)[:= ]{1,4}(-?\\d{1,3})\\b',
    '(?<![\\w-])exit[ _]?(?:code|status)["\']?[:=\\s]{0,24}(-?\\d{1,3})\\b',
    '(?<![\\w-])return[ _]?code["\']?[:= ]{1,8}(-?\\d{1,3})\\b',
    '\\bnormal termination \\(return value (-?\\d{1,3})\\)|\\bcode=exited, status=(\\d{1,3})\\b',
    '^g?make(?:\\[\\d+\\])?: \\*\\*\\* \\[.{1,160}\\] error (\\d{1,3})$',
  ].join('|'),
)
/** Here MPICH gives the number of a signal as it is, and PBS adds 256 to it. */
const OF_MPICH = /^= +exit code: \d/
const LARGEST_SIGNAL = 31
/** What explains an exit code, or says what is done at it. */
const OF_ANY_JOB = /\b(?:means?|stands for|is (?:retried|mapped)|(?<!\bnot |\bun)expected)\b|\d +(?:# |= ?[a-z])/
/** The wrapper of an error that stands above. */
const SEE_ABOVE = /\bfailed\. \(see above for error\)/

/**
 * The crash that a line, given in lower case, reports; null where it reports none.
 *
 * The first line of a traceback reports none: only its last line says what happened.
 */
export function crashIn(text: string): CrashMatch | null {
  if (EXPLAINS.test(text) || ONLOOKER.test(text) || isText(text)) return null
  const exception = EXCEPTION.exec(text)
  const givesUp = GIVES_UP.test(text)
  const isOutlived = INSTEAD.test(text) && !givesUp
  if (exception !== null && !METRIC.test(text) && !isOutlived)
    return { kind: exceptionKind(text.slice(exception[0].indexOf(exception[1]!))), how: 'if-last' }
  if (USAGE.test(text)) return { kind: 'exception', how: 'if-last' }
  if (UNCAUGHT.test(text) || (OF_SYSTEM.test(text) && !isOutlived))
    return { kind: messageKind(text) ?? 'exception', how: 'if-last' }
  if (PANIC.test(text)) return { kind: messageKind(text) ?? 'fatal', how: 'if-last' }
  const uncaught = CPP_UNCAUGHT.exec(text)?.[1]
  if (uncaught !== undefined) return { kind: detailKind(uncaught) ?? 'exception', how: 'dead' }
  const told = TO_COORDINATOR.exec(text)
  if (told !== null) return { kind: exceptionClass(told[1]!, told[2]!), how: 'dead' }
  const check = FAILED_CHECK.exec(text)?.[1]
  if (check !== undefined && detailKind(check) !== null) return { kind: detailKind(check)!, how: 'dead' }
  const toldCheck = TOLD_CHECK.exec(text)?.[1]
  if (toldCheck !== undefined) return { kind: detailKind(toldCheck) ?? 'fatal', how: 'if-last' }
  if (SEE_ABOVE.test(text)) return { kind: 'launcher', how: 'if-last' }
  if (NAMES_ONLY.test(text) && !givesUp && !IS_LOST.test(text)) return null
  const death = deathIn(text)
  if (death !== null && !isOutlived && !RETRIES.test(text)) return { kind: death, how: 'dead' }
  if (LAUNCHER.test(text)) return { kind: 'launcher', how: 'dead' }
  if (text.includes('slurmstepd: error') && !ASIDE.test(text)) return { kind: 'launcher', how: 'before-training' }
  if (text.includes(BAD_LABEL)) return { kind: 'bad-label', how: 'likely' }
  const code = exitCodeIn(text)
  if (code !== 0 && OF_SAMPLE.test(text) && !givesUp) return null
  if (code !== 0 && ![IS_HARMLESS, RETRIES, OF_ANY_JOB].some((pattern) => pattern.test(text)))
    return { kind: exitClass(code) ?? 'error-exit', how: 'if-last' }
  if (isOutlived || NOTHING.test(text)) return null
  if (saysFailed(text)) return { kind: messageKind(text) ?? 'exception', how: 'if-last' }
  if (endsByNan(text)) return { kind: 'nan-loss', how: 'if-last' }
  if (NO_ERROR.test(text)) return aloneIn(text)
  const stops = givesUp || STOPS.test(text)
  const isOfJob = givesUp || (ERROR_LINE.test(text) && !ASIDE.test(text) && !TIDIES_UP.test(text))
  const kind = isOfJob || stops ? messageKind(text) : null
  if (kind === 'nan-loss') return stops && !LIVES_WITH_NAN.test(text) ? { kind, how: 'if-last' } : null
  if (kind === null && FAILED.test(text) && !ASIDE.test(text)) return { kind: 'exception', how: 'if-last' }
  const opensFault = isOfJob || (opensAsFault(text) && !ASIDE.test(text))
  if (kind === null && opensFault && tellsFault(text)) return { kind: 'exception', how: 'if-very-last' }
  if (kind === null || !isOfJob) return aloneIn(text)
  if (kind !== 'disk-full' && OF_SCRIPT.test(text)) return { kind, how: 'before-training' }
  return { kind, how: TOLD_ALONE.includes(kind) ? 'likely' : 'if-last' }
}

/** Whether a line says that the loss is no number, and that the job stops, or that it has diverged, or says so as an error. */
function endsByNan(text: string): boolean {
  const told = nanMessageIn(text)
  if (told?.kind !== 'stated' || told.act === 'skips') return false
  return told.act === 'stops' || told.isDiverged || LEVEL_OF_ERROR.test(text)
}

/** The exit code that a line in lower case tells of; less than 0 for a signal, 0 where it tells of none. */
function exitCodeIn(text: string): number {
  const given = EXIT.exec(text)
    ?.slice(1)
    .find((digits) => digits !== undefined)
  const code = Number(given ?? 0)
  if (code > LARGEST_EXIT_CODE) return code - LARGEST_EXIT_CODE - 1 <= LARGEST_SIGNAL ? LARGEST_EXIT_CODE + 1 - code : 0
  return OF_MPICH.test(text) && code <= LARGEST_SIGNAL ? -code : code
}

function aloneIn(text: string): CrashMatch | null {
  const kind = MAY_BE_TOLD_ALONE.test(text) ? messageKind(text) : null
  return kind !== null && TOLD_ALONE.includes(kind) ? { kind, how: 'likely' } : null
}

/** Whether a line, in lower case, is the text of a sample, a prompt or a quotation. */
export function isText(line: string): boolean {
  return OF_TEXT.test(line)
}

/** What a line of the message of an error, given in lower case, says of it; null where it says nothing more. */
export function messageIn(text: string): CrashKind | null {
  return text.includes(BAD_LABEL) ? 'bad-label' : detailKind(text)
}

/** The kind of an exception, by the last line of its traceback in lower case. */
export function exceptionKind(text: string): CrashKind {
  if (text.includes('childfailederror') || text.includes('calledprocesserror')) return deathIn(text) ?? 'launcher'
  const [, name = '', message = ''] = /^([^:]*):? ?(.*)$/s.exec(text) ?? []
  return exceptionClass(name, message)
}

/** What a process died of, by its exit code. A negative code is the signal that ended it. */
export function exitKind(code: number): CrashKind {
  return exitClass(code) ?? 'launcher'
}
