import { describe, expect, test } from 'vitest'
import { closestName } from './closest-name.ts'
import { faultsOf } from './faults.ts'

const RESPOND = [{ respond: { status: 200 } }]

/** The faults of a spec with some steps, without those that stand elsewhere. */
function stepFaults(...steps: readonly unknown[]) {
  return faultsOf({ trigger: { kind: 'http' }, steps })
}

function triggerFaults(trigger: unknown) {
  return faultsOf({ trigger, steps: RESPOND })
}

describe('a spec', () => {
  test.each([
    { kind: 'http' },
    { kind: 'rest', path: '/a', authentication: { apiKey: true }, cors: null },
    { kind: 'schedule', schedule: '0 3 * * *', limits: { timeoutMs: 900_000 } },
  ])('with the trigger %j has no fault', (trigger) => {
    expect(triggerFaults(trigger)).toEqual([])
  })

  test.each([
    ['nothing', {}, ['Add the field trigger.', 'Add the field steps.']],
    ['a list', [], ['Write its fields, such as trigger.']],
  ])('that is %s', (_, spec, messages) => {
    expect(faultsOf(spec).map(({ message }) => message)).toEqual(messages)
  })
})

describe('names', () => {
  test('of steps that are unknown lead to the closest one', () => {
    expect(stepFaults({ respnd: {} })).toEqual([
      { pointer: '/steps/0/respnd', message: 'There is no step “respnd”. Did you mean respond?' },
    ])
    expect(stepFaults({ mail: {} })[0]?.message).toMatch(
      /^There is no step “mail”\. The steps are proxy, .* or respond\.$/,
    )
  })

  test('of fields that are unknown lead to the closest one', () => {
    expect(stepFaults({ proxy: { url: 'https://a.example.com', header: {} } })).toEqual([
      { pointer: '/steps/0/proxy/header', message: 'There is no field “header” here. Did you mean headers?' },
    ])
    expect(triggerFaults({ kind: 'http', authentication: { 'a/b~c': true } })[0]?.pointer).toBe(
      '/trigger/authentication/a~1b~0c',
    )
  })

  test('of a kind that is not chosen are unknown', () => {
    expect(triggerFaults({ kind: 'schedule', schedule: '0 3 * * *', path: '/a' })).toEqual([
      {
        pointer: '/trigger/path',
        message:
          'There is no field “path” here. Possible are kind, schedule, timeZone, overlap, catchUp or limits.',
      },
    ])
    expect(triggerFaults({ path: '/a', schedule: '0 3 * * *' })).toEqual([
      { pointer: '/trigger', message: 'Add the field kind.' },
    ])
  })

  test('that are missing are named', () => {
    expect(stepFaults({ proxy: {} })).toEqual([{ pointer: '/steps/0/proxy', message: 'Add the field url.' }])
    expect(stepFaults({ transform: {} })).toEqual([
      { pointer: '/steps/0/transform', message: 'Add one of the fields body, headers or status.' },
    ])
  })

  test('are asked for where something else stands', () => {
    expect(stepFaults('prox', null).map(({ message }) => message)).toEqual([
      'Write a step, such as proxy.',
      'Write a step, such as proxy.',
    ])
    expect(stepFaults({ call: null })).toEqual([
      { pointer: '/steps/0/call', message: 'Write its fields, such as url.' },
    ])
  })

  test('stand alone in a step', () => {
    expect(stepFaults({})[0]).toMatchObject({
      pointer: '/steps/0',
      message: 'Write a step, such as proxy.',
    })
    expect(stepFaults({ respond: {}, call: { url: 'https://a.example.com' } })).toEqual([
      {
        pointer: '/steps/0/call',
        message: 'Give call an entry of its own in the list: each entry is one step.',
      },
    ])
  })
})

describe('values', () => {
  test.each<[string, unknown, string]>([
    ['/trigger/kind', { kind: 'htp' }, 'Write rest, http, http-file or schedule. Did you mean http?'],
    ['/trigger/kind', { kind: true }, 'Write rest, http, http-file or schedule.'],
    ['/trigger/login', { kind: 'http', login: 'yes' }, 'Write true or false.'],
    ['/trigger/path', { kind: 'http', path: 7 }, 'Write text. Quotes make text of 7.'],
    ['/trigger/path', { kind: 'http', path: null }, 'Write text.'],
    ['/trigger/cors', { kind: 'http', cors: 'all' }, 'Write fields of its own or null.'],
    ['/trigger/methods', { kind: 'http', methods: 'GET' }, 'Write a list.'],
    ['/trigger/methods', { kind: 'http', methods: [] }, 'List at least 1 entry.'],
    [
      '/trigger/methods/1',
      { kind: 'http', methods: ['GET', 'get'] },
      'Write GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS. Did you mean GET?',
    ],
    [
      '/trigger/limits/timeoutMs',
      { kind: 'http', limits: { timeoutMs: 0 } },
      'Write a number from 1 to 900,000.',
    ],
    ['/trigger/limits/timeoutMs', { kind: 'http', limits: { timeoutMs: 1.5 } }, 'Write a whole number.'],
  ])('at %s of %j', (pointer, trigger, message) => {
    expect(triggerFaults(trigger)).toEqual([{ pointer, message }])
  })

  test.each([
    [{ call: { url: '' } }, 'Write at least one character.'],
    [{ call: { url: 'a'.repeat(2049) } }, 'Write at most 2,048 characters.'],
    [
      { call: { url: 'a', headers: { 'x-a': 1 } } },
      'Write text, null or fields of its own. Quotes make text of 1.',
    ],
    [{ transform: { status: 100 } }, 'Write a number from 200 to 599.'],
    [{ transform: { status: [] } }, 'Write a whole number or text.'],
  ])('of the step %j', (step, message) => {
    expect(stepFaults(step)).toEqual([{ pointer: expect.stringMatching(/^\/steps\/0\//), message }])
  })

  test.each([
    { transform: { status: 599 } },
    { transform: { status: 'body.status' } },
    { 'jwt.generate': { subject: 'a', expiresIn: '1h', scopes: ['a'], claims: { tier: '"gold"' } } },
    { 'jwt.generate': { subject: 'a', expiresIn: 60, scopes: 'a', claims: 'body' } },
    { respond: { body: [1, null] } },
  ])('of the step %j are right', (step) => {
    expect(stepFaults(step)).toEqual([])
  })

  test('lists have a most of entries', () => {
    const step = { respond: {} }
    expect(stepFaults(...Array.from({ length: 50 }, () => step))).toEqual([])
    expect(stepFaults(...Array.from({ length: 51 }, () => step))).toEqual([
      { pointer: '/steps', message: 'List at most 50 entries.' },
    ])
  })
})

test.each([
  ['hedaers', 'headers'],
  ['meth', 'method'],
  ['GTE', 'GET'],
  ['apikey', 'apiKey'],
  ['ur', 'url'],
  ['xyz', undefined],
  ['', undefined],
])('the closest name of %j is %j', (written, name) => {
  expect(closestName(written, ['headers', 'method', 'GET', 'apiKey', 'url'])).toBe(name)
})
