import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { syntheticKey } from '../../synthetic/keys.ts'
import { serveParent } from '../../targets/parent.ts'

/*
 * A minimal server in which better-auth's API-key plugin verifies a key from a header. Arguments: the storage of the keys
 * (`sqlite` or `memory`), the database file and the number of keys.
 *
 * better-auth is installed only for its measurement, so the project's type check runs without it, and the parts in use
 * are declared here.
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
// Each verification writes to its key's row. With SQLite's default journal, each write would wait for the disk.
database.exec('pragma journal_mode = wal; pragma synchronous = normal')

let createdCount = 0
const memory = new Map<string, string>()
const auth = betterAuth({
  database,
  baseURL: 'http://127.0.0.1',
  secret: 'public, because it protects nothing',
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  logger: { disabled: true },
  rateLimit: { enabled: false },
  plugins: [
    apiKey({
      defaultKeyLength: 1,
      // The same tokens as Sallyport's, so that both get the same load.
      customKeyGenerator: () => syntheticKey(createdCount).token,
      rateLimit: { enabled: false },
      ...(storage === 'memory' ? { storage: 'secondary-storage', customStorage: memoryStorage() } : {}),
    }),
  ],
})

/** The fastest possible custom storage for the plugin. */
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
for (; createdCount < Number(count); createdCount += 1) {
  await auth.api.createApiKey({ body: { userId: user.id, name: `key-${createdCount}` } })
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
