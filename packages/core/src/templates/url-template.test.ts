import { describe, expect, test } from 'vitest'
import type { UrlTemplate } from './url-template.ts'
import {
  parseUrlTemplate,
  URL_TEMPLATE_CHARS_MAX,
  urlTemplateParameters,
  urlTemplateSecrets,
} from './url-template.ts'

function template(text: string): UrlTemplate {
  const parsed = parseUrlTemplate(text)
  if (parsed.template === undefined) throw new Error(parsed.problems.join(' '))
  return parsed.template
}

describe('parseUrlTemplate', () => {
  test.each([
    'http://orders.internal:9000/orders/{id}',
    'https://up',
    'http://up?x={id}',
    'http://127.0.0.1:1/{a}/{a}-{b}.json',
    'http://[2001:db8::1]:65535/files/{*}',
    'http://under_score.docker/a%20b;c=1,2/@:!$&()*+',
    'http://up/files/{*}?from={id}&to=/x?',
    'http://up/{*}/tail',
    'http://up/.well-known/..a/a..',
    'http://up//own/two/slashes',
    'http://up/a%2Fevil',
    'http://up/{secrets.A}/x-{secrets.B_2}?key={secrets.C}',
    'http://up/{secrets}?q={SECRETS}',
  ])('accepts %s', (text) => {
    expect(parseUrlTemplate(text).problems).toEqual([])
  })

  test.each([
    ['', 'must start with'],
    ['/orders', 'must start with'],
    ['//up/', 'must start with'],
    ['ftp://up/', 'must start with'],
    ['HTTP://up/', 'must start with'],
    ['javascript:alert(1)', 'must start with'],
    ['{scheme}://up/', 'must start with'],
    ['http://', 'not a host'],
    ['http:///x', 'not a host'],
    ['http://{id}/', 'fixed'],
    ['http://up.{id}.example/', 'fixed'],
    ['http://up:{port}/', 'fixed'],
    ['http://up{*}', 'fixed'],
    ['http://user@up/', 'user name'],
    ['http://user:pass@up/', 'user name'],
    ['http://{id}@up/', 'user name'],
    ['http://up:0/', 'port'],
    ['http://up:65536/', 'port'],
    ['http://up:/', 'not a host'],
    ['http://up:80:80/', 'not a host'],
    ['http://-up/', 'not a host'],
    ['http://up..example/', 'not a host'],
    ['http://u\u00fcp/', 'not a host'],
    ['http://up\\@evil/', 'user name'],
    ['http://up\\evil/', 'not a host'],
    ['http://up%2eevil/', 'not a host'],
    ['http://[::1/', 'not a host'],
    ['http://[{id}]/', 'fixed'],
    ['http://up/#top', '"#"'],
    ['http://up/a b', '%XX'],
    ['http://up/\\x', '%XX'],
    ['http://up/%2', '%XX'],
    ['http://up/%2{id}', '%XX'],
    ['http://up/\u00e9', '%XX'],
    ['http://up/\n', '%XX'],
    ['http://up/{id', 'unmatched'],
    ['http://up/id}', 'unmatched'],
    ['http://up/{{id}}', 'unmatched'],
    ['http://up/{}', 'not a placeholder'],
    ['http://up/{a.b}', 'not a placeholder'],
    ['http://up/{ id }', 'not a placeholder'],
    ['http://{secrets.HOST}/', 'fixed'],
    ['http://up:{secrets.PORT}/', 'fixed'],
    ['http://{secrets.USER}@up/', 'user name'],
    ['{secrets.SCHEME}://up/', 'must start with'],
    ['http://up/{secrets.token}', '"token" is not a valid secret name'],
    ['http://up/{secrets.}', '"" is not a valid secret name'],
    ['http://up/{secrets.A.B}', '"A.B" is not a valid secret name'],
    [`http://up/{secrets.${'A'.repeat(65)}}`, 'is not a valid secret name'],
    ['http://up/{secrets.A}{*}', 'whole segments'],
    ['http://up/../x', '".."'],
    ['http://up/a/%2E%2e/x', '".."'],
    ['http://up/.', '"."'],
    ['http://up/a%2f..%2fb', '".."'],
    ['http://up/..;/b', '".."'],
    ['http://up/%2Fevil/x', 'two slashes'],
    ['http://up/%5cevil', 'two slashes'],
    ['http://up/a{*}', 'whole segments'],
    ['http://up/{*}b', 'whole segments'],
    ['http://up/{*}{*}', 'whole segments'],
    ['http://up/{id}{*}', 'whole segments'],
    ['http://up/?q={*}', 'not in the query'],
    [`http://up/${'x'.repeat(URL_TEMPLATE_CHARS_MAX)}`, 'at most'],
  ])('rejects %s', (text, reason) => {
    const { problems } = parseUrlTemplate(text)
    expect(problems.join(' ')).toContain(reason)
  })

  test('reports every problem at once', () => {
    expect(parseUrlTemplate('http://{h}/{}/{secrets.a}/../{*}x#y').problems).toHaveLength(6)
  })

  test('urlTemplateParameters lists each parameter once, in order', () => {
    expect(urlTemplateParameters(template('http://up/{b}/{a}/{*}?x={b}&y={c}'))).toEqual(['b', 'a', '*', 'c'])
    expect(urlTemplateParameters(template('http://up/{secrets.A}'))).toEqual([])
  })

  test('urlTemplateSecrets lists each secret once, in order', () => {
    expect(urlTemplateSecrets(template('http://up/{secrets.B}/{a}/{secrets.A}?x={secrets.B}'))).toEqual([
      'B',
      'A',
    ])
    expect(urlTemplateSecrets(template('http://up/{secrets}'))).toEqual([])
  })
})
