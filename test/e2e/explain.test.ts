import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jsonLines, nanwatch, temporaryFolder } from './nanwatch.ts'

const DYING = [
  '{"step": 1, "loss": 0.2231435, "probs": [[0.8, 0.2]], "labels": [0]}',
  '{"step": 2, "loss": NaN, "probs": [[1.0, 0.0]], "labels": [0]}',
]

function logOf(lines: readonly string[]): string {
  const path = join(temporaryFolder(), 'predictions.jsonl')
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

describe('explain', () => {
  test('says why a step of a log failed, with its evidence and the fix in code', async () => {
    const { code, stdout } = await nanwatch(['explain', `${logOf(DYING)}:2`])
    expect(code).toBe(0)
    for (const part of ['step 2: loss is NaN', 'Evidence (strong)', 'R2-zero-times-log-zero', 'F.cross_entropy']) {
      expect(stdout).toContain(part)
    }
  })

  test('prints the alert and the entries of its causes as JSON', async () => {
    const { stdout } = await nanwatch(['explain', logOf(DYING), '--json'])
    expect(jsonLines(stdout)).toMatchObject([
      {
        type: 'explanation',
        alert: { rule: 'non-finite', step: 2 },
        causes: [{ code: 'R2-zero-times-log-zero', number: 2, inCode: { NumPy: expect.any(String) } }],
      },
    ])
  })

  test('says what a job died of, with its last words', async () => {
    const { code, stdout } = await nanwatch(['explain', logOf(['step=1 loss=0.9', 'RuntimeError: CUDA out of memory'])])
    expect(code).toBe(0)
    for (const part of ['The accelerator had no memory left', 'Evidence', 'CUDA out of memory']) {
      expect(stdout).toContain(part)
    }
    expect(stdout).not.toContain('not known')
  })

  test('says so where nothing is wrong, and at which steps something is', async () => {
    const { code, stdout, stderr } = await nanwatch(['explain', `${logOf(DYING)}:1`])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toContain('nothing is wrong at step 1; there is at 2')
  })

  test('prints a cause by its number', async () => {
    expect((await nanwatch(['explain', 'R3'])).stdout).toContain('R3-clip-lost-in-float32')
    expect((await nanwatch(['explain', 'c5'])).stdout).toMatch(/^C5-killed\n {2}Something killed the process/)
  })

  test('refuses what is no file, alert or cause', async () => {
    const db = join(temporaryFolder(), 'none.db')
    expect(await nanwatch(['explain', 'nothing-of-the-kind', '--db', db])).toMatchObject({
      code: expect.any(Number),
      stdout: '',
    })
  })
})
