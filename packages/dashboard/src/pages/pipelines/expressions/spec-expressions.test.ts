import { expect, test } from 'vitest'
import { readMessage, SAMPLE_MESSAGE } from './sample-message.ts'
import { specExpressions } from './spec-expressions.ts'

test('the expressions of a spec are the texts that the schema calls so', () => {
  const spec = {
    trigger: { kind: 'http' },
    steps: [
      { proxy: { url: 'http://a.example.com', headers: { 'x-a': 'a' } } },
      { transform: { body: 'body.items', headers: { 'x-count': '$count(body)' }, status: 201 } },
      { assert: { that: 'body.open' } },
      { respond: { status: 200, body: 'body' } },
      'assert',
    ],
  }
  expect(specExpressions(spec)).toEqual([
    { place: '/steps/1/transform/body', text: 'body.items' },
    { place: '/steps/1/transform/headers/x-count', text: '$count(body)' },
    { place: '/steps/2/assert/that', text: 'body.open' },
  ])
})

test('a spec without steps has no expression', () => {
  expect(specExpressions({ trigger: {} })).toEqual([])
  expect(specExpressions('steps')).toEqual([])
})

test('a message is an object of JSON, or nothing', () => {
  expect(readMessage(SAMPLE_MESSAGE)).toMatchObject({ ok: true, message: { auth: { consumer: 'web-shop' } } })
  expect(readMessage(' ')).toEqual({ ok: true, message: {} })
  expect(readMessage('{')).toMatchObject({ ok: false })
  expect(readMessage('[]')).toMatchObject({ ok: false })
})
