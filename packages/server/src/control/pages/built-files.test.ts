import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ControlApp } from '../routing/control-app.ts'
import { serveDashboard } from './dashboard-page.ts'

const PAGE = '<script nonce="{{nonce}}" src="/assets/main-1.js"></script>'
let folder: string
let app: ControlApp

async function startOn(built: string): Promise<ControlApp> {
  const started = fastify() as unknown as ControlApp
  let made = 0
  await serveDashboard(started, (length) => new Uint8Array(length).fill((made += 1)), built)
  return started
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-built-'))
  await mkdir(join(folder, 'assets'))
  const files = {
    'index.html': PAGE,
    'built-from': 'digest',
    'icon.svg': '<svg/>',
    'assets/main-1.js': 'plain',
    'assets/main-1.js.br': 'brotli',
    'assets/main-1.js.gz': 'gzip',
    'assets/font-1.woff2': 'font',
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  app = await startOn(folder)
})

afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true })
})

describe('the page of the dashboard', () => {
  test.each(['/', '/sign-in', '/set-up', '/organizations/acme/keys?state=active'])(
    'is at %s, with a policy that allows only what this answer names',
    async (url) => {
      const [first, second] = [await app.inject(url), await app.inject(url)]
      const nonce = /nonce="([\w-]{22})"/.exec(first.body)?.[1] ?? ''
      expect(first.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}';`)
      expect(first.headers['content-security-policy']).not.toContain('unsafe')
      expect(second.body).not.toBe(first.body)
    },
  )

  test('says how to build it if it is not built', async () => {
    const unbuilt = await startOn(join(folder, 'nowhere'))
    const answer = await unbuilt.inject('/')
    expect([answer.statusCode, answer.body]).toEqual([200, expect.stringContaining('npm run build')])
    expect((await unbuilt.inject('/assets/main-1.js')).statusCode).toBe(404)
    await unbuilt.close()
  })
})

describe('a built file', () => {
  test.each([
    ['br, gzip', 'br', 'brotli'],
    ['gzip, deflate', 'gzip', 'gzip'],
    ['gzip;q=0, br;q=0', undefined, 'plain'],
    ['identity', undefined, 'plain'],
    ['', undefined, 'plain'],
  ])('for "%s" is sent as %s', async (accepted, encoding, body) => {
    const answer = await app.inject({ url: '/assets/main-1.js', headers: { 'accept-encoding': accepted } })
    expect(answer.statusCode).toBe(200)
    expect([answer.headers['content-encoding'], answer.body]).toEqual([encoding, body])
    expect(answer.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    })
  })

  test('whose name does not change is asked for again', async () => {
    const answer = await app.inject('/icon.svg')
    expect(answer.headers['content-type']).toBe('image/svg+xml')
    expect(answer.headers['cache-control']).toBeUndefined()
    expect((await app.inject('/assets/font-1.woff2')).headers['content-type']).toBe('font/woff2')
  })

  test.each([
    '/built-from',
    '/index.html',
    '/assets/main-1.js.br',
    '/assets/main-2.js',
    '/assets/../index.html',
    '/assets/..%2fbuilt-from',
    '/assets/%2e%2e/built-from',
    '/assets/',
    '/assets',
    '/assets/main-1.js%00',
  ])('is the only thing that is sent: not %s', async (url) => {
    expect((await app.inject(url)).statusCode).toBe(404)
  })
})
