import { describe, expect, test } from 'vitest'
import { readRequest } from './request.ts'

describe('a request is read', () => {
  test('of Node.js, with the URL as received', () => {
    const node = {
      method: 'GET',
      url: '/7',
      originalUrl: '/orders/7?a=1',
      rawHeaders: [],
      headers: {},
      socket: {},
    }
    expect(readRequest(node, {})).toEqual({ method: 'GET', target: '/orders/7?a=1', node })
    expect(readRequest(node, { path: '/orders/x' }).target).toBe('/orders/x?a=1')
  })

  test('of Fetch, whose host is that of its URL unless a header says it', () => {
    const request = new Request('https://api.example.com/orders/7?a=1', { headers: { 'x-api-key': 'k' } })
    expect(readRequest(request, { address: '192.0.2.1' })).toEqual({
      method: 'GET',
      target: '/orders/7?a=1',
      rawHeaders: ['x-api-key', 'k', 'host', 'api.example.com'],
      address: '192.0.2.1',
    })
  })

  test('of a description, with headers by name or as pairs', () => {
    const [method, path] = ['GET', '/orders']
    const byName = {
      method,
      path,
      headers: { Host: 'a.test', 'X-Api-Key': ['one', 'two'], origin: undefined },
    }
    const pairs = ['Host', 'a.test', 'X-Api-Key', 'one', 'X-Api-Key', 'two']
    expect(readRequest(byName, {})).toMatchObject({ rawHeaders: pairs, address: undefined })
    const asPairs = [
      ['Host', 'a.test'],
      ['X-Api-Key', 'one'],
      ['X-Api-Key', 'two'],
    ] as const
    expect(readRequest({ method, path, headers: asPairs, address: '::1' }, {})).toMatchObject({
      rawHeaders: pairs,
      address: '::1',
    })
  })

  test.each(['orders', '/orders?a=1', '/orders#a', ''])('but not with the path %j', (path) => {
    const request = { method: 'GET', path: '/', headers: {} }
    expect(() => readRequest(request, { path })).toThrow(TypeError)
    expect(readRequest(request, { path: '/orders' }).target).toBe('/orders')
  })
})
