import { describe, expect, test } from 'vitest'
import { covers, may } from './permissions.ts'

describe('covers', () => {
  const everywhere = { permission: 'keys.read' }
  const inProd = { permission: 'keys.read', environment: 'prod' }
  const ofOrders = { permission: 'keys.read', environment: 'prod', pipeline: 'orders' }

  test.each([
    ['the same permission everywhere', everywhere, everywhere, true],
    ['a narrower scope', everywhere, ofOrders, true],
    ['a pipeline in its environment', inProd, ofOrders, true],
    ['another permission', everywhere, { permission: 'keys.write' }, false],
    ['a wider scope', inProd, everywhere, false],
    ['another environment', inProd, { permission: 'keys.read', environment: 'test' }, false],
    ['all pipelines of the environment', ofOrders, inProd, false],
  ])('%s', (_, held, wanted, isCovered) => {
    expect(covers([held], wanted)).toBe(isCovered)
  })
})

test('a permission in one environment lets a person act there and nowhere else', () => {
  const facts = { permissions: [{ permission: 'keys.read', environment: 'prod' }] }
  expect(may(facts, 'keys.read', { environment: 'prod' })).toBe(true)
  expect(may(facts, 'keys.read', { environment: 'test' })).toBe(false)
  expect(may(facts, 'keys.read')).toBe(true)
})
