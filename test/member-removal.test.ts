import { describe, expect, test } from 'vitest'
import { ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { startServerOn } from './support/server-on-database.ts'

const ACME = '/v1/organizations/acme'
/** Requests of the member that are in progress at a time. */
const AT_A_TIME = 20

/** The names of all projects, by their pages. */
async function projects(owner: ApiClient): Promise<string[]> {
  const names: string[] = []
  let next = ''
  do {
    const body = await owner.must('GET', `${ACME}/projects?limit=200${next}`)
    names.push(...Object.values(body['items'] ?? {}).map((project) => textAt(project, 'name')))
    next = typeof body['next'] === 'string' ? `&cursor=${encodeURIComponent(body['next'])}` : ''
  } while (next !== '')
  return names.toSorted()
}

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  test('a member who is removed while their requests are in progress writes nothing after the receipt', async () => {
    await using stack = new AsyncDisposableStack()
    const server = await startServerOn(kind, stack)
    const owner = await setUpAcme(server)
    const visitor = new ApiClient(server.controlUrl)

    const invitation = { email: 'ann@example.com', roles: ['developer'] }
    const token = textAt(await owner.must('POST', `${ACME}/invitations`, invitation), 'token')
    const person = { token, name: 'Ann', password: 'correct horse battery staple' }
    const joined = await visitor.call('POST', '/v1/invitations/accept', person)
    const cookie = joined.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
    const member = `${ACME}/members/${textAt(joined.body, 'member', 'id')}`

    let [count, isOver] = [0, false]
    const statuses = new Map<number, number>()
    const enough = Promise.withResolvers<void>()
    const write = async (): Promise<void> => {
      while (!isOver) {
        count += 1
        const { status } = await visitor.call('POST', `${ACME}/projects`, { name: `p${count}` }, { cookie })
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        if (statuses.get(201) === 2 * AT_A_TIME) enough.resolve()
      }
    }
    const writers = Array.from({ length: AT_A_TIME }, write)
    await enough.promise
    const removed = await owner.must('DELETE', `${member}?wait=10`)
    expect(removed).toMatchObject({ receipt: { confirmed: true } })
    const atReceipt = await projects(owner)
    isOver = true
    await Promise.all(writers)
    expect(await projects(owner)).toEqual(atReceipt)
    // One beside the writes of the member: `default`.
    expect(atReceipt).toHaveLength((statuses.get(201) ?? 0) + 1)
    expect(new Set(statuses.keys())).toEqual(new Set([201, 404]))
  })
})
