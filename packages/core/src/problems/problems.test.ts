import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Problem, PROBLEMS, problemBody, type ProblemCode } from './problems.ts'

/** The rows of the table in docs/errors.md: code, status, title, advice. */
function documented(): string[][] {
  const text = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
  return text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
}

test('docs/errors.md lists every code with its status, title and advice, and no other', () => {
  const catalogue = Object.entries(PROBLEMS).map(([code, { status, title, advice }]) => [
    `\`${code}\``,
    String(status),
    title,
    advice,
  ])
  expect(documented()).toEqual(catalogue)
})

test.each(Object.keys(PROBLEMS) as ProblemCode[])(
  '%s has an error status, a title and advice in whole sentences',
  (code) => {
    const { status, title, advice } = PROBLEMS[code]
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
    expect(title).toMatch(/^[A-Z]/)
    expect(advice).toMatch(/^[A-Z].*\.$/)
  },
)

describe('Problem', () => {
  test('has the status of its code, and the advice as its detail unless it is given another', () => {
    expect(new Problem('conflict')).toMatchObject({
      code: 'conflict',
      status: 409,
      detail: PROBLEMS.conflict.advice,
    })
    expect(new Problem('conflict', { detail: 'Taken.' })).toMatchObject({ detail: 'Taken.' })
  })

  test('has a body in which an extension cannot replace a standard member', () => {
    expect(problemBody('too_large', 'Too much.', { limitBytes: 5, status: 200 })).toEqual({
      limitBytes: 5,
      type: 'urn:sallyport:problem:too_large',
      title: PROBLEMS.too_large.title,
      status: 413,
      detail: 'Too much.',
      code: 'too_large',
    })
  })
})
