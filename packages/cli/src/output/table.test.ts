import { expect, test } from 'vitest'
import { cell, heading } from './cell.ts'
import { memberTable, table } from './table.ts'

const ROWS = [
  { id: 'key_4fT0Qm2ZrX9bLk7A', name: 'mobile-app', expiresAt: null },
  {
    id: 'key_9aB1Cd3EfG5hIj7K',
    name: 'A name that is much longer than the others',
    expiresAt: '2027-01-31T00:00:00Z',
  },
]
const COLUMNS = ['id', 'name', 'expiresAt']

test('columns are as wide as what is in them', () => {
  expect(table(ROWS, COLUMNS, { width: undefined })).toBe(
    [
      'ID                    NAME                                        EXPIRES AT',
      'key_4fT0Qm2ZrX9bLk7A  mobile-app                                  -',
      'key_9aB1Cd3EfG5hIj7K  A name that is much longer than the others  2027-01-31T00:00:00Z',
    ].join('\n'),
  )
})

test('lines fit the terminal, and ids are cut last', () => {
  const lines = table(ROWS, COLUMNS, { width: 60, keep: 'id' }).split('\n')
  expect(lines).toEqual([
    'ID                    NAME                EXPIRES AT',
    'key_4fT0Qm2ZrX9bLk7A  mobile-app          -',
    'key_9aB1Cd3EfG5hIj7K  A name that is mu…  2027-01-31T00:00:…',
  ])
  const narrow = table(ROWS, COLUMNS, { width: 30, keep: 'id' }).split('\n')
  expect(narrow.every((line) => line.length <= 30)).toBe(true)
})

test('wide characters count as two columns', () => {
  const rows = [{ name: '支払い' }, { name: 'abcdef' }, { name: '👩‍💻' }]
  expect(
    table(
      rows.map((row) => ({ ...row, end: '|' })),
      ['name', 'end'],
      { width: undefined },
    ),
  ).toBe(['NAME    END', '支払い  |', 'abcdef  |', '👩‍💻      |'].join('\n'))
})

test('one item has a line for each member', () => {
  expect(memberTable({ name: 'ci', roles: ['developer'] }, ['name', 'roles'], { width: undefined })).toBe(
    'NAME   ci\nROLES  developer',
  )
})

test('what does not fit goes on in the next line', () => {
  const item = {
    id: 'key_4fT0Qm2ZrX9bLk7A',
    roles: ['developer', 'auditor', 'invoker', 'key-manager'],
    secrets: [
      { hint: 'a', requests: 1 },
      { hint: 'b', requests: 2 },
    ],
    spec: { trigger: { path: '/orders/a/path/that/is/much/longer/than/the/line' } },
  }
  expect(memberTable(item, Object.keys(item), { width: 36 }).split('\n')).toEqual([
    'ID       key_4fT0Qm2ZrX9bLk7A',
    'ROLES    developer, auditor,',
    '         invoker, key-manager',
    'SECRETS  hint=a, requests=1',
    '         hint=b, requests=2',
    'SPEC     trigger:',
    '           path:',
    '         /orders/a/path/that/is/much',
    '         /longer/than/the/line',
  ])
})

test('a long list is a table too', () => {
  const rows = Array.from({ length: 200_000 }, (_, index) => ({ id: `${index}` }))
  expect(table(rows, ['id'], { width: undefined }).split('\n')).toHaveLength(200_001)
})

test.each<[unknown, string]>([
  [null, '-'],
  [undefined, '-'],
  ['', '-'],
  [[], '-'],
  [{}, '-'],
  [0, '0'],
  [false, 'false'],
  [['a', 'b'], 'a, b'],
  [{ team: 'payments', tier: 'gold' }, 'team=payments, tier=gold'],
  [
    [{ permission: 'keys.read' }, { permission: 'pipelines.invoke', environment: 'prod' }],
    'keys.read, {permission=pipelines.invoke, environment=prod}',
  ],
  [{ used: 3, limit: null }, '3'],
  [{ used: 3, limit: 100 }, 'used=3, limit=100'],
  [[{ rule: { name: 'a' } }], '{"rule":{"name":"a"}}'],
  ['two\nlines', 'two lines'],
  ['\u001B[31mred', ' [31mred'],
  ['\u202Ereversed', ' reversed'],
])('the cell of %j is %j', (value, text) => {
  expect(cell(value)).toBe(text)
})

test('headings are words', () => {
  expect(heading('rotationReminderDays')).toBe('ROTATION REMINDER DAYS')
})
