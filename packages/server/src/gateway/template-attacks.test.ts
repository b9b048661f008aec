import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RawConnection } from './testing/raw-connection.ts'
import { RecordingUpstream, type RecordedRequest } from './testing/recording-upstream.ts'
import { ACME, deployment, OPEN, proxyTo, startWith, type StartedGateway } from './testing/started-gateway.ts'
import type { DeploymentRecord } from '@sallyport/core'

/*
 * Attacks through path values that a template inserts into the upstream's URL. Both sides use raw sockets, so that no
 * client or server normalizes the bytes.
 */

let upstream: RecordingUpstream
let elsewhere: RecordingUpstream
let started: StartedGateway

beforeAll(async () => {
  upstream = await RecordingUpstream.start()
  elsewhere = await RecordingUpstream.start()
  started = await startWith([...ACME, ...pipelines()])
})

afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await elsewhere[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

function pipeline(name: string, path: string, target: string, header?: string): DeploymentRecord {
  const headers: Record<string, string> = header === undefined ? {} : { 'X-Value': header }
  return deployment(
    // Encoded slashes are refused by default, so the templates would not be tested with them.
    { paths: [path], authentication: OPEN, encodedSlashes: 'allow' },
    proxyTo(`http://127.0.0.1:${upstream.port}${target}`, { headers }),
    { pipeline: name, id: name },
  )
}

function pipelines(): DeploymentRecord[] {
  return [
    pipeline('path', '/path/:id', '/orders/{id}/lines'),
    pipeline('start', '/start/:id', '/{id}'),
    pipeline('query', '/query/:id', '/search?q={id}&fixed=1'),
    pipeline('header', '/header/:id', '/fixed', 'id={id}'),
    pipeline('rest', '/rest/*', '/files/{*}'),
    pipeline('root', '/root/*', '/{*}'),
    pipeline('rest-header', '/rest-header/*', '/fixed', 'rest={*}'),
  ]
}

/** Sends a path unchanged. Returns the status and what the upstream received. */
async function send(path: string): Promise<{ status: number; requests: RecordedRequest[] }> {
  const bytes = Buffer.from(path, 'utf8').toString('latin1')
  const text = await RawConnection.exchange(
    started.gateway.port,
    `GET /acme/prod${bytes} HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n`,
  )
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]), requests: upstream.take() }
}

function nameOf(line: string): string {
  return line.slice(0, line.indexOf(':')).toLowerCase()
}

