import { expect, test } from 'vitest'
import { parseRequest } from '../requests/request-problems.ts'
import { pipelineSpec } from './pipeline-spec.ts'

function parsed(trigger: Readonly<Record<string, unknown>>) {
  return parseRequest(pipelineSpec, {
    trigger: { kind: 'http', ...trigger },
    steps: [{ proxy: { url: 'https://a.example.com' } }],
  })
}

test('the rules are kept in one form', () => {
  expect(
    parsed({
      addressRules: ['192.0.2.7', '2001:DB8::/32'],
      maintenance: { exceptAddresses: ['10.0.0.0/8'] },
      deprecation: { since: '2027-01-31T02:00:00+02:00', sunset: '2027-06-30T00:00:00.5Z', link: null },
    }),
  ).toMatchObject({
    ok: true,
    value: {
      trigger: {
        addressRules: ['192.0.2.7/32', '2001:db8::/32'],
        maintenance: { detail: null, retryAfterSeconds: 300, exceptAddresses: ['10.0.0.0/8'] },
        deprecation: {
          since: '2027-01-31T00:00:00.000Z',
          sunset: '2027-06-30T00:00:00.500Z',
          link: null,
          successor: null,
        },
      },
    },
  })
})

test('a trigger without rules has none of the fields', () => {
  const empty = parsed({ addressRules: [], maintenance: null, deprecation: null })
  expect(empty.ok && Object.keys(empty.value.trigger)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/addressRules|maintenance|deprecation/)]),
  )
})

const since = '2027-01-31T00:00:00Z'
test.each<[Readonly<Record<string, unknown>>, string, RegExp]>([
  [{ addressRules: ['10.0.0.0/33'] }, '/trigger/addressRules/0', /^Use an IP address or a range/],
  [{ addressRules: ['localhost'] }, '/trigger/addressRules/0', /^Use an IP address or a range/],
  [{ maintenance: true }, '/trigger/maintenance', /object/],
  [{ maintenance: { detail: ' ' } }, '/trigger/maintenance/detail', /at least 1 character/],
  [{ maintenance: { retryAfterSeconds: 0 } }, '/trigger/maintenance/retryAfterSeconds', /1/],
  [{ maintenance: { until: since } }, '/trigger/maintenance/until', /unknown/],
  [{ deprecation: {} }, '/trigger/deprecation/since', /RFC 3339|required/],
  [{ deprecation: { since: '2027-01-31' } }, '/trigger/deprecation/since', /RFC 3339/],
  [
    { deprecation: { since, sunset: '2027-01-30T00:00:00Z' } },
    '/trigger/deprecation/sunset',
    /cannot be before/,
  ],
  [{ deprecation: { since, link: '/docs' } }, '/trigger/deprecation/link', /absolute URL/],
  [
    { deprecation: { since, link: 'https://a.example>; rel="x"' } },
    '/trigger/deprecation/link',
    /absolute URL/,
  ],
  [
    { deprecation: { since, successor: 'https://a.example\r\nx: y' } },
    '/trigger/deprecation/successor',
    /absolute URL/,
  ],
  [
    { deprecation: { since }, responseHeaders: { sunset: 'never' } },
    '/trigger/responseHeaders/sunset',
    /`deprecation` sets it/,
  ],
])('%j is refused at %s', (trigger, path, message) => {
  expect(parsed(trigger)).toEqual({
    ok: false,
    problems: [{ path, message: expect.stringMatching(message) as string }],
  })
})

test('a schedule has no callers', () => {
  const spec = {
    trigger: { kind: 'schedule', schedule: '@daily', addressRules: [] },
    steps: [{ respond: { status: 200 } }],
  }
  expect(parseRequest(pipelineSpec, spec).ok).toBe(false)
})
