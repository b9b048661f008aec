import { COMPRESSION_BYTES_DEFAULT, COMPRESSION_TYPES_DEFAULT } from '@sallyport/core'
import { expect, test } from 'vitest'
import { parseRequest } from '../requests/request-problems.ts'
import { pipelineSpec } from './pipeline-spec.ts'

function parsed(compression: unknown, trigger: object = {}) {
  const spec = {
    trigger: { kind: 'http', ...trigger, compression },
    steps: [{ proxy: { url: 'https://a.example.com' } }],
  }
  return parseRequest(pipelineSpec, spec)
}

test('compression has defaults, and is absent unless it is asked for', () => {
  const defaults = { minBytes: COMPRESSION_BYTES_DEFAULT, contentTypes: COMPRESSION_TYPES_DEFAULT }
  expect(parsed({})).toMatchObject({ ok: true, value: { trigger: { compression: defaults } } })
  const own = { minBytes: 0, contentTypes: ['image/*'] }
  expect(parsed(own)).toMatchObject({ ok: true, value: { trigger: { compression: own } } })
  const without = parsed(undefined)
  expect(without.ok && 'compression' in without.value.trigger).toBe(false)
})

test.each<[unknown, object, string, RegExp]>([
  [true, {}, '/trigger/compression', /./],
  [{ minBytes: -1 }, {}, '/trigger/compression/minBytes', /./],
  [{ minBytes: 1_048_577 }, {}, '/trigger/compression/minBytes', /./],
  [{ contentTypes: [] }, {}, '/trigger/compression/contentTypes', /./],
  [{ contentTypes: ['*/*'] }, {}, '/trigger/compression/contentTypes/0', /^Use a media type/],
  [{ contentTypes: ['Text/Plain'] }, {}, '/trigger/compression/contentTypes/0', /^Use a media type/],
  [{ level: 9 }, {}, '/trigger/compression/level', /./],
  [{}, { login: true }, '/trigger/compression', /^Remove it: a login pipeline/],
  [{}, { kind: 'schedule', schedule: '@daily' }, '/trigger/compression', /^A schedule has no callers/],
])('%j with %j is refused', (compression, trigger, path, message) => {
  expect(parsed(compression, trigger)).toEqual({
    ok: false,
    problems: [{ path, message: expect.stringMatching(message) as string }],
  })
})
