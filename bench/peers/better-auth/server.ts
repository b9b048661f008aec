import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { syntheticKey } from '../../synthetic/keys.ts'
import { serveParent } from '../../targets/parent.ts'

/*
 * The least server that lets better-auth's API-key plugin judge a key from a header. Started with where keys are kept
 * (`sqlite` or `memory`), the file of the database and the number of keys.
 *
 * The peer is installed only when it is measured, so the project's own type check runs without it: what is used of
 * it is described here.
 */
interface BetterAuth {
  readonly options: object
  readonly api: {
    signUpEmail(ask: { body: object }): Promise<{ readonly user: { readonly id: string } }>
    createApiKey(ask: { body: object }): Promise<object>
    verifyApiKey(ask: { body: { key: string } }): Promise<{ readonly valid: boolean }>
  }
}
interface Parts {
  readonly betterAuth: (options: object) => BetterAuth
  readonly getMigrations: (options: object) => Promise<{ readonly runMigrations: () => Promise<void> }>
  readonly apiKey: (options: object) => object
}

const [, , storage = 'sqlite', file = ':memory:', count = '1000'] = process.argv

const installed = createRequire(import.meta.url)
const { betterAuth, getMigrations, apiKey } = {
  ...installed('better-auth'),
  ...installed('better-auth/db/migration'),
  ...installed('@better-auth/api-key'),
} as Parts

const database = new DatabaseSync(file)
// Each verification writes to its key's row. With SQLite's default journal each would wait for the disk.
database.exec('pragma journal_mode = wal; pragma synchronous = normal')

let made = 0
const memory = new Map<string, string>()
const auth = betterAuth({
  database,
  baseURL: 'http://127.0.0.1',
  secret: 'known to everybody, since it guards nothing',
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  logger: { disabled: true },
  rateLimit: { enabled: false },
  plugins: [
    apiKey({
      defaultKeyLength: 1,
      // The same tokens as ours, so that the same load fits.
      customKeyGenerator: () => syntheticKey(made).token,
      rateLimit: { enabled: false },
      ...(storage === 'memory' ? { storage: 'secondary-storage', customStorage: memoryStorage() } : {}),
    }),
  ],
})

/** What the plugin takes in place of a database; the quickest there can be. */
function memoryStorage(): object {
  return {
    get: (key: string) => memory.get(key) ?? null,
    set: (key: string, value: string) => void memory.set(key, value),
    delete: (key: string) => void memory.delete(key),
  }
}

const { runMigrations } = await getMigrations(auth.options)
await runMigrations()
const { user } = await auth.api.signUpEmail({
  body: { email: 'owner@acme.example', password: 'correct horse battery staple', name: 'Owner' },
})
for (; made < Number(count); made += 1) {
  await auth.api.createApiKey({ body: { userId: user.id, name: `key-${made}` } })
}

const server = createServer((request, response) => {
  const key = request.headers['x-api-key']
  const verified = auth.api.verifyApiKey({ body: { key: typeof key === 'string' ? key : '' } })
  verified.then(
    ({ valid }) => {
      response.writeHead(valid ? 200 : 401, { 'content-type': 'text/plain', 'content-length': 2 })
      response.end(valid ? 'ok' : 'no')
    },
    () => {
      response.writeHead(500, { 'content-length': 0 })
      response.end()
    },
  )
})

server.listen(0, '127.0.0.1', () => {
  serveParent((server.address() as AddressInfo).port)
})