/** For each pipeline, the property that every path and query received by the upstream must have. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  path: /^\/orders\/[^/?#\\]+\/lines(?:\?|$)/,
  start: /^\/[^/?#\\]+(?:\?|$)/,
  query: /^\/search\?q=[A-Za-z0-9%._~-]+&fixed=1(?:&|$)/,
  header: /^\/fixed(?:\?|$)/,
  rest: /^\/files\/[^?#\\]*(?:\?|$)/,
  root: /^\/(?!\/)[^?#\\]*(?:\?|$)/,
  'rest-header': /^\/fixed(?:\?|$)/,
}

/** Whether decoding the path once or twice, normalizing and resolving it leads to another host or a parent path. */
function leadsElsewhere(target: string): boolean {
  let [path = ''] = target.split('?')
  for (let round = 0; round < 3; round += 1) {
    // These characters would end the path now, but were part of a segment as received.
    const read = path
      .normalize('NFKC')
      .replaceAll(/[\u2044\u2215\u2216]/g, '/')
      .replaceAll(/[?#]/g, '_')
    const url = URL.parse(read, 'http://up.example/')
    const depth = (text: string): number => text.split(/[/\\]/).length
    if (url?.host !== 'up.example' || depth(url.pathname) < depth(read)) return true
    try {
      path = decodeURIComponent(path)
    } catch {
      return round === 0
    }
  }
  return false
}

const EVIL = 'evil.example'

/** Values sent in the path; `%ELSEWHERE%` is the address of another server. */
const ATTACKS: readonly string[] = [
  '..',
  '../',
  '../../admin',
  './x',
  '.',
  '..%2f',
  '..%2fadmin',
  '..%2F..%2Fadmin',
  '%2e%2e',
  '%2E%2E/admin',
  '.%2e/admin',
  '%2e%2e%2fadmin',
  '%252e%252e%252fadmin',
  '..%252fadmin',
  '..%5cadmin',
  '..\\admin',
  '%5c',
  '%5c%5c' + EVIL,
  '..;/admin',
  '..;x=y/admin',
  '..%3b/admin',
  '%2f',
  '%2f%2f' + EVIL,
  '/' + EVIL,
  '//' + EVIL,
  '///' + EVIL + '/..',
  '@' + EVIL,
  'user:pass@' + EVIL,
  ':80@' + EVIL,
  ':8080',
  'http://' + EVIL + '/',
  'http:%2f%2f%ELSEWHERE%%2f',
  'http://%ELSEWHERE%/',
  '@%ELSEWHERE%/',
  'javascript:alert(1)',
  'a?b=c',
  '?b=c',
  'a?fixed=2&q=other',
  'a%3fb=c',
  'a&fixed=2',
  'a%26fixed=2',
  'a#b',
  'a%23b',
  '#',
  '\r\nX-Evil: 1',
  'a\r\nX-Evil: 1\r\n\r\n',
  'a\nX-Evil: 1',
  'a\rX-Evil: 1',
  'a HTTP/1.1\r\nX-Evil: 1\r\nX-Rest:',
  'a%0d%0aX-Evil:%201',
  'a%0aX-Evil:1',
  'a%0dX-Evil:1',
  'a%0d%0a%0d%0aGET%20/admin%20HTTP/1.1%0d%0a',
  'a%250d%250aX-Evil:1',
  'a%E5%98%8D%E5%98%8AX-Evil:1',
  'a\u560d\u560aX-Evil:1',
  'a%00',
  'a%00.html',
  'a\0b',
  'a%7f',
  'a%09b',
  'a\tb',
  'a%20b',
  'a b',
  '%',
  '%2',
  '%zz',
  '%u002e%u002e',
  '%c0%ae%c0%ae',
  '%c0%ae%c0%ae%c0%afadmin',
  '%c0%af',
  '%e0%80%ae%e0%80%ae',
  '%f0%80%80%ae',
  '%ff',
  '%ed%a0%80',
  '\uff0e\uff0e',
  '%ef%bc%8e%ef%bc%8e',
  '%ef%bc%8e%ef%bc%8e%ef%bc%8fadmin',
  '\u2025',
  '%e2%80%a5',
  '%e2%80%a5%2fadmin',
  '%e2%80%a4%e2%80%a4',
  '%ef%b9%92%ef%b9%92',
  '\uff0f\uff0f' + EVIL,
  '..%ef%bc%8fadmin',
  '%ef%bc%8f' + EVIL,
  '..\u2215admin',
  '..%e2%88%95admin',
  '..%e2%81%84admin',
  '..%ef%bc%bcadmin',
  '..%ef%bc%9badmin',
  '%ef%bc%a0' + EVIL,
  '{secrets.TOKEN}',
  '%7bsecrets.TOKEN%7d',
  '{*}',
  '{id}',
  '$(id)',
  '<script>',
  '"',
  '`id`',
  '[::1]',
  'a^b|c',
]

/** Harmless values that must be accepted, and their form in the upstream's path. */
const HARMLESS: readonly (readonly [value: string, inPath: string, inQuery: string])[] = [
  ['7', '7', '7'],
  ['a%2Fb', 'a%2Fb', 'a%2Fb'],
  ['a@b:c;d=e,f', 'a@b:c;d=e,f', 'a%40b%3Ac%3Bd%3De%2Cf'],
  ['...', '...', '...'],
  ['a..b', 'a..b', 'a..b'],
  ['100%25', '100%25', '100%25'],
  ['%C3%BCber', '%C3%BCber', '%C3%BCber'],
  ['%7B%22a%22%3A1%7D', '%7B%22a%22%3A1%7D', '%7B%22a%22%3A1%7D'],
]

describe('A value in the path of a request', () => {
  let headerNames: string[]

  beforeAll(async () => {
    const { requests } = await send('/path/7')
    headerNames = requests[0]?.headers.map(nameOf) ?? []
    expect(headerNames).toContain('x-sallyport-pipeline')
  })

  test.each(ATTACKS)('%j stays in its segment or is refused', async (attack) => {
    const value = attack.replaceAll('%ELSEWHERE%', `127.0.0.1:${elsewhere.port}`)
    for (const [name, shape] of Object.entries(SHAPES)) {
      const { status, requests } = await send(`/${name}/${value}`)
      expect([name, status]).toEqual([name, expect.toSatisfy((it: number) => [200, 400, 404].includes(it))])
      expect([name, requests.length]).toEqual([name, status === 200 ? 1 : 0])
      for (const { line, headers, rest } of requests) {
        const [, method, target = ''] = /^([A-Z]+) ([!-~]+) HTTP\/1\.1$/.exec(line) ?? []
        expect([name, method]).toEqual([name, 'GET'])
        expect(target).toMatch(shape)
        expect([target, leadsElsewhere(target)]).toEqual([target, false])
        expect(rest).toBe('')
        const expanded = headers.filter((header) => nameOf(header) === 'x-value')
        expect(expanded).toHaveLength(name.endsWith('header') ? 1 : 0)
        expect(expanded.join('')).toMatch(/^(?:X-Value: (?:id|rest)=[!-~]*)?$/)
        // The rest are headers of the caller's own, which are allowed.
        const others = headers.map(nameOf).filter((header) => header !== 'x-value')
        const own = /^x-(?:evil|rest)$/
        expect(others.filter((header) => !own.test(header))).toEqual(headerNames)
        if (!value.includes('HTTP/1.1\r\n')) expect(others.filter((header) => own.test(header))).toEqual([])
        expect(headers).toContain(`host: 127.0.0.1:${upstream.port}`)
      }
    }
    expect(elsewhere.connections).toBe(0)
  })

  test.each(HARMLESS)('%j gets through', async (value, inPath, inQuery) => {
    const lineOf = async (name: string): Promise<string | undefined> =>
      (await send(`/${name}/${value}`)).requests[0]?.line
    expect(await lineOf('path')).toBe(`GET /orders/${inPath}/lines HTTP/1.1`)
    expect(await lineOf('rest')).toBe(`GET /files/${inPath} HTTP/1.1`)
    expect(await lineOf('root')).toBe(`GET /${inPath} HTTP/1.1`)
    expect(await lineOf('query')).toBe(`GET /search?q=${inQuery}&fixed=1 HTTP/1.1`)
    const { requests } = await send(`/header/${value}`)
    expect(requests[0]?.headers).toContain(`X-Value: id=${value}`)
  })

  test.each([
    ['fixed=2&other=1', '&other=1'],
    ['q=evil', ''],
    ['%66ixed=2', ''],
    ['fixed', ''],
    ['fixed=2;q=3&Fixed=1', '&Fixed=1'],
    ['a=fixed&b=q=1', '&a=fixed&b=q=1'],
    ['', '&'],
  ])('is not overridden by a query parameter of the same name: ?%s', async (query, rest) => {
    const { requests } = await send(`/query/7?${query}`)
    expect(requests[0]?.line).toBe(`GET /search?q=7&fixed=1${rest} HTTP/1.1`)
  })

  test('does not leak between requests', async () => {
    const lines = await Promise.all(
      ['a', 'b', 'c'].map(async (value) => {
        await RawConnection.exchange(
          started.gateway.port,
          `GET /acme/prod/path/${value} HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n`,
        )
      }),
    ).then(() => upstream.take().map(({ line }) => line))
    expect(lines.toSorted()).toEqual(['a', 'b', 'c'].map((value) => `GET /orders/${value}/lines HTTP/1.1`))
  })
})
