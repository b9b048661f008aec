import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { verifyAuditChain } from '../packages/server/src/store/audit/audit-chain.ts'
import { openTestDatabase } from './services/postgres.ts'
import { ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { auditedCreations, storedHistory } from './support/stored-history.ts'

const CREATIONS = 2000
/** The number of acknowledged creations after which the server is killed; the others are still in progress. */
const KILLED_AFTER = 400
/** The creations in progress at any time: few enough that each is done before its deadline on a busy machine. */
const IN_PROGRESS = 100

/** Creates a key. Resolves to its id when the creation is acknowledged, or to undefined if the connection broke. */
async function createKey(
  url: string,
  token: string,
  name: string,
  agent: Agent,
): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const call = request(
      `${url}/v1/organizations/acme/keys`,
      {
        method: 'POST',
        agent,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => {
          text += chunk
        })
        answer.on('end', () => {
          resolve(
            answer.statusCode === 201 ? (JSON.parse(text) as { key: { id: string } }).key.id : undefined,
          )
        })
        answer.on('error', () => {
          resolve(undefined)
        })
      },
    )
    call.on('error', () => {
      resolve(undefined)
    })
    call.end(JSON.stringify({ name, type: 'secret' }))
  })
}

describe.each(['sqlite', 'postgres'] as const)('kill -9 on %s', (kind) => {
  test(
    'every acknowledged creation survives, and the audit chain is intact',
    { timeout: 180_000 },
    async () => {
      await using folder = await temporaryFolder()
      await using stack = new AsyncDisposableStack()
      const url = kind === 'postgres' ? stack.use(await openTestDatabase()).url : undefined
      const settings = {
        SALLYPORT_DATA: folder.path,
        ...(url === undefined ? {} : { SALLYPORT_DATABASE_URL: url }),
      }
      const first = await startServerProcess(settings)
      stack.use(first)
      const acme = await setUpAcme(first)
      const owner = await acme.must('POST', '/v1/organizations/acme/keys', {
        name: 'crash',
        type: 'secret',
        roles: ['key-manager'],
      })
      const token = textAt(owner, 'token')

      const agent = new Agent({ keepAlive: true, maxSockets: IN_PROGRESS })
      const acknowledged: string[] = []
      let killed: Promise<unknown> | undefined
      await Promise.all(
        Array.from({ length: CREATIONS }, async (_, index) => {
          const id = await createKey(first.controlUrl, token, `key ${index}`, agent)
          if (id === undefined) return
          acknowledged.push(id)
          if (acknowledged.length === KILLED_AFTER) killed = first.stop('SIGKILL')
        }),
      )
      agent.destroy()
      await killed
      expect(acknowledged.length).toBeGreaterThanOrEqual(KILLED_AFTER)
      expect(acknowledged.length).toBeLessThan(CREATIONS)

      const second = await startServerProcess(settings)
      stack.use(second)
      const client = new ApiClient(second.controlUrl, token)
      const surviving = new Set<string>()
      let cursor: string | null = null
      do {
        const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const page = await client.must('GET', `/v1/organizations/acme/keys?limit=200${query}`)
        for (const key of page['items'] as unknown as { id: string }[]) surviving.add(key.id)
        cursor = page['next'] as unknown as string | null
      } while (cursor !== null)
      expect(acknowledged.filter((id) => !surviving.has(id))).toEqual([])
      await second.stop('SIGTERM')

      const history = await storedHistory(
        url === undefined
          ? { kind: 'sqlite', file: join(folder.path, 'sallyport.db') }
          : { kind: 'postgres', url },
      )
      expect([history.auditFault, history.changeFault]).toEqual([undefined, undefined])
      const audited = new Set(auditedCreations(history))
      expect(acknowledged.filter((id) => !audited.has(id))).toEqual([])
      // Proves that the check can fail: one modified row breaks the chain at its sequence number.
      const forged = history.auditRows.map((row) => (row.sequence === 3 ? { ...row, actor: 'nobody' } : row))
      expect(verifyAuditChain(forged)).toBe(3)
    },
  )
})
