import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { UrlTemplate } from './url-template.ts'
import {
  expandUrlTemplate,
  parseUrlTemplate,
  URL_TEMPLATE_CHARS_MAX,
  urlTemplateParameters,
} from './url-template.ts'

function template(text: string): UrlTemplate {
  const parsed = parseUrlTemplate(text)
  if (parsed.template === undefined) throw new Error(parsed.problems.join(' '))
  return parsed.template
}

describe('A template', () => {
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
  ])('%s is fine', (text) => {
    expect(parseUrlTemplate(text).problems).toEqual([])
  })

  test.each([
    ['', 'starts with'],
    ['/orders', 'starts with'],
    ['//up/', 'starts with'],
    ['ftp://up/', 'starts with'],
    ['HTTP://up/', 'starts with'],
    ['javascript:alert(1)', 'starts with'],
    ['{scheme}://up/', 'starts with'],
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
    ['http://up/{id', 'stands alone'],
    ['http://up/id}', 'stands alone'],
    ['http://up/{{id}}', 'stands alone'],
    ['http://up/{}', 'not a parameter'],
    ['http://up/{a.b}', 'not a parameter'],
    ['http://up/{ id }', 'not a parameter'],
    ['http://up/{secrets.TOKEN}', 'no secret "TOKEN"'],
    ['http://up/../x', '".."'],
    ['http://up/a/%2E%2e/x', '".."'],
    ['http://up/.', '"."'],
    ['http://up/a{*}', 'whole segments'],
    ['http://up/{*}b', 'whole segments'],
    ['http://up/{*}{*}', 'whole segments'],
    ['http://up/{id}{*}', 'whole segments'],
    ['http://up/?q={*}', 'not in the query'],
    [`http://up/${'x'.repeat(URL_TEMPLATE_CHARS_MAX)}`, 'at most'],
  ])('%s is refused', (text, reason) => {
    const { problems } = parseUrlTemplate(text)
    expect(problems.join(' ')).toContain(reason)
  })

  test('Everything that is wrong is said at once', () => {
    expect(parseUrlTemplate('http://{h}/{}/{secrets.A}/../{*}x#y').problems).toHaveLength(6)
  })

  test('Its parameters are named once, in order', () => {
    expect(urlTemplateParameters(template('http://up/{b}/{a}/{*}?x={b}&y={c}'))).toEqual(['b', 'a', '*', 'c'])
    expect(urlTemplateParameters(template('http://up'))).toEqual([])
  })
})

/** The path and query for values that stand in a path. */
function expand(text: string, values: Readonly<Record<string, string>>): string | undefined {
  return expandUrlTemplate(template(text), new Map(Object.entries(values)))
}

