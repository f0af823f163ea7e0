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
