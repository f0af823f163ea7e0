/** A Markdown table, its columns as wide as their widest cell; all but the first ones to the right. */
export function markdownTable(head, rows, leftColumns = 1) {
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at].length)))
  const isLeft = (at) => at < leftColumns
  const line = (cells) =>
    `| ${cells.map((cell, at) => (isLeft(at) ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join(' | ')} |`
  const rule = widths.map((width, at) => (isLeft(at) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n')
}
