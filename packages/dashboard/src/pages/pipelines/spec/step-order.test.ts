import { expect, test } from 'vitest'
import { changed, parseSpec } from './spec-text.ts'
import { withoutStep, withStepMoved } from './step-order.ts'
import { addStep } from './step-templates.ts'

const HEAD = 'trigger: { kind: http }\nsteps: # in order\n'
const CALL = `  # Asks the shop.
  - call: { url: 'https://a.example.com' } # GET
`
const TRANSFORM = `  # Two lines
  # of comment.
  - transform:
      # inside
      body: |
        { "a": body }
      # at the end of it
`
const RESPOND = '  - respond: {}\n'
const TEXT = HEAD + CALL + '\n' + TRANSFORM + RESPOND + '# The end.\n'

test('a step moves with its comments, and empty lines stay where they are', () => {
  expect(withStepMoved(TEXT, 0, 1)).toBe(`${HEAD}${TRANSFORM}\n${CALL}${RESPOND}# The end.\n`)
  expect(withStepMoved(TEXT, 1, 0)).toBe(`${HEAD}${TRANSFORM}\n${CALL}${RESPOND}# The end.\n`)
  expect(withStepMoved(TEXT, 2, 0)).toBe(`${HEAD}${RESPOND}\n${CALL}${TRANSFORM}# The end.\n`)
  expect(withStepMoved(withStepMoved(TEXT, 0, 2), 2, 0)).toBe(TEXT)
})

test('a step is removed with its comments', () => {
  expect(withoutStep(TEXT, 0)).toBe(`${HEAD}${TRANSFORM}\n${RESPOND}# The end.\n`)
  expect(withoutStep(TEXT, 1)).toBe(`${HEAD}${CALL}\n${RESPOND}# The end.\n`)
  expect(withoutStep(TEXT, 2)).toBe(`${HEAD}${CALL}\n${TRANSFORM}# The end.\n`)
})

test('the last step leaves an empty list', () => {
  expect(withoutStep('trigger: {}\nsteps:\n  - respond: {}\n', 0)).toBe('trigger: {}\nsteps: []\n')
})

test('a text without a line break at its end stays one', () => {
  expect(withStepMoved('steps:\n- a: 1\n- b: 2', 0, 1)).toBe('steps:\n- b: 2\n- a: 1')
})

test('a text that is the value of the last step keeps its end', () => {
  const text = 'steps:\n  - a: |\n      one\n\n      two\n  - b: |\n      three\n'
  expect(withStepMoved(text, 0, 1)).toBe('steps:\n  - b: |\n      three\n  - a: |\n      one\n\n      two\n')
})

test('a list within brackets is reordered too', () => {
  expect(withStepMoved('steps: [{a: 1}, {b: 2}]\n', 1, 0)).toBe('steps: [{b: 2}, {a: 1}]\n')
  expect(withoutStep('steps: [{a: 1}, {b: 2}]\n', 0)).toBe('steps: [{b: 2}]\n')
})

test.each(['steps: [', 'steps: 1\n', 'trigger: {}\n'])('%j is left alone', (text) => {
  expect(withStepMoved(text, 0, 1)).toBe(text)
  expect(withoutStep(text, 0)).toBe(text)
})

test('steps that mean another one keep what they do when that one is moved or removed', () => {
  const text = 'steps:\n  - transform: &same { body: a } # first\n  - respond: {}\n  - transform: *same\n'
  const stepsOf = (after: string): unknown => {
    const parsed = parseSpec(after)
    return parsed.ok ? parsed.spec : parsed.problems
  }
  const [step, other] = [{ transform: { body: 'a' } }, { respond: {} }]
  expect(stepsOf(withStepMoved(text, 2, 0))).toEqual({ steps: [step, step, other] })
  expect(stepsOf(withoutStep(text, 0))).toEqual({ steps: [other, step] })
  // The alias stays where nothing is lost by it.
  expect(withStepMoved(text, 1, 2)).toContain('transform: *same')
  const whole = 'x: &all\n  - respond: {}\nsteps: *all\n'
  expect(stepsOf(changed(whole, (document) => void addStep(document, 'transform')))).toEqual({
    x: [other],
    steps: [{ transform: { body: 'body' } }, other],
  })
})

test('a step of a list as long as an editor takes moves at once', () => {
  const text = `steps:\n${'  - respond: {}\n'.repeat(3_900)}`
  expect(withStepMoved(`${text}  - proxy: {}\n`, 3_900, 0)).toBe(
    `steps:\n  - proxy: {}\n${'  - respond: {}\n'.repeat(3_900)}`,
  )
})
