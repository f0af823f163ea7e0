const PARTS = [/"log": ?("(?:[^"\\]|\\.)*")/, /"stream": ?"(stdout|stderr)"/, /"time": ?"([^"]{1,40})"/]

/** A line of Docker's json-file log as the other runtimes of containers write it; any other line as it is. */
export function withoutDocker(text: string): string {
  if (!text.startsWith('{"log":')) return text
  const [log, stream, time] = PARTS.map((pattern) => pattern.exec(text)?.[1])
  if (log === undefined || stream === undefined || time === undefined) return text
  try {
    return `${time} ${stream} F ${String(JSON.parse(log)).trimEnd()}`
  } catch {
    return text
  }
}
