import { expect, test } from 'vitest'
import { deedOf, refusalOf, subjectOf } from './event-words.ts'

const NOTHING = { before: null, after: null }

test('a thing is called by its name, also after it was deleted', () => {
  const target = 'key/key_4fT0Qm2ZrX9bLk7A'
  expect(subjectOf({ target, before: null, after: { name: 'orders-mobile' } })).toBe('orders-mobile')
  expect(subjectOf({ target, before: { name: 'orders-mobile' }, after: null })).toBe('orders-mobile')
  expect(subjectOf({ target, ...NOTHING })).toBe('key_4fT0Qm2ZrX9bLk7A')
})

test('a deployment is called by its pipeline, and says where it went', () => {
  const after = { pipeline: 'orders', version: '1.2', environment: 'prod' }
  expect(subjectOf({ target: 'deployment/dep_1', before: null, after })).toBe('orders')
  expect(deedOf({ action: 'pipelines.deploy', after })).toBe('1.2 deployed to prod')
})

test('an action without words is shown as it is', () => {
  expect(deedOf({ action: 'keys.create', after: null })).toBe('key created')
  expect(deedOf({ action: 'keys.transmogrify', after: null })).toBe('keys.transmogrify')
  expect(deedOf({ action: 'dragons.create', after: null })).toBe('dragons.create')
})

test('a refused change has the code as its reason, and no other has one', () => {
  expect(refusalOf({ action: 'keys.refused', after: { code: 'quota_exceeded' } })).toBe('quota_exceeded')
  expect(refusalOf({ action: 'keys.create', after: { code: 'quota_exceeded' } })).toBeUndefined()
})
