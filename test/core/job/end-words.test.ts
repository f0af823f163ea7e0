import { describe, expect, test } from 'vitest'
import { ENDS_BY_COUNT, ENDS_BY_LANGUAGE, ENDS_OF_FRAMEWORKS, NO_ENDS, plain } from './end-words.ts'
import { endedRun } from './ended-run.ts'
import { GOES_ON, STOPS } from './stop-words.ts'
import { OF_A_PART, OF_THE_WHOLE } from './whole-or-part.ts'

/** Less than a line, so that most are read in two pieces. */
const PIECE_BYTES = 37

function expectState(text: string, state: string): void {
  for (const found of [endedRun(text), endedRun(text, PIECE_BYTES)])
    expect(found).toMatchObject({ state, severity: null })
}

function below(words: string): string {
  return words.startsWith('…') ? `${plain(20)}${words.slice(1)}\n` : `${words}`
}

describe('a log ends with words of an end', () => {
  for (const [language, all] of Object.entries(ENDS_BY_LANGUAGE)) {
    for (const words of all) {
      test(`${language}: ${words}`, () => expectState(`${plain(20)}${words}\n`, 'finished'))
    }
  }
  for (const [framework, text] of Object.entries(ENDS_OF_FRAMEWORKS)) {
    test(framework, () => expectState(below(text), 'finished'))
  }
})

describe('a log says at its end that nothing more comes', () => {
  for (const words of STOPS) test(words, () => expectState(`${plain(20)}${words}\n`, 'finished'))
})

describe('a log ends with words of the whole training, or of a part', () => {
  const LOGGER = '2026-03-04 12:00:40,512 - engine - INFO - '
  for (const words of OF_THE_WHOLE) {
    test(words, () => expectState(`${plain(20)}${words}\n`, 'finished'))
    test(`behind a logger: ${words}`, () => expectState(`${plain(20)}${LOGGER}${words}\n`, 'finished'))
  }
  for (const words of OF_A_PART) {
    test(words, () => expectState(`${plain(20)}${words}\n`, 'ended'))
    test(`behind a logger: ${words}`, () => expectState(`${plain(20)}${LOGGER}${words}\n`, 'ended'))
  }
})

describe('a log comes to the end that it has named', () => {
  for (const [name, text] of Object.entries(ENDS_BY_COUNT)) test(name, () => expectState(text, 'finished'))
  for (const [name, text] of Object.entries(ENDS_BY_COUNT)) {
    if (/"(?:event|status|state|message|msg|type|final)"|status|flag/.test(name + text.split('\n').at(-2))) continue
    test(`and not before: ${name}`, () => {
      const lines = text.split(/(?<=\n)|(?=\r)/)
      expectState(lines.slice(0, Math.floor(lines.length / 2)).join(''), 'ended')
    })
  }
})

describe('words that only look like an end are none', () => {
  for (const words of GOES_ON) test(words, () => expectState(`${plain(20)}${words}\n`, 'ended'))
  for (const words of NO_ENDS) {
    const steps = words.startsWith('…') ? plain(20, 1, 1000) : plain(20)
    test(words, () => expectState(`${steps}${words.replace('…', '')}\n`, 'ended'))
  }
})
