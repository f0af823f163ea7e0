const PAIRS = /^(?:time|timestamp|ts|level|lvl)=/
const LOGGER_KEY =
  '(?:asctime|time|timestamp|@timestamp|ts|created|level|levelname|lvl|severity|name|logger|module|caller|filename|pathname|lineno|line|func|funcName|function|process|processName|thread|threadName|pid|hostname|host)'
/** An object of nothing but what a logger knows of a message, and the message. */
const JSON_MESSAGE = new RegExp(
  String.raw`^\{(?:"${LOGGER_KEY}": ?(?:"(?:[^"\\]|\\.){0,200}"|[\d.e+-]{1,30}|null), ?){0,12}"(?:message|msg)": ?("(?:[^"\\]|\\.)*")(?:, ?"${LOGGER_KEY}": ?(?:"(?:[^"\\]|\\.){0,200}"|[\d.e+-]{1,30}|null)){0,12}\}$`,
)
/** The same as logfmt writes it. */
const PAIRED_MESSAGE = new RegExp(
  String.raw`^(?:${LOGGER_KEY}=(?:"[^"]{0,200}"|[^ "]{1,200}) ){1,12}(?:message|msg)=("(?:[^"\\]|\\.)*")(?: ${LOGGER_KEY}=(?:"[^"]{0,200}"|[^ "]{1,200})){0,12}$`,
)
const STAMP = /(?<![^{, ])"?(?:asctime|@?time(?:stamp)?|ts)"?[:=] ?"?(\d{4}-\d\d-\d\d[T ][\d:.,]{8,18}Z?)/
const HAS_LEVEL = /(?<![^{, ])"?(?:level|levelname|lvl|severity)"?[:=]/
/** The levels of what is told in passing: a failure is read with its fields. */
const LEVEL = /(?<![^{, ])"?(?:level|levelname|lvl|severity)"?[:=] ?"?(?:(debug|info|notice|warn(?:ing)?)\b|[1-4]0\b)/i

/** A message as a line behind its time and its level, of a logger that writes objects of JSON or pairs; any other line as it is. */
export function withoutFields(text: string): string {
  const pattern = text.startsWith('{"') ? JSON_MESSAGE : PAIRS.test(text) ? PAIRED_MESSAGE : null
  const found = pattern?.exec(text)
  if (found === undefined || found === null) return text
  try {
    const message = String(JSON.parse(found[1]!)).trimEnd()
    const level = LEVEL.exec(text)
    if (message.includes('\n') || (level === null && HAS_LEVEL.test(text))) return text
    return [STAMP.exec(text)?.[1], level?.[1]?.toUpperCase(), message].filter((part) => part !== undefined).join(' ')
  } catch {
    return text
  }
}
