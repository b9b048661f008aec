import { describe, expect, test } from 'vitest'
import { contentText, requestContent } from './content-text.ts'

const FORM = 'application/x-www-form-urlencoded'

describe('Content under a content type', () => {
  test.each([
    ['"grant_type=x"', FORM, 'grant_type=x'],
    ['"<a>\\u00e9</a>"', 'text/xml; charset=utf-8', '<a>é</a>'],
    [' "a\\"b"', 'text/plain', 'a"b'],
    ['"a"', 'application/json', '"a"'],
    ['"a"', 'Application/SOAP+JSON; v=1', '"a"'],
    ['"a"', undefined, '"a"'],
    ['1.50', 'text/plain', '1.50'],
    ['{"a":1.50}', 'application/x-ndjson', '{"a":1.50}'],
  ])('%s as %s', (body, type, content) => {
    expect(contentText(body, type)).toBe(content)
    expect(requestContent(body, type)).toEqual({ text: content })
  })
})

describe('A form', () => {
  test.each([
    ['{"grant_type":"client_credentials","scope":"a b"}', 'grant_type=client_credentials&scope=a+b'],
    ['{"to":["a","b"],"none":[],"gone":null,"some":[null,"c"]}', 'to=a&to=b&some=c'],
    ['{"n":9007199254740993,"m":1.50,"yes":true,"empty":""}', 'n=9007199254740993&m=1.50&yes=true&empty='],
    ['{"a&b=c":"d&e=f\\r\\n+ é~*-._"}', 'a%26b%3Dc=d%26e%3Df%0D%0A%2B+%C3%A9%7E*-._'],
    ['{"__proto__":"x","\\ud800":"\\ud800"}', '__proto__=x&%EF%BF%BD=%EF%BF%BD'],
    ['{}', ''],
  ])('%s', (body, content) => {
    expect(requestContent(body, `${FORM}; charset=UTF-8`)).toEqual({ text: content })
  })

  test.each(['[1]', '1', '1.50', 'null', 'true', '{"a":{"b":1}}', '{"a":[["b"]]}', '{"a":[{}]}'])(
    'has no place for %s',
    (body) => {
      expect(requestContent(body, FORM)).toEqual({ fault: 'value' })
    },
  )

  test('is bounded', () => {
    const fits = JSON.stringify({ a: 'x'.repeat(8 * 1024 * 1024 - 2) })
    expect(requestContent(fits, FORM)).toHaveProperty('text')
    expect(requestContent(JSON.stringify({ a: '&'.repeat(3_000_000) }), FORM)).toEqual({ fault: 'too_large' })
  })
})
