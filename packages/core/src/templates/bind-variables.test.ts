import { describe, expect, test } from 'vitest'
import { bindHeaderVariables, bindUrlVariables } from './bind-variables.ts'
import { parseHeaderTemplate } from './header-template.ts'
import { expandUrlTemplate } from './url-expansion.ts'
import { parseUrlTemplate, urlTemplateVariables } from './url-template.ts'

const NONE: ReadonlyMap<string, string> = new Map()

function bindUrl(url: string, values: Readonly<Record<string, string>>): ReturnType<typeof bindUrlVariables> {
  const { template, problems } = parseUrlTemplate(url)
  if (template === undefined) throw new Error(problems.join(' '))
  return bindUrlVariables(template, new Map(Object.entries(values)))
}

function boundUrl(url: string, values: Readonly<Record<string, string>>): string | undefined {
  const { template } = bindUrl(url, values)
  return template && `${template.origin}${expandUrlTemplate(template, NONE, NONE) ?? ''}`
}

describe('bindUrlVariables', () => {
  test.each([
    ['http://{vars.H}/a', 'up.example.com', 'http://up.example.com/a'],
    ['https://{vars.H}', 'up:8443', 'https://up:8443/'],
    ['http://{vars.H}:81/', '[::1]', 'http://[::1]:81/'],
    ['http://[{vars.H}]/', '2001:db8::1', 'http://[2001:db8::1]/'],
    ['http://{vars.H}/', '127.0.0.1', 'http://127.0.0.1/'],
    ['http://up:{vars.H}/', '65535', 'http://up:65535/'],
    ['http://{vars.H}.example.com/', 'eu', 'http://eu.example.com/'],
    ['http://{vars.H}/', 'under_score', 'http://under_score/'],
    ['http://{vars.H}/', 'xn--bcher-kva.example', 'http://xn--bcher-kva.example/'],
    ['http://up/{vars.H}/b', 'a/b c?d#e', 'http://up/a%2Fb%20c%3Fd%23e/b'],
    ['http://up/?q={vars.H}', 'a&b=c', 'http://up/?q=a%26b%3Dc'],
    ['http://up/{vars.H}', '{vars.H}', 'http://up/%7Bvars.H%7D'],
    ['http://up/{vars.H}', '{secrets.K}', 'http://up/%7Bsecrets.K%7D'],
    ['http://up/a{vars.H}', '%2e', 'http://up/a%252e'],
    ['http://up/a{vars.H}', '/v2', 'http://up/a%2Fv2'],
  ])('fills %s with %s', (url, value, filled) => {
    expect(boundUrl(url, { H: value })).toBe(filled)
  })

  test.each([
    ['http://{vars.H}/a', ''],
    ['http://{vars.H}/a', 'evil.com/'],
    ['http://{vars.H}/a', 'evil.com/prefix'],
    ['http://{vars.H}/a', 'http://evil.com'],
    ['http://{vars.H}/a', 'a@b'],
    ['http://{vars.H}/a', 'a?b'],
    ['http://{vars.H}/a', 'a#b'],
    ['http://{vars.H}/a', 'a\\b'],
    ['http://{vars.H}/a', 'a b'],
    ['http://{vars.H}/a', 'a%2fb'],
    ['http://{vars.H}/a', 'x:99999'],
    ['http://{vars.H}/a', 'x:0'],
    ['http://{vars.H}/a', 'x:'],
    ['http://{vars.H}/a', 'x:y'],
    ['http://{vars.H}/a', '::1'],
    ['http://{vars.H}/a', '[::1'],
    ['http://{vars.H}/a', '-up'],
    ['http://{vars.H}/a', 'up..example'],
    ['http://{vars.H}/a', 'up.'],
    ['http://{vars.H}/a', 'b\u00fccher.example'],
    ['http://{vars.H}/a', 'ex\u3002ample'],
    ['http://{vars.H}/a', '{vars.H}'],
    ['http://{vars.H}:81/a', 'up:80'],
    ['http://up:{vars.H}/a', '65536'],
    ['http://up:{vars.H}/a', '80/x'],
    ['http://{vars.H}.example.com/', 'evil.com:80'],
    ['http://up/{vars.H}', '..'],
    ['http://up/x{vars.H}', '.'],
    ['http://up/.{vars.H}', '.'],
    // The encoded slash after the first one could be read as the start of a host, so no request could be sent.
    ['http://up/{vars.H}', '/v2'],
    ['http://up/{vars.H}/b', '\\\\host'],
    ['http://up/{vars.H}', ''],
    ['http://up/?q={vars.H}', ''],
  ])('does not fill %s with "%s"', (url, value) => {
    const { template, problem } = bindUrl(url, { H: value })
    expect(template).toBeUndefined()
    expect(problem).toEqual(expect.any(String))
  })

  test('names a missing variable, and says to use two for a host and a path', () => {
    expect(bindUrl('http://{vars.A}/{vars.B}', { A: 'up' }).problem).toBe('The variable "B" does not exist.')
    expect(bindUrl('http://{vars.A}/', { A: 'up/prefix' }).problem).toContain('one variable for the host')
  })

  test('a value never appears in a problem', () => {
    expect(bindUrl('http://{vars.A}/', { A: 'canary@x' }).problem).not.toContain('canary')
    expect(bindUrl('http://{vars.A}/', { A: 'canary:99999' }).problem).not.toContain('canary')
  })
})

test.each([
  '{vars.H}://up/',
  'http://{vars.h}/',
  'http://{vars.}/',
  'http://u@{vars.H}/',
  'http://{secrets.H}/',
])('%s is not a URL template', (url) => {
  expect(parseUrlTemplate(url).template).toBeUndefined()
})

test('urlTemplateVariables lists each variable once, those of the host first', () => {
  const { template } = parseUrlTemplate('http://{vars.B}:{vars.P}/{vars.A}?x={vars.B}')
  expect(template && urlTemplateVariables(template)).toEqual(['B', 'P', 'A'])
})

describe('bindHeaderVariables', () => {
  const bind = (text: string, value: string): ReturnType<typeof bindHeaderVariables> => {
    const { template, problems } = parseHeaderTemplate(text)
    if (template === undefined) throw new Error(problems.join(' '))
    return bindHeaderVariables(template, new Map([['A', value]]))
  }

  test.each(['x', 'a "b" {id}', '{vars.A}'])('fills in "%s" unchanged', (value) => {
    expect(bind('team {vars.A}', value).template).toEqual({
      parts: [{ kind: 'text', text: `team ${value}` }],
    })
  })

  test.each(['', 'a\r\nx: y', 'a\n', 'a\0', '\u00fc'])('does not fill in %j', (value) => {
    expect(bind('team {vars.A}', value).template).toBeUndefined()
  })

  test('rejects a variable whose name is not valid', () => {
    expect(parseHeaderTemplate('{vars.team}').problems.join()).toContain(
      '"team" is not a valid variable name',
    )
  })
})
