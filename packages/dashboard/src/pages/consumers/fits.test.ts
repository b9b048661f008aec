import { expect, test } from 'vitest'
import { fits } from './fits.ts'

const CONSUMER = {
  id: 'con_8sK2dQm1ZrX9bLk7',
  name: 'Mobile-App',
  title: 'Laden‑App 東京',
  status: 'active',
} as const

test.each([
  ['nothing', {}, true],
  ['a part of the name, in any case', { search: 'mobile' }, true],
  ['a part of the title', { search: '東' }, true],
  ['a part of the id', { search: 'CON_8sK2' }, true],
  ['another name', { search: 'mobiles' }, false],
  ['its status', { status: 'active' }, true],
  ['another status', { status: 'inactive' }, false],
  ['its name with another status', { search: 'mobile', status: 'inactive' }, false],
] as const)('a consumer is found by %s: %j', (_, search, isFound) => {
  expect(fits(CONSUMER, search)).toBe(isFound)
})
