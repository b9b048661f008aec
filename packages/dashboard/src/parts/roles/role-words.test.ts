import { expect, test } from 'vitest'
import { aboutRole, byPermission, placeOf } from './role-words.ts'

test.each([
  [{}, 'everywhere'],
  [{ environment: 'prod' }, 'prod'],
  [{ environment: 'prod', pipeline: 'orders' }, 'prod: orders'],
  [{ pipeline: 'orders' }, 'orders'],
  [{ project: 'shop' }, 'project shop'],
])('the place of %j is "%s"', (scope, words) => {
  expect(placeOf(scope)).toBe(words)
})

test('a permission stands once, with the parts of each environment together', () => {
  const invoke = 'pipelines.invoke'
  expect(
    byPermission([
      { permission: invoke, environment: 'prod', pipeline: 'orders' },
      { permission: invoke, environment: 'prod', pipeline: 'tracking' },
      { permission: invoke, environment: 'test' },
      { permission: 'keys.read' },
    ]),
  ).toEqual([
    { permission: invoke, places: ['prod: orders, tracking', 'test'] },
    { permission: 'keys.read', places: ['everywhere'] },
  ])
})

test('a role of the organization is described by its first permissions', () => {
  const permissions = ['a.read', 'a.read', 'b.read', 'c.read', 'd.read'].map((permission) => ({ permission }))
  expect(aboutRole({ name: 'mine', builtIn: false, permissions })).toBe('a.read, b.read, c.read and 1 more')
})
