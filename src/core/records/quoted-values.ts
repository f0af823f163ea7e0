/** How a line of source code, of a comment, of a diff, of a list of options or of Markdown begins. */
const IS_QUOTED = /^\s*(?:#(?!\d)|\/\/|--[a-z]|[-+](?=[a-z_.]+ ?= ?)|(?:[-*+] )?`)/i
/** What source code has, and a message has not: a comparison, a statement. */
const IS_CODE = /!=|[^=]==[^=>]|^\s*(?:if|elif|else|while|return|assert|raise|def|import)\b/
/** Words of a rule, of advice or of a meaning: what they speak of may never have been. */
const IS_RULE =
  /\b(?:if|when|whenever|whether|unless|until|you|your|means|should|would|could|(?<!\d[ -])may(?![ -]\d)|might|treat(?:ed|s)?|usually|typically|e\.g|i\.e|wenn|falls|bedeutet|lorsque|signifie|cuando|significa|если|когда|значит)\b|如果|当(?!前)|表示|意味|場合|もし|만약|경우/i

/**
 * Whether a line without counters speaks of values that it does not have: `If you see loss = nan, lower the rate`, a
 * comment, a line of a diff, a piece of Markdown.
 */
export function quotesValues(line: string): boolean {
  return IS_QUOTED.test(line) || IS_CODE.test(line) || IS_RULE.test(line)
}

/** A sentence in quotes, which no name stands before as in an object: `Sample: "we said loss = nan"`. */
const SENTENCE = /(?<!["'] ?[:=] ?|=)["“«„](?=[^"”»“]*\b(?:nan|inf)\b)(?:[^\s"”»“]{1,40} ){3}[^"”»“]*["”»“]/i
/** A print of settings: `Namespace(lr=0.1, stop_loss=-inf)`. */
const SETTINGS =
  /^\W{0,16}(?:[\w.]{1,64}[ :=]{1,3})?\w{0,32}(?:namespace|config|args|arguments|params|hparams|options|settings)\(/i

/** A message that ends in what it tells of: `non-finite loss detected: nan`. */
const MESSAGE = /\b(?:detected|encountered|found|occurred) ?[:=]/i

/** Words that say that a step was left out for the NaN before them: `loss: nan, skipping the batch`, `损失为NaN，跳过该批次`. */
const SKIPPED =
  /(?:nan|inf)(?![a-z\d_])[^:=：|]{0,40}?(?:\b(?:skip|ignor|discard|omit|reject|left out|dropp(?:ed|ing) (?:the |this )?(?:batch|step|sample|update))|übersp|verw[eo]rf|saut[éeo]|saltat|descart|omit|пропуск|пропущ|игнор|跳过|跳過|忽略|丢弃|丟棄|スキップ|無視|건너|무시)[^:=：|]*$/i

/** Whether what a line says of a NaN is that its step was left out. */
export function skipsNaN(line: string): boolean {
  return SKIPPED.test(line)
}

/** Whether a line without counters is a message, a text that was generated, or a print of settings. */
export function isTextOrSettings(line: string): boolean {
  return SENTENCE.test(line) || SETTINGS.test(line) || MESSAGE.test(line) || skipsNaN(line)
}