describe('A target', () => {
  test.each([
    ['http://up:9/orders/{id}', { id: '7' }, '/orders/7'],
    ['http://up', {}, '/'],
    ['http://up?a=b', {}, '/?a=b'],
    ['http://up/{id}', { id: 'a%2Fb%3Fc%23d' }, '/a%2Fb%3Fc%23d'],
    ['http://up/{id}', { id: "a:b@c;d=e,f!g$h'i(j)*+" }, "/a:b@c;d=e,f!g$h'i(j)*+"],
    ['http://up/{id}', { id: 'a%3Ab' }, '/a%3Ab'],
    ['http://up/{id}', { id: '%252e%252e' }, '/%252e%252e'],
    ['http://up/{id}', { id: '...' }, '/...'],
    ['http://up/{id}', { id: '{"a"|<b>}' }, '/%7B%22a%22%7C%3Cb%3E%7D'],
    ['http://up/x?q={id}', { id: 'a&b=c%23d' }, '/x?q=a%26b%3Dc%23d'],
    ['http://up/f/{*}', { '*': 'a/b%20c%2Fd/e' }, '/f/a/b%20c%2Fd/e'],
    ['http://up/f/{*}', { '*': '' }, '/f/'],
    ['http://up/{*}', { '*': '/evil.example/' }, '//evil.example/'],
  ] as [string, Record<string, string>, string][])('%s with %j is %s', (text, values, target) => {
    expect(expand(text, values)).toBe(target)
  })

  test.each([
    ['http://up/{id}', {}],
    ['http://up/{id}', { id: '' }],
    ['http://up/?q={id}', { id: '' }],
    ['http://up/{id}', { id: '.' }],
    ['http://up/{id}', { id: '..' }],
    ['http://up/{id}', { id: '%2e%2E' }],
    ['http://up/x{id}', { id: '..' }],
    ['http://up/.{id}', { id: '.' }],
    ['http://up/{a}{b}', { a: '.', b: '.' }],
    ['http://up/%2e{id}', { id: '.' }],
    ['http://up/{id}', { id: 'a%2f..%2fb' }],
    ['http://up/{id}', { id: 'a%5c..%5cb' }],
    ['http://up/{id}', { id: 'a/b' }],
    ['http://up/{id}', { id: 'a?b' }],
    ['http://up/{id}', { id: 'a#b' }],
    ['http://up/{id}', { id: 'a\\b' }],
    ['http://up/{id}', { id: 'a b' }],
    ['http://up/{id}', { id: 'a\r\nb' }],
    ['http://up/{id}', { id: '\u00e9' }],
    ['http://up/{id}', { id: '%zz' }],
    ['http://up/{id}', { id: '%ff' }],
    ['http://up/f/{*}', {}],
    ['http://up/f/{*}', { '*': '..' }],
    ['http://up/f/{*}', { '*': 'a/../b' }],
    ['http://up/f/{*}', { '*': 'a/%2e%2e/b' }],
    ['http://up/f/{*}', { '*': './a' }],
    ['http://up/f/{*}', { '*': 'a/.' }],
    ['http://up/f/{*}', { '*': 'a?b' }],
    ['http://up/{toString}', {}],
    ['http://up/{__proto__}', {}],
  ] as [string, Record<string, string>][])('%s with %j cannot be', (text, values) => {
    expect(expand(text, values)).toBeUndefined()
  })

  const VALUE = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc
      .array(
        fc.constantFrom(
          '.',
          '..',
          '/',
          '\\',
          '%2e',
          '%2f',
          '%5c',
          '@',
          ':',
          '?',
          '#',
          'a',
          '\r\n',
          '\0',
          '//',
        ),
      )
      .map((pieces) => pieces.join('')),
  )

  test('Whatever a caller sends stays in its place', () => {
    const one = 'https://up.example:8443/a/{id}/b/x{id}y/{*}?q={id}&r=1'
    fc.assert(
      fc.property(VALUE, VALUE, (id, rest) => {
        const target = expand(one, { id, '*': rest })
        if (target === undefined) return
        const url = new URL(`https://up.example:8443${target}`)
        // A parser that resolves dot segments and backslashes changes nothing, so no upstream can be led elsewhere.
        const [path = '', query = ''] = target.split('?')
        expect(url.pathname).toBe(path)
        expect(url.search).toBe(`?${query.replaceAll("'", '%27')}`)
        expect(url.hash).toBe('')
        const segments = url.pathname.split('/')
        const value = decodeURIComponent(id)
        expect(segments.slice(0, 4).map(decodeURIComponent)).toEqual(['', 'a', value, 'b'])
        expect(decodeURIComponent(segments.slice(5).join('/'))).toBe(decodeURIComponent(rest))
        expect([...url.searchParams]).toEqual([
          ['q', value],
          ['r', '1'],
        ])
      }),
      { numRuns: 2000 },
    )
  })

  test('A harmless value always gets through as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9:@;,=_-]{1,20}$/), (value) => {
        expect(expand('http://up/{id}/{*}', { id: value, '*': `${value}/${value}` })).toBe(
          `/${value}/${value}/${value}`,
        )
      }),
    )
  })
})
