import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RawConnection } from './testing/raw-connection.ts'
import { RecordingUpstream, type RecordedRequest } from './testing/recording-upstream.ts'
import {
  ACME,
  deployment,
  OPEN,
  proxyTo,
  secret,
  startWith,
  type StartedGateway,
} from './testing/started-gateway.ts'
import type { DeploymentRecord } from '@sallyport/core'

/*
 * What a caller's path, and a secret, can do where a template gives them a place. The bytes go over sockets on both
 * sides: no client tidies them up before, and no server after.
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
  const headers: Record<string, string> = header === undefined ? {} : { 'X-Place': header }
  return deployment(
    { paths: [path], authentication: OPEN },
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

/** Sends a path as it stands here, and gives the status and what came to the upstream. */
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

/** What must be true of the path and query that reach an upstream, for each pipeline. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  path: /^\/orders\/[^/?#\\]+\/lines(?:\?|$)/,
  start: /^\/[^/?#\\]+(?:\?|$)/,
  query: /^\/search\?q=[A-Za-z0-9%._~-]+&fixed=1(?:&|$)/,
  header: /^\/fixed(?:\?|$)/,
  rest: /^\/files\/[^?#\\]*(?:\?|$)/,
  root: /^\/(?!\/)[^?#\\]*(?:\?|$)/,
  'rest-header': /^\/fixed(?:\?|$)/,
}

/** Whether whoever decodes this path, once or twice, normalizes and resolves it comes to another host or higher up. */
function leadsElsewhere(target: string): boolean {
  let [path = ''] = target.split('?')
  for (let round = 0; round < 3; round += 1) {
    // What would end the path now was part of a segment when it came.
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

/** What is sent in the place of a value; `%ELSEWHERE%` is where another server listens. */
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

/** What must get through, so that the rest is not refused for being alive; and how it reaches the path. */
const HARMLESS: readonly (readonly [value: string, inPath: string, inQuery: string])[] = [
  ['7', '7', '7'],
  ['a%2Fb', 'a%2Fb', 'a%2Fb'],
  ['a@b:c;d=e,f', 'a@b:c;d=e,f', 'a%40b%3Ac%3Bd%3De%2Cf'],
  ['...', '...', '...'],
  ['a..b', 'a..b', 'a..b'],
  ['100%25', '100%25', '100%25'],
  ['%C3%BCber', '%C3%BCber', '%C3%BCber'],
  ['A%EF%BC%8FB', 'A%EF%BC%8FB', 'A%EF%BC%8FB'],
  ['%7B%22a%22%3A1%7D', '%7B%22a%22%3A1%7D', '%7B%22a%22%3A1%7D'],
]

describe('A value in the path of a request', () => {
  let headerNames: string[]

  beforeAll(async () => {
    const { requests } = await send('/path/7')
    headerNames = requests[0]?.headers.map(nameOf) ?? []
    expect(headerNames).toContain('x-sallyport-pipeline')
  })

  test.each(ATTACKS)('%j stays in its place, or goes nowhere', async (attack) => {
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
        const places = headers.filter((header) => nameOf(header) === 'x-place')
        expect(places).toHaveLength(name.endsWith('header') ? 1 : 0)
        expect(places.join('')).toMatch(/^(?:X-Place: (?:id|rest)=[!-~]*)?$/)
        // Whatever else the caller has said it has said as headers of its own, which it may.
        const others = headers.map(nameOf).filter((header) => header !== 'x-place')
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
    expect(requests[0]?.headers).toContain(`X-Place: id=${value}`)
  })

  test.each([
    ['fixed=2&other=1', '&other=1'],
    ['q=evil', ''],
    ['%66ixed=2', ''],
    ['fixed', ''],
    ['fixed=2;q=3&Fixed=1', '&Fixed=1'],
    ['a=fixed&b=q=1', '&a=fixed&b=q=1'],
    ['', '&'],
  ])('is not overruled by a parameter of the same name: ?%s', async (query, rest) => {
    const { requests } = await send(`/query/7?${query}`)
    expect(requests[0]?.line).toBe(`GET /search?q=7&fixed=1${rest} HTTP/1.1`)
  })

  test('is not what the placeholders of other requests were', async () => {
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

describe('A secret', () => {
  /** Asks through a pipeline that has this secret in its template, and through another after it. */
  async function withSecret(
    value: string | null,
    target: string,
    header?: string,
  ): Promise<{ status: number; request: RecordedRequest | undefined; log: string }> {
    const secrets = value === null ? [] : [secret('TOKEN', value)]
    await started.load([...ACME, ...secrets, pipeline('secret', '/secret/:id', target, header)])
    const before = started.log.length
    const { status, requests } = await send('/secret/7')
    expect(requests.length).toBe(status === 200 ? 1 : 0)
    return { status, request: requests[0], log: started.log.slice(before).join('') }
  }

  test.each([
    ['plain-1._~', 'plain-1._~'],
    ['a/b', 'a%2Fb'],
    ['//evil.example', '%2F%2Fevil.example'],
    ['http://evil.example/?a#b', 'http%3A%2F%2Fevil.example%2F%3Fa%23b'],
    ['a?b=c&d#e', 'a%3Fb%3Dc%26d%23e'],
    ['@evil.example:80', '%40evil.example%3A80'],
    ['a\r\nX-Evil: 1', 'a%0D%0AX-Evil%3A%201'],
    ['a\0', 'a%00'],
    ["!'()*", '%21%27%28%29%2A'],
    ['{id}{*}', '%7Bid%7D%7B%2A%7D'],
    ['\u00fc\uff0f', '%C3%BC%EF%BC%8F'],
  ])('%j is %s in a path and in a query', async (value, encoded) => {
    const inPath = await withSecret(value, '/k/{secrets.TOKEN}/{id}')
    expect([inPath.status, inPath.request?.line]).toEqual([200, `GET /k/${encoded}/7 HTTP/1.1`])
    const inQuery = await withSecret(value, '/{id}?k={secrets.TOKEN}&l=1')
    expect([inQuery.status, inQuery.request?.line]).toEqual([200, `GET /7?k=${encoded}&l=1 HTTP/1.1`])
  })

  test.each(['abc', 'a b "c"', '{id}', 'a%0d%0ab', '\\'])('%j is in a header as it is', async (value) => {
    const { status, request } = await withSecret(value, '/', 'Bearer {secrets.TOKEN} {id}')
    expect(status).toBe(200)
    expect(request?.headers).toContain(`X-Place: Bearer ${value} 7`)
  })

  test.each([
    ['is not there', null, '/k/{secrets.TOKEN}', undefined],
    ['is not there', null, '/?k={secrets.TOKEN}', undefined],
    ['is not there', null, '/', '{secrets.TOKEN}'],
    ['would be no segment', '', '/k/{secrets.TOKEN}', undefined],
    ['would be a dot segment', '..', '/k/{secrets.TOKEN}', undefined],
    ['would be a dot segment', '.', '/k/{secrets.TOKEN}', undefined],
    ['would be one for whoever decodes a slash', 'hidden/../part', '/k/{secrets.TOKEN}', undefined],
    ['would be one for whoever normalizes', '\uff0e\uff0e', '/k/{secrets.TOKEN}', undefined],
    ['would add a header', 'hidden\r\nX-Evil: 1', '/', '{secrets.TOKEN}'],
    ['would add a header', 'hidden\nX-Evil: 1', '/', '{secrets.TOKEN}'],
    ['would end a text', 'hidden\0', '/', '{secrets.TOKEN}'],
    ['is no ASCII', 'hidden\u00fc', '/', '{secrets.TOKEN}'],
    ['is empty', '', '/', 'Bearer {secrets.TOKEN}'],
  ])('that %s is our fault, and the log names it', async (_, value, target, header) => {
    const { status, log } = await withSecret(value, target, header)
    expect(status).toBe(500)
    expect(log).toContain('"secretName":"TOKEN"')
    expect(log).not.toContain('hidden')
  })

  test('that was sealed for another place cannot be opened', async () => {
    const moved = { ...secret('TOKEN', 'hidden'), id: 'sec_other' }
    await started.load([...ACME, moved, pipeline('secret', '/secret/:id', '/', '{secrets.TOKEN}')])
    const { status, requests } = await send('/secret/7')
    expect([status, requests]).toEqual([500, []])
  })

  test('is none of another environment', async () => {
    const other = { ...secret('TOKEN', 'hidden'), environment: 'test' }
    await started.load([...ACME, other, pipeline('secret', '/secret/:id', '/', '{secrets.TOKEN}')])
    expect((await send('/secret/7')).status).toBe(500)
  })

  test('is the new one as soon as it is changed', async () => {
    for (const value of ['one', 'two']) {
      const { request } = await withSecret(value, '/', '{secrets.TOKEN}')
      expect(request?.headers).toContain(`X-Place: ${value}`)
    }
  })

  test("does not make a caller's fault ours", async () => {
    await started.load([
      ...ACME,
      secret('TOKEN', 'fine'),
      pipeline('secret', '/secret/*', '/{*}', '{secrets.TOKEN}'),
    ])
    const { status, requests } = await send('/secret//evil.example')
    expect([status, requests]).toEqual([400, []])
  })
})
