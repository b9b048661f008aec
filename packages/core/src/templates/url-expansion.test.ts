import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expandUrlTemplate } from './url-expansion.ts'
import { parseUrlTemplate, type UrlTemplate } from './url-template.ts'

function template(text: string): UrlTemplate {
  const parsed = parseUrlTemplate(text)
  if (parsed.template === undefined) throw new Error(parsed.problems.join(' '))
  return parsed.template
}

/** Any code units, those of Latin-1 more often. The unit "binary" of fast-check takes seconds to make. */
const CODE_UNIT = fc.oneof(fc.nat(0xff), fc.nat(0xffff)).map((code) => String.fromCharCode(code))

/** The path and query for these path parameters and secrets. */
function expand(
  text: string,
  values: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>> = {},
): string | undefined {
  return expandUrlTemplate(template(text), new Map(Object.entries(values)), new Map(Object.entries(secrets)))
}

describe('expandUrlTemplate', () => {
  test.each([
    ['http://up:9/orders/{id}', { id: '7' }, '/orders/7'],
    ['http://up', {}, '/'],
    ['http://up?a=b', {}, '/?a=b'],
    ['http://up/{id}', { id: 'a%2Fb%3Fc%23d' }, '/a%2Fb%3Fc%23d'],
    ['http://up/{id}', { id: "a:b@c;d=e,f!g$h'i(j)*+" }, "/a:b@c;d=e,f!g$h'i(j)*+"],
    ['http://up/{id}', { id: 'a%3Ab' }, '/a%3Ab'],
    ['http://up/{id}', { id: '100%25' }, '/100%25'],
    ['http://up/x/{id}', { id: '%2f' }, '/x/%2f'],
    ['http://up/%2561/{id}', { id: '%252f' }, '/%2561/%252f'],
    ['http://up/{a}/61', { a: '%25' }, '/%25/61'],
    ['http://up/{*}/x', { '*': 'a' }, '/a/x'],
    ['http://up/f//g/{*}', { '*': '' }, '/f//g/'],
    ['http://up/{id}', { id: '..a;b' }, '/..a;b'],
    // A request's own path cannot contain these. Here only dot segments matter.
    ['http://up/{id}', { id: 'A%EF%BC%8FB' }, '/A%EF%BC%8FB'],
    ['http://up/{id}', { id: '%E2%80%A6' }, '/%E2%80%A6'],
    ['http://up/{id}', { id: '...' }, '/...'],
    ['http://up/{id}', { id: '{"a"|<b>}' }, '/%7B%22a%22%7C%3Cb%3E%7D'],
    ['http://up/x?q={id}', { id: 'a&b=c%23d' }, '/x?q=a%26b%3Dc%23d'],
    ['http://up/f/{*}', { '*': 'a/b%20c%2Fd/e' }, '/f/a/b%20c%2Fd/e'],
    ['http://up/f/{*}', { '*': '' }, '/f/'],
    ['http://up//{*}', { '*': 'a' }, '//a'],
    ['http://up/f/{*}', { '*': '', '/*': '' }, '/f'],
    ['http://up/f/{*}', { '*': '', '/*': '/' }, '/f/'],
    ['http://up/f/{*}?q', { '*': 'a/', '/*': '/a/' }, '/f/a/?q'],
    ['http://up/{*}', { '*': '', '/*': '' }, '/'],
    ['http://up/{path}', { path: 'a/b%20c/' }, '/a/b%20c/'],
    ['http://up/f/{path}', { path: '' }, '/f/'],
    ['http://up/{path}?p={path}', { path: 'a/b%2Fc' }, '/a/b%2Fc?p=a%2Fb%2Fc'],
    ['http://up/{*}?a=b', { '*': '', '/*': '' }, '/?a=b'],
    ['http://up/{*}/x', { '*': '', '/*': '' }, '/x'],
    ['http://up/f/{*}/x', { '*': '', '/*': '' }, '/f/x'],
    ['http://up/x?q={id}', { id: "it's(a)*!" }, '/x?q=it%27s%28a%29%2A%21'],
  ] as [string, Record<string, string>, string][])('expands %s with %j to %s', (text, values, target) => {
    expect(expand(text, values)).toBe(target)
  })

  test.each([
    ['http://up/{id}', {}],
    ['http://up/f/{*}/x', { '*': '', '/*': '/' }],
    ['http://up/{id}/{*}', { id: '..', '*': '', '/*': '' }],
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
    ['http://up/f/{path}', { path: 'a/../b' }],
    ['http://up/{path}', { path: '/evil.example/x' }],
    ['http://up/{path}', { path: 'a?b' }],
    ['http://up/f/{*}', { '*': 'a/../b' }],
    ['http://up/f/{*}', { '*': 'a/%2e%2e/b' }],
    ['http://up/f/{*}', { '*': './a' }],
    ['http://up/f/{*}', { '*': 'a/.' }],
    ['http://up/f/{*}', { '*': 'a?b' }],
    ['http://up/{*}', { '*': '/evil.example/' }],
    ['http://up/x/{*}', { '*': '/evil.example/' }],
    ['http://up/x/{*}', { '*': 'a//b' }],
    ['http://up/x/{*}/y', { '*': '' }],
    ['http://up/{id}', { id: '%2525' }],
    ['http://up/x/{id}', { id: '%252f' }],
    ['http://up/{a}61', { a: '%25' }],
    ['http://up/{a}{b}', { a: '%25', b: '61' }],
    ['http://up/{a}1', { a: '%256' }],
    ['http://up/{id}', { id: '%2fevil.example' }],
    ['http://up/{id}', { id: '%252fevil.example' }],
    ['http://up/{id}', { id: '%5cevil.example' }],
    ['http://up/{id}', { id: '%EF%BC%8Fevil.example' }],
    ['http://up/{id}', { id: '%E2%88%95evil.example' }],
    ['http://up/{*}/x', { '*': '' }],
    ['http://up/{id}', { id: '%252e%252e' }],
    ['http://up/{id}', { id: 'a%252f..%252fb' }],
    ['http://up/{id}', { id: '..;a=b' }],
    ['http://up/f/{*}', { '*': 'a/..;/b' }],
    ['http://up/f/{*}', { '*': 'a/%2e%2e%3bx/b' }],
    // Overlong UTF-8 for "." and "/".
    ['http://up/{id}', { id: '%c0%ae%c0%ae' }],
    ['http://up/{id}', { id: '%c0%af' }],
    ['http://up/{id}', { id: '%e0%80%af' }],
    // Full-width dots, one-dot and two-dot leaders, and look-alikes of the slash.
    ['http://up/{id}', { id: '%EF%BC%8E%EF%BC%8E' }],
    ['http://up/{id}', { id: '%E2%80%A4%E2%80%A4' }],
    ['http://up/{id}', { id: '%E2%80%A5' }],
    ['http://up/{id}', { id: '.%EF%BC%8E' }],
    ['http://up/{id}', { id: 'a%EF%BC%8F..%EF%BC%8Fb' }],
    ['http://up/{id}', { id: 'a%E2%88%95..%E2%88%95b' }],
    ['http://up/{id}', { id: 'a%E2%81%84..' }],
    ['http://up/{id}', { id: '..%EF%BC%9Bx' }],
    ['http://up/{id}', { id: '..%EF%BC%BCx' }],
    ['http://up/{id}', { id: '\uff0e\uff0e' }],
    ['http://up/{toString}', {}],
    ['http://up/{__proto__}', {}],
  ] as [string, Record<string, string>][])('refuses to expand %s with %j', (text, values) => {
    expect(expand(text, values)).toBeUndefined()
  })

  describe('with a secret', () => {
    test.each([
      ['http://up/{secrets.S}/x', 'abc-._~', '/abc-._~/x'],
      ['http://up/{secrets.S}/x', 'a/b?c#d@e:f;g&h=i', '/a%2Fb%3Fc%23d%40e%3Af%3Bg%26h%3Di/x'],
      ['http://up/{secrets.S}/x', "!'()*%2f", '/%21%27%28%29%2A%252f/x'],
      ['http://up/{secrets.S}/x', 'a\r\nb\0', '/a%0D%0Ab%00/x'],
      ['http://up/{secrets.S}/x', '\u00fc\u{1f600}', '/%C3%BC%F0%9F%98%80/x'],
      ['http://up/k/{secrets.S}/x', '//evil.example', '/k/%2F%2Fevil.example/x'],
      ['http://up/{secrets.S}/x', '{id}', '/%7Bid%7D/x'],
      ['http://up/?k={secrets.S}&l=1', 'a&b=c#d +', '/?k=a%26b%3Dc%23d%20%2B&l=1'],
      ['http://up/?k={secrets.S}', '../x', '/?k=..%2Fx'],
    ])('expands %s with the secret %j to %s', (text, secret, target) => {
      expect(expand(text, {}, { S: secret })).toBe(target)
    })

    test.each([
      ['http://up/{secrets.S}', ''],
      ['http://up/?k={secrets.S}', ''],
      ['http://up/{secrets.S}', '.'],
      ['http://up/{secrets.S}', '..'],
      ['http://up/a{secrets.S}', '..'],
      ['http://up/.{secrets.S}', './x'],
      ['http://up/{secrets.S}', '../x'],
      ['http://up/{secrets.S}', 'a/../x'],
      ['http://up/{secrets.S}', 'a\\..'],
      ['http://up/{secrets.S}', '/evil.example'],
      ['http://up/{secrets.S}', '..;'],
      ['http://up/{secrets.S}', '%2e%2e'],
      ['http://up/{secrets.S}', '\uff0e\uff0e'],
      ['http://up/{secrets.S}', 'a\ud800'],
      ['http://up/{secrets.T}', 'a'],
    ])('refuses to expand %s with the secret %j', (text, secret) => {
      expect(expand(text, { S: 'x', T: 'x' }, { S: secret })).toBeUndefined()
    })

    test('keeps any secret within its placeholder', () => {
      fc.assert(
        fc.property(fc.oneof(fc.string({ unit: CODE_UNIT }), VALUE), (secret) => {
          const target = expand('https://up.example/a/{secrets.S}/b?q={secrets.S}&r=1', {}, { S: secret })
          if (target === undefined) return
          expect(target).toMatch(/^\/a\/[A-Za-z0-9%._~-]+\/b\?q=[A-Za-z0-9%._~-]+&r=1$/)
          expect(new URL(`https://up.example${target}`).searchParams.get('q')).toBe(secret)
        }),
        { numRuns: 1000 },
      )
    })
  })

  const VALUE = fc.oneof(
    fc.string({ unit: CODE_UNIT }),
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

  test('keeps any value within its placeholder', () => {
    const one = 'https://up.example:8443/a/{id}/b/x{id}y/{*}?q={id}&r=1'
    fc.assert(
      fc.property(VALUE, VALUE, (id, rest) => {
        const target = expand(one, { id, '*': rest })
        if (target === undefined) return
        const url = new URL(`https://up.example:8443${target}`)
        // A parser that resolves dot segments and backslashes changes nothing, so the upstream sees the same path.
        const [path = '', query = ''] = target.split('?')
        expect(url.pathname).toBe(path)
        expect(url.search).toBe(`?${query}`)
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

  test('leaves harmless values unchanged', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9:@;,=_-]{1,20}$/), (value) => {
        expect(expand('http://up/{id}/{*}', { id: value, '*': `${value}/${value}` })).toBe(
          `/${value}/${value}/${value}`,
        )
      }),
    )
  })
})
