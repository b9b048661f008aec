import { describe, expect, test } from 'vitest'
import { parseUrlTemplate } from '../templates/url-template.ts'
import { canReachSamePath, needsLess, templateOrigin, upstreamReach } from './upstream-reach.ts'

function reach(url: string, encodedSlashes = false): ReturnType<typeof upstreamReach> {
  const { template, problems } = parseUrlTemplate(url)
  if (template === undefined) throw new Error(problems.join(' '))
  return upstreamReach(template, encodedSlashes)
}

describe('canReachSamePath', () => {
  test.each([
    // Each pair of URLs that share a path, and a neighbour of the second that shares none with the first.
    ['http://up/w/{*}', 'http://up/w/admin', 'http://up/v/admin'],
    ['http://up/w/{*}', 'http://up/w', 'http://up/'],
    ['http://up/{*}', 'http://up/', 'http://other/'],
    ['http://up/{*}', 'http://up/a/b/{id}', 'https://up/a/b/{id}'],
    ['http://up/orders/{id}', 'http://up/orders/admin', 'http://up/orders/1/refund'],
    ['http://up/orders/{id}', 'http://up/Orders/ADMIN/', 'http://up/orders'],
    ['http://up/orders/{id}', 'http://UP:80/orders/{x}', 'http://up:81/orders/{x}'],
    ['https://Up/{a}', 'https://up:443/x', 'https://up:80/x'],
    ['http://up/a-{id}', 'http://up/a-b', 'http://up/a-'],
    ['http://up/a-{id}.json', 'http://up/{x}n', 'http://up/{x}l'],
    ['http://up/a-{id}', 'http://up/{x}', 'http://up/b-{x}'],
    ['http://up/a-{id}.json', 'http://up/a-b.json', 'http://up/a-.json'],
    ['http://up/ab{id}', 'http://up/a{x}', 'http://up/b{x}'],
    ['http://up:8080/{id}', 'http://up:8080/x', 'http://up:80/x'],
    ['http://up/{a}-{b}', 'http://up/x-y', 'http://up/x-y/z'],
    ['http://up/{secrets.K}/x', 'http://up/k/x', 'http://up/k/y'],
    ['http://up/a//b;v=1?q={id}', 'http://up/%61/b', 'http://up/a/c'],
    ['http://up/{*}/tail', 'http://up/x/y/tail', 'http://down/x/y/tail'],
  ])('%s shares a path with %s, and none with %s', (one, other, apart) => {
    expect(canReachSamePath(reach(one), reach(other))).toBe(true)
    expect(canReachSamePath(reach(other), reach(one))).toBe(true)
    expect(canReachSamePath(reach(one), reach(apart))).toBe(false)
    expect(canReachSamePath(reach(apart), reach(one))).toBe(false)
  })

  test('a parameter with encoded slashes reaches deeper paths', () => {
    const refund = reach('http://up/orders/{id}/refund')
    expect(canReachSamePath(reach('http://up/orders/{id}'), refund)).toBe(false)
    expect(canReachSamePath(reach('http://up/orders/{id}', true), refund)).toBe(true)
    expect(canReachSamePath(reach('http://up/orders/x{id}', true), refund)).toBe(true)
    expect(canReachSamePath(reach('http://up/orders/x{id}', true), reach('http://up/orders/a/refund'))).toBe(
      false,
    )
    expect(canReachSamePath(reach('http://up/orders/x{id}', true), reach('http://up/orders/xa'))).toBe(true)
    expect(canReachSamePath(reach('http://up/orders/{id}', true), reach('http://up/orders'))).toBe(true)
    expect(canReachSamePath(reach('http://up/orders/{secrets.A}', true), refund)).toBe(false)
  })
})

describe('needsLess', () => {
  const NONE = { apiKey: false, jwt: false, basic: false }
  const trigger = (authentication: Partial<typeof NONE>, acceptsPublicKeys = false) => ({
    authentication: { ...NONE, ...authentication },
    acceptsPublicKeys,
  })

  test.each([
    [{}, { apiKey: true }, true],
    [{}, { jwt: true }, true],
    [{}, { basic: true }, true],
    [{}, {}, false],
    [{ apiKey: true }, {}, false],
    [{ apiKey: true }, { apiKey: true }, false],
    [{ apiKey: true }, { jwt: true }, true],
    [{ apiKey: true }, { apiKey: true, jwt: true }, true],
    [{ apiKey: true, jwt: true }, { apiKey: true }, false],
  ])('%j needs less than %j: %s', (one, other, less) => {
    expect(needsLess(trigger(one), trigger(other))).toBe(less)
  })

  test('callers of any address are less than those of some', () => {
    const anywhere = trigger({ apiKey: true })
    const somewhere = { ...trigger({}), limitsAddresses: true }
    expect([needsLess(anywhere, somewhere), needsLess(somewhere, anywhere)]).toEqual([true, true])
    expect(needsLess(somewhere, somewhere)).toBe(false)
  })

  test('a public key is less than a secret key', () => {
    const open = trigger({ apiKey: true }, true)
    const closed = trigger({ apiKey: true })
    expect(needsLess(open, closed)).toBe(true)
    expect(needsLess(closed, open)).toBe(false)
    expect(needsLess(open, open)).toBe(false)
    expect(needsLess(trigger({}, true), trigger({}))).toBe(false)
  })
})

describe('templateOrigin', () => {
  test.each([
    'http://Up/a/{id}',
    'https://up:443?q={id}',
    'https://up:80/{*}',
    'http://up:8080',
    'http://up:80/a',
  ])('of %s is that of the parsed template', (url) => {
    expect(templateOrigin(url)).toBe(reach(url).origin)
  })

  test.each([
    ['http://up?a=https://other/', 'http://up'],
    ['http://up#a', 'http://up'],
    ['/http://up/a', ''],
    ['{secrets.URL}/a', ''],
  ])('of %s is "%s"', (url, origin) => {
    expect(templateOrigin(url)).toBe(origin)
  })
})
