import { describe, expect, test } from 'vitest'
import type { Grant } from '../../../data/grants.ts'
import { difference, grantOf, has, limitedOf, withGrant, without } from './grants.ts'

const READ_PROD: Grant = { permission: 'keys.read', environment: 'prod' }
const READ_TEST: Grant = { permission: 'keys.read', environment: 'test' }
const READ: Grant = { permission: 'keys.read' }
const CALL_ORDERS: Grant = { permission: 'pipelines.invoke', environment: 'prod', pipeline: 'orders' }

test('a grant is the same only with the same scope', () => {
  expect(has([READ_PROD], grantOf('keys.read', 'prod'))).toBe(true)
  expect(has([READ_PROD], grantOf('keys.read', undefined))).toBe(false)
  expect(has([CALL_ORDERS], grantOf('pipelines.invoke', 'prod'))).toBe(false)
})

describe('adding', () => {
  test('an environment keeps the others', () => {
    expect(withGrant([READ_PROD], READ_TEST)).toEqual([READ_PROD, READ_TEST])
  })

  test('everywhere replaces what it includes, and nothing of another permission', () => {
    expect(withGrant([READ_PROD, READ_TEST, CALL_ORDERS], READ)).toEqual([CALL_ORDERS, READ])
  })

  test('twice adds once', () => {
    expect(withGrant([READ_PROD, READ_TEST], READ_PROD)).toEqual([READ_TEST, READ_PROD])
  })
})

test('removing takes that grant alone', () => {
  expect(without([READ_PROD, READ_TEST], READ_PROD)).toEqual([READ_TEST])
})

test('what is limited to a pipeline stands beside the matrix', () => {
  expect(limitedOf([READ_PROD, CALL_ORDERS])).toEqual([CALL_ORDERS])
})

test('a change of scope is one added and one removed', () => {
  expect(difference([READ_PROD, CALL_ORDERS], [READ, CALL_ORDERS])).toEqual({
    added: [READ],
    removed: [READ_PROD],
  })
})
