/** The colours of a chart, as the style sheet gives them for the theme in use. */
export interface Colours {
  readonly lines: readonly string[]
  readonly text: string
  readonly grid: string
  readonly broken: string
  readonly critical: string
  readonly warning: string
  readonly info: string
  readonly font: string
}

const LINES = 8

/** Reads the custom properties of `element`. A canvas knows no style sheet, so it has to be told. */
export function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element)
  const property = (name: string): string => style.getPropertyValue(name).trim()
  return {
    lines: Array.from({ length: LINES }, (_, index) => property(`--line-${index}`)),
    text: property('--text-muted'),
    grid: property('--grid'),
    broken: property('--critical'),
    critical: property('--critical'),
    warning: property('--warning'),
    info: property('--info'),
    font: `11px ${property('--font')}`,
  }
}
